"""What a single JSON value may become: one reader for each kind, for both ways of reading."""

import enum
import math
import re
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from wxunion_async._values import int_of_json, kind_of

__all__ = [
    "READERS",
    "Hook",
    "WrongKindError",
    "Yuan",
    "read_anything",
    "read_int",
    "read_literal",
    "refuse",
    "yuan_text",
]

Hook = Callable[[Any, Any], Any]
"""Takes a JSON value and the type that it is wanted as."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNSAFE = 2.0**63
_YUAN = re.compile(r"(?P<sign>-?)[¥￥]?(?P<minus>-?)(?P<yuan>[0-9]{1,4000})(?:\.(?P<fen>[0-9]{1,2}))?")


class WrongKindError(Exception):
    """A value is not of the kind that its field has; never seen outside of this package."""


class Yuan(int):
    """In place of ``Fen`` for a field that the vendor writes in yuan; no value is ever of this class."""


def refuse(value: object) -> NoReturn:
    """Say that ``value`` is of the wrong kind."""
    raise WrongKindError(kind_of(value))


def read_int(value: object, kind: type) -> Any:
    """Take what says an integer; ``kind`` is ``int`` or a subclass of it, enumerations included."""
    number = int_of_json(value)
    if number is None:
        refuse(value)
    return number if kind is int else kind(number)


def _read_float(value: object, kind: type) -> Any:
    if (type(value) is float or type(value) is int) and math.isfinite(value):
        return kind(value)
    refuse(value)


def _read_text(value: object, kind: type) -> Any:
    if type(value) is str:
        return value if kind is str else kind(value)
    if type(value) is int:
        return kind(str(value))
    refuse(value)


def _read_flag(value: object, _: object) -> bool:
    number = int(value) if type(value) is bool else int_of_json(value)
    if number not in (0, 1):
        refuse(value)
    return number == 1


def _read_instant(value: object, _: object) -> datetime | None:
    seconds = read_int(value, int)
    return _EPOCH + timedelta(0, seconds) if seconds else None


def _read_enum(value: object, cls: type[enum.Enum]) -> enum.Enum:
    for member in cls:
        if type(member.value) is type(value) and member.value == value:
            return member
    refuse(value)


def read_literal(value: object, kind: Any) -> object:
    """Take just what the ``Literal`` lists: ``True`` is not 1."""
    for option in typing.get_args(kind):
        if type(option) is type(value) and option == value:
            return value
    refuse(value)


def _read_yuan(value: object, _: object) -> int | None:
    """Take an amount in yuan, as text or as a number, and return it in fen; "-" is none yet."""
    if value == "-":
        return None
    text = repr(value) if type(value) is float else str(value) if type(value) is int else value
    match = _YUAN.fullmatch(text) if isinstance(text, str) else None
    if match is None or (match["sign"] and match["minus"]):
        refuse(value)
    fen = int(match["yuan"]) * 100 + int((match["fen"] or "0").ljust(2, "0"))
    return -fen if match["sign"] or match["minus"] else fen


def yuan_text(fen: int) -> str:
    """Return an amount of fen as the vendor writes it: "¥0.20", "¥0"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan}" + (f".{rest:02}" if rest else "")


def read_anything(value: object, _: object) -> object:
    """Take a value of any kind as it is."""
    return value


def exact(value: Any) -> Any:
    """Take a value as it is, if no number in it may have lost digits: orjson makes floats of integers beyond 64 bits."""
    kind: type[Any] = value.__class__
    if kind is float and abs(value) >= _UNSAFE:
        refuse(value)
    for inner in value.values() if kind is dict else value if kind is list else ():
        exact(inner)
    return value


# By class, the most special first: what is a subclass of ``int`` or ``str`` becomes that subclass.
READERS: Mapping[Any, Hook] = {
    int: read_int,
    float: _read_float,
    str: _read_text,
    bool: _read_flag,
    datetime: _read_instant,
    enum.Enum: _read_enum,
    Yuan: _read_yuan,
    type(None): read_anything,
}
