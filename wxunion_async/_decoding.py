"""
Both payload dialects to attrs classes and back, with cattrs.

Two converters read a dialect. The quick one reads what an answer normally looks like and gives up on anything else; the
patient one then reads the same answer again, knows where it is, and decides what is drift and what is an error. What
the quick one accepts, the patient one reads to the same value.
"""

import enum
import functools
import keyword
import math
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import cattrs

from wxunion_async.errors import DecodeError

__all__ = ["ModelError", "Reading", "read_patiently", "read_quickly", "unstructure", "wire_name"]

Dialect = str
Hook = Callable[[Any, Any], Any]
"""Takes a JSON value and the type that it is wanted as."""
Writer = Callable[[Any], Any]

_ARRAY: type[Any] = list
_OBJECT: type[Any] = dict
_SCALARS: tuple[type, ...] = (str, int, float, bool)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
_MAX_DIGITS = 4000  # int() refuses to read far more


def _kind_of(value: object) -> str:
    return _KINDS.get(type(value), type(value).__name__)


class WrongKindError(Exception):
    """A value is not of the kind that its field has; never seen outside of this module."""

    def __init__(self, value: object) -> None:
        super().__init__(_kind_of(value))


class ModelError(TypeError):
    """A class cannot be read into: its annotations cannot be resolved or are of no kind that JSON has."""


def _no_drift() -> list[tuple[str, str]]:
    return []


def _no_steps() -> list[str]:
    return []


@attrs.define
class Reading:
    """One patient reading of one answer: where it is, and what it found."""

    strict: bool = False
    """Raise on drift."""
    forbid_unknown: bool = False
    """Raise on a key that no model names; for our own tests against the documents' samples."""
    drift: list[tuple[str, str]] = attrs.field(factory=_no_drift)
    """(path in wire names, JSON kind found there) of each optional value that was read as absent."""
    path: list[str] = attrs.field(factory=_no_steps)
    """The steps to the present place: ``.product``, ``.skus``, ``[0]``."""

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
    if type(value) is str and value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= _MAX_DIGITS:
        return int(value)
    raise WrongKindError(value)


def _read_float(value: object, _: object) -> float:
    if type(value) is float or type(value) is int:
        number = float(value)
        if math.isfinite(number):
            return number
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
    return _EPOCH + timedelta(0, seconds) if seconds else None


@functools.cache
def _members(cls: type[enum.IntEnum]) -> Mapping[int, enum.IntEnum]:
    return {member.value: member for member in cls}


def _read_enum(value: object, cls: type[enum.IntEnum]) -> enum.IntEnum:
    members = _members(cls)
    if type(value) is int and value in members:
        return members[value]
    return cls(_read_int(value, cls))


def _read_anything(value: object, _: object) -> object:
    return value


def _read_anything_quickly(value: Any, _: object) -> object:
    kind: type[Any] = value.__class__
    # orjson turns an integer beyond 64 bits into a float; the patient reading starts from the exact digits.
    if kind is float and abs(value) >= 2**63:
        raise WrongKindError(value)
    for inner in value.values() if kind is dict else value if kind is list else ():
        _read_anything_quickly(inner, _)
    return value


# ── lists, mappings, unions ──────────────────────────────────────────────────────────────────────────────────────────


def _collection(kind: Any) -> tuple[Callable[..., Any], Any]:
    """Return what makes a list of this kind, and the type of its items."""
    origin, (item_type, *_) = typing.get_origin(kind) or kind, (*typing.get_args(kind), Any)
    return origin if origin in (list, set, frozenset) else tuple, item_type


def _list_hook(kind: Any, converter: cattrs.Converter, *, patient: bool) -> Hook:
    make, item_type = _collection(kind)
    read_item = converter.get_structure_hook(item_type)
    ready = _ready(_bare(item_type))

    def read_all(value: Any, _: object) -> Any:
        if type(value) is not _ARRAY:
            raise WrongKindError(value)
        return make(_read_each(((f"[{index}]", item) for index, item in enumerate(value)), read_item, item_type))

    def read_all_quickly(value: Any, _: object) -> Any:
        if type(value) is not _ARRAY:
            raise WrongKindError(value)
        if not value:
            return make()
        if ready is None:
            return make([read_item(item, item_type) for item in value])
        return make([item if type(item) is ready else read_item(item, item_type) for item in value])

    return read_all if patient else read_all_quickly


