"""
The quick reader: what an answer normally looks like, read by code that is written for its class; else it gives up.

What it accepts, the patient reader reads to the same value; what is rare it hands to it at once.
"""

import functools
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

import attrs
import cattrs

from wxunion_async._values import Dialect

from .patient import Place, Reading, patient_converter
from .scalars import READERS, Hook, exact, refuse
from .shapes import Field, arms_of, class_of, fields_of, items_of, sort_of

__all__ = ["quick_converter"]

_FACTORY: Any = attrs.Factory  # typed as a function, and a class
_MAX_FIELDS = 400  # read in place by one function; the objects beyond have functions of their own
_MAX_DEPTH = 8  # of objects in place; the compiler takes 20 loops within each other

# Which value ``v`` is right at a glance, and what it becomes. Ids come as text, too.
_AT_A_GLANCE: Mapping[Any, str] = {
    str: "v if type(v) is str",
    int: "v if type(v) is int else int(v) if type(v) is str and len(v) < 20 and v.isascii() and v.isdecimal()",
    bool: "v == 1 if v in (0, 1)",
    datetime: "(instant(v, UTC) if v else None) if type(v) is int",
    Any: "exact(v) if v is not None",
    dict: "exact(v) if type(v) is dict",
    dict[str, Any]: "exact(v) if type(v) is dict",
}
_ITEMS_AT_A_GLANCE: Mapping[Any, frozenset[type]] = {
    str: frozenset({str}),
    int: frozenset({int}),
    Any: frozenset({str, int, bool, type(None)}),
}


@functools.cache
def quick_converter(dialect: Dialect) -> cattrs.Converter:
    """Return the converter that reads a dialect quickly; it raises any ``Exception`` where it gives up."""
    converter = cattrs.Converter(detailed_validation=False)
    patient = patient_converter(dialect)

    def read_patiently(value: Any, kind: Any) -> Any:
        return patient.structure(Place(exact(value), "", Reading(strict=True)), kind)

    def class_hook(kind: Any) -> Hook:
        return _Code(converter, dialect).reader(kind) if _plainly_made(kind) else read_patiently

    converter.register_structure_hook_func(lambda _: True, read_patiently)
    converter.register_structure_hook_factory(attrs.has, class_hook)
    for kind, read in READERS.items():
        converter.register_structure_hook(kind, read)
    return converter


def _plainly_made(kind: Any) -> bool:
    """Say whether ``__init__`` may be told what becomes of an absent value."""
    own_init = hasattr(class_of(kind), "__attrs_init__")
    return not own_init and not any(getattr(field.default, "takes_self", False) for field in attrs.fields(kind))


@functools.cache
def _mutable_twin(kind: Any) -> type | None:
    """
    Return a class whose instances can be filled and then become instances of ``kind``; ``None`` if there can be none.

    ``__init__`` of a frozen class sets each field through ``object.__setattr__``. If it does nothing else, an object
    with the same slots that takes plain assignments does as well, and takes half the time or less. CPython lets it
    change its class because the layouts are equal.
    """
    cls = class_of(kind)
    slots = cls.__dict__.get("__slots__", ())
    fields = attrs.fields(cls)
    if (
        {*slots} != {field.name for field in fields}
        or cls.__bases__ != (object,)
        or cls.__new__ is not object.__new__
        or any(hasattr(cls, name) for name in ("__attrs_pre_init__", "__attrs_post_init__"))
        or any(field.validator or field.converter or not field.init for field in fields)
    ):
        return None
    twin = type(cls.__name__, (), {"__slots__": slots})
    try:
        twin().__class__ = cls
    except TypeError:  # pragma: no cover - no such interpreter is known
        return None
    return twin


