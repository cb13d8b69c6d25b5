"""When a failed attempt is made again, and after how long. Pure: no clock, no I/O."""

import random
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from wxunion_async._endpoint import UnionRequest
from wxunion_async.config import RetryPolicy
from wxunion_async.errors import DecodeError, HttpStatusError, SystemBusyError, TransportError, UnionError

__all__ = [
    "RetryBudget",
    "backoff",
    "is_transient",
    "leaves_doubt",
    "may_repeat",
    "next_midnight",
    "parse_date",
    "rest_of_minute",
    "seconds_to_wait",
]

_GIVEN_BACK = 0.2
_ROUNDING = 1e-6  # five successes buy a retry, even where five times 0.2 is a little less than 1
_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991


class RetryBudget:
    """What keeps a client from hammering a service that is down: retries are few when successes are."""

    def __init__(self, size: float) -> None:
        self.size = size
        self.left = float(size)

    def take(self) -> bool:
        """Take one retry; false if there is none."""
        if self.left < 1 - _ROUNDING:
            return False
        self.left -= 1
        return True

    def give_back(self) -> None:
        """Count a success."""
        self.left = min(self.size, self.left + _GIVEN_BACK)


def is_transient(error: UnionError) -> bool:
    """Say whether the same attempt may succeed when it is made again."""
    if isinstance(error, HttpStatusError):
        return error.status >= 500 or error.status == 429
    return isinstance(error, (TransportError, SystemBusyError))


def leaves_doubt(error: UnionError) -> bool:
    """Say whether the service may have done what was asked, given that the request was sent."""
    if isinstance(error, HttpStatusError):
        return error.status >= 500
    return isinstance(error, (TransportError, SystemBusyError, DecodeError))


def may_repeat(request: UnionRequest[Any], *, sent: bool) -> bool:
    """Say whether ``request`` may be sent again: it is harmless, or it never left, or the service will tell."""
    return request.resend or not sent or request.done_errcode is not None


def backoff(policy: RetryPolicy, attempt: int, retry_after: float | None) -> float:
    """
    Return how many seconds to wait after the failed ``attempt`` (1 is the first).

    Full jitter spreads the clients that one outage has brought into step.
    """
    ceiling = min(policy.max_delay, policy.base_delay * 2.0 ** min(attempt - 1, 60))
    return max(random.uniform(0.0, ceiling), retry_after or 0.0)  # noqa: S311 - no secret


def parse_date(value: str | None) -> datetime | None:
    """Return the instant of an HTTP date; ``None`` if it is absent or no date."""
    if value is None:
        return None
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


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
