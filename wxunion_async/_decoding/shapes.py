"""What a class says of its fields, and what sorts of types a field may have. Both readers and the writer start here."""

import enum
import functools
import inspect
import keyword
import types
import typing
from collections import abc
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import attrs

from wxunion_async._values import KINDS, Dialect

from .scalars import Yuan

__all__ = [
    "Field",
    "ModelError",
    "arguments_of",
    "arms_of",
    "bare",
    "check",
    "class_of",
    "entries_of",
    "fields_of",
    "items_of",
    "plain",
    "sort_of",
    "wire_name",
]

# ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Sort = Literal["anything", "class", "list", "literal", "mapping", "scalar", "union"]

_COLLECTIONS: Mapping[Any, Callable[..., Any]] = {
    abc.Iterable: tuple,
    abc.Collection: tuple,
    abc.Sequence: tuple,
    tuple: tuple,
    list: list,
    abc.MutableSequence: list,
    set: set,
    abc.MutableSet: set,
    frozenset: frozenset,
    abc.Set: frozenset,
}
_SCALARS = (bool, int, float, str)
_ALIASES: Any = getattr(typing, "TypeAliasType", ())  # since Python 3.12


class ModelError(TypeError):
    """A class cannot be read into: its annotations cannot be resolved or are of no kind that JSON has."""


def plain(kind: Any) -> Any:
    """Return a type without the names that units and aliases give it."""
    while isinstance(kind, (typing.NewType, _ALIASES)):
        kind = kind.__supertype__ if isinstance(kind, typing.NewType) else kind.__value__
    return kind


def bare(kind: Any) -> Any:
    """Return a type without such names and without ``None``."""
    kind = plain(kind)
    if sort_of(kind) == "union":
        arms = [bare(arm) for arm in typing.get_args(kind) if arm is not type(None)]
        kind = Any if Any in arms or object in arms else typing.Union[tuple(arms)]  # noqa: UP007 - built at run time
    return kind


def sort_of(kind: Any) -> Sort:
    """Return what is to be done for a type; ``"scalar"`` includes what nothing can be done for."""
    origin, arguments = class_of(kind), typing.get_args(kind)
    if kind is Any or kind is object:
        return "anything"
    if origin in (typing.Union, types.UnionType):
        return "union"
    if origin is Literal:
        return "literal"
    if origin in (dict, abc.Mapping, abc.MutableMapping):
        return "mapping"
    if origin in _COLLECTIONS and (origin is not tuple or not arguments or arguments[1:] == (Ellipsis,)):
        return "list"
    return "class" if attrs.has(kind) else "scalar"


def class_of(kind: Any) -> Any:
    """Return a generic class without its arguments, any other type as it is."""
    return typing.get_origin(kind) or kind


def items_of(kind: Any) -> tuple[Callable[..., Any], Any]:
    """Return what makes a list of this type, and the type of its items."""
    return _COLLECTIONS[class_of(kind)], plain((*typing.get_args(kind), Any)[0])


def entries_of(kind: Any) -> tuple[Any, Any]:
    """Return the types of the keys and of the values of a mapping."""
    key, value = typing.get_args(kind) or (str, Any)
    return plain(key), plain(value)


@functools.cache
def arms_of(kind: Any) -> Mapping[type, Any]:
    """Return kind of JSON value → arm of a union: the first of just this kind; for a scalar else the first scalar."""
    arms = [(_json_kind(arm), arm) for arm in typing.get_args(kind)]
    chosen: dict[type, Any] = {}
    for wanted in KINDS:
        fitting = [arm for found, arm in arms if found is wanted]
        if wanted in _SCALARS:
            fitting += [arm for found, arm in arms if found in _SCALARS]
        if fitting:
            chosen[wanted] = plain(fitting[0])
    return chosen


def _json_kind(kind: Any) -> Any:
    """Return the kind of JSON value that a type is usually written as; ``None`` if there is none."""
    kind = plain(kind)
    sort = sort_of(kind)
    if sort in ("class", "mapping", "list"):
        return list if sort == "list" else dict
    if sort == "literal":
        return _kind_of_first(typing.get_args(kind))
    if kind is datetime or kind is Yuan:
        return int if kind is datetime else str
    if not isinstance(kind, type) or issubclass(kind, date):
        return None
    for base in (*_SCALARS, type(None)):
        if issubclass(kind, base):
            return base
    return _kind_of_first([member.value for member in kind]) if issubclass(kind, enum.Enum) else None


