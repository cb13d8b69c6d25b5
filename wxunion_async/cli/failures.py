"""What went wrong, for people and for scripts: one panel or one line, and an exit code."""

from collections.abc import Mapping
from typing import Any

from cyclopts import CycloptsError
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from wxunion_async import (
    AlreadyAppliedError,
    ApiError,
    ApplyReasonTooLongError,
    CredentialError,
    DecodeError,
    InvalidAppIdError,
    InvalidParameterError,
    IPNotAllowedError,
    NotAppliedError,
    PermissionDeniedError,
    PlanExpiredError,
    PlanNotFoundError,
    ProductNotFoundError,
    ProductNotListedError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    TokenError,
    UnionError,
)
from wxunion_async.cli.words import moment, plural

__all__ = [
    "BAD_INPUT",
    "FAILED",
    "INTERRUPTED",
    "OK",
    "TRY_LATER",
    "InputError",
    "exit_code_of",
    "facts",
    "show",
]

OK = 0
FAILED = 1
"""The call was refused, or the output could not be written."""
BAD_INPUT = 2
"""An argument, an input file or a setting is wrong; nothing was sent."""
TRY_LATER = 3
"""The call failed, and the same command may succeed later."""
INTERRUPTED = 130
"""Stopped by Ctrl-C; what shells expect."""

_ADVICE: Mapping[type[UnionError], str] = {
    IPNotAllowedError: "Put this machine's IP address, or your proxy's, on the account's allow-list.",
    CredentialError: "Check the app id and the secret (WXUNION_APP_ID, WXUNION_APP_SECRET).",
    TokenError: "A new token did not help: see whether something else refreshes this app's token.",
    PermissionDeniedError: (
        "Use the account that the call is for: a promoter's for targeted plans, an agency's for products. "
        "Or have the API granted."
    ),
    AlreadyAppliedError: "Nothing: see how it went with apply-status.",
    NotAppliedError: "Apply first, with apply-target.",
    PlanExpiredError: "Drop the plan: it is over.",
    PlanNotFoundError: "Check the plan; its id is the base64 text that plan-info tells.",
    ApplyReasonTooLongError: "Shorten the reason.",
    InvalidParameterError: "Check the arguments.",
    InvalidAppIdError: "Check the shop's app id.",
    ProductNotFoundError: "Drop the product, or check its id.",
    ProductNotListedError: "Drop the product, or try again when it is back on the shelf.",
    DecodeError: "The answer is outside of the vendor's documents: report it with the path.",
    ResponseError: "Something between here and the service answered: check the proxy and the base URL.",
    UnionError: "Look the errcode up in the vendor's documents.",
}


class InputError(Exception):
    """An argument, an input file or a setting is wrong; the message says which and how."""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code that tells of ``error``."""
    if isinstance(error, (CycloptsError, InputError)):
        return BAD_INPUT
    return TRY_LATER if isinstance(error, UnionError) and error.retryable else FAILED


def facts(error: UnionError) -> dict[str, Any]:
    """Return what a program has to know of an error, JSON-ready; ``None`` for what it has not."""
    said = error if isinstance(error, ApiError) else None
    return {
        "class": type(error).__name__,
        "errcode": said and said.errcode,
        "errmsg": said.errmsg if said else str(error),
        "rid": said and said.rid,
        "retryable": error.retryable,
        "ambiguous": error.ambiguous,
        "attempts": error.attempts,
    }


def show(error: Exception) -> None:
    """Tell people of ``error``, on stderr: an error of a call in a panel, any other in one line."""
    console = Console(stderr=True)
    if isinstance(error, UnionError):
        console.print(_panel(error))
        return
    words = " ".join(_words(error).split())
    console.print(Text(f"wxunion: {words}", style="red"), soft_wrap=True)


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _panel(error: UnionError) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    known = facts(error)
    grid.add_row("What happened", Text(str(error), style="red"))
    if error.attempts > 1:
        grid.add_row("Attempts", str(error.attempts))
    grid.add_row("What to do", Text(_advice(error)))
    if known["rid"]:
        grid.add_row("rid", Text(known["rid"]))
    return Panel(grid, title=known["class"], title_align="left", border_style="red")


def _advice(error: UnionError) -> str:
    if error.ambiguous:
        return "It may have been carried out: ask apply-status before you send it again."
    if isinstance(error, QuotaExhaustedError):
        when = f" It starts anew at {moment(error.resets_at)}." if error.resets_at else ""
        return f"The calls of today are used up.{when} See the quota command."
    if isinstance(error, RateLimitedError) and error.retry_after:
        seconds = round(error.retry_after)
        return f"Wait {seconds} {plural(seconds, 'second')}, then try again; send fewer calls a minute."
    if error.retryable:
        return "Try again later; if it stays so, check the network, the proxy and the base URL."
    return next(_ADVICE[cls] for cls in type(error).__mro__ if cls in _ADVICE)
