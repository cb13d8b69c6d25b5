"""
One HTTP exchange over aiohttp, so that neither token nor secret is seen by anybody but the wire.

The private part of the query joins the URL after the connection is there and the permit is granted, and leaves it
again once the request line is written. aiohttp's exceptions keep frames and URLs, so none of them gets out of here.
"""

import asyncio
import functools
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import attrs
from aiohttp.connector import Connection
from multidict import CIMultiDictProxy
from yarl import URL

from wxunion_async import _clock
from wxunion_async.protocols import Secret

if TYPE_CHECKING:
    from multidict import CIMultiDict

__all__ = ["Incoming", "Outgoing", "SendFailedError", "Transport"]

_PREFERRED_FOR = 60.0
_JSON = "application/json"
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)


@attrs.frozen(kw_only=True)
class Outgoing:
    """What to send."""

    method: Literal["GET", "POST"]
    path: str
    query: str = ""
    """The public part of the query, percent-encoded."""
    body: bytes | None = attrs.field(default=None, repr=False)
    private_body: bool = False
    """The body has the secret in it."""


BeforeSend = Callable[[], Awaitable[Secret]]
"""Waits for leave to send and returns the private part of the query, percent-encoded; "" for none."""


@attrs.frozen(kw_only=True)
class Incoming:
    """What came back."""

    status: int
    body: bytes = attrs.field(repr=False)
    date: str | None
    """The ``Date`` header."""
    retry_after: str | None
    """The ``Retry-After`` header."""
    seconds: float = 0.0
    """From the sending to the end of the answer."""


