"""
Requests read and answers written as their classes declare them: names, kinds, what is required.

By a hand of its own: a fake that shared the client's reading and writing would agree with its mistakes.
"""

import enum
import functools
import types
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import attrs

from wxunion_async._endpoint import UnionRequest, rules_of
from wxunion_async._endpoint.fields import cached
from wxunion_async.testing._json import loads
from wxunion_async.testing._types import JsonObject

T = TypeVar("T")
R = TypeVar("R", bound=UnionRequest[Any])
Take = Callable[[Any], Any]
"""Takes a value as it came and returns it as the class has it; raises ValueError if it is not of the kind."""

_TEXTS = {"as_text", "joined", "json_text"}
"""Marks of fields that are text on the wire, in a body too."""
_YEAR_10000 = 253_402_300_800


def wire_name(name: str, dialect: str) -> str:
    """Return the vendor's spelling of a field's name."""
    head, *others = name.removesuffix("_").split("_")
    return "_".join([head, *others]) if dialect == "snake" else head + "".join(word.capitalize() for word in others)


@cached
def _fields(cls: type, dialect: str, in_query: bool) -> tuple[tuple[str, str, Any, Take], ...]:
    """Return (what ``__init__`` calls it, wire name, default, taker) of each field."""
    hints = typing.get_type_hints(cls)
    return tuple(
        (
            field.alias,
            wire_name(field.name, dialect),
            field.default,
            functools.partial(_from_number, bool in (hints[field.name], *typing.get_args(hints[field.name])), in_query)
            if field.metadata.get("as_number")
            else _taker(hints[field.name], dialect, in_query or not _TEXTS.isdisjoint(field.metadata)),
        )
        for field in attrs.fields(cls)
        if field.init
    )


class BrokenRule(ValueError):
    """What must hold between the fields does not; the argument is the kind of the rule."""


def read(cls: type[T], sent: Mapping[str, Any], dialect: str, *, in_query: bool = False) -> T:
    """
    Return a request or a part of one as the value that was sent; unknown keys are passed over.

    An optional value that is an empty text counts as absent; null does not. What is missing or of the wrong kind is a
    ``ValueError``, or ``BrokenRule`` if it is but a rule above the class.
    """
    values: dict[str, Any] = {}
    for name, wire, default, take in _fields(cls, dialect, in_query):
        value = sent.get(wire, "")
        if value != "":
            values[name] = take(value)
        elif default is attrs.NOTHING:
            raise ValueError(wire)
        elif not hasattr(default, "factory"):
            values[name] = default
    for rule in rules_of(cls):
        if rule.problem(values.get):
            raise BrokenRule(rule.kind)
    try:
        return cls(**values)
    except TypeError as error:
        raise ValueError(cls.__name__) from error


def typed(cls: type[R], method: str, query: Mapping[str, str], body: JsonObject | None) -> R | None:
    """Return a request as the value that the client sent; None if the class has no such value."""
    sent = query if cls.method == "GET" else body
    with suppress(ValueError):
        if method == cls.method and sent is not None:
            return read(cls, sent, cls.dialect, in_query=sent is query)
    return None


def write(value: Any, dialect: str) -> Any:
    """Return a value in wire form: absent fields left out, flags as 1 and 0, instants as Unix seconds."""
    kind: type[Any] = value.__class__
    if issubclass(kind, enum.Enum):
        return value.value
    if kind is bool:
        return int(value)
    if issubclass(kind, datetime):
        return int(value.timestamp())
    if issubclass(kind, (list, tuple)):
        return [write(item, dialect) for item in value]
    if issubclass(kind, dict):
        return {name: write(inner, dialect) for name, inner in value.items()}
    if not attrs.has(kind):
        return value
    wire: JsonObject = {}
    for field in attrs.fields(kind):
        inner = getattr(value, field.name)
        if field.metadata.get("yuan") and inner is not None:
            inner = f"¥{inner / 100:.2f}"
        if inner is not None:
            name = wire_name(field.name, dialect)
            wire[name] = str(inner) if field.metadata.get("as_text") else write(inner, dialect)
    return wire


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _taker(kind: Any, dialect: str, as_text: bool) -> Take:
    """Return what takes a kind of value; as text, all but a text is written in JSON."""
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    origin, args = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _taker(next(arm for arm in args if arm is not type(None)), dialect, as_text)
    if origin is typing.Literal:
        return functools.partial(_listed, dict(zip(args, args, strict=True)), _taker(type(args[0]), dialect, as_text))
    if attrs.has(origin):
        return lambda value: read(origin, _of(dict, as_text, value), dialect)
    if issubclass(origin, enum.Enum):
        scalar = _taker(int if issubclass(origin, int) else str, dialect, as_text)
        return functools.partial(_listed, {member.value: member for member in origin}, scalar)
    if issubclass(origin, (list, tuple)):
        return functools.partial(_items, origin, args[0], dialect, as_text)
    plain = next((plain for plain in (bool, int, float, str, datetime, dict) if issubclass(origin, plain)), object)
    return functools.partial(_of, dict if issubclass(origin, Mapping) else plain, as_text)


def _of(kind: type, as_text: bool, value: Any) -> Any:
    if as_text and kind is not str:
        value = loads(_of(str, False, value).encode())
    if kind is datetime:
        seconds = _of(int, False, value)
        if 0 <= seconds < _YEAR_10000:
            return datetime.fromtimestamp(seconds, UTC)
    elif kind is object or type(value) is kind or (kind is float and type(value) is int):
        return value
    raise ValueError(kind.__name__)


def _from_number(is_flag: bool, as_text: bool, value: Any) -> Any:
    number = _of(int, as_text, value)
    return _listed({0: False, 1: True}, int, number) if is_flag else str(number)


def _items(make: type[Any], kind: Any, dialect: str, as_text: bool, value: Any) -> Any:
    # A list in a query is joined by commas, or written in JSON.
    joined = as_text and isinstance(value, str) and not value.startswith("[")
    items = value.split(",") if joined else _of(list, as_text, value)
    return make(map(_taker(kind, dialect, joined), items))


def _listed(allowed: Mapping[Any, Any], take: Take, value: Any) -> Any:
    taken = take(value)
    if taken not in allowed:
        raise ValueError(f"{taken} is not listed")
    return allowed[taken]
