"""
Both payload dialects to attrs classes and back, with cattrs.

One converter factory builds them all. The quick converter reads what an answer normally looks like and gives up on
anything else; the patient one then reads the same answer again, knows where it is, and decides what is drift and what
is an error. What the quick one accepts, the patient one reads to the same value.
"""

import enum
import functools
import keyword
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

import attrs
import cattrs

from wxunion_async.errors import DecodeError

__all__ = ["Reading", "read_patiently", "read_quickly", "unstructure", "wire_name"]

Dialect = Literal["camel", "snake"]
Hook = Callable[[Any, Any], Any]

_INTEGER = re.compile(r"-?[0-9]{1,4000}")  # int() refuses to read far more digits
_KINDS = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
_MAX_SHAPES = 256


class WrongKindError(Exception):
    """A value is not of the kind that its field has; never seen outside of this module."""

    def __init__(self, value: object) -> None:
        super().__init__(_KINDS.get(type(value), "null"))


@attrs.define
class Reading:
    """One patient reading of one answer: where it is, and what it found."""

    strict: bool = False
    """Raise on drift."""
    forbid_unknown: bool = False
    """Raise on a key that no model names; for our own tests against the documents' samples."""
    drift: list[tuple[str, str]] = attrs.field(factory=list)
    """(path in wire names, JSON kind found there) of each optional value that was read as absent."""
    path: list[str] = attrs.field(factory=list)

    def where(self) -> str:
        """Return the present path in wire names."""
        return "".join(self.path).removeprefix(".")


_reading: ContextVar[Reading] = ContextVar("wxunion_async reading")


@functools.cache
def wire_name(name: str, dialect: Dialect) -> str:
    """Return the vendor's spelling of a field name."""
    if name.endswith("_") and keyword.iskeyword(name[:-1]):
        name = name[:-1]
    if dialect == "snake":
        return name
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


# ── scalars: one hook each, for both converters ──────────────────────────────────────────────────────────────────────


def _read_int(value: object, _: object) -> int:
    if type(value) is int:
        return value
    if type(value) is str and _INTEGER.fullmatch(value):
        return int(value)
    raise WrongKindError(value)


def _read_float(value: object, _: object) -> float:
    if type(value) is float or type(value) is int:
        return float(value)
    raise WrongKindError(value)


def _read_text(value: object, _: object) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise WrongKindError(value)


def _read_flag(value: object, _: object) -> bool:
    if type(value) is bool:
        return value
    number = _read_int(value, _)
    if number not in (0, 1):
        raise WrongKindError(value)
    return number == 1


def _read_instant(value: object, _: object) -> datetime | None:
    seconds = _read_int(value, _)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        raise WrongKindError(value) from None


def _enum_hook(cls: type[enum.IntEnum]) -> Hook:
    members = {member.value: member for member in cls}

    def read(value: object, _: object) -> enum.IntEnum:
        number = _read_int(value, _)
        member = members.get(number)
        return cls(number) if member is None else member

    return read


def _read_anything(value: object, _: object) -> object:
    return value


def _read_anything_quickly(value: object, _: object) -> object:
    # orjson turns an integer beyond 64 bits into a float; the patient reading starts from the exact digits.
    if isinstance(value, float) and abs(value) >= 2**63:
        raise WrongKindError(value)
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        _read_anything_quickly(inner, _)
    return value


# ── lists, mappings, text or an object ───────────────────────────────────────────────────────────────────────────────


def _list_hook(kind: Any, converter: cattrs.Converter, *, patient: bool) -> Hook:
    item_type = typing.get_args(kind)[0]
    read_item = converter.get_structure_hook(item_type)
    make: Callable[[Any], Any] = list if typing.get_origin(kind) is list else tuple

    def read(value: object, _: object) -> Any:
        if type(value) is not list:
            raise WrongKindError(value)
        if patient:
            return make(_read_items(value, item_type, read_item))
        return make([read_item(item, item_type) for item in value])

    return read


