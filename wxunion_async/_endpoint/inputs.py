"""What callers may pass for a field: checked and converted when a request is built, before any I/O."""

import enum
import functools
import math
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
import cattrs

from wxunion_async._decoding.shapes import class_of, entries_of, items_of, sort_of
from wxunion_async._endpoint.fields import cached, field_types
from wxunion_async._values import DECIMAL, as_int, plain_text

__all__ = ["documented", "is_enum", "take_all_of"]

Hook = Callable[[Any, Any], Any]
"""Takes what was passed and the type that it is wanted as."""
T = typing.TypeVar("T")


# ── one hook for each kind of value ──────────────────────────────────────────────────────────────────────────────────


def _wrong(value: object, wanted: str) -> TypeError:
    return TypeError(f"must be {wanted}, not {type(value).__name__}")


def _as_declared(value: Any, kind: type[T], plain: type) -> T:
    """Return ``value`` as ``kind``, which may be a subclass of ``plain``: an enumeration of texts, a user's ``Money``."""
    return typing.cast("T", value) if kind is plain else kind(value)  # type: ignore[call-arg]


def _take_int(value: object, kind: type[int]) -> int:
    number = as_int(value)
    if number is None:
        if not (isinstance(value, str) and DECIMAL.fullmatch(value)):
            raise _wrong(value, "an int or a decimal string")
        number = int(value)
    return _as_declared(number, kind, int)


def _take_text(value: object, kind: type[str]) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "a str")
    return _as_declared(plain_text(value), kind, str)  # numpy's, too


def _take_bool(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, "a bool")
    return value


def _take_float(value: object, kind: type[float]) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(value, "a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"must be finite, not {number}")
    return _as_declared(number, kind, float)


@cached
def documented(cls: type[enum.IntEnum]) -> frozenset[int]:
    """Return the numbers that an enumeration's document lists."""
    return frozenset(member.value for member in cls)


def _take_enum(value: object, cls: type[enum.IntEnum]) -> enum.IntEnum:
    number = _take_int(value, int)
    if number not in documented(cls):
        known = ", ".join(str(member) for member in sorted(documented(cls)))
        raise ValueError(f"must be one of {known}, not {number}")
    return cls(number)


def _take_instant(value: object, kind: type[datetime]) -> datetime:
    if isinstance(value, kind):
        if value.tzinfo is None:
            raise ValueError("must have a time zone")
        return value
    seconds = as_int(value)
    if seconds is None or kind is not datetime:
        raise _wrong(value, "a datetime or whole Unix seconds" if kind is datetime else f"a {kind.__name__}")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"must be whole Unix seconds, not {seconds}") from None


def _take_anything(value: object, _: object) -> object:
    """Take what JSON can hold, whatever it is; else it would fail, or change, on its way to the wire."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _take_text(value, str)
    number = as_int(value)
    if number is not None:
        return number
    if isinstance(value, float):
        return _take_float(value, float)
    if isinstance(value, (list, tuple)):
        items = [_take_anything(item, Any) for item in typing.cast("list[Any]", value)]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Mapping):
        return _take_mapping(typing.cast("object", value), _take_anything, Any)
    raise _wrong(value, "a JSON value")


def _take_mapping(value: object, take: Hook, kind: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(value, "a mapping")
    given = typing.cast("Any", value)
    if not all(isinstance(key, str) for key in given):
        raise TypeError("must have keys of text")
    return {_take_text(key, str): take(item, kind) for key, item in given.items()}


def is_enum(kind: Any) -> bool:
    """Say whether a type is an enumeration of numbers."""
    return isinstance(kind, type) and issubclass(kind, enum.IntEnum)


# ── hooks that are made of others ────────────────────────────────────────────────────────────────────────────────────


def _list_hook(cls: Any, converter: cattrs.Converter) -> Hook:
    make, item_type = items_of(cls)
    take_item = converter.get_structure_hook(item_type)

    def take(value: Any, _: object) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _wrong(typing.cast("object", value), "a list or a tuple")
        items = [take_item(item, item_type) for item in typing.cast("list[Any]", value)]
        if "" in items:
            raise ValueError("must not hold an empty text")
        return make(items)

    return take


def _mapping_hook(cls: Any, converter: cattrs.Converter) -> Hook:
    _, kind = entries_of(cls)
    take_item = converter.get_structure_hook(kind)
    return lambda value, _: _take_mapping(value, take_item, kind)


def _part_hook(kind: Any) -> Hook:
    cls: type[Any] = class_of(kind)
    names = frozenset(field.alias for field in attrs.fields(cls))

    def take(value: object, _: object) -> Any:
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            raise _wrong(value, f"a {cls.__name__} or a mapping")
        given: dict[str, Any] = dict(typing.cast("Mapping[str, Any]", value))
        unknown = sorted(str(name) for name in given if name not in names)
        if unknown:
            raise TypeError(f"has no field {', '.join(unknown)}")
        return cls(**given)

    return take


def _joined_hook(take: Hook) -> Hook:
    def take_joined(value: object, kind: Any) -> Any:
        items = take(value, kind)
        if any("," in item for item in items if isinstance(item, str)):
            raise ValueError("must have no ',' in an item: that is what joins them on the wire")
        return items

    return take_joined


@functools.cache
def _inputs() -> cattrs.Converter:
    """Return the converter of what callers pass; made with the first request, not with the import."""
    converter = cattrs.Converter(detailed_validation=False)
    hooks: tuple[tuple[Any, Hook], ...] = (
        (int, _take_int),
        (enum.IntEnum, _take_enum),
        (str, _take_text),
        (bool, _take_bool),
        (float, _take_float),
        (datetime, _take_instant),
    )
    for kind, hook in hooks:
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(lambda cls: cls is Any or cls is object, _take_anything)
    converter.register_structure_hook_factory(
        lambda cls: sort_of(cls) == "list" and class_of(cls) in (list, tuple), _list_hook
    )
    converter.register_structure_hook_factory(lambda cls: class_of(cls) in (dict, Mapping), _mapping_hook)
    converter.register_structure_hook_factory(attrs.has, _part_hook)
    return converter


# ── all fields of one class ──────────────────────────────────────────────────────────────────────────────────────────


def take_all_of(cls: type) -> Callable[[Any], None]:
    """
    Return a function that checks the fields of a new value one by one, and converts them in place.

    Raises:
        TypeError: a field is declared as what no request can hold.

    """
    inputs: list[tuple[str, Hook, Any, bool]] = []
    for field in attrs.fields(cls):
        wanted = field_types(cls)[field.name]
        try:
            hook: Hook = _inputs().get_structure_hook(wanted)
        except cattrs.StructureHandlerNotFoundError as error:
            raise TypeError(f"{cls.__qualname__}.{field.name} is declared as what no request can hold") from error
        if field.metadata.get("joined"):
            hook = _joined_hook(hook)
        inputs.append((field.name, hook, wanted, field.default == ""))

    def take_all(part: Any) -> None:
        for name, take, wanted, may_be_empty in inputs:
            value = getattr(part, name)
            taken = _taken(name, take, wanted, value)
            if type(taken) is str and not taken and not may_be_empty:
                raise ValueError(f"{name} must not be empty")
            if taken is not value:
                object.__setattr__(part, name, taken)

    return take_all


def _taken(name: str, take: Hook, wanted: Any, value: object) -> Any:
    try:
        return take(value, wanted)
    except TypeError as error:
        raise TypeError(f"{name} {error}") from None
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply") from None
    except Exception as error:  # noqa: BLE001 - cattrs raises no class of its own for a Literal
        raise ValueError(f"{name} {error}") from None
