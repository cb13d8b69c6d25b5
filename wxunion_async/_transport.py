"""
One HTTP exchange over aiohttp, so that neither token nor secret is seen by anybody but the wire.

The private part of the query joins the URL after the connection is there and the permit is granted, and leaves it
again once the request line is written. aiohttp's exceptions keep frames and URLs, so none of them gets out of here, and
their text is not quoted: it may hold what the peer sent, or a proxy's password.
"""

import asyncio
import functools
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol
from weakref import WeakSet

import aiohttp
import attrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from multidict import CIMultiDictProxy
from yarl import URL

from wxunion_async._proxy import environment_proxy
from wxunion_async.errors import ClientClosedError, ResponseError, TransportError
from wxunion_async.protocols import Secret

if TYPE_CHECKING:
    from multidict import CIMultiDict

__all__ = ["Exchange", "Incoming", "Leave", "Outgoing", "Transport"]

_JSON = "application/json"
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)
_UNPACKED_AT_ONCE = 1 << 20
_ENCODINGS = {"Accept-Encoding": "gzip, deflate"}  # what is unpacked here


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


@attrs.frozen(kw_only=True)
class Incoming:
    """What came back."""

    status: int
    body: bytes = attrs.field(repr=False)
    date: str | None
    """The ``Date`` header."""
    retry_after: str | None
    """The ``Retry-After`` header."""


class Leave(Protocol):
    """Gives leave to send, when the connection is there."""

    def leave_nowait(self) -> Secret | None:
        """Return the private part of the query, percent-encoded ("" for none), if the request may go at once."""
        ...

    async def leave(self) -> Secret | None:
        """Wait for leave; ``None`` if the request has to connect anew."""
        ...


