"""
The patient reader: a recursion that knows where it is, and decides what is drift and what is an error.

Each value is handed to the converter as a ``Place``: the value, its path, and the reading that it is part of.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import attrs
import cattrs

from wxunion_async._values import Dialect, kind_of
from wxunion_async.errors import DecodeError

from .scalars import READERS, Hook, WrongKindError, read_anything, read_literal
from .shapes import Field, arms_of, class_of, entries_of, fields_of, items_of, sort_of

__all__ = ["Place", "Reading", "patient_converter", "read_place"]


class Reading:
    """
    One patient reading of one answer.

    Args:
        strict: raise on drift.
        forbid_unknown: raise on a key that no model names; for our own tests against the documents' samples.

    """

    def __init__(self, *, strict: bool = False, forbid_unknown: bool = False) -> None:
        self.strict = strict
        self.forbid_unknown = forbid_unknown
        self.drift: list[tuple[str, str]] = []
        """(path in wire names, JSON kind found there) of each optional value that was read as absent."""


class Place(NamedTuple):
    """A value somewhere in an answer."""

    value: Any
    path: str
    """In wire names; "" for the answer itself."""
    reading: Reading

    def under(self, key: str, value: Any) -> "Place":
        """Return the place of a value of this object."""
        return Place(value, f"{self.path}.{key}" if self.path else key, self.reading)

    def at(self, index: int, value: Any) -> "Place":
        """Return the place of an item of this list."""
        return Place(value, f"{self.path}[{index}]", self.reading)

    def content(self, kind: type) -> Any:
        """Return the value if it is of just this kind."""
        if type(self.value) is not kind:
            raise MisfitError(self)
        return self.value

    def make(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call what makes the value wanted here; whatever it raises means that it cannot be made."""
        try:
            return function(*arguments, **named)
        except RecursionError:
            raise
        except Exception as error:  # noqa: BLE001 - a user's own class may refuse a value with any error
            raise MisfitError(self, error) from None


class MisfitError(Exception):
    """The value at a place is not of the kind that is wanted there."""

    def __init__(self, place: Place, error: Exception | None = None) -> None:
        super().__init__(place.path)
        self.path = place.path
        self.kind = kind_of(place.value)
        self.reason = f"a JSON {self.kind} is of the wrong kind"
        if self.kind in ("object", "array") and not isinstance(error, (WrongKindError, type(None))):
            self.reason = f"was refused with {type(error).__name__}"

    def as_error(self) -> DecodeError:
        """Return the error for a value that the answer cannot do without."""
        return DecodeError(f"{self.path or 'the answer'}: {self.reason}", path=self.path)


def read_place(kind: Any, place: Place, dialect: Dialect) -> Any:
    """
    Structure the value at ``place`` as ``kind`` and note in its reading what drifted.

    Raises:
        DecodeError: a required value is missing or of the wrong kind; any is, if the reading is strict.

    """
    try:
        return patient_converter(dialect).structure(place, kind)
    except MisfitError as misfit:
        error = misfit.as_error()
    except RecursionError:
        error = DecodeError(f"{place.path or 'the answer'}: is nested too deeply", path=place.path)
    raise error


def _scalar_hook(read: Hook) -> Hook:
    return lambda place, kind: place.make(read, place.value, kind)


def _list_hook(kind: Any, structure: Hook, _: Dialect) -> Hook:
    make, item = items_of(kind)

    def read(place: Place, _: object) -> Any:
        return place.make(make, [structure(place.at(*step), item) for step in enumerate(place.content(list))])

    return read


def _mapping_hook(kind: Any, structure: Hook, _: Dialect) -> Hook:
    key, inner = entries_of(kind)

    def read(place: Place, _: object) -> dict[Any, Any]:
        return {
            structure(place.under(name, name), key): structure(place.under(name, value), inner)
            for name, value in place.content(dict).items()
        }

    return read


def _union_hook(kind: Any, structure: Hook, _: Dialect) -> Hook:
    arms = arms_of(kind)

    def read(place: Place, _: object) -> Any:
        if type(place.value) not in arms:
            raise MisfitError(place)
        return structure(place, arms[type(place.value)])

    return read


def _class_hook(kind: Any, structure: Hook, dialect: Dialect) -> Hook:
    fields = [field for field in fields_of(kind, dialect) if field.attribute.init]
    known = {name for field in fields for name in field.wire_names}

    def read(place: Place, _: object) -> Any:
        unknown = place.content(dict).keys() - known
        if unknown and place.reading.forbid_unknown:
            where = place.under(min(unknown), None).path
            raise DecodeError(f"{where}: no model names this key", path=where)
        given: dict[str, Any] = {}
        for field in fields:
            given |= _read_field(place, field, structure)
        return place.make(class_of(kind), **given)

    return read


def _read_field(place: Place, field: Field, structure: Hook) -> Mapping[str, Any]:
    """Return what to tell ``__init__`` of a field."""
    absent, alias = field.absent, field.attribute.alias
    name = next((name for name in field.wire_names if place.value.get(name) is not None), field.wire_names[0])
    here = place.under(name, place.value.get(name))
    if field.marks.get("or_object") and isinstance(here.value, dict):
        here = Place([here.value], here.path, here.reading)  # pyright: ignore[reportUnknownMemberType]
    if here.value is not None:
        try:
            return {alias: structure(here, field.kind)}
        except MisfitError as misfit:
            if absent is attrs.NOTHING or here.reading.strict:
                raise misfit.as_error() from None
            here.reading.drift.append((misfit.path, misfit.kind))
    elif absent is attrs.NOTHING:
        raise DecodeError(f"{here.path}: a required value is missing", path=here.path)
    if field.attribute.default is not attrs.NOTHING:
        return {}
    make, _ = items_of(field.kind)
    return {alias: make()}


_FACTORIES = {"list": _list_hook, "mapping": _mapping_hook, "union": _union_hook, "class": _class_hook}


@functools.cache
def patient_converter(dialect: Dialect) -> cattrs.Converter:
    """Return the converter that structures places."""
    converter = cattrs.Converter(detailed_validation=False)

    def factory(kind: Any) -> Hook:
        sort = sort_of(kind)
        if sort in _FACTORIES:
            return _FACTORIES[sort](kind, converter.structure, dialect)
        return _scalar_hook(read_literal if sort == "literal" else read_anything)

    converter.register_structure_hook_factory(lambda _: True, factory)
    for kind, read in READERS.items():
        converter.register_structure_hook(kind, _scalar_hook(read))
    return converter