def _mapping_hook(kind: Any, converter: cattrs.Converter, *, patient: bool) -> Hook:
    key_type, value_type = typing.get_args(kind) or (str, Any)
    read_key = converter.get_structure_hook(key_type)
    read_value = converter.get_structure_hook(value_type)

    def read(value: Any, _: object) -> dict[Any, Any]:
        if type(value) is not _OBJECT:
            raise WrongKindError(value)
        if patient:
            values = _read_each(((f".{key}", inner) for key, inner in value.items()), read_value, value_type)
        else:
            values = (read_value(inner, value_type) for inner in value.values())
        return {read_key(key, key_type): inner for key, inner in zip(value, values, strict=True)}

    return read


def _read_each(steps: Iterable[tuple[str, Any]], read: Hook, kind: Any) -> Iterator[Any]:
    path = _reading.get().path
    for step, value in steps:
        path.append(step)
        yield read(value, kind)
        path.pop()  # not on an error: then the path is where it happened


def _union_hook(kind: Any, converter: cattrs.Converter) -> Hook:
    """Let the kind of the value choose: the first arm of just this kind, else, for a scalar, the first scalar arm."""
    arms = [(_json_type(arm), converter.get_structure_hook(arm), arm) for arm in typing.get_args(kind)]
    chosen: dict[type, tuple[Hook, Any]] = {}
    for json_type in _KINDS:
        fitting = [arm for arm in arms if arm[0] is json_type]
        if json_type in _SCALARS:
            fitting += [arm for arm in arms if arm[0] in _SCALARS]
        if fitting:
            chosen[json_type] = fitting[0][1:]

    def read(value: Any, _: object) -> Any:
        if type(value) not in chosen:
            raise WrongKindError(value)
        hook, arm = chosen[type(value)]
        return hook(value, arm)

    return read


def _json_type(kind: Any) -> type:
    """Return the kind of value that ``kind`` is usually written as."""
    kind = _bare(kind)
    if attrs.has(kind) or _is_mapping(kind):
        return dict
    if _is_list(kind):
        return list
    return kind if kind in _KINDS else int


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class _Field:
    """One field of a model, ready to be read."""

    name: str
    alias: str
    """What ``__init__`` calls it."""
    wire_names: tuple[str, ...]
    type: Any
    read: Hook
    absent: Any
    """What an absent value becomes, or a factory for it; ``NOTHING`` for a required field."""

    @property
    def required(self) -> bool:
        return self.absent is attrs.NOTHING