class Exchange:
    """
    One attempt to send one request, and what is known of it, whatever ends it.

    Args:
        outgoing: the request.
        base_url: where to.
        leave: asked when the connection is there, right before the request is written.
        now: the loop's clock.
        seen: the connections that were used before.

    """

    __slots__ = (
        "_connection",
        "_leave",
        "_now",
        "_seen",
        "_started",
        "answered",
        "base_url",
        "began",
        "foreign",
        "fresh",
        "lost",
        "outgoing",
        "refused",
        "retryable",
        "sent_at",
    )

    def __init__(
        self, outgoing: Outgoing, base_url: str, leave: Leave, now: Callable[[], float], seen: "_Seen"
    ) -> None:
        self.outgoing = outgoing
        self.base_url = base_url
        self.began = now()
        """When it began to connect; from the sending on, when that was."""
        self.sent_at: float | None = None
        """When something of the request may have left; ``None`` if nothing has."""
        self.answered = False
        """The head of an answer had come."""
        self.fresh = True
        """The connection was made for this attempt, or could not be made."""
        self.refused = False
        """The connection was refused."""
        self.retryable = True
        """False for what another attempt cannot mend: a certificate."""
        self.lost = False
        """The connection died, or was given up, before anything was sent."""
        self.foreign: BaseException | None = None
        """What somebody else's code raised when it was asked for leave."""
        self._leave = leave
        self._now = now
        self._seen = seen
        self._connection: Connection | None = None
        self._started = False

    @property
    def seconds(self) -> float:
        """Seconds from the sending to this moment; 0.0 if nothing was sent."""
        return 0.0 if self.sent_at is None else self._now() - self.sent_at

    @property
    def waiting(self) -> bool:
        """Whether it is connected and has no leave to send yet."""
        return self._connection is not None and self.sent_at is None

    def alive(self) -> bool:
        """Say whether the connection still stands."""
        transport = self._connection and self._connection.transport
        return transport is not None and not transport.is_closing()

    def seal(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> Awaitable[aiohttp.ClientResponse]:
        """Be the innermost middleware; runs again when aiohttp repeats a request on its own, which takes no permit."""
        if self._started:
            raise _ResendError
        self._started = True
        request.__class__ = _SealedRequest
        request.exchange = self  # type: ignore[attr-defined]
        return handler(request)

    async def take_leave(self, connection: Connection) -> Secret:
        """Return the private part of the query when the request may be written; nothing is awaited afterwards."""
        self._connection = connection
        self.fresh = self._seen.first_time(connection)
        try:
            private = self._leave.leave_nowait()
            if private is None:
                private = await self._leave.leave()
        except Exception as error:
            self.foreign = error
            raise
        if private is None:
            self.lost = True
            raise _LostError
        self.began = self.sent_at = self._now()
        return private


class _Seen:
    """The connections that have been used before."""

    def __init__(self) -> None:
        self._protocols: WeakSet[ResponseHandler] = WeakSet()

    def first_time(self, connection: Connection) -> bool:
        """Say whether ``connection`` is new, and remember it."""
        protocol = connection.protocol
        if protocol is None or protocol in self._protocols:
            return False
        self._protocols.add(protocol)
        return True

    def standing(self) -> int:
        """Return how many of them are not closed."""
        return sum(protocol.is_connected() for protocol in self._protocols)


class _ResendError(Exception):
    """aiohttp is about to send the request once more, on its own."""


class _LostError(Exception):
    """The connection is given up before anything was sent."""


class _BrokenBodyError(Exception):
    """The body cannot be unpacked, or ends too early."""


_FAILURES = (aiohttp.ClientError, OSError, RuntimeError, UnicodeError, _ResendError, _LostError, _BrokenBodyError)


@functools.lru_cache(256)
def _url(base_url: str, path: str, query: str) -> URL:
    return URL(f"{base_url}{path}?{query}" if query else f"{base_url}{path}", encoded=True)


@functools.lru_cache(256)
def _with_private_query(public: URL, private: str) -> URL:
    separator = "&" if public.raw_query_string else "?"
    return URL(f"{public}{separator}{private}", encoded=True) if private else public


class _SealedRequest(aiohttp.ClientRequest):
    """A request whose URL holds the private query only while its first line is written."""

    exchange: Exchange

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        private = await self.exchange.take_leave(conn)
        public = self.url
        self.url = _with_private_query(public, private.reveal())
        try:
            return await super().send(conn)
        except BaseException as error:
            # The frames below hold the request line; nobody above, a user's trace included, gets to see them.
            error.__cause__ = error.__context__ = error.__traceback__ = None
            raise
        finally:
            self.url = public

    @property
    def request_info(self) -> aiohttp.RequestInfo:
        return aiohttp.RequestInfo(self.original_url, self.method, CIMultiDictProxy(self.headers), self.original_url)

    # The names of the next two are aiohttp's own; tests/test_leaks.py notices if they change.

    async def _on_headers_request_sent(self, method: str, url: URL, headers: "CIMultiDict[str]") -> None:
        await super()._on_headers_request_sent(method, self.original_url, headers)

    async def _on_chunk_request_sent(self, method: str, url: URL, chunk: bytes) -> None:
        # Of a token request, which has the secret, the length.
        shown = b"*" * len(chunk) if self.exchange.outgoing.private_body else chunk
        await super()._on_chunk_request_sent(method, self.original_url, shown)


class Transport:
    """
    Sends over a session of its own, or over one that it was given and never closes.

    Raises:
        TypeError: ``session`` is no ``aiohttp.ClientSession``.
        ValueError: a proxy of the environment, which our own session honours, cannot be used.

    """

    def __init__(
        self, base_urls: Sequence[str], max_answer_size: int, session: aiohttp.ClientSession | None = None
    ) -> None:
        if session is not None and not isinstance(session, aiohttp.ClientSession):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"session must be an aiohttp.ClientSession, not {type(session).__name__}")
        self._max_answer_size = max_answer_size
        self._session = session
        self._owned = session is None
        # Looked up once, since aiohttp's trust_env asks a thread at every request.
        self._proxies = {url: environment_proxy(url) for url in base_urls} if self._owned else {}
        self._seen = _Seen()

    def __repr__(self) -> str:
        return "Transport(its own session)" if self._owned else "Transport(a session of the user's)"

    @property
    def usable(self) -> bool:
        """False once the session that we were given has been closed."""
        return self._session is None or not self._session.closed

    @property
    def open_connections(self) -> int:
        """How many connections of ours stand, in use or kept."""
        return self._seen.standing()

    def exchange(self, outgoing: Outgoing, base_url: str, leave: Leave, now: Callable[[], float]) -> Exchange:
        """Return an attempt that has not begun to connect."""
        return Exchange(outgoing, base_url, leave, now, self._seen)

    async def send(self, exchange: Exchange) -> Incoming:
        """
        Connect, ask for leave, send, and return what came back.

        Raises:
            TransportError: no complete answer came; ``exchange`` knows how far it got.
            ResponseError: the answer is too large.
            ClientClosedError: the session was closed meanwhile.

        """
        try:
            return await self._round_trip(exchange)
        except _FAILURES as error:
            if exchange.foreign is None and isinstance(error, RuntimeError) and self.usable:
                raise
            reason = _reason(error, exchange)
        except BaseException as error:
            error.__traceback__ = None
            raise
        # Outside of the except block: neither __cause__ nor __context__ shall keep what aiohttp raised.
        if exchange.foreign is not None:
            raise exchange.foreign
        if not self.usable:
            raise ClientClosedError("the aiohttp session was closed during the call")
        raise TransportError(reason, retryable=exchange.retryable)

    async def _round_trip(self, exchange: Exchange) -> Incoming:
        session = self._session or self._own_session()
        outgoing = exchange.outgoing
        async with session.request(
            outgoing.method,
            _url(exchange.base_url, outgoing.path, outgoing.query),
            # A payload object, since a trace may keep aiohttp's frames, and bytes show what they are.
            data=None if outgoing.body is None else aiohttp.BytesPayload(outgoing.body, content_type=_JSON),
            headers=self._headers,
            # Those of a user's session stay, outside of ours: a request's middlewares replace them.
            middlewares=(*getattr(session, "_middlewares", ()), exchange.seal),
            proxy=self._proxies.get(exchange.base_url),
            timeout=_NO_TIMEOUT,
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=False,  # unpacked here, where there is a bound
        ) as response:
            exchange.answered = True
            headers = response.headers
            return Incoming(
                status=response.status,
                body=await _body(response.content, headers.get("Content-Encoding"), self._max_answer_size),
                date=headers.get("Date"),
                retry_after=headers.get("Retry-After"),
            )

    def _own_session(self) -> aiohttp.ClientSession:
        # Our slots bound the connections.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self._session

    @functools.cached_property
    def _headers(self) -> Mapping[str, str]:
        from wxunion_async import __version__

        session = self._session
        named = session is not None and ("User-Agent" in session.headers or "User-Agent" in session.skip_auto_headers)
        return _ENCODINGS if named else {**_ENCODINGS, "User-Agent": f"wxunion-async/{__version__}"}

    async def aclose(self) -> None:
        """Close the session, if it is ours."""
        if self._owned and self._session is not None:
            await self._session.close()


