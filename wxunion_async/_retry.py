"""What to do after a failed attempt, and for how long. Pure: no clock, no I/O, no chance."""

import enum
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from wxunion_async.config import RetryPolicy
from wxunion_async.errors import (
    HttpStatusError,
    RateLimitedError,
    ResponseError,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionError,
)

__all__ = [
    "Step",
    "Trial",
    "Verdict",
    "backoff",
    "decide",
    "is_transient",
    "leaves_doubt",
    "next_midnight",
    "parse_date",
    "rest_of_minute",
    "seconds_to_wait",
]

_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991
_LAST_YEAR = 9000
_NEW_TOKEN_HELPS = frozenset({40001, 40014, 42001})


# ── the verdict ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Step(enum.Enum):
    """What comes after a failed attempt."""

    RAISE = enum.auto()
    """The call is over."""
    PAUSE = enum.auto()
    """The path is paused; wait in line, for nothing."""
    NEW_TOKEN = enum.auto()
    """Replace the token and send again, for nothing."""
    OTHER_HOST = enum.auto()
    """Nothing was sent; another host has not been tried: at once, and for nothing."""
    BACK_OFF = enum.auto()
    """Wait, then try again: an attempt, and a retry of the budget."""


class Verdict(NamedTuple):
    """The next step."""

    step: Step
    seconds: float = 0.0
    """How long to wait before it."""


class Trial(NamedTuple):
    """All that the verdict on a failed attempt looks at."""

    error: UnionError
    transient: bool
    """The same attempt may succeed when it is made again."""
    sent: bool
    """Something of the request may have left."""
    repeatable: bool
    """The request may be sent twice, or the service will tell that it was."""
    attempts: int
    """How many were made, this one included."""
    policy: RetryPolicy
    time_left: float
    """Seconds until the deadline."""
    retry_after: float | None = None
    """Seconds that the service asks for."""
    untried_host: bool = False
    """There is a host that this call has not tried."""
    budget_empty: bool = False
    pauses_left: int | None = None
    """How many pauses a patient call may still wait out, however long; ``None``: what the deadline leaves time for."""
    token_replaceable: bool = False
    """The call has not replaced its token yet."""
    jitter: float = 1.0
    """A number in 0 … 1, drawn by chance."""


def decide(trial: Trial) -> Verdict:
    """
    Return what to do after a failed attempt.

    A wait that would outlast the deadline is not begun, and what is not done costs nothing.
    """
    error = trial.error
    if isinstance(error, RateLimitedError):
        seconds = error.retry_after
        waits = seconds <= trial.time_left if trial.pauses_left is None else trial.pauses_left > 0
        return Verdict(Step.PAUSE, seconds) if waits else Verdict(Step.RAISE)
    if isinstance(error, TokenError) and error.errcode in _NEW_TOKEN_HELPS:
        return Verdict(Step.NEW_TOKEN if trial.token_replaceable else Step.RAISE)
    if not trial.transient or (trial.sent and not trial.repeatable):
        return Verdict(Step.RAISE)
    if not trial.sent and trial.untried_host:
        return Verdict(Step.OTHER_HOST)
    seconds = backoff(trial.policy, trial.attempts, trial.retry_after, trial.jitter)
    if trial.attempts >= trial.policy.max_attempts or trial.budget_empty or seconds > trial.time_left:
        return Verdict(Step.RAISE)
    return Verdict(Step.BACK_OFF, seconds)


def is_transient(error: UnionError) -> bool:
    """Say whether the same attempt may succeed when it is made again."""
    if isinstance(error, HttpStatusError):
        return error.status >= 500 or error.status == 429
    return isinstance(error, (TransportError, SystemBusyError)) and error.retryable


def leaves_doubt(error: UnionError) -> bool:
    """Say whether the service may have done what was asked, given that the request was sent."""
    if isinstance(error, HttpStatusError):
        return error.status >= 500
    return isinstance(error, (TransportError, SystemBusyError, ResponseError))


def backoff(policy: RetryPolicy, attempt: int, retry_after: float | None, jitter: float) -> float:
    """
    Return how many seconds to wait after the failed ``attempt`` (1 is the first).

    Full jitter (``jitter`` in 0 … 1) spreads the clients that one outage has brought into step.
    """
    ceiling = min(policy.max_delay, policy.base_delay * 2.0 ** min(attempt - 1, 60))
    return max(jitter * ceiling, retry_after or 0.0)


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse_date(value: str | None) -> datetime | None:
    """Return the instant of an HTTP date; ``None`` if it is absent or no date."""
    if value is None:
        return None
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return date if 1970 <= date.year < _LAST_YEAR else None  # what is reckoned with it must have a date, too


def seconds_to_wait(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for; ``None`` if it is absent or unreadable."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    date = parse_date(retry_after)
    return None if date is None else max(0.0, (date - now).total_seconds())


def rest_of_minute(now: datetime) -> float:
    """Return the seconds until the minute of ``now`` ends, plus 1 for the service's own clocks."""
    return 60.0 - now.second - now.microsecond / 1e6 + 1.0


def next_midnight(now: datetime) -> datetime:
    """Return the next midnight in Shanghai, when daily quotas start anew."""
    day = now.astimezone(_SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)
