"""What errors and events say of a call; the events are loaded when somebody is told of one."""

from typing import TYPE_CHECKING, Any

from wxunion_async._endpoint import UnionRequest
from wxunion_async._retry import Step, Verdict
from wxunion_async._transport import Exchange
from wxunion_async.errors import DeadlineExceededError, RateLimitedError, UnionError, WaitingFor

if TYPE_CHECKING:
    from wxunion_async.events import AttemptFailedEvent, CallFinishedEvent

__all__ = ["attempt_failed", "call_finished", "late", "paused_error"]


def late(timeout: float, waiting_for: WaitingFor, last: UnionError | None) -> DeadlineExceededError:
    """Return the error of a call whose time is over, which ends with what failed last."""
    return DeadlineExceededError(
        f"not done within {timeout:g} s, while waiting for the {waiting_for}", waiting_for=waiting_for, last=last
    )


def paused_error(seconds: float, errmsg: str) -> RateLimitedError:
    """Return the error of a call that cannot wait for the end of a pause."""
    error = RateLimitedError(45011, errmsg)
    error.retry_after = seconds
    return error


def call_finished(
    request: UnionRequest[Any],
    last: Exchange | None,
    error: UnionError | None,
    times: tuple[float, float | None, float],
    attempts: int,
    *,
    bulk: bool,
) -> "CallFinishedEvent":
    """Return the event of a call: its last attempt, and when it began, had its first permit (or ``None``), ended."""
    from wxunion_async.events import CallFinishedEvent

    began, permitted, ended = times
    return CallFinishedEvent(
        endpoint=request.path,
        seconds=ended - began,
        attempts=attempts,
        waited=(ended if permitted is None else permitted) - began,
        error=error,
        bulk=bulk,
        method=request.method,
        host="" if last is None else last.base_url,
        status=None if last is None else last.status,
    )


def attempt_failed(path: str, attempt: int, host: str, error: UnionError, verdict: Verdict) -> "AttemptFailedEvent":
    """Return the event of a failed attempt."""
    from wxunion_async.events import AttemptFailedEvent

    seconds = None if verdict.step is Step.RAISE else verdict.seconds
    return AttemptFailedEvent(endpoint=path, attempt=attempt, host=host, error=error, retry_in=seconds)
