"""
One access token for everybody: where it comes from, where it is shared, and when it is replaced.

Source of the rules: ``wechat-facts.md``, "Access token".
"""

import asyncio
import contextlib
import copy
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

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
_REFUSED_REMEMBERED = 8


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
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None, None]:
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
        life = _life(token)
        ends_at = _clock.monotonic() + life
        return cls(token, ends_at, ends_at - min(_LONGEST_MARGIN, _MARGIN * life))


def _life(token: AccessToken) -> float:
    """Return the seconds until the token ends; 0.0 if it has."""
    return max(0.0, token.expires_at - _clock.wall_time())


class TokenManager:
    """
    Holds the token of one client, and has at most one refresh under way.

    Tokens are passed as ``AccessToken`` here, never as text: what is in a frame may get into a crash report.
    """

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
        self._refused: deque[AccessToken] = deque(maxlen=_REFUSED_REMEMBERED)
        self._refresh: asyncio.Task[AccessToken | UnionError] | None = None
        self._retry_at = 0.0
        self._retry_delay = _FIRST_RETRY
        self._forced_at = -_FORCE_INTERVAL
        self._insisted: tuple[AccessToken, float] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"TokenManager({self._credentials.app_id})"

    def current(self) -> AccessToken | None:
        """Return the token at hand without waiting, and have the next one fetched when its end is near."""
        held = self._held
        now = _clock.monotonic()
        if held is None or now >= held.ends_at:
            return None
        if now >= held.ahead_at and now >= self._retry_at and not self._closed:
            self._start()
        return held.token

    async def get(self) -> AccessToken:
        """
        Return a token, fetching one if there is none.

        Raises:
            UnionError: the fetch failed; each caller gets an error of its own.

        """
        return self.current() or await self._refreshed()

    async def replace(self, rejected: AccessToken) -> AccessToken | None:
        """
        Return another token than ``rejected``, which the service refused; ``None`` if the source insists on it.

        Raises:
            UnionError: the fetch failed.

        """
        if self._held is not None and not _same(self._held.token, rejected):
            return self._held.token
        if not self._is_refused(rejected):
            self._refused.append(rejected)
        # Twice, because a refresh under way may have fetched before it could know of the rejection.
        for _ in range(2):
            if self._insists_on(rejected):
                break
            self._drop(rejected)
            token = await self._refreshed()
            if not _same(token, rejected):
                return token
        return None

    def _drop(self, rejected: AccessToken) -> None:
        if self._held is not None and _same(self._held.token, rejected):
            self._held = None

    def _is_refused(self, token: AccessToken) -> bool:
        return any(_same(token, refused) for refused in self._refused)

    def _insists_on(self, rejected: AccessToken) -> bool:
        """Say whether the source confirmed this very token so lately that asking again is no use."""
        if self._insisted is None:
            return False
        token, at = self._insisted
        return _same(token, rejected) and _clock.monotonic() - at < _FORCE_INTERVAL

    # ── the refresh, shared by all who wait ──────────────────────────────────────────────────────────────────────────

    async def _refreshed(self) -> AccessToken:
        """Wait for the refresh under way, or begin one; a cancelled caller harms no other."""
        refresh = self._start()
        await asyncio.wait((refresh,))
        if refresh.cancelled():
            raise ClientClosedError("the client was closed while its token was being fetched")
        outcome = refresh.result()
        if isinstance(outcome, UnionError):
            raise copy.copy(outcome) from outcome.__cause__
        return outcome

    def _start(self) -> asyncio.Task[AccessToken | UnionError]:
        if self._refresh is None or self._refresh.done():
            if self._closed:
                raise ClientClosedError("the client is closed")
            self._refresh = asyncio.create_task(self._run(), name="wxunion_async token refresh")
        return self._refresh

    async def _run(self) -> AccessToken | UnionError:
        """Refresh once; an error is returned, since there may be nobody to raise it to."""
        try:
            outcome = await self._renewed_in_time()
        finally:
            self._refresh = None
        if isinstance(outcome, UnionError):
            self._retry_at = _clock.monotonic() + self._retry_delay
            self._retry_delay = min(2 * self._retry_delay, _LAST_RETRY)
            _logger.warning("%s: the token could not be refreshed: %s", self._credentials.app_id, outcome)
        else:
            self._retry_at, self._retry_delay = 0.0, _FIRST_RETRY
        return outcome

    async def _renewed_in_time(self) -> AccessToken | UnionError:
        error: UnionError
        timeout = asyncio.timeout(self._timeout)
        try:
            async with timeout:
                return await self._renew()
        except UnionError as raised:
            error = raised.with_traceback(None)
        except Exception as raised:  # noqa: BLE001 - a user's source or store may raise anything
            if timeout.expired():
                return TransportError(f"no token within {self._timeout:g} s")
            error = TransportError(f"the token could not be fetched: {type(raised).__name__}")
            # Without frames: those of a store have tokens in them.
            raised.__cause__ = raised.__context__ = raised.__traceback__ = None
            error.__cause__ = raised
        return error

    async def _renew(self) -> AccessToken:
        app_id = self._credentials.app_id
        had = self._held.token if self._held else None
        if (token := await self._shared(had)) is not None:
            return token
        async with self._store.lease(app_id, self._timeout + _LEASE_SLACK):
            if (token := await self._shared(had)) is not None:
                return token
            token = await self._fetch(had)
            self._held = _Held.received(token)
            if not self._is_refused(token):
                await self._share(token, had)
        return token

    async def _shared(self, had: AccessToken | None) -> AccessToken | None:
        """Take over the stored token, if it is another than the one we have had and than those refused."""
        app_id = self._credentials.app_id
        token = await self._store.load(app_id)
        if token is None or _same(token, had) or not _life(token):
            return None
        if self._is_refused(token):
            await self._store.discard(app_id, token.value)
            return None
        self._held = _Held.received(token)
        return token

    async def _share(self, token: AccessToken, had: AccessToken | None) -> None:
        app_id = self._credentials.app_id
        try:
            if had is not None:
                # It would be kept if it seemed to end later, which it does once the wall clock was set back.
                await self._store.discard(app_id, had.value)
            await self._store.save(app_id, token)
        except Exception as error:  # noqa: BLE001 - a user's store may raise anything; the token serves without it
            _logger.warning("%s: the new token could not be shared: %s", app_id, type(error).__name__)

    async def _fetch(self, had: AccessToken | None) -> AccessToken:
        forced = False
        token = await self._source.fetch(self._credentials, self._call, force=False)
        if self._is_refused(token) and self._may_force():
            self._forced_at = _clock.monotonic()
            forced = True
            token = await self._source.fetch(self._credentials, self._call, force=True)
        lifetime = _life(token)
        if not lifetime:
            raise TransportError("the token source returned a token that has ended already")
        self._insisted = (token, _clock.monotonic()) if self._is_refused(token) else None
        if self._insisted is None and not _same(token, had):
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
            await asyncio.wait((refresh,))


def _same(token: AccessToken, other: AccessToken | None) -> bool:
    """Compare by value: the source may tell another end for the same token."""
    return other is not None and token.value == other.value
