"""From a value to what JSON can say of it: one writer for each class, made for it, whatever the form."""

import enum
import functools
import math
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import attrs
import cattrs

from wxunion_async._values import Dialect, as_int, plain_text, to_json

from .scalars import Yuan, yuan_text
from .shapes import Field, entries_of, fields_of, items_of, sort_of

__all__ = ["Form", "writing_converter"]

Form = Literal["answer", "request", "python"]
"""
For whom a value is written.

As the vendor writes an answer (flags as numbers), as the vendor reads a request (flags as they are), both without empty
lists; or for people and their logs, with Python's names.
"""
Writer = Callable[[Any], Any]


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"holds {value}, which is no JSON number")
    return float(value)


def _instant(value: datetime, form: Form) -> str | int:
    if value.tzinfo is None:
        raise ValueError("holds a datetime without a time zone")
    return value.isoformat() if form == "python" else math.floor(value.timestamp())


def _anything(value: Any, unstructure: Writer) -> Any:
    """Write what stands in a place without a type."""
    if value is None or type(value) is bool:
        return value
    kind: type[Any] = value.__class__
    if issubclass(kind, Mapping):
        return {_key(key, unstructure): _anything(inner, unstructure) for key, inner in value.items()}
    if issubclass(kind, (list, tuple)):
        return [_anything(item, unstructure) for item in value]
    if issubclass(kind, (str, float, datetime, enum.Enum)) or attrs.has(kind):
        return unstructure(value)
    number = as_int(value)
    if number is None:
        raise TypeError(f"holds a {kind.__name__}, which has no JSON form")
    return number


def _key(value: Any, unstructure: Writer) -> str:
    key = _anything(value, unstructure)
    if type(key) not in (str, int):
        raise TypeError(f"holds a key of type {type(value).__name__}, which has no JSON form")
    return str(key)


def _writer_of(kind: Any, converter: cattrs.Converter) -> Writer:
    # A class may hold itself: its hook is looked up when there is a value.
    return converter.unstructure if attrs.has(kind) else converter.get_unstructure_hook(kind)


def _class_hook(cls: Any, converter: cattrs.Converter, dialect: Dialect, form: Form) -> Writer:
    """
    Return a function that writes an object.

    For a field ``sale_price: Fen | None = None`` it says::

        v = o.sale_price
        if v is not None: wire["salePrice"] = v
    """
    lines = ["def write(o):", " wire, at = {}, ''", " try:", "  pass"]
    known: dict[str, Any] = {"named": _named}
    for number, field in enumerate(fields_of(cls, dialect)):
        name = field.name if form == "python" else field.wire_names[0]
        empty = form != "python" and sort_of(field.kind) == "list" and field.attribute.default is not attrs.NOTHING
        lines.append(f"  at = {field.name!r}; v = o.{field.name}")
        as_it_is = field.kind in (int, str) and not (field.marks.get("as_text") or field.marks.get("as_number"))
        written = "v" if as_it_is else f"write_{number}(v)"
        lines.append(f"  if v is not None{' and v != ()' if empty else ''}: wire[{name!r}] = {written}")
        write = _writer_of(field.kind, converter)
        known[f"write_{number}"] = write if form == "python" else _marked(field, write)
    lines.append(
        " except (TypeError, ValueError, OverflowError, RecursionError) as error: raise named(at, error) from None"
    )
    exec("\n".join([*lines, " return wire"]), known)  # noqa: S102 - made of the names of the class, never of a value
    return typing.cast("Writer", known["write"])


def _marked(field: Field, write: Writer) -> Writer:
    """Return the writer of a field with its metadata looked at."""
    if field.marks.get("as_text"):
        return lambda value: str(write(value))
    if field.marks.get("as_number"):
        return lambda value: int(write(value))
    if field.marks.get("joined"):
        return lambda value: ",".join(item if isinstance(item, str) else to_json(item) for item in write(value))
    return (lambda value: to_json(write(value))) if field.marks.get("json_text") else write


def _named(field: str, error: Exception) -> Exception:
    if isinstance(error, RecursionError):
        return ValueError(f"{field} is nested too deeply")
    return (TypeError if isinstance(error, TypeError) else ValueError)(f"{field} {error}")


@functools.cache
def writing_converter(dialect: Dialect, form: Form) -> cattrs.Converter:
    """
    Return the converter that writes values; what is absent is left out.

    It raises ``TypeError`` or ``ValueError``, which name the field, for what has no JSON form.
    """
    converter = cattrs.Converter()
    anything: Writer = functools.partial(_anything, unstructure=converter.unstructure)

    def factory(kind: Any) -> Writer:
        sort = sort_of(kind)
        if sort == "class":
            return _class_hook(kind, converter, dialect, form)
        if sort == "list":
            write_item = _writer_of(items_of(kind)[1], converter)
            return lambda items: [write_item(item) for item in items]
        if sort == "mapping":
            write_value = _writer_of(entries_of(kind)[1], converter)
            return lambda items: {_key(key, converter.unstructure): write_value(value) for key, value in items.items()}
        open_kind = sort in ("union", "literal") or isinstance(kind, typing.TypeVar)
        return converter.unstructure if open_kind else anything

    hooks: Mapping[type, Writer] = {
        int: int,
        str: plain_text,
        float: _number,
        bool: int if form == "answer" else bool,
        datetime: functools.partial(_instant, form=form),
        enum.Enum: lambda member: anything(member.value),
        Yuan: int if form == "python" else yuan_text,
    }
    converter.register_unstructure_hook_factory(lambda _: True, factory)
    for kind, write in hooks.items():
        converter.register_unstructure_hook(kind, write)
    return converter
