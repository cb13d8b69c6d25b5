"""What errors and events say of a call."""

from wxunion_async._retry import Step, Verdict
from wxunion_async.errors import DeadlineExceededError, RateLimitedError, UnionError, WaitingFor
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
    path: str, seconds: float, waited: float, attempts: int, error: UnionError | None, *, bulk: bool
) -> CallFinishedEvent:
    """Return the event of a call that is over."""
    return CallFinishedEvent(endpoint=path, seconds=seconds, waited=waited, attempts=attempts, error=error, bulk=bulk)


def attempt_failed(path: str, attempt: int, host: str, error: UnionError, verdict: Verdict) -> AttemptFailedEvent:
    """Return the event of a failed attempt."""
    seconds = None if verdict.step is Step.RAISE else verdict.seconds
    return AttemptFailedEvent(endpoint=path, attempt=attempt, host=host, error=error, retry_in=seconds)
