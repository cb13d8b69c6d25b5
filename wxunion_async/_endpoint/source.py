"""Functions that are written for a class, as attrs writes an ``__init__``."""

import linecache
import typing
from collections.abc import Callable
from typing import Any

__all__ = ["function_from"]


def function_from(source: str, about: str, known: dict[str, Any]) -> Callable[..., Any]:
    """
    Return the one function that ``source`` defines; a traceback shows its lines.

    Args:
        source: the text, made of the names of a class, never of a value.
        about: what it is about, for the name of its file.
        known: what it may use.

    """
    file = f"<wxunion_async {about}>"
    scope: dict[str, Any] = {}
    exec(compile(source, file, "exec"), known, scope)  # noqa: S102 - see above
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    (function,) = scope.values()
    return typing.cast("Callable[..., Any]", function)