def _kind_of_first(values: Iterable[Any]) -> type | None:
    kinds: list[type] = [value.__class__ for value in values]
    return kinds[0] if kinds and KINDS.keys() >= {*kinds} else None


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def wire_name(name: str, dialect: Dialect) -> str:
    """Return the vendor's spelling of a field name."""
    if name.endswith("_") and keyword.iskeyword(name[:-1]):
        name = name[:-1]
    if dialect == "snake":
        return name
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


class Field(NamedTuple):
    """One field of a model."""

    attribute: Any
    """What attrs knows of it."""
    kind: Any
    """Its bare type."""
    wire_names: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name on the instance."""
        return str(self.attribute.name)

    @property
    def marks(self) -> Mapping[Any, Any]:
        """Its metadata."""
        return typing.cast("Mapping[Any, Any]", self.attribute.metadata)

    @property
    def absent(self) -> Any:
        """What an absent value becomes, or a factory for it; ``NOTHING`` if it is required. A list never is."""
        if self.attribute.default is attrs.NOTHING and sort_of(self.kind) == "list":
            make, _ = items_of(self.kind)
            return () if make is tuple else attrs.Factory(make)
        return self.attribute.default


@functools.cache
def fields_of(kind: Any, dialect: Dialect) -> tuple[Field, ...]:
    """
    Return the fields of an attrs class; of a generic one with its arguments filled in.

    Raises:
        ModelError: its annotations cannot be resolved.

    """
    cls = class_of(kind)
    try:
        hints, arguments = typing.get_type_hints(cls), arguments_of(kind)
        owners = {name: base for base in reversed(cls.__mro__) for name in inspect.get_annotations(base)}
        return tuple(
            Field(
                field,
                Yuan if field.metadata.get("yuan") else bare(_filled(hints[field.name], arguments[owners[field.name]])),
                (wire_name(field.name, dialect), *field.metadata.get("also", ())),
            )
            for field in attrs.fields(cls)
        )
    except Exception as error:
        raise ModelError(f"{cls.__qualname__} cannot be decoded: {error}") from error


def arguments_of(kind: Any, outer: Mapping[Any, Any] = MappingProxyType({})) -> dict[Any, dict[Any, Any]]:
    """
    Return what the type variables of a class and of each of its bases stand for; ``outer`` is known already.

    Raises:
        NameError: what is quoted is not known in the module of the class that names it.

    """
    cls = class_of(kind)
    given = [_filled(argument, outer) for argument in typing.get_args(kind)]
    found = {cls: dict(zip(getattr(cls, "__parameters__", ()), given, strict=False))}
    bases: tuple[Any, ...] = cls.__dict__.get("__orig_bases__", cls.__bases__)
    for base in bases:
        found = arguments_of(_unquoted(base, cls), found[cls]) | found
    return found


def _unquoted(base: Any, cls: type) -> Any:
    if isinstance(base, type) and not typing.get_args(base):
        return base
    holder = type(cls.__name__, (), {"__annotations__": {"base": base}, "__module__": cls.__module__})
    try:
        return typing.get_type_hints(holder, include_extras=True)["base"]
    except NameError as error:
        raise NameError(f"{error} in {cls.__module__}") from None


def _filled(kind: Any, arguments: Mapping[Any, Any]) -> Any:
    if isinstance(kind, typing.TypeVar):
        return arguments.get(kind, kind)
    if isinstance(kind, type) or not getattr(kind, "__parameters__", ()):
        return kind
    return kind[tuple(arguments.get(parameter, parameter) for parameter in kind.__parameters__)]


@functools.cache
def check(kind: Any, dialect: Dialect) -> None:
    """
    Refuse what can be neither read nor written: a subclass of a list, a class without attrs, an open type variable.

    Raises:
        ModelError: ``kind``, or what it holds at any depth, is such a thing; the message names the field.

    """
    seen: set[Any] = set()

    def look_at(kind: Any, where: str) -> None:
        kind = bare(kind)
        sort = sort_of(kind)
        if kind in seen or sort == "anything":
            return
        seen.add(kind)
        if sort == "class":
            for field in fields_of(kind, dialect):
                look_at(field.kind, f"{class_of(kind).__qualname__}.{field.name}")
        elif sort != "union" and _json_kind(kind) is None:
            raise ModelError(f"{where} cannot be decoded: {kind!r} is of no kind that JSON has")
        elif sort == "mapping" and _json_kind(entries_of(kind)[0]) not in (str, int):
            raise ModelError(f"{where} cannot be decoded: {kind!r} has keys that JSON has not")
        for part in typing.get_args(kind) if sort in ("union", "list", "mapping") else ():
            if part is not Ellipsis:
                look_at(part, where)

    look_at(kind, repr(kind))