def _read_items(items: list[Any], item_type: Any, read_item: Hook) -> Iterator[Any]:
    path = _reading.get().path
    for index, item in enumerate(items):
        path.append(f"[{index}]")
        yield read_item(item, item_type)
        path.pop()  # not on an error: then the path is where it happened


def _mapping_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    value_type = (*typing.get_args(kind), Any, Any)[1]
    read_value = converter.get_structure_hook(value_type)

    def read(value: object, _: object) -> dict[str, Any]:
        if type(value) is not dict:
            raise WrongKindError(value)
        return {key: read_value(inner, value_type) for key, inner in value.items()}

    return read


def _union_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    """Read the union's class where an object is found, and what else it allows otherwise."""
    arms = [(converter.get_structure_hook(arm), arm) for arm in typing.get_args(kind)]
    for_objects = [arm for arm in arms if attrs.has(arm[1])]
    for_others = [arm for arm in arms if not attrs.has(arm[1])]

    def read(value: Any, _: object) -> Any:
        for hook, arm in for_objects if type(value) is dict else for_others:
            return hook(value, arm)
        raise WrongKindError(value)

    return read


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class _Field:
    """One field of a model, ready to be read."""

    name: str
    alias: str
    wire_names: tuple[str, ...]
    type: Any
    read: Hook
    required: bool
    absent: Any
    """What an absent value becomes, or a factory for it; ``NOTHING`` for a required field."""
    ready: frozenset[type]
    """The kinds of value that need no reading."""


