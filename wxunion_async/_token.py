"""
Where access tokens come from, and where they are shared within a process.

Source of the rules: ``wechat-facts.md``, "Access token".
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from weakref import WeakKeyDictionary

from wxunion_async import _clock
from wxunion_async.errors import TransportError, UnionError
from wxunion_async.protocols import AccessToken, Credentials, TokenCall

__all__ = ["ExternalTokenSource", "MemoryTokenStore", "PlainTokenSource", "StableTokenSource"]

# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class StableTokenSource:
    """
    POST /cgi-bin/stable_token, the default: repeats one token until five minutes before its end.

    Any number of processes may ask it, 10,000 times a minute and 500,000 a day.

    Source:
        doc/channels/API/leagueheadsupplier/getStableAccessToken.html

    """

    can_force = True

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        """Return the service's token; ``force`` replaces a leaked or broken one, 20 times a day at most."""
        body = {
            "grant_type": "client_credential",
            "appid": credentials.app_id,
            "secret": credentials.app_secret,
            "force_refresh": force,
        }
        return await call("POST", "/cgi-bin/stable_token", body=body)


class PlainTokenSource:
    """
    GET /cgi-bin/token: a new token at each call, which ends the former one five minutes later.

    Only one process may use it, 2,000 times a day.

    Source:
        doc/oplatform/developers/dev/AccessToken.html

    """

    can_force = False

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        """Return a new token."""
        query = {"grant_type": "client_credential", "appid": credentials.app_id, "secret": credentials.app_secret}
        return await call("GET", "/cgi-bin/token", query=query)


class ExternalTokenSource:
    """
    A central token server of your own: an async callable that returns an ``AccessToken``.

    It is asked again near the end of a token's life and when a token is refused; it refreshes, we never do.

    Args:
        get_token: returns the present token. What it raises becomes the cause of a ``TransportError``.

    Raises:
        TypeError: ``get_token`` is not callable.

    """

    can_force = False

    def __init__(self, get_token: Callable[[], Awaitable[AccessToken]]) -> None:
        if not callable(get_token):
            raise TypeError(f"get_token must be an async callable, not {type(get_token).__name__}")
        self._get_token = get_token

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        """Return what the callable returns."""
        try:
            token = await self._get_token()
        except UnionError:
            raise
        except Exception as error:
            raise TransportError(f"the external token source failed: {type(error).__name__}") from error
        if not isinstance(token, AccessToken):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
            raise TransportError(f"the external token source returned {type(token).__name__}, not AccessToken")
        return token


# ── store ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class MemoryTokenStore:
    """Shares tokens within one process; pass the same one to several clients, in one event loop after another too."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        # A lock belongs to one event loop.
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()

    def __repr__(self) -> str:
        return f"MemoryTokenStore({len(self._tokens)} tokens)"

    async def load(self, app_id: str) -> AccessToken | None:
        """Return the token, or ``None`` if there is none or it has ended."""
        token = self._tokens.get(app_id)
        return token if token is not None and token.expires_at > _clock.wall_time() else None

    async def save(self, app_id: str, token: AccessToken) -> None:
        """Keep the token, unless the one here ends later."""
        stored = self._tokens.get(app_id)
        if stored is None or stored.expires_at <= token.expires_at:
            self._tokens[app_id] = token

    async def discard(self, app_id: str, value: str) -> None:
        """Forget the token if it still is the one with this value."""
        stored = self._tokens.get(app_id)
        if stored is not None and stored.value == value:
            del self._tokens[app_id]

    @contextlib.asynccontextmanager
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None, None]:
        """Wait for the sole right to fetch; in one process nobody can die with it, so it needs no end."""
        locks = self._locks.setdefault(asyncio.get_running_loop(), {})
        async with locks.setdefault(app_id, asyncio.Lock()):
            yield
