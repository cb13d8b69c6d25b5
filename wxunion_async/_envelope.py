"""
From bytes to a JSON object, and from an object to the error that its envelope names.

The vendor's answers need a patient reader: control characters, a byte order mark and invalid UTF-8 have been seen.
Source: ``wechat-facts.md``, "What arrives on the wire".
"""

import functools
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from wxunion_async._values import int_of_json, kind_of, to_json
from wxunion_async.errors import COMMON_ERRCODES, ApiError, DecodeError

__all__ = ["api_error", "dump", "errcode_of", "load", "load_exact"]

_fast_loads: Callable[[bytes], Any] | None
_fast_dumps: Callable[[Any], bytes] | None
try:
    import orjson

    # It would write a datetime as some text.
    _fast_dumps = functools.partial(orjson.dumps, option=orjson.OPT_PASSTHROUGH_DATETIME)
    _fast_loads = orjson.loads
except ImportError:
    _fast_dumps = _fast_loads = None

# Two halves that belong together, one half alone (the group), any other escape.
_LONE_SURROGATE = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."


def load(body: bytes) -> dict[str, Any]:
    """
    Read a JSON object, by the fastest reader there is.

    An integer beyond 64 bits may come as a float here; ``load_exact`` keeps its digits.

    Raises:
        DecodeError: the body is empty, no JSON, or no object.

    """
    if _fast_loads is not None:
        try:
            return _an_object(_fast_loads(body))
        except ValueError:
            pass  # orjson refuses some of what the vendor sends; the patient reader has the last word
    return load_exact(body)


def dump(fields: Mapping[str, Any]) -> bytes:
    """
    Write a JSON object in UTF-8, without ASCII escapes: the service refuses them with 40033.

    Raises:
        TypeError, ValueError: a value has no JSON form: NaN, a lone surrogate, a datetime. The message names its key.

    """
    if _fast_dumps is not None:
        try:
            raw = _fast_dumps(fields)
        except TypeError:
            pass  # an integer beyond 64 bits
        else:
            if b"null" not in raw:  # which it also writes for NaN
                return raw
    parts: list[bytes] = []
    for name, value in fields.items():
        try:
            parts.append(to_json({name: value})[1:-1].encode())
        except (TypeError, ValueError, RecursionError) as error:
            wrong = TypeError if isinstance(error, TypeError) else ValueError
            raise wrong(f"{name} has no JSON form") from None
    return b"{" + b",".join(parts) + b"}"


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no JSON number")
    return number


_OBJECT: type[Any] = dict

_exact_loads = functools.partial(json.loads, strict=False, parse_float=_finite, parse_constant=_finite)


def load_exact(body: bytes) -> dict[str, Any]:
    """
    Read a JSON object patiently and without losing a digit; what has no UTF-8 form becomes U+FFFD.

    Raises:
        DecodeError: as ``load``.

    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    # As for invalid UTF-8: a text that cannot be written again would fail much later, in a log or a database.
    text = re.sub(_LONE_SURROGATE, lambda escape: r"\ufffd" if escape[1] else escape[0], text)
    reason = "is empty" if not text.strip() else "is not JSON"
    try:
        value = _exact_loads(text)
    except (ValueError, RecursionError):
        value = DecodeError(f"the answer {reason}")
    # Raised outside of the except block: a JSONDecodeError keeps the whole text, and the text may hold a token.
    if isinstance(value, DecodeError):
        raise value
    return _an_object(value)


def _an_object(value: Any) -> dict[str, Any]:
    if type(value) is not _OBJECT:
        raise DecodeError(f"the answer is a JSON {kind_of(value)}, not an object")
    return value  # type: ignore[no-any-return]


def errcode_of(body: Mapping[str, Any]) -> int:
    """
    Return the errcode of an answer; 0 if it has none.

    Raises:
        DecodeError: it is neither a whole number nor a numeric string.

    """
    errcode = body.get("errcode")
    if type(errcode) is int:
        return errcode
    if errcode is None or errcode == "0":  # which most answers of the agency's calls have
        return 0
    number = int_of_json(errcode)
    if number is None:
        raise DecodeError(f"errcode: a {kind_of(errcode)} is no errcode", path="errcode")
    return number


def api_error(
    errcode: int, body: Mapping[str, Any], errcodes: Mapping[int, type[ApiError]], redact: Callable[[str], str] = str
) -> ApiError:
    """Return the error of a non-zero errcode, of the class that the endpoint or the common table names."""
    errmsg = body.get("errmsg")
    cls = errcodes.get(errcode) or COMMON_ERRCODES.get(errcode, ApiError)
    return cls(errcode, redact(errmsg) if isinstance(errmsg, str) else "")