def _bare(kind: Any) -> Any:
    """Return ``kind`` without ``None`` and without the names that units give to ``int``."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
        kind = arms[0] if len(arms) == 1 else typing.Union[tuple(arms)]  # noqa: UP007 - built at run time
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    return kind


def _ready(kind: Any) -> type | None:
    """Return the kind of value that needs no reading to become ``kind``, if there is one."""
    return kind if kind in _SCALARS and kind is not float else None


def _object_as_list(read: Hook) -> Hook:
    return lambda value, kind: read([value] if type(value) is _OBJECT else value, kind)


def _fields_of(cls: type, dialect: Dialect, converter: cattrs.Converter) -> tuple[_Field, ...]:
    try:
        hints = typing.get_type_hints(cls)
        return tuple(_field(field, hints, dialect, converter) for field in attrs.fields(cls) if field.init)
    except Exception as error:
        raise ModelError(f"{cls.__qualname__} cannot be decoded: {error}") from error


def _field(field: Any, hints: Mapping[str, Any], dialect: Dialect, converter: cattrs.Converter) -> _Field:
    kind = _bare(hints[field.name])
    read = converter.get_structure_hook(kind)
    return _Field(
        name=field.name,
        alias=field.alias,
        wire_names=(wire_name(field.name, dialect), *field.metadata.get("also", ())),
        type=kind,
        read=_object_as_list(read) if field.metadata.get("or_object") else read,
        absent=field.default,
    )


_under_way: set[type] = set()


def _class_hook(cls: type, dialect: Dialect, converter: cattrs.Converter, *, patient: bool) -> Hook:
    make_reader = _patient_reader if patient else _quick_reader

    @functools.cache
    def reader() -> Hook:
        return make_reader(cls, _fields_of(cls, dialect, converter))

    if cls in _under_way:  # it holds itself: look up its reader when there is one
        return lambda value, _: reader()(value, _)
    _under_way.add(cls)
    try:
        return reader()
    finally:
        _under_way.discard(cls)


# ── the quick reader ─────────────────────────────────────────────────────────────────────────────────────────────────


def _quick_reader(cls: type, fields: Sequence[_Field]) -> Hook:
    """
    Return a function that reads an object, written for this class, as attrs writes an ``__init__``.

    For a field ``sale_price: Fen | None = None`` it says::

        found = value.get("salePrice")
        instance.sale_price = found if type(found) is int else absent_3 if found is None else read_3(found, type_3)
    """
    twin = _mutable_twin(cls, fields)
    if twin is None:
        return _reader_by_init(cls, fields)
    known: dict[str, Any] = {"cls": cls, "twin": twin, "refuse": _refuse}
    lines = [
        "def read(value, _):",
        " if type(value) is not dict: refuse(value)",
        " instance = twin()",
    ]
    for number, field in enumerate(fields):
        known |= {f"read_{number}": field.read, f"type_{number}": field.type, f"absent_{number}": field.absent}
        first, *others = field.wire_names
        lines.append(f" found = value.get({first!r})")
        lines += [f" if found is None: found = value.get({name!r})" for name in others]
        lines.append(f" instance.{field.name} = {_taken(field, number)}")
    lines += [" instance.__class__ = cls", " return instance"]
    exec("\n".join(lines), known)  # noqa: S102 - made of the names of the class, never of an answer
    return typing.cast("Hook", known["read"])


def _taken(field: _Field, number: int) -> str:
    """Return the expression that makes a field's value of what was ``found``."""
    absent = f"absent_{number}.factory()" if hasattr(field.absent, "factory") else f"absent_{number}"
    otherwise = (
        f"{'refuse(found)' if field.required else absent} if found is None else read_{number}(found, type_{number})"
    )
    ready = _ready(field.type)
    if ready is not None:
        return f"found if type(found) is {ready.__name__} else {otherwise}"
    if typing.get_origin(field.type) is tuple:
        return f"() if not found and type(found) is list else {otherwise}"
    return otherwise


def _refuse(value: object) -> Any:
    raise WrongKindError(value)


def _mutable_twin(cls: Any, fields: Sequence[_Field]) -> type | None:
    """
    Return a class whose instances can be filled and then become instances of ``cls``; ``None`` if there can be none.

    ``__init__`` of a frozen class sets each field through ``object.__setattr__``. If it does nothing else, an object
    with the same slots that takes plain assignments does as well, and takes half the time or less. CPython lets it
    change its class because the layouts are equal.
    """
    slots = cls.__dict__.get("__slots__", ())
    special = ("__attrs_pre_init__", "__attrs_init__", "__attrs_post_init__")
    if (
        {*slots} != {field.name for field in fields}
        or cls.__bases__ != (object,)
        or cls.__new__ is not object.__new__
        or any(hasattr(cls, name) for name in special)
        or any(field.validator or field.converter for field in attrs.fields(cls))
        or any(getattr(field.absent, "takes_self", False) for field in fields)
    ):
        return None
    twin = type(cls.__name__, (), {"__slots__": slots})
    try:
        twin().__class__ = cls
    except TypeError:  # pragma: no cover - no such interpreter is known
        return None
    return twin


def _reader_by_init(cls: type, fields: Sequence[_Field]) -> Hook:
    """Return a hook that leaves absent values to ``__init__``."""

    def read(value: Any, _: object) -> Any:
        if type(value) is not _OBJECT:
            raise WrongKindError(value)
        found = ((field, _find(value, field)[1]) for field in fields)
        return cls(**{field.alias: field.read(raw, field.type) for field, raw in found if raw is not None})

    return read


def _find(value: Mapping[str, Any], field: _Field) -> tuple[str, Any]:
    """Return the wire name under which a value stands, and the value: ``None`` if it is absent."""
    for name in field.wire_names:
        if value.get(name) is not None:
            return name, value[name]
    return field.wire_names[0], None


