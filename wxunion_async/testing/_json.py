"""JSON for the fake server: orjson where it is installed, because one core has to answer thousands of calls a second."""

import json
from importlib.resources import files
from typing import Any, cast

from wxunion_async.testing._types import JsonObject

try:
    import orjson
except ImportError:

    def dumps(value: object) -> bytes:
        """Write a value as compact UTF-8 JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(raw: bytes) -> Any:
        """
        Read one JSON value.

        Raises:
            ValueError: the bytes are no JSON in UTF-8.

        """
        return json.loads(raw.decode())

else:

    def dumps(value: object) -> bytes:
        """Write a value as compact UTF-8 JSON."""
        return orjson.dumps(value)

    def loads(raw: bytes) -> Any:
        """
        Read one JSON value.

        Raises:
            ValueError: the bytes are no JSON in UTF-8.

        """
        return orjson.loads(raw)


def read_answer(name: str) -> bytes:
    """
    Read the bytes of a shipped sample answer.

    Args:
        name: group and call, as in the URL path: ``"target/plan_info"``, ``"quota/get"``.

    Returns:
        The file as it is, indented UTF-8 JSON with the envelope (``errcode``, ``errmsg``).

    Raises:
        FileNotFoundError: no sample has this name.

    """
    return files("wxunion_async.testing").joinpath("answers", f"{name}.json").read_bytes()


def load_answer(name: str) -> JsonObject:
    """
    Load a shipped sample answer, a fresh object at each call.

    Args:
        name: group and call, as in the URL path: ``"target/plan_info"``, ``"quota/get"``.

    Returns:
        The answer's JSON object with the envelope; numbers and strings are of the kind the documents show.

    Raises:
        FileNotFoundError: no sample has this name.

    """
    return cast(JsonObject, json.loads(read_answer(name)))
