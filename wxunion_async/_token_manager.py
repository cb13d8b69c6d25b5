"""When the shared token is fetched, replaced and given up; one refresh at most is under way."""

import asyncio
import copy
import logging
import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from wxunion_async import _clock
from wxunion_async._held import Held, life_of, same
from wxunion_async._token_request import TokenRequests
from wxunion_async.errors import (
    ClientClosedError,
    CredentialError,
    PermissionDeniedError,
    QuotaExhaustedError,
    TransportError,
    UnionError,
)
from wxunion_async.protocols import AccessToken, Credentials, TokenSource, TokenStore

if TYPE_CHECKING:
    from wxunion_async.events import Event

__all__ = ["TokenManager"]

_logger = logging.getLogger("wxunion_async")

_FIRST_RETRY, _LAST_RETRY = 15.0, 60.0
_FIRST_REMEMBERED, _LAST_REMEMBERED = 1.0, 15.0
_REMEMBERED = (CredentialError, PermissionDeniedError, QuotaExhaustedError)
_FORCE_INTERVAL = 30.0  # a forced refresh sooner than this after the last has no effect
_ASK_AGAIN_INTERVAL = 1.0  # where there is no force
_LEASE_SLACK = 2.0
_REFUSED_REMEMBERED = 8
_BEGUN_ANEW = 3


