"""One exchange: what is sent, what comes back, and the request whose URL holds the token only while it is written."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol
from weakref import WeakSet

import aiohttp
import attrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from multidict import CIMultiDictProxy
from yarl import URL

from wxunion_async.protocols import Secret

if TYPE_CHECKING:
    from multidict import CIMultiDict

__all__ = ["Exchange", "Incoming", "Leave", "LostError", "Outgoing", "ResendError", "Seen"]


@attrs.define(kw_only=True, eq=False)
class Outgoing:
    """What to send."""

    method: Literal["GET", "POST"]
    path: str
    query: str = ""
    """The public part of the query, percent-encoded."""
    body: bytes | None = attrs.field(default=None, repr=False)
    private_body: bool = False
    """The body has the secret in it."""


@attrs.define(kw_only=True, eq=False)
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
        "status",
    )

    def __init__(self, outgoing: Outgoing, base_url: str, leave: Leave, now: Callable[[], float], seen: "Seen") -> None:
        self.outgoing = outgoing
        self.base_url = base_url
        self.began = now()
        """When it began to connect; from the sending on, when that was."""
        self.sent_at: float | None = None
        """When something of the request may have left; ``None`` if nothing has."""
        self.answered = False
        """The head of an answer had come."""
        self.status: int | None = None
        """HTTP status of the answer; ``None`` if none has come whole."""
        self.fresh = True
        """The connection was made for this attempt, or could not be made."""
        self.refused = False
        """The connection was refused."""
        self.retryable = True
        """False for what another attempt cannot mend: a certificate, a proxy that refuses."""
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

    async def seal(self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Be the innermost middleware; runs again when aiohttp repeats a request on its own, which takes no permit."""
        if self._started:
            raise ResendError
        self._started = True
        request.__class__ = _SealedRequest
        request.exchange = self  # type: ignore[attr-defined]
        try:
            return await handler(request)
        except aiohttp.ClientResponseError as error:
            # It quotes what the peer sent, a token, or the URL of a proxy; session traces, and so spans, are told of it.
            error.request_info, error.message, error.headers = request.request_info, "", None
            error.args = (error.request_info, error.history)
            error.__cause__ = error.__context__ = error.__traceback__ = None
            raise
        except aiohttp.ServerDisconnectedError as error:
            error.message, error.args = "", ()
            error.__cause__ = error.__context__ = error.__traceback__ = None
            raise

    def connected(self, connection: Connection) -> Secret | None:
        """Ask for leave, now that the connection is there; ``None`` if it has to be waited for."""
        self._connection = connection
        self.fresh = self._seen.first_time(connection)
        try:
            private = self._leave.leave_nowait()
        except Exception as error:
            self.foreign = error
            raise
        if private is not None:
            self.began = self.sent_at = self._now()
        return private

    async def take_leave(self) -> Secret:
        """Wait for leave; nothing is awaited afterwards until the request is written."""
        try:
            private = await self._leave.leave()
        except Exception as error:
            self.foreign = error
            raise
        if private is None:
            self.lost = True
            raise LostError
        self.began = self.sent_at = self._now()
        return private


class Seen:
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


class ResendError(Exception):
    """aiohttp is about to send the request once more, on its own."""


class LostError(Exception):
    """The connection is given up before anything was sent."""


@functools.lru_cache(256)
def _with_private_query(public: URL, private: str) -> URL:
    separator = "&" if public.raw_query_string else "?"
    return URL(f"{public}{separator}{private}", encoded=True) if private else public


class _SealedRequest(aiohttp.ClientRequest):
    """A request whose URL holds the private query only while its first line is written."""

    exchange: Exchange

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        private = self.exchange.connected(conn) or await self.exchange.take_leave()
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
