"""One token at hand, and what is said of tokens."""

from typing import NamedTuple

from wxunion_async import _clock
from wxunion_async.protocols import AccessToken

__all__ = ["Held", "life_of", "same"]

_LONGEST_MARGIN = 240.0  # the vendor repeats the same stable token until 300 s before its end
_MARGIN = 0.1


class Held(NamedTuple):
    """A token at hand, aged on the monotonic clock."""

    token: AccessToken
    received_at: float
    ends_at: float
    ahead_at: float
    """From here on the next one is fetched in the background."""

    @classmethod
    def received(cls, token: AccessToken) -> "Held":
        life, now = life_of(token), _clock.monotonic()
        ends_at = now + life
        return cls(token, now, ends_at, ends_at - min(_LONGEST_MARGIN, _MARGIN * life))


def life_of(token: AccessToken) -> float:
    """Return the seconds until the token ends; 0.0 if it has."""
    return max(0.0, token.expires_at - _clock.wall_time())


def same(token: AccessToken, other: AccessToken | None) -> bool:
    """Compare by value: the source may tell another end for the same token."""
    return other is not None and token.value == other.value