class _Code:
    """
    The text of a function that reads an object, made as attrs makes an ``__init__``.

    For a field ``sale_price: Fen | None = None`` it says::

        v = d0.get("salePrice")
        o0.sale_price = v if type(v) is int else None if v is None else read(v, int)

    Objects within the object, and lists of them, are read in place: ``d1`` is what becomes ``o1``. A class without a
    mutable twin is called, with values that are collected before.
    """

    def __init__(self, converter: cattrs.Converter, dialect: Dialect) -> None:
        self._converter = converter
        self._dialect: Dialect = dialect
        self._lines = ["def read(d0, _):", " if type(d0) is not dict: refuse(d0)"]
        self._known = {"refuse": refuse, "exact": exact, "instant": datetime.fromtimestamp, "UTC": UTC}
        self._room = _MAX_FIELDS

    def reader(self, kind: Any) -> Hook:
        """Return the reader of a class."""
        self._object(kind, (kind,), " ")
        self._lines.append(" return o0")
        exec("\n".join(self._lines), self._known)  # noqa: S102 - made of the names of the class, never of an answer
        return typing.cast("Hook", self._known["read"])

    def _name(self, value: Any) -> str:
        name = f"_{len(self._known)}"
        self._known[name] = value
        return name

    def _object(self, kind: Any, path: tuple[Any, ...], indent: str) -> None:
        level, twin, cls = len(path) - 1, _mutable_twin(kind), self._name(class_of(kind))
        fields = [field for field in fields_of(kind, self._dialect) if field.attribute.init]
        self._room -= len(fields)
        targets = [
            f"a{level}_{number}" if twin is None else f"o{level}.{field.name}" for number, field in enumerate(fields)
        ]
        if twin is not None:
            self._lines.append(f"{indent}o{level} = {self._name(twin)}()")
        for field, target in zip(fields, targets, strict=True):
            first, *others = field.wire_names
            self._lines.append(f"{indent}v = d{level}.get({first!r})")
            self._lines += [f"{indent}if v is None: v = d{level}.get({name!r})" for name in others]
            if field.marks.get("or_object"):
                self._lines.append(f"{indent}if type(v) is dict: v = [v]")
            self._value(field, target, path, indent)
        given = ", ".join(f"{field.attribute.alias}={target}" for field, target in zip(fields, targets, strict=True))
        self._lines.append(
            f"{indent}o{level} = {cls}({given})" if twin is None else f"{indent}o{level}.__class__ = {cls}"
        )

    def _value(self, field: Field, target: str, path: tuple[Any, ...], indent: str) -> None:
        """Write what puts the value ``v`` of a field where it belongs."""
        sort, level, put = sort_of(field.kind), len(path), f"{indent}{target} ="
        make, inner = items_of(field.kind) if sort == "list" else (None, field.kind)
        if sort == "union":
            inner = arms_of(field.kind).get(dict)
        in_place = sort_of(inner) == "class" and _plainly_made(inner) and inner not in path
        if not in_place or level >= _MAX_DEPTH or self._room <= 0:
            self._lines.append(f"{put} {self._at_a_glance(field.kind)}{self._otherwise(field)}")
        elif make is None:
            self._lines += [f"{indent}if type(v) is dict:", f"{indent} d{level} = v"]
            self._object(inner, (*path, inner), indent + " ")
            self._lines += [f" {put} o{level}", f"{indent}else: {target} = {self._otherwise(field)}"]
        else:
            self._lines += [f"{indent}if type(v) is list:", f"{indent} l{level} = []", f"{indent} for d{level} in v:"]
            self._lines.append(f"{indent}  if type(d{level}) is not dict: refuse(d{level})")
            self._object(inner, (*path, inner), indent + "  ")
            self._lines += [f"{indent}  l{level}.append(o{level})", f" {put} {self._name(make)}(l{level})"]
            self._lines.append(f"{indent}else: {target} = {self._otherwise(field)}")

    def _at_a_glance(self, kind: Any) -> str:
        """Return the beginning of the expression for a value: what is right at a glance."""
        if isinstance(kind, type) and issubclass(kind, IntEnum):
            table = self._name({member.value: member for member in kind})
            return f"{table}[v] if type(v) is int and v in {table} else "
        if sort_of(kind) == "list":
            make, item = items_of(kind)
            good = self._name(_ITEMS_AT_A_GLANCE.get(item, frozenset()))
            return f"{self._name(make)}(v) if type(v) is list and (not v or {{*map(type, v)}} <= {good}) else "
        return f"{_AT_A_GLANCE[kind]} else " if kind in _AT_A_GLANCE else ""

    def _otherwise(self, field: Field) -> str:
        """Return the rest of it: for a value that is absent, or has to be looked at."""
        absent = field.absent
        if absent is attrs.NOTHING:
            text = "refuse(v)"
        elif isinstance(absent, _FACTORY):
            text = f"{self._name(absent.factory)}()"
        else:
            text = repr(absent) if absent is None or absent == () else self._name(absent)
        # A class may hold itself: then its hook is looked up when it is needed.
        late = attrs.has(field.kind)
        read = self._converter.structure if late else self._converter.get_structure_hook(field.kind)
        return f"{text} if v is None else {self._name(read)}(v, {self._name(field.kind)})"
