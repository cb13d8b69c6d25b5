"""
The seams of the library: what a token source, a token store and a rate limiter have to do.

Implement one of these to plug in your own; the library ships at least one of each.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs

if TYPE_CHECKING:
    from wxunion_async.config import RateLimit

__all__ = ["AccessToken", "Credentials", "RateLimiter", "Secret", "TokenCall", "TokenSource", "TokenStore"]


class Secret:
    """A text that does not show itself; ``reveal()`` where it goes onto the wire, and nowhere else."""

    __slots__ = ("_reveal",)

    def __init__(self, value: str) -> None:
        # A closure, because crash reporters walk __dict__ and __slots__ of what they find in a frame.
        self._reveal: Callable[[], str] = lambda: value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._reveal()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __repr__(self) -> str:
        return "Secret(***)"


@attrs.frozen
class Credentials:
    """An app id and its secret; the repr hides the secret."""

    app_id: str
    app_secret: Secret


def _hidden(value: "str | Secret") -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
        raise TypeError(f"value must be a str, not {type(value).__name__}")
    if not value:
        raise ValueError("value must not be empty")
    return Secret(value)


def _instant(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{attribute.name} must be Unix seconds, not {type(value).__name__}")


@attrs.frozen(weakref_slot=False)
class AccessToken:
    """
    One access token and its end. The token shows in no repr, and no walk over attributes finds it.

    Args:
        value: the token.
        expires_at: Unix seconds, by the wall clock of whoever fetched it.

    Raises:
        TypeError, ValueError: a field is of the wrong kind or empty; the message names it.

    """

    _value: Secret = attrs.field(converter=_hidden, repr=lambda _: "***")
    expires_at: float = attrs.field(validator=_instant)

    @property
    def value(self) -> str:
        """The token itself."""
        return self._value.reveal()

    def __reduce__(self) -> tuple[Any, ...]:
        return AccessToken, (self.value, self.expires_at)


class TokenCall(Protocol):
    """Sends one token request, with the retries and the redaction of the client."""

    async def __call__(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> AccessToken:
        """Send it and return the token of the answer; raise a ``UnionError`` if there is none."""
        ...


class TokenSource(Protocol):
    """Issues access tokens."""

    can_force: bool
    """True when ``fetch(force=True)`` can replace a token that the source would repeat."""

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        """
        Return a token, asking the service through ``call`` if need be.

        Args:
            credentials: whose token.
            call: how to send a token request.
            force: replace the token that is served now; never true where ``can_force`` is false.

        """
        ...


class TokenStore(Protocol):
    """Shares tokens, keyed by app id."""

    async def load(self, app_id: str) -> AccessToken | None:
        """Return the shared token, or ``None`` if there is none or it has ended."""
        ...

    async def save(self, app_id: str, token: AccessToken) -> None:
        """Share ``token``, unless a stored one ends later."""
        ...

    async def discard(self, app_id: str, value: str) -> None:
        """Forget the token, but only if it still is the one with this ``value``."""
        ...

    def lease(self, app_id: str, seconds: float) -> AbstractAsyncContextManager[None]:
        """Wait for the sole right to fetch this app's token; it ends by itself after ``seconds``."""
        ...


class RateLimiter(Protocol):
    """Hands out permits to send, per app and path."""

    async def acquire(self, app_id: str, path: str, limit: "RateLimit") -> None:
        """Wait for a permit, first come, first served; it counts from the moment this returns."""
        ...

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``, to anybody."""
        ...

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain, as far as is known here; 0.0 for none."""
        ...

    async def aclose(self) -> None:
        """Hand out no more permits; who waits for one gets ``ClientClosedError``."""
        ...