class SendFailedError(Exception):
    """No complete answer came."""

    def __init__(self, reason: str, *, sent_at: float | None, answered: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent_at is not None
        """Something of the request may have left."""
        self.seconds = 0.0 if sent_at is None else _clock.monotonic() - sent_at
        """From the sending to the failure; 0.0 if nothing was sent."""
        self.answered = answered
        """The head of an answer had come."""


class _ResendError(Exception):
    """aiohttp is about to send the request once more, on its own."""


class _Exchange:
    """What one exchange knows of itself: whether the request left, and what to await before it does."""

    __slots__ = ("_before_send", "_private_body", "_seconds", "_started", "_timeout", "answered", "sent_at")

    def __init__(self, outgoing: Outgoing, before_send: BeforeSend, timeout: asyncio.Timeout, seconds: float) -> None:
        self.sent_at: float | None = None
        self.answered = False
        self._started = False
        self._private_body = outgoing.private_body
        self._before_send = before_send
        self._timeout = timeout
        self._seconds = seconds

    async def seal(self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Be the innermost middleware; runs again when aiohttp repeats a request on its own, which takes no permit."""
        if self._started:
            raise _ResendError
        self._started = True
        request.__class__ = _SealedRequest
        request.exchange = self  # type: ignore[attr-defined]
        try:
            return await handler(request)
        except BaseException as error:
            # The frames below hold the request line; nobody above, a user's trace included, gets to see them.
            error.__cause__ = error.__context__ = error.__traceback__ = None
            raise

    async def ready(self, connection: Connection) -> Secret:
        """Wait for leave to send; the wait is none of the attempt's time."""
        self._timeout.reschedule(None)
        private = await self._before_send()
        now = _clock.monotonic()
        self._timeout.reschedule(now + self._seconds)
        if connection.transport is None or connection.transport.is_closing():
            raise aiohttp.ClientConnectionError("the connection was closed while the request waited for its permit")
        self.sent_at = now
        return private

    def shown(self, chunk: bytes) -> bytes:
        """Return what a trace may see of the request's body: of a token request, which has the secret, the length."""
        return b"*" * len(chunk) if self._private_body else chunk


@functools.lru_cache(256)
def _url(base_url: str, path: str, query: str) -> URL:
    return URL(f"{base_url}{path}?{query}" if query else f"{base_url}{path}", encoded=True)


@functools.lru_cache(256)
def _with_private_query(public: URL, private: str) -> URL:
    separator = "&" if public.raw_query_string else "?"
    return URL(f"{public}{separator}{private}", encoded=True) if private else public


class _SealedRequest(aiohttp.ClientRequest):
    """A request whose URL holds the private query only while its first line is written."""

    exchange: _Exchange

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        private = await self.exchange.ready(conn)
        public = self.url
        self.url = _with_private_query(public, private.reveal())
        try:
            return await super().send(conn)
        finally:
            self.url = public

    @property
    def request_info(self) -> aiohttp.RequestInfo:
        return aiohttp.RequestInfo(self.original_url, self.method, CIMultiDictProxy(self.headers), self.original_url)

    # The names of the next two are aiohttp's own; tests/test_leaks.py notices if they change.

    async def _on_headers_request_sent(self, method: str, url: URL, headers: "CIMultiDict[str]") -> None:
        await super()._on_headers_request_sent(method, self.original_url, headers)

    async def _on_chunk_request_sent(self, method: str, url: URL, chunk: bytes) -> None:
        await super()._on_chunk_request_sent(method, self.original_url, self.exchange.shown(chunk))


class Transport:
    """Sends over a session of its own, or over one that it was given and never closes."""

    def __init__(
        self, base_urls: Sequence[str], attempt_timeout: float, session: aiohttp.ClientSession | None = None
    ) -> None:
        self._base_urls = base_urls
        self._attempt_timeout = attempt_timeout
        self._session = session
        self._owned = session is None
        self._proxies: Mapping[str, URL | None] = {}
        self._preferred = 0
        self._preferred_until = 0.0

    def __repr__(self) -> str:
        return f"Transport({', '.join(self._base_urls)})"

    @property
    def usable(self) -> bool:
        """False once the session that we were given has been closed."""
        return self._session is None or not self._session.closed

    def hosts(self) -> Iterator[str]:
        """Yield base URLs to try, without end: the one that answered last first, if that was within 60 s."""
        first = self._preferred if _clock.monotonic() < self._preferred_until else 0
        return itertools.islice(itertools.cycle(self._base_urls), first, None)

    async def exchange(self, outgoing: Outgoing, base_url: str, before_send: BeforeSend) -> Incoming:
        """
        Send ``outgoing`` once and return what came back.

        Args:
            outgoing: the request.
            base_url: where to; one of ``hosts()``.
            before_send: awaited when the connection is there; returns the private part of the query.

        Raises:
            SendFailedError: no complete answer came. Whatever ``before_send`` raises passes.

        """
        timeout = asyncio.timeout(self._attempt_timeout)
        exchange = _Exchange(outgoing, before_send, timeout, self._attempt_timeout)
        try:
            async with timeout:
                incoming = await self._round_trip(outgoing, base_url, exchange)
            self._prefer(base_url)
            return incoming
        except _FAILURES as error:
            reason = self._reason(error)
        except BaseException as error:
            error.__traceback__ = None
            raise
        # Outside of the except block: neither __cause__ nor __context__ shall keep what aiohttp raised.
        raise SendFailedError(reason, sent_at=exchange.sent_at, answered=exchange.answered)

    async def _round_trip(self, outgoing: Outgoing, base_url: str, exchange: _Exchange) -> Incoming:
        session = self._session_for_this_loop()
        async with session.request(
            outgoing.method,
            _url(base_url, outgoing.path, outgoing.query),
            # A payload object, since a trace may keep aiohttp's frames, and bytes show what they are.
            data=None if outgoing.body is None else aiohttp.BytesPayload(outgoing.body, content_type=_JSON),
            # Those of a user's session stay, outside of ours: a request's middlewares replace them.
            middlewares=(*getattr(session, "_middlewares", ()), exchange.seal),
            proxy=self._proxies.get(base_url),
            timeout=_NO_TIMEOUT,
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=True,
        ) as response:
            exchange.answered = True
            # Not response.read(): that shows the body, which may be a token, to the session's traces.
            body = await response.content.read()
            return Incoming(
                status=response.status,
                body=body,
                seconds=_clock.monotonic() - cast("float", exchange.sent_at),
                date=response.headers.get("Date"),
                retry_after=response.headers.get("Retry-After"),
            )

    def _session_for_this_loop(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Our slots bound the connections. Looked up once, since trust_env asks a thread at every request.
            self._proxies = {url: _environment_proxy(url) for url in self._base_urls}
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _prefer(self, base_url: str) -> None:
        self._preferred = self._base_urls.index(base_url)
        self._preferred_until = _clock.monotonic() + _PREFERRED_FOR

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
            return f"no answer within {self._attempt_timeout:g} s"
        if isinstance(error, _ResendError):
            return "the connection was closed before an answer came"
        return f"{type(error).__name__}: {error}"

    async def aclose(self) -> None:
        """Close the session, if it is ours."""
        if self._owned and self._session is not None:
            await self._session.close()


_FAILURES = (aiohttp.ClientError, OSError, _ResendError)


def _environment_proxy(base_url: str) -> URL | None:
    parts = urlsplit(base_url)
    if proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme)
    return None if proxy is None else URL(proxy)
