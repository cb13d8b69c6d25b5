"""
One access token for everybody: where it comes from, where it is shared, and when it is replaced.

Source of the rules: ``wechat-facts.md``, "Access token".
"""

import asyncio
import contextlib
import copy
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import attrs

from wxunion_async import _clock
from wxunion_async.errors import ClientClosedError, TransportError, UnionError
from wxunion_async.events import Event, TokenRefreshedEvent
from wxunion_async.protocols import AccessToken, Credentials, TokenCall, TokenSource, TokenStore

__all__ = ["ExternalTokenSource", "MemoryTokenStore", "PlainTokenSource", "StableTokenSource", "TokenManager"]

_logger = logging.getLogger("wxunion_async")

_LONGEST_MARGIN = 240.0  # the vendor repeats the same stable token until 300 s before its end
_MARGIN = 0.1
_FIRST_RETRY, _LAST_RETRY = 15.0, 60.0
_FORCE_INTERVAL = 30.0  # a forced refresh sooner than this after the last has no effect
_LEASE_SLACK = 2.0


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
        if not isinstance(token, AccessToken):
            raise TransportError(f"the external token source returned {type(token).__name__}, not AccessToken")
        return token


# ── store ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class MemoryTokenStore:
    """Shares tokens within one process, and one event loop; pass the same one to several clients."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        self._locks: dict[str, asyncio.Lock] = {}

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
    async def lease(self, app_id: str, seconds: float) -> AsyncIterator[None]:
        """Wait for the sole right to fetch; in one process nobody can die with it, so it needs no end."""
        async with self._locks.setdefault(app_id, asyncio.Lock()):
            yield


# ── manager ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class _Held:
    """A token at hand, aged on the monotonic clock."""

    token: AccessToken
    ends_at: float
    ahead_at: float
    """From here on the next one is fetched in the background."""

    @classmethod
    def received(cls, token: AccessToken) -> "_Held":
        life = max(0.0, token.expires_at - _clock.wall_time())
        ends_at = _clock.monotonic() + life
        return cls(token, ends_at, ends_at - min(_LONGEST_MARGIN, _MARGIN * life))


class TokenManager:
    """Holds the token of one client, and has at most one refresh under way."""

    def __init__(
        self,
        credentials: Credentials,
        source: TokenSource,
        store: TokenStore,
        call: TokenCall,
        timeout: float,
        on_event: Callable[[Event], None],
    ) -> None:
        self._credentials = credentials
        self._source = source
        self._store = store
        self._call = call
        self._timeout = timeout
        self._on_event = on_event
        self._held: _Held | None = None
        self._refresh: asyncio.Task[AccessToken | UnionError] | None = None
        self._retry_at = 0.0
        self._retry_delay = _FIRST_RETRY
        self._forced_at = -_FORCE_INTERVAL
        self._insisted: tuple[str, float] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"TokenManager({self._credentials.app_id})"

    def current(self) -> AccessToken | None:
        """Return the token at hand without waiting, and have the next one fetched when its end is near."""
        held = self._held
        now = _clock.monotonic()
        if held is None or now >= held.ends_at:
            return None
        if now >= held.ahead_at and now >= self._retry_at:
            self._start(None)
        return held.token

    async def get(self) -> AccessToken:
        """
        Return a token, fetching one if there is none.

        Raises:
            UnionError: the fetch failed; each caller gets an error of its own.

        """
        return self.current() or await self._joined(None)

    async def replace(self, rejected: AccessToken) -> AccessToken | None:
        """
        Return another token than ``rejected``, which the service refused; ``None`` if the source insists on it.

        Raises:
            UnionError: the fetch failed.

        """
        held = self._held
        if held is not None and held.token.value != rejected.value:
            return held.token
        if self._insists_on(rejected):
            return None
        self._held = None
        token = await self._joined(rejected.value)
        if token.value == rejected.value and not self._insists_on(rejected):
            token = await self._joined(rejected.value)  # the refresh under way had not known of the rejection
        return None if token.value == rejected.value else token

    def _insists_on(self, rejected: AccessToken) -> bool:
        """Say whether the source confirmed this very token so lately that asking again is no use."""
        if self._insisted is None:
            return False
        value, at = self._insisted
        return value == rejected.value and _clock.monotonic() - at < _FORCE_INTERVAL

    async def _joined(self, rejected: str | None) -> AccessToken:
        """Wait for the refresh under way, or begin one; behind a shield, so that a cancelled caller harms no other."""
        outcome = await asyncio.shield(self._start(rejected))
        if isinstance(outcome, UnionError):
            raise copy.copy(outcome) from outcome.__cause__
        return outcome

    def _start(self, rejected: str | None) -> asyncio.Task[AccessToken | UnionError]:
        if self._refresh is None:
            if self._closed:
                raise ClientClosedError("the client is closed")
            self._refresh = asyncio.create_task(self._run(rejected), name="wxunion_async token refresh")
        return self._refresh

    async def _run(self, rejected: str | None) -> AccessToken | UnionError:
        """Refresh once; an error is returned, since there may be nobody to raise it to."""
        try:
            async with asyncio.timeout(self._timeout):
                token = await self._renew(rejected)
        except UnionError as error:
            outcome: AccessToken | UnionError = error.with_traceback(None)
        except TimeoutError:
            outcome = TransportError(f"no token within {self._timeout:g} s")
        except Exception as error:  # noqa: BLE001 - a user's store may raise anything, and nobody may be waiting
            outcome = TransportError(f"the token could not be fetched: {type(error).__name__}")
            outcome.__cause__ = error
        else:
            outcome = token
            self._retry_at, self._retry_delay = 0.0, _FIRST_RETRY
        finally:
            self._refresh = None
        if isinstance(outcome, UnionError):
            self._retry_at = _clock.monotonic() + self._retry_delay
            self._retry_delay = min(2 * self._retry_delay, _LAST_RETRY)
            _logger.warning("%s: the token could not be refreshed: %s", self._credentials.app_id, outcome)
        return outcome

    async def _renew(self, rejected: str | None) -> AccessToken:
        app_id = self._credentials.app_id
        if rejected is not None:
            await self._store.discard(app_id, rejected)
        outdated = rejected or (self._held.token.value if self._held else None)
        if (token := await self._shared(outdated)) is not None:
            return token
        async with self._store.lease(app_id, self._timeout + _LEASE_SLACK):
            if (token := await self._shared(outdated)) is not None:
                return token
            token = await self._fetch(rejected)
            self._held = _Held.received(token)
            await self._store.save(app_id, token)
        return token

    async def _shared(self, outdated: str | None) -> AccessToken | None:
        """Take over the stored token, if it is another than the one we have had."""
        token = await self._store.load(self._credentials.app_id)
        if token is None or token.value == outdated:
            return None
        self._held = _Held.received(token)
        return token

    async def _fetch(self, rejected: str | None) -> AccessToken:
        forced = False
        token = await self._source.fetch(self._credentials, self._call, force=False)
        if token.value == rejected and self._may_force():
            self._forced_at = _clock.monotonic()
            token = await self._source.fetch(self._credentials, self._call, force=True)
            forced = True
        self._insisted = (token.value, _clock.monotonic()) if token.value == rejected else None
        lifetime = max(0.0, token.expires_at - _clock.wall_time())
        self._on_event(TokenRefreshedEvent(app_id=self._credentials.app_id, lifetime=lifetime, forced=forced))
        return token

    def _may_force(self) -> bool:
        return self._source.can_force and _clock.monotonic() - self._forced_at >= _FORCE_INTERVAL

    async def aclose(self) -> None:
        """End the refresh under way and wait for it; nobody can begin another."""
        self._closed = True
        refresh = self._refresh
        if refresh is not None:
            refresh.cancel()
            await asyncio.gather(refresh, return_exceptions=True)
