"""What is asked of a value in many places: its JSON kind, whether it counts as a number, how its name is written."""

import json
import operator
import re
from collections.abc import Mapping
from typing import SupportsIndex

__all__ = [
    "DECIMAL",
    "KINDS",
    "Dialect",
    "as_int",
    "check_count",
    "check_flag",
    "int_of_json",
    "kind_of",
    "plain_text",
    "to_json",
]

Dialect = str
"""How wire names are written: ``"camel"`` for ``productId``, ``"snake"`` for ``product_id``."""

KINDS: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
"""Python type of a JSON value → its JSON name."""

to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
"""Writes a value as JSON, without ASCII escapes: the service refuses them with 40033."""

DECIMAL = re.compile(r"-?[0-9]+")
"""An integer as text, in ASCII."""

_MAX_DIGITS = 4000  # int() refuses to read far more
_EXACT = 2.0**53


def kind_of(value: object) -> str:
    """Return the JSON name of the kind of ``value``, or the name of its class."""
    return KINDS.get(type(value), type(value).__name__)


def as_int(value: object) -> int | None:
    """Return what counts as an integer (``__index__`` and no ``bool``; numpy's integers do) as an int, else ``None``."""
    if type(value) is int:
        return value
    # numpy.bool_ has no __index__ that works; its subclasses of bool there are none.
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def int_of_json(value: object) -> int | None:
    """
    Return the integer that a JSON value says, else ``None``.

    It may be a number, a number without a fraction (``500.0``), or a decimal text; ``true`` and ``"1.0"`` are none. A
    float of 2**53 and beyond stands for several integers, and is none either.
    """
    if type(value) is int:
        return value
    if type(value) is str and len(value) <= _MAX_DIGITS and DECIMAL.fullmatch(value):
        return int(value)
    if type(value) is float and abs(value) < _EXACT and value.is_integer():
        return int(value)
    return None


def plain_text(value: str) -> str:
    """Return a text as a plain ``str``, also of a member of an enumeration; ``ValueError`` if UTF-8 has no form of it."""
    text = str.__str__(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds a lone surrogate, which has no UTF-8 form") from None
    return text


def check_count(name: str, value: object) -> None:
    """
    Refuse what is no int of at least 1.

    Raises:
        TypeError: it is none of ``int``; ``bool`` is not.
        ValueError: it is below 1. Both messages begin with ``name``.

    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")


def check_flag(name: str, value: object) -> None:
    """Refuse what is no bool with a ``TypeError`` that begins with ``name``."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, not {type(value).__name__}")