# ── the patient reader ───────────────────────────────────────────────────────────────────────────────────────────────


def _patient_reader(cls: type, fields: Sequence[_Field]) -> Hook:
    def read(value: Any, _: object) -> Any:
        if type(value) is not _OBJECT:
            raise WrongKindError(value)
        reading = _reading.get()
        if reading.forbid_unknown:
            _refuse_unknown(value, fields, reading)
        values = ((field.alias, _read_field(value, field, reading)) for field in fields)
        return cls(**{alias: value for alias, value in values if value is not attrs.NOTHING})

    return read


def _read_field(value: Mapping[str, Any], field: _Field, reading: Reading) -> Any:
    """Return the value of a field, ``NOTHING`` if it is absent."""
    name, found = _find(value, field)
    depth = len(reading.path)
    reading.path.append(f".{name}")
    try:
        if found is not None:
            return field.read(found, field.type)
        if field.required:
            raise DecodeError(f"{reading.where()}: a required value is missing", path=reading.where())
    except (DecodeError, ModelError, RecursionError):
        raise
    except Exception as error:  # noqa: BLE001 - a user's own class may refuse a value with any error
        _drifted(field, str(error) if isinstance(error, WrongKindError) else _kind_of(found), reading)
    finally:
        del reading.path[depth:]
    return attrs.NOTHING


def _drifted(field: _Field, kind: str, reading: Reading) -> None:
    if field.required or reading.strict:
        raise DecodeError(f"{reading.where()}: a JSON {kind} is of the wrong kind", path=reading.where()) from None
    reading.drift.append((reading.where(), kind))


def _refuse_unknown(value: Mapping[str, Any], fields: Sequence[_Field], reading: Reading) -> None:
    known = {name for field in fields for name in field.wire_names}
    for name in value:
        if name not in known:
            where = f"{reading.where()}.{name}".removeprefix(".")
            raise DecodeError(f"{where}: no model names this key", path=where)


# ── to the wire ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _class_writer(cls: type, dialect: Dialect, converter: cattrs.Converter) -> Writer:
    @functools.cache
    def fields() -> list[tuple[str, str, Writer, bool]]:
        # Not before the first use: a class may hold itself.
        hints = typing.get_type_hints(cls)
        return [
            (
                field.name,
                wire_name(field.name, dialect),
                _marked(field.metadata, converter.get_unstructure_hook(_bare(hints[field.name]))),
                field.default is attrs.NOTHING,
            )
            for field in attrs.fields(cls)
        ]

    def write_all(instance: Any) -> dict[str, Any]:
        values = [(wire, write, required, getattr(instance, name)) for name, wire, write, required in fields()]
        return {
            wire: write(value)
            for wire, write, required, value in values
            if value is not None and (required or value != ())
        }

    return write_all


def _marked(marks: Mapping[Any, Any], write: Writer) -> Writer:
    """Return the writer of a field that goes out as text, or as a number, whatever it is."""
    if marks.get("as_text"):
        return lambda value: str(write(value))
    return int if marks.get("as_number") else write


def _list_writer(kind: Any, converter: cattrs.Converter) -> Writer:
    write = converter.get_unstructure_hook((*typing.get_args(kind), Any)[0])
    return lambda items: [write(item) for item in items]


def _mapping_writer(kind: Any, converter: cattrs.Converter) -> Writer:
    write = converter.get_unstructure_hook((*typing.get_args(kind), Any, Any)[1])
    return lambda items: {key: write(value) for key, value in items.items()}


def _as_it_is(value: Any) -> Any:
    return value


# ── the converters ───────────────────────────────────────────────────────────────────────────────────────────────────


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.IntEnum)


def _is_list(kind: Any) -> bool:
    origin, args = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin is tuple:
        return not args or args[1:] == (Ellipsis,)
    return (
        isinstance(origin, type)
        and issubclass(origin, (Sequence, AbstractSet))
        and not issubclass(origin, (str, bytes))
    )


def _is_mapping(kind: Any) -> bool:
    origin = typing.get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _is_anything(kind: Any) -> bool:
    return kind is Any or kind is object


