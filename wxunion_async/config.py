"""How a client behaves, as one frozen value: a wrong setting fails here, not in the tenth call."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

import attrs

from wxunion_async._values import check_count, check_flag

__all__ = ["DEFAULT_BASE_URLS", "RateLimit", "RetryPolicy", "UnionConfig"]

DEFAULT_BASE_URLS = ("https://api.weixin.qq.com", "https://api2.weixin.qq.com")
"""The vendor's main host and its disaster-recovery host. Source: Interface_field_description.html."""


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}")
    return float(value)


def _positive(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if _number(attribute.name, value) <= 0:
        raise ValueError(f"{attribute.name} must be positive, not {value}")


def _not_negative(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if _number(attribute.name, value) < 0:
        raise ValueError(f"{attribute.name} must not be negative, not {value}")


def _count(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    check_count(attribute.name, value)


@attrs.frozen
class RateLimit:
    """
    Never more than ``max_rate`` sends in any window of ``time_period`` seconds.

    Args:
        max_rate: how many sends, at least 1.
        time_period: the window in seconds.
        burst: how many of them may leave at once, 1 … ``max_rate``; ``None`` takes 3 % of ``max_rate``, at least 2
            (1 below a rate of 20). A larger burst lets a quiet client start faster and lowers the steady rate.

    Raises:
        TypeError, ValueError: a field is of the wrong kind or out of range; the message names it.

    """

    max_rate: int = attrs.field(validator=_count)
    time_period: float = attrs.field(default=60.0, validator=_positive)
    burst: int | None = attrs.field(default=None, validator=attrs.validators.optional(_count))

    def __attrs_post_init__(self) -> None:
        if self.burst is not None and self.burst > self.max_rate:
            raise ValueError(f"burst must not be above max_rate ({self.max_rate}), not {self.burst}")

    @property
    def bucket_size(self) -> int:
        """How many permits are there at once after a quiet time."""
        if self.burst is not None:
            return self.burst
        return 1 if self.max_rate < 20 else max(2, self.max_rate * 3 // 100)

    @property
    def leak(self) -> float:
        """
        Permits a second in the steady state.

        A window holds at most ``bucket_size`` permits of the full bucket and those that leak meanwhile. One permit
        more than ``max_rate − bucket_size`` per window is right, because the window is open at its end.
        """
        # The tiny slack keeps float rounding from moving the first permit of the next window into this one.
        return (self.max_rate - self.bucket_size + 1) / self.time_period * (1 - 1e-9)


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """
    When and how often a failed attempt is made again.

    Args:
        max_attempts: tries per call, the first included.
        base_delay: seconds; the n-th backoff is drawn from 0 … ``base_delay × 2ⁿ⁻¹`` (full jitter).
        max_delay: seconds; no drawn backoff is longer. A ``Retry-After`` of the service may be.
        budget: how many retries the client has in store; each takes 1, each success gives 0.2 back. Empty: no retry.

    Raises:
        TypeError, ValueError: a field is of the wrong kind or out of range; the message names it.

    """

    max_attempts: int = attrs.field(default=4, validator=_count)
    base_delay: float = attrs.field(default=0.5, validator=_not_negative)
    max_delay: float = attrs.field(default=8.0, validator=_not_negative)
    budget: float = attrs.field(default=50, validator=_not_negative)


def _base_url(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"base_urls must hold str, not {type(value).__name__}")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:  # a UnicodeError is one
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in value):
        raise ValueError(f"base_urls: {value!r} is not an http:// or https:// URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_urls: a URL with a user name or a password is not accepted")
    if parts.query or parts.fragment:
        raise ValueError(f"base_urls: {value!r} has a query or a fragment")
    return value.rstrip("/")


def _base_urls(value: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"base_urls must be a tuple of str, not {type(value).__name__}")
    urls = tuple(_base_url(item) for item in cast("Sequence[object]", value))
    if not urls:
        raise ValueError("base_urls must not be empty")
    return urls


class _Limits(Mapping[str, RateLimit]):
    """A mapping that stays as it is, with a hash, and that pickles."""

    __slots__ = ("_limits",)

    def __init__(self, limits: Mapping[str, RateLimit]) -> None:
        self._limits = dict(limits)

    def __getitem__(self, path: str) -> RateLimit:
        return self._limits[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._limits)

    def __len__(self) -> int:
        return len(self._limits)

    def __hash__(self) -> int:
        return hash(frozenset(self._limits.items()))

    def __repr__(self) -> str:
        return repr(self._limits)


def _rate_limits(value: Mapping[str, RateLimit]) -> Mapping[str, RateLimit]:
    if not isinstance(value, Mapping):
        raise TypeError(f"rate_limits must be a mapping of path to RateLimit, not {type(value).__name__}")
    limits = cast("Mapping[object, object]", value)
    for path, limit in limits.items():
        if not isinstance(path, str) or not path.startswith("/"):
            raise ValueError(f"rate_limits: {path!r} is not a path; it must begin with '/'")
        if not isinstance(limit, RateLimit):
            raise TypeError(f"rate_limits: the value of {path!r} must be a RateLimit, not {type(limit).__name__}")
    return _Limits(cast("Mapping[str, RateLimit]", limits))


@attrs.frozen(kw_only=True)
class UnionConfig:
    """
    Every setting of a client.

    Args:
        base_urls: where the service is, in the order of preference; the next is tried when a connection fails.
        call_timeout: seconds for one call with all its waiting and retries.
        attempt_timeout: seconds for one attempt: to connect, and again to send and get the answer.
        max_connections: how many requests may be under way at once.
        max_answer_size: bytes of an answer, unpacked; a larger one is a ``ResponseError`` at once.
        retry: when a failed attempt is made again.
        default_rate_limit: for each path that ``rate_limits`` does not name. The vendor publishes no limit for our
            paths; 3,000 a minute is our choice.
        rate_limits: URL path (with its leading "/") → limit.
        strict_decoding: raise ``DecodeError`` where an optional value is of the wrong kind, instead of reporting it
            as drift and reading it as absent.

    Raises:
        TypeError, ValueError: a setting is of the wrong kind or out of range; the message names it.

    """

    base_urls: tuple[str, ...] = attrs.field(default=DEFAULT_BASE_URLS, converter=_base_urls)
    call_timeout: float = attrs.field(default=30.0, validator=_positive)
    attempt_timeout: float = attrs.field(default=10.0, validator=_positive)
    max_connections: int = attrs.field(default=100, validator=_count)
    max_answer_size: int = attrs.field(default=32 * 1024 * 1024, validator=_count)
    retry: RetryPolicy = attrs.field(default=RetryPolicy(), validator=attrs.validators.instance_of(RetryPolicy))
    default_rate_limit: RateLimit = attrs.field(
        default=RateLimit(3000, 60.0), validator=attrs.validators.instance_of(RateLimit)
    )
    rate_limits: Mapping[str, RateLimit] = attrs.field(factory=dict[str, RateLimit], converter=_rate_limits)
    strict_decoding: bool = attrs.field(default=False, validator=lambda _, field, value: check_flag(field.name, value))

    def limit_of(self, path: str) -> RateLimit:
        """Return the limit for ``path``."""
        return self.rate_limits.get(path, self.default_rate_limit)