class TokenManager:
    """
    Holds the token of one client, and has at most one refresh under way.

    | the token | what happens |
    |---|---|
    | none, or ended | all callers wait for one fetch |
    | within its margin (240 s, at most 10 % of its life) | serves; the next one is fetched in the background |
    | refused (40001, 40014, 42001) | replaced once for all; if the source repeats it, one forced refresh in 30 s |
    | refused, and the source cannot force | the source is asked again after 1 s |
    | could not be fetched ahead | serves on; the next try after 15 s, doubling to 60 s |
    | could not be fetched: credentials, permission, quota | remembered for 1 s, doubling to 15 s: no request meanwhile |
    | could not be fetched otherwise | the next caller tries again |

    Tokens are passed as ``AccessToken`` here, never as text: what is in a frame may get into a crash report.

    """

    def __init__(
        self,
        credentials: Credentials,
        source: TokenSource,
        store: TokenStore,
        requests: TokenRequests,
        timeout: float,
        on_event: "Callable[[Event], None] | None",
        on_dropped: Callable[[], None],
    ) -> None:
        self._credentials = credentials
        self._source = source
        self._store = store
        self._requests = requests
        self._timeout = timeout
        self._on_event = on_event
        self._on_dropped = on_dropped
        self._held: Held | None = None
        self.token: AccessToken | None = None
        """The token at hand; ``current`` says whether it is still good."""
        self.fresh_until = -math.inf
        """Until then ``token`` may be used without a second look."""
        self._refused: deque[AccessToken] = deque(maxlen=_REFUSED_REMEMBERED)
        self._refresh: asyncio.Task[AccessToken | UnionError] | None = None
        self._retry_at = 0.0
        self._retry_delay = _FIRST_RETRY
        self._failure: UnionError | None = None
        self._failure_until = 0.0
        self._failure_delay = _FIRST_REMEMBERED
        self._forced_at = -_FORCE_INTERVAL
        self._insisted: tuple[AccessToken, float] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"TokenManager({self._credentials.app_id})"

    @property
    def last(self) -> UnionError | None:
        """How the last request of the refresh under way failed, if it did."""
        return self._requests.last

    def age(self, now: float) -> tuple[float, float] | None:
        """Return the seconds since the token at hand was received and until it ends; ``None`` if there is none."""
        held = self._held
        return None if held is None or now >= held.ends_at else (now - held.received_at, held.ends_at - now)

    def current(self, now: float) -> AccessToken | None:
        """Return the token at hand without waiting, and have the next one fetched when its end is near."""
        held = self._held
        if held is None or now >= held.ends_at:
            return None
        if now >= held.ahead_at and now >= self._retry_at and not self._closed:
            self._start()
        return held.token

    def _hold(self, held: Held | None) -> None:
        self._held = held
        self.token = None if held is None else held.token
        self.fresh_until = -math.inf if held is None else held.ahead_at

    async def get(self) -> AccessToken:
        """
        Return a token, fetching one if there is none.

        Raises:
            UnionError: the fetch failed; each caller gets an error of its own.

        """
        return self.current(_clock.monotonic()) or await self._refreshed()

    async def replace(self, rejected: AccessToken) -> AccessToken | None:
        """
        Return another token than ``rejected``, which the service refused; ``None`` if the source insists on it.

        Raises:
            UnionError: the fetch failed.

        """
        if self._held is not None and not same(self._held.token, rejected):
            return self._held.token
        if not self._is_refused(rejected):
            self._refused.append(rejected)
        # Twice, because a refresh under way may have fetched before it could know of the rejection.
        for _ in range(2):
            if self._insists_on(rejected):
                break
            if self._held is not None and same(self._held.token, rejected):
                self._hold(None)
                self._on_dropped()
            token = await self._refreshed()
            if not same(token, rejected):
                return token
        return None

    def _is_refused(self, token: AccessToken) -> bool:
        return any(same(token, refused) for refused in self._refused)

    def _insists_on(self, rejected: AccessToken) -> bool:
        """Say whether the source confirmed this very token so lately that asking again is no use."""
        if self._insisted is None:
            return False
        token, at = self._insisted
        interval = _FORCE_INTERVAL if self._source.can_force else _ASK_AGAIN_INTERVAL
        return same(token, rejected) and _clock.monotonic() - at < interval

    # ── the refresh, shared by all who wait ──────────────────────────────────────────────────────────────────────────

    async def _refreshed(self) -> AccessToken:
        """Wait for the refresh under way, or begin one; a cancelled caller harms no other."""
        outcome: AccessToken | UnionError = TransportError("the token's refresh was cancelled by somebody else")
        if self._failure is not None and _clock.monotonic() < self._failure_until:
            outcome = self._failure
        else:
            for _ in range(_BEGUN_ANEW):
                refresh = self._start()
                await asyncio.wait((refresh,))
                if not refresh.cancelled():
                    outcome = refresh.result()
                    break
                if self._closed:
                    raise ClientClosedError("the client was closed while its token was being fetched")
        if isinstance(outcome, UnionError):
            raise copy.copy(outcome) from outcome.__cause__
        return outcome

    def _start(self) -> asyncio.Task[AccessToken | UnionError]:
        if self._closed:
            raise ClientClosedError("the client is closed")
        if self._refresh is None or self._refresh.done():
            # An eager task may be over when this returns; ``done`` is asked, never ``is None`` alone.
            self._refresh = asyncio.create_task(self._run(), name="wxunion_async token refresh")
        return self._refresh

    async def _run(self) -> AccessToken | UnionError:
        """Refresh once; an error is returned, since there may be nobody to raise it to."""
        try:
            outcome = await self._renewed_in_time()
        finally:
            self._refresh = None
        now = _clock.monotonic()
        if isinstance(outcome, UnionError):
            self._retry_at = now + self._retry_delay
            self._retry_delay = min(2 * self._retry_delay, _LAST_RETRY)
            if isinstance(outcome, _REMEMBERED):
                self._failure, self._failure_until = outcome, now + self._failure_delay
                self._failure_delay = min(2 * self._failure_delay, _LAST_REMEMBERED)
            _logger.warning("%s: the token could not be refreshed: %s", self._credentials.app_id, outcome)
        else:
            self._retry_at, self._retry_delay = 0.0, _FIRST_RETRY
            self._failure, self._failure_delay = None, _FIRST_REMEMBERED
        return outcome

    async def _renewed_in_time(self) -> AccessToken | UnionError:
        error: UnionError
        self._requests.last = None
        self._requests.ends_at = _clock.monotonic() + self._timeout
        timeout = asyncio.timeout_at(self._requests.ends_at)
        try:
            async with timeout:
                return await self._renew()
        except UnionError as raised:
            error = raised.with_traceback(None)
        except Exception as raised:  # noqa: BLE001 - a user's source or store may raise anything
            if timeout.expired():
                return self._requests.last or TransportError(f"no token within {self._timeout:g} s")
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
            self._hold(Held.received(token))
            if not self._is_refused(token):
                await self._share(token, had)
        return token

    async def _shared(self, had: AccessToken | None) -> AccessToken | None:
        """Take over the stored token, if it is another than the one we have had and than those refused."""
        app_id = self._credentials.app_id
        token = await self._store.load(app_id)
        if token is None or same(token, had) or not life_of(token):
            return None
        if self._is_refused(token):
            await self._store.discard(app_id, token.value)
            return None
        self._hold(Held.received(token))
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
        token = await self._source.fetch(self._credentials, self._requests, force=False)
        if (
            self._is_refused(token)
            and self._source.can_force
            and _clock.monotonic() - self._forced_at >= _FORCE_INTERVAL
        ):
            self._forced_at = _clock.monotonic()
            forced = True
            token = await self._source.fetch(self._credentials, self._requests, force=True)
        lifetime = life_of(token)
        if not lifetime:
            raise TransportError("the token source returned a token that has ended already")
        self._insisted = (token, _clock.monotonic()) if self._is_refused(token) else None
        if self._on_event is not None and self._insisted is None and not same(token, had):
            from wxunion_async.events import TokenRefreshedEvent

            self._on_event(TokenRefreshedEvent(app_id=self._credentials.app_id, lifetime=lifetime, forced=forced))
        return token

    async def aclose(self) -> None:
        """End the refresh under way and wait for it; nobody can begin another."""
        self._closed = True
        refresh = self._refresh
        if refresh is not None:
            refresh.cancel()
            await asyncio.wait((refresh,))
