"""How single values look: text to people, JSON to programs; and what numbers people may give."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any, NoReturn

from cyclopts import Parameter, Token
from cyclopts.validators import Number
from rich.console import Console
from rich.text import Text

__all__ = ["BEIJING", "FLAG", "from_json", "plural", "print_json", "text", "to_json", "whole"]

BEIJING = timezone(timedelta(hours=8))
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey instead of showing it: control characters but the line's end, and changes of direction."""


def text(value: object, style: str = "") -> Text:
    """Write a text of anybody's for a terminal: no markup, and what it would obey is spelled out."""
    return Text(_UNSEEN.sub(lambda found: ascii(found[0])[1:-1], str(value)), style=style)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return the form of a noun that goes with ``count``."""
    return one if count == 1 else many or f"{one}s"


to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Write a JSON value for a file, on one line."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def from_json(written: str | bytes) -> Any:
    """Read a JSON value; ``NaN`` and its like, which Python takes too, are a ``ValueError``."""
    return json.loads(written, parse_constant=_refuse)


def print_json(value: Any, *, indent: int | None = None, stderr: bool = False) -> None:
    """Print a JSON value; on one line unless ``indent`` is given."""
    console = Console(stderr=stderr)
    written = json.dumps(value, ensure_ascii=not console.encoding.startswith("utf"), indent=indent)
    # JSON leaves some characters as they are that a terminal obeys.
    console.out(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written), highlight=False)


FLAG = Parameter(negative="", show_default=False)
"""An option that is there or not."""


def whole(low: int, high: int | None = None) -> Parameter:
    """Make the parameter that takes a whole number in ``low`` … ``high``, and no fraction that would be rounded."""

    def convert(_: Any, tokens: Sequence[Token]) -> int:
        value = tokens[0].value
        if not re.fullmatch("-?[0-9]+", value):
            raise ValueError(f"{value!r} is no whole number")
        return int(value)

    return Parameter(converter=convert, validator=Number(gte=low, lte=high))