@functools.cache
def make_converter(dialect: Dialect, *, patient: bool = False, flags_as_numbers: bool = True) -> cattrs.Converter:
    """
    Return the converter of one dialect; there is one of each kind, for good.

    Args:
        dialect: how wire names are written.
        patient: keep track of a ``Reading``, and read big integers in places without a type as they are, because the
            caller has the exact digits.
        flags_as_numbers: write ``True`` as 1, as the vendor does in answers.

    """
    converter = cattrs.Converter(detailed_validation=False)
    for kind, hook in (
        (int, _read_int),
        (enum.IntEnum, _read_enum),  # by class: the hook for int would take its subclasses too
        (float, _read_float),
        (str, _read_text),
        (bool, _read_flag),
        (datetime, _read_instant),
        (type(None), _read_anything),
    ):
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(_is_anything, _read_anything if patient else _read_anything_quickly)

    def list_hook(kind: Any) -> Hook:
        return _list_hook(kind, converter, patient=patient)

    def mapping_hook(kind: Any) -> Hook:
        return _mapping_hook(kind, converter, patient=patient)

    def union_hook(kind: Any) -> Hook:
        return _union_hook(kind, converter)

    def class_hook(kind: Any) -> Hook:
        return _class_hook(kind, dialect, converter, patient=patient)

    for fits, factory in (
        (_is_list, list_hook),
        (_is_mapping, mapping_hook),
        (_is_union, union_hook),
        (attrs.has, class_hook),
    ):
        converter.register_structure_hook_factory(fits, factory)

    def list_writer(kind: Any) -> Writer:
        return _list_writer(kind, converter)

    def mapping_writer(kind: Any) -> Writer:
        return _mapping_writer(kind, converter)

    def class_writer(kind: Any) -> Writer:
        return _class_writer(kind, dialect, converter)

    for fits, writer in ((_is_list, list_writer), (_is_mapping, mapping_writer), (attrs.has, class_writer)):
        converter.register_unstructure_hook_factory(fits, writer)
    converter.register_unstructure_hook(datetime, _write_instant)
    converter.register_unstructure_hook(bool, int if flags_as_numbers else _as_it_is)
    converter.register_unstructure_hook_func(_is_enum, int)
    converter.register_unstructure_hook_func(_is_anything, _as_it_is)
    converter.register_unstructure_hook_func(_is_union, converter.unstructure)
    return converter


def _write_instant(value: datetime) -> int:
    return int(value.timestamp())


@functools.cache
def _hook(kind: Any, dialect: Dialect, patient: bool) -> Hook:
    try:
        return make_converter(dialect, patient=patient).get_structure_hook(kind)
    except Exception as error:
        raise ModelError(f"{kind!r} cannot be decoded: {error}") from error


def read_quickly(kind: Any, value: object, dialect: Dialect) -> Any:
    """Structure ``value`` as ``kind``; raises any ``Exception`` where only the patient reading may judge."""
    return _hook(kind, dialect, False)(value, kind)


def read_patiently(kind: Any, value: object, dialect: Dialect, reading: Reading) -> Any:
    """
    Structure ``value`` as ``kind`` and note in ``reading`` what drifted.

    Raises:
        DecodeError: a required value is missing or of the wrong kind; any is, if ``reading.strict``.
        ModelError: nothing can be read into ``kind``.

    """
    hook = _hook(kind, dialect, True)
    token = _reading.set(reading)
    try:
        return hook(value, kind)
    except (DecodeError, ModelError):
        raise
    except RecursionError:
        reason = "is nested too deeply"
    except WrongKindError as error:
        reason = f"a JSON {error} is of the wrong kind"
    except Exception as error:  # noqa: BLE001 - a user's own class may refuse a value with any error
        reason = f"was refused with {type(error).__name__}"
    finally:
        _reading.reset(token)
    where = reading.where()
    raise DecodeError(f"{where or 'the answer'}: {reason}", path=where)


def unstructure(value: object, dialect: Dialect, *, flags_as_numbers: bool = True) -> Any:
    """Return ``value`` in wire form; absent values are left out, an instant becomes Unix seconds."""
    return make_converter(dialect, flags_as_numbers=flags_as_numbers).unstructure(value)