async def _body(content: aiohttp.StreamReader, encoding: str | None, most: int) -> bytes:
    # Not response.read(): that shows the body, which may be a token, to the session's traces.
    parts: list[bytes] = []
    size = 0
    unpack = None
    while chunk := await content.readany():
        if encoding and unpack is None:
            unpack = _unpacker(encoding, chunk)
        while chunk:
            if unpack is None:
                part, chunk = chunk, b""
            else:
                part, chunk = _unpacked(unpack, chunk)
            parts.append(part)
            size += len(part)
            if size > most:
                raise ResponseError(f"the answer is larger than max_answer_size, {most} bytes")
            if chunk:
                await asyncio.sleep(0)  # a bomb must not hold the loop
    if unpack is not None and not unpack.eof:
        raise _BrokenBodyError
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _unpacker(encoding: str, first: bytes) -> Any:
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise _BrokenBodyError
    # Some peers send deflate without its header; with one, the low half of the first byte is 8. 32: gzip or zlib.
    raw = encoding.strip().lower() == "deflate" and first[0] & 0x0F != 8
    return zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)


def _unpacked(unpack: Any, chunk: bytes) -> tuple[bytes, bytes]:
    try:
        part = unpack.decompress(chunk, _UNPACKED_AT_ONCE)
    except zlib.error:
        raise _BrokenBodyError from None
    return part, unpack.unconsumed_tail


def _reason(error: BaseException, exchange: Exchange) -> str:
    """Say what happened, in our words and the operating system's; never in the peer's."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        exchange.retryable = False
        why = getattr(error.certificate_error, "verify_message", type(error.certificate_error).__name__)
        return f"the certificate of {error.host}:{error.port} is refused: {why}"
    if isinstance(error, aiohttp.ClientConnectorError):
        exchange.refused = isinstance(error.os_error, ConnectionRefusedError)
        return f"cannot connect to {error.host}:{error.port}: {_os_text(error.os_error)}"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answered with HTTP status {error.status}"
    if isinstance(error, (aiohttp.ServerDisconnectedError, _ResendError, _LostError)):
        return "the connection was closed before an answer came"
    if isinstance(error, _BrokenBodyError):
        return "the body of the answer cannot be unpacked"
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {_os_text(error)}"
    return type(error).__name__


def _os_text(error: OSError) -> str:
    return error.strerror or type(error).__name__
