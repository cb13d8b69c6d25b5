"""The fields of a request, as options and as columns of a table, and how a request is made of text."""

import enum
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs
from docstring_parser import DocstringStyle, parse_from_object

from wxunion_async import UnionRequest
from wxunion_async._decoding.shapes import plain, wire_name
from wxunion_async._endpoint import field_types
from wxunion_async._endpoint.fields import cached
from wxunion_async._endpoint.inputs import is_enum

__all__ = ["Field", "bare", "field_of", "fields_of", "request_from", "rules_of"]

_DECIMAL = re.compile(r"-?[0-9]+")
_SHORTENED = re.compile(r"[0-9.]+E\+[0-9]+", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Field:
    """One parameter of a request, or of a part of it."""

    name: str
    """Its name in Python; that of a part's field with the part's in front: ``category.category_id``."""
    wire: str
    """Its name on the wire, likewise."""
    kind: Any
    """Its type, without ``None``."""
    required: bool
    default: Any
    help: str
    """What it is, in one paragraph; what may be given included."""
    choices: tuple[enum.IntEnum, ...]
    """What of an enumeration the call takes; empty for another type."""


@cached
def fields_of(cls: type[Any]) -> Sequence[Field]:
    """Return the fields of a request class in their order, those of a part behind the part itself."""
    return tuple(_fields(cls, cls.dialect, "", "", ""))


def _fields(cls: type[Any], dialect: str, name: str, wire: str, about: str) -> Iterator[Field]:
    docs = _field_docs(cls)
    among: Mapping[str, Any] = {rule.fields[0]: rule.values for rule in cls.field_rules if rule.kind == "among"}
    for field in attrs.fields(cls):
        kind = bare(field_types(cls)[field.name])
        choices: tuple[enum.IntEnum, ...] = tuple(map(kind, among.get(field.name, kind))) if is_enum(kind) else ()
        found = Field(
            name=name + field.name,
            wire=wire + wire_name(field.name, dialect),
            kind=kind,
            required=field.default is attrs.NOTHING,
            default=field.default,
            help=" ".join(filter(None, (about, docs.get(field.name), _hint(kind, choices)))),
            choices=choices,
        )
        yield found
        if attrs.has(kind):
            part = f"{docs.get(field.name, '').partition(';')[0].rstrip('.')}:"
            yield from _fields(kind, dialect, f"{found.name}.", f"{found.wire}.", part)


def rules_of(cls: type[Any]) -> list[str]:
    """Return what must hold between the fields of a request class, or of a part of it, in words, by options' names."""
    parts: list[Any] = [field.kind for field in fields_of(cls) if attrs.has(field.kind)]
    found: dict[str, None] = {}
    for rule in (rule for part in dict.fromkeys([cls, *parts]) for rule in part.field_rules if len(rule.fields) > 1):
        words = rule.text
        for name in rule.fields:
            words = re.sub(rf"\b{name}\b", f"--{name}".replace("_", "-"), words)
        found[words] = None
    return list(found)


def bare(kind: Any) -> Any:
    """Return a type without ``None``; of several others ``Any``."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
    return arms[0] if len(arms) == 1 else Any


def _field_docs(cls: type) -> Mapping[str, str]:
    """Return field name → the literal below it, which only the source has; nothing where there is no source."""
    bases = (base for base in reversed(cls.__mro__) if attrs.has(base))
    found = (parse_from_object(base, DocstringStyle.REST).params for base in bases)
    return {
        param.arg_name: " ".join((param.description or "").split()).replace("``", "")
        for params in found
        for param in params
    }


def _hint(kind: Any, choices: Sequence[enum.IntEnum]) -> str:
    """Say what may be given where the type alone does not."""
    if choices:
        return f"One of {_listed(choices)}."
    if kind is datetime:
        return "As 2026-01-31T08:00:00+08:00, or Unix seconds."
    if typing.get_origin(kind) is tuple and not attrs.has(typing.get_args(kind)[0]):
        return "Several with a comma between them."
    return "" if plain(kind) in (str, int, float, bool) or attrs.has(kind) else "As JSON."


def _listed(choices: Sequence[enum.IntEnum]) -> str:
    return ", ".join(f"{_spelled(member)} ({member.value})" for member in choices)


def _spelled(member: enum.IntEnum) -> str:
    return member.name.lower().replace("_", "-")


# ── from text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _value_from(kind: Any, words: str, choices: Sequence[enum.IntEnum] = ()) -> Any:
    """Read a value from text: an option's, a cell's, or that of a JSON string."""
    kind = plain(kind)
    if kind is str:
        return words
    words = words.strip()
    if kind is int:
        return _int_from(words)
    if kind is bool:
        values = {"true": True, "false": False}
        if words.lower() not in values:
            raise ValueError(f"{words!r} is neither true nor false")
        return values[words.lower()]
    if is_enum(kind):
        for member in choices or kind:
            if words.lower().replace("_", "-") in (_spelled(member), str(member.value)):
                return member
        raise ValueError(f"{words!r} is none of {_listed(choices or tuple(kind))}")
    if kind is datetime:
        return int(words) if _DECIMAL.fullmatch(words) else datetime.fromisoformat(words)
    if typing.get_origin(kind) is tuple and not words.startswith("["):
        return [_value_from(typing.get_args(kind)[0], item.strip()) for item in words.split(",")]
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        raise ValueError(f"{words[:100]!r} is no JSON") from None


def _int_from(words: str) -> int:
    words = words.removeprefix('="').removesuffix('"')  # how a cell is kept from becoming a number
    if _DECIMAL.fullmatch(words):
        return int(words)
    why = ": a spreadsheet has shortened it and lost its last digits; make the column text, and fill it in anew"
    raise ValueError(f"{words!r} is no decimal number{why if _SHORTENED.fullmatch(words) else ''}")


@cached
def _by_name(cls: type[Any]) -> Mapping[str, Field]:
    return {name.lower(): field for field in fields_of(cls) for name in (field.wire, field.name)}


def field_of(cls: type[Any], name: str) -> Field | None:
    """Return the field that is called so, in Python or on the wire, in capitals or not; ``None`` if there is none."""
    return _by_name(cls).get(name.lower())


def request_from(cls: type[UnionRequest[Any]], given: Mapping[str, Any]) -> UnionRequest[Any]:
    """
    Make a request from values by the names of fields; a text is read as the type says, a blank one is an absent value.

    Raises:
        ValueError: a value is wrong, or one is missing; the message names it.

    """
    values: dict[str, Any] = {}
    by_name = _by_name(cls)
    for name, value in given.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        field = by_name[name.lower()]
        *parts, last = field.name.split(".")
        holder: Any = values
        for part in parts:
            holder = holder.setdefault(part, {}) if _is_object(holder) else holder
        if not _is_object(holder) or last in holder:
            raise ValueError(f"{field.name} is there twice")
        try:
            holder[last] = _value_from(field.kind, value, field.choices) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(f"{field.name}: {error}") from None
    missing = [field.name for field in fields_of(cls) if field.required and _is_missing(field.name, values)]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    try:
        return cls(**values)
    except TypeError as error:
        raise ValueError(str(error)) from None


def _is_missing(name: str, values: Any) -> bool:
    """Say whether a field has no value; that of a part that is absent, or no object, is not missed."""
    *parts, last = name.split(".")
    for part in parts:
        values = values.get(part) if _is_object(values) else None
    return _is_object(values) and last not in values


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