def _bare(kind: Any) -> Any:
    """Return ``kind`` without ``None`` and without the names that units give to ``int``."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
        kind = arms[0] if len(arms) == 1 else typing.Union[tuple(arms)]  # noqa: UP007 - built at run time
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    return kind


def _ready(kind: Any) -> frozenset[type]:
    if kind is Any:
        return frozenset({str, int, bool})
    return frozenset({kind} & {str, int, bool, float})


def _object_as_list(read: Hook) -> Hook:
    return lambda value, kind: read([value] if type(value) is dict else value, kind)


def _fields_of(cls: type, dialect: Dialect, converter: cattrs.Converter) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(cls)
    fields: list[_Field] = []
    for field in attrs.fields(cls):
        kind = _bare(hints[field.name])
        read = converter.get_structure_hook(kind)
        fields.append(
            _Field(
                name=field.name,
                alias=field.alias or field.name,
                wire_names=(wire_name(field.name, dialect), *field.metadata.get("also", ())),
                type=kind,
                read=_object_as_list(read) if field.metadata.get("or_object") else read,
                required=field.default is attrs.NOTHING,
                absent=field.default,
                ready=_ready(kind),
            )
        )
    return tuple(fields)


def _class_hook(cls: type, dialect: Dialect, converter: cattrs.Converter, *, patient: bool) -> Hook:
    @functools.cache
    def reader() -> Hook:
        # Not before the first use: a class may hold itself.
        fields = _fields_of(cls, dialect, converter)
        return _patient_reader(cls, fields) if patient else _quick_reader(cls, fields)

    def read(value: object, _: object) -> Any:
        if type(value) is not dict:
            raise WrongKindError(value)
        return reader()(value, _)

    return read


def _quick_reader(cls: type, fields: tuple[_Field, ...]) -> Hook:
    """
    Return a hook that reads an object by its shape.

    Answers of one endpoint look alike. What has to be done to each value depends only on the kinds of all values, so
    it is worked out once for each combination of kinds.
    """
    names = [field.wire_names[0] for field in fields]
    build = _builder(cls, fields)
    plans: dict[tuple[type, ...], tuple[tuple[int, Hook, Any], ...]] = {}

    def plan(shape: tuple[type, ...]) -> tuple[tuple[int, Hook, Any], ...]:
        if len(plans) >= _MAX_SHAPES:
            plans.clear()
        plans[shape] = tuple(_steps(fields, shape))
        return plans[shape]

    def read(value: Any, _: object) -> Any:
        row = [*map(value.get, names)]
        shape = (*map(type, row),)
        steps = plans.get(shape)
        for index, step, kind in plan(shape) if steps is None else steps:
            row[index] = step(row[index], kind)
        return build(*row)

    return read


def _steps(fields: tuple[_Field, ...], shape: tuple[type, ...]) -> Iterator[tuple[int, Hook, Any]]:
    for index, (field, kind) in enumerate(zip(fields, shape, strict=True)):
        if kind is not type(None):
            if kind not in field.ready:
                yield index, field.read, field.type
        elif field.required or len(field.wire_names) > 1:
            yield index, _refuse, None
        elif field.absent is not None:
            yield index, _absent_hook(field.absent), None


def _refuse(value: object, _: object) -> Any:
    raise WrongKindError(value)


def _absent_hook(absent: Any) -> Hook:
    make = getattr(absent, "factory", None)
    return (lambda _value, _type: absent) if make is None else (lambda _value, _type: make())


def _builder(cls: type, fields: tuple[_Field, ...]) -> Callable[..., Any]:
    """
    Return a function that takes the field values in order and returns an instance of ``cls``.

    ``__init__`` of a frozen class sets each field through ``object.__setattr__``. For a slotted class that does
    nothing else, a mutable twin with the same slots is filled and then becomes the frozen class, which takes a
    quarter of the time; CPython allows it because the layouts are equal.
    """
    plain = all(field.init and not field.validator and not field.converter for field in attrs.fields(cls))
    if not plain or cls.__bases__ != (object,) or hasattr(cls, "__attrs_post_init__"):
        return _by_init(cls, fields)
    twin = attrs.make_class(
        cls.__name__,
        [field.name for field in fields],
        slots=True,
        eq=False,
        weakref_slot="__weakref__" in getattr(cls, "__slots__", ()),
    )

    def build(*values: Any) -> Any:
        instance = twin(*values)
        instance.__class__ = cls
        return instance

    try:
        build(*fields)
    except TypeError:  # other slots than the fields, or none
        return _by_init(cls, fields)
    return build


def _by_init(cls: type, fields: tuple[_Field, ...]) -> Callable[..., Any]:
    aliases = [field.alias for field in fields]
    return lambda *values: cls(
        **{alias: value for alias, value in zip(aliases, values, strict=True) if value is not attrs.NOTHING}
    )


def _patient_reader(cls: type, fields: tuple[_Field, ...]) -> Hook:
    build = _by_init(cls, fields)

    def read(value: Any, _: object) -> Any:
        reading = _reading.get()
        if reading.forbid_unknown:
            _refuse_unknown(value, fields, reading)
        return build(*[_read_field(value, field, reading) for field in fields])

    return read


def _read_field(value: Mapping[str, Any], field: _Field, reading: Reading) -> Any:
    name = next((name for name in field.wire_names if value.get(name) is not None), field.wire_names[0])
    found = value.get(name)
    depth = len(reading.path)
    reading.path.append(f".{name}")
    try:
        if found is not None:
            return field.read(found, field.type)
        if field.required:
            raise DecodeError(f"{reading.where()}: a required value is missing", path=reading.where())
    except DecodeError:
        raise
    except Exception as error:  # noqa: BLE001 - a user's own class may refuse a value with any error
        _drifted(field, error.args[0] if isinstance(error, WrongKindError) else _KINDS[type(found)], reading)
    finally:
        del reading.path[depth:]
    return attrs.NOTHING


def _drifted(field: _Field, kind: str, reading: Reading) -> None:
    if field.required or reading.strict:
        raise DecodeError(f"{reading.where()}: a JSON {kind} is of the wrong kind", path=reading.where()) from None
    reading.drift.append((reading.where(), kind))


def _refuse_unknown(value: Mapping[str, Any], fields: tuple[_Field, ...], reading: Reading) -> None:
    known = {name for field in fields for name in field.wire_names}
    for name in value:
        if name not in known:
            where = f"{reading.where()}.{name}".removeprefix(".")
            raise DecodeError(f"{where}: no model names this key", path=where)


# ── to the wire ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_class(cls: type, dialect: Dialect, converter: cattrs.Converter) -> Callable[[Any], dict[str, Any]]:
    fields = [
        (
            field.name,
            wire_name(field.name, dialect),
            str if field.metadata.get("as_text") else converter.unstructure,
            field.default is attrs.NOTHING,
        )
        for field in attrs.fields(cls)
    ]

    def write(instance: Any) -> dict[str, Any]:
        values = ((name, wire, write, required, getattr(instance, name)) for name, wire, write, required in fields)
        return {
            wire: write(value)
            for _, wire, write, required, value in values
            if value is not None and (required or value != ())
        }

    return write


# ── the factory ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.IntEnum)


def _is_list(kind: Any) -> bool:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    return origin in (list, Sequence) or (origin is tuple and args[1:] == (Ellipsis,))


def _is_mapping(kind: Any) -> bool:
    return kind is dict or typing.get_origin(kind) in (dict, Mapping)


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType) and type(None) not in typing.get_args(kind)


@functools.cache
def make_converter(dialect: Dialect, *, patient: bool = False, flags_as_numbers: bool = True) -> cattrs.Converter:
    """
    Return the converter of one dialect; there is one of each kind, for good.

    Args:
        dialect: how wire names are written.
        patient: read big integers in places without a type as they are; the caller has the exact digits.
        flags_as_numbers: write ``True`` as 1, as the vendor does in answers.

    """
    converter = cattrs.Converter(detailed_validation=False)
    for kind, hook in (
        (int, _read_int),
        (float, _read_float),
        (str, _read_text),
        (bool, _read_flag),
        (datetime, _read_instant),
    ):
        converter.register_structure_hook(kind, hook)
    anything = _read_anything if patient else _read_anything_quickly
    converter.register_structure_hook_func(lambda kind: kind is Any, anything)
    converter.register_structure_hook_factory(_is_enum, _enum_hook)
    converter.register_structure_hook_factory(_is_list, lambda kind: _list_hook(kind, converter, patient=patient))
    converter.register_structure_hook_factory(_is_mapping, lambda kind: _mapping_hook(kind, converter))
    converter.register_structure_hook_factory(_is_union, lambda kind: _union_hook(kind, converter))
    converter.register_structure_hook_factory(
        attrs.has, lambda kind: _class_hook(kind, dialect, converter, patient=patient)
    )

    converter.register_unstructure_hook_factory(attrs.has, lambda kind: _write_class(kind, dialect, converter))
    converter.register_unstructure_hook(datetime, lambda value: int(value.timestamp()))
    converter.register_unstructure_hook(bool, int if flags_as_numbers else bool)
    converter.register_unstructure_hook_func(_is_enum, int)
    converter.register_unstructure_hook(tuple, lambda value: [converter.unstructure(item) for item in value])
    return converter


def read_quickly(kind: Any, value: object, dialect: Dialect) -> Any:
    """Structure ``value`` as ``kind``; raises any ``Exception`` where only the patient reading may judge."""
    return make_converter(dialect).get_structure_hook(kind)(value, kind)


def read_patiently(kind: Any, value: object, dialect: Dialect, reading: Reading) -> Any:
    """
    Structure ``value`` as ``kind`` and note in ``reading`` what drifted.

    Raises:
        DecodeError: a required value is missing or of the wrong kind; any is, if ``reading.strict``.

    """
    token = _reading.set(reading)
    try:
        return make_converter(dialect, patient=True).structure(value, kind)
    except WrongKindError as error:
        wrong = DecodeError(f"{reading.where()}: a JSON {error} is of the wrong kind", path=reading.where())
    finally:
        _reading.reset(token)
    raise wrong


def unstructure(value: object, dialect: Dialect, *, flags_as_numbers: bool = True) -> Any:
    """Return ``value`` in wire form; absent values are left out, an instant becomes Unix seconds."""
    return make_converter(dialect, flags_as_numbers=flags_as_numbers).unstructure(value)
