"""JSON for the fake server: orjson where it is installed, because one core has to answer thousands of calls a second."""

import json
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import Any


def _plain_dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _plain_loads(raw: bytes) -> Any:
    return json.loads(raw.decode(), parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits))


_dumps: Callable[[Any], bytes] = _plain_dumps
_loads: Callable[[bytes], Any] = _plain_loads
with suppress(ImportError):
    import orjson

    _dumps, _loads = orjson.dumps, orjson.loads


def dumps(value: object) -> bytes:
    """Write a value as compact UTF-8 JSON."""
    try:
        return _dumps(value)
    except TypeError:  # an integer beyond 64 bits
        return _plain_dumps(value)


def loads(raw: bytes) -> Any:
    """Read one JSON value; a ValueError if it is none. An integer beyond 64 bits becomes a float."""
    try:
        return _loads(raw)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read_answer(name: str) -> bytes:
    """
    Read the bytes of a shipped sample answer: indented UTF-8 JSON with the envelope (``errcode``, ``errmsg``).

    Args:
        name: group and call, by the rule for URL paths: ``"target/plan_info"``, ``"quota/get"``.

    Raises:
        FileNotFoundError: no sample has this name.

    """
    return files("wxunion_async.testing").joinpath("answers", f"{name}.json").read_bytes()


def load_answer(name: str) -> dict[str, Any]:
    """Load a sample as ``read_answer`` reads it: a fresh object, its values of the kinds that the documents show."""
    loaded: dict[str, Any] = json.loads(read_answer(name))
    return loaded
