"""What went wrong, for people and for scripts: one panel or one line, and an exit code."""

from collections.abc import Mapping
from typing import Any

from cyclopts import CycloptsError
from rich.console import Console

from wxunion_async import ApiError, QuotaExhaustedError, UnionError
from wxunion_async.cli.show import panel
from wxunion_async.cli.words import text

__all__ = ["FAILED", "INTERRUPTED", "NO_ERROR", "OK", "TRY_LATER", "InputError", "exit_code_of", "facts", "show"]

OK = 0
FAILED = 1
"""The call was refused, or the output could not be written."""
BAD_INPUT = 2
"""An argument, an input file or a setting is wrong; nothing was sent."""
TRY_LATER = 3
"""The call failed, and the same command may succeed later."""
INTERRUPTED = 130
"""Stopped by Ctrl-C; what shells expect."""

NO_ERROR: Mapping[str, Any] = {
    "class": "",
    "errcode": None,
    "errmsg": "",
    "rid": None,
    "retryable": False,
    "ambiguous": False,
    "attempts": 0,
}
"""What ``facts`` tells, of nothing."""


class InputError(Exception):
    """An argument, an input file or a setting is wrong; the message says which and how."""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code that tells of ``error``."""
    if isinstance(error, (CycloptsError, InputError)):
        return BAD_INPUT
    later = isinstance(error, UnionError) and (error.retryable or isinstance(error, QuotaExhaustedError))
    return TRY_LATER if later else FAILED


def facts(error: UnionError) -> dict[str, Any]:
    """Return what a program has to know of an error, JSON-ready; ``None`` for what it has not."""
    found = {name: getattr(error, name, nothing) for name, nothing in NO_ERROR.items()}
    return found | {"class": type(error).__name__, "errmsg": getattr(error, "errmsg", str(error))}


def show(error: Exception) -> None:
    """Tell people of ``error``, on stderr: an error of a call in a panel, any other in one line."""
    console = Console(stderr=True)
    if isinstance(error, UnionError):
        rows = {"What happened": text(error, style="red"), "What to do": text(error.advice)}
        if error.attempts > 1:
            rows["Attempts"] = text(error.attempts)
        if isinstance(error, ApiError) and error.rid:
            rows["rid"] = text(error.rid)
        console.print(panel(type(error).__name__, rows.items(), "red"))
        return
    named = isinstance(error, OSError) and error.filename is not None
    words = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and named else str(error)
    console.print(text(f"wxunion: {' '.join(words.split())}", style="red"), soft_wrap=True)
