"""
Sends over aiohttp, so that neither token nor secret is seen by anybody but the wire.

The private part of the query joins the URL after the connection is there and the permit is granted, and leaves it
again once the request line is written. aiohttp's exceptions keep frames and URLs, so none of them gets out of here, and
their text is not quoted: it may hold what the peer sent, or a proxy's password.
"""

import functools
from collections.abc import Sequence

import aiohttp
from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from wxunion_async._transport.body import ENCODINGS, BrokenBodyError, read_body
from wxunion_async._transport.exchange import Exchange, Incoming, LostError, ResendError, Seen
from wxunion_async._transport.proxy import environment_proxy
from wxunion_async.errors import ClientClosedError, TransportError

__all__ = ["Transport"]

_JSON = "application/json"
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)
_FAILURES = (aiohttp.ClientError, OSError, RuntimeError, UnicodeError, ResendError, LostError, BrokenBodyError)


@functools.lru_cache(256)
def _url(base_url: str, path: str, query: str) -> URL:
    return URL(f"{base_url}{path}?{query}" if query else f"{base_url}{path}", encoded=True)


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
        self.seen = Seen()
        """The connections that were used before."""

    def __repr__(self) -> str:
        return "Transport(its own session)" if self._owned else "Transport(a session of the user's)"

    @property
    def usable(self) -> bool:
        """False once the session that we were given has been closed."""
        return self._session is None or not self._session.closed

    @property
    def open_connections(self) -> int:
        """How many connections of ours stand, in use or kept."""
        return self.seen.standing()

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
        # Not ``async with``: what it releases is released, when the body is whole. 4 µs less.
        response = await session.request(
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
        )
        try:
            exchange.answered = True
            headers = response.headers
            return Incoming(
                status=response.status,
                body=await read_body(response.content, headers.get(hdrs.CONTENT_ENCODING), self._max_answer_size),
                date=headers.get(hdrs.DATE),
                retry_after=headers.get(hdrs.RETRY_AFTER),
            )
        finally:
            if not response.closed:
                response.close()

    def _own_session(self) -> aiohttp.ClientSession:
        # Our slots bound the connections.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self._session

    @functools.cached_property
    def _headers(self) -> CIMultiDict[str]:
        from wxunion_async import __version__

        session = self._session
        named = session is not None and ("User-Agent" in session.headers or "User-Agent" in session.skip_auto_headers)
        ours = CIMultiDict({hdrs.ACCEPT_ENCODING: ENCODINGS})  # as aiohttp has them: it need not convert them again
        if not named:
            ours[hdrs.USER_AGENT] = f"wxunion-async/{__version__}"
        return ours

    async def aclose(self) -> None:
        """Close the session, if it is ours."""
        if self._owned and self._session is not None:
            await self._session.close()


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
        exchange.retryable = error.status >= 500 or error.status == 429
        return f"the proxy answered with HTTP status {error.status}"
    if isinstance(error, (aiohttp.ServerDisconnectedError, ResendError, LostError)):
        return "the connection was closed before an answer came"
    if isinstance(error, BrokenBodyError):
        return "the body of the answer cannot be unpacked"
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {_os_text(error)}"
    return type(error).__name__


def _os_text(error: OSError) -> str:
    return error.strerror or type(error).__name__
