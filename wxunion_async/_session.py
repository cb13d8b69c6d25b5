"""
One call from its deadline to its answer; everything that calls have in common is here.

Order of one call: deadline, token, place in line, connection, permit, send, decode, classify, and perhaps again.
"""

import asyncio
import json
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar, cast
from urllib.parse import quote, quote_plus, urlencode, urlsplit

import attrs

from wxunion_async import _clock
from wxunion_async._codec import decode_answer, encode
from wxunion_async._endpoint import UnionRequest
from wxunion_async._envelope import api_error, dump, errcode_of, load
from wxunion_async._limiter import LocalRateLimiter
from wxunion_async._retry import (
    RetryBudget,
    backoff,
    is_transient,
    leaves_doubt,
    may_repeat,
    next_midnight,
    parse_date,
    rest_of_minute,
    seconds_to_wait,
)
from wxunion_async._token import TokenManager
from wxunion_async._transport import BeforeSend, Incoming, Outgoing, SendFailedError, Transport
from wxunion_async.config import RetryPolicy, UnionConfig
from wxunion_async.errors import (
    ApiError,
    ClientClosedError,
    DeadlineExceededError,
    DecodeError,
    HttpStatusError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    TokenError,
    TransportError,
    UnionError,
    WaitingFor,
)
from wxunion_async.events import Event
from wxunion_async.protocols import AccessToken, Credentials, RateLimiter, Secret, TokenSource, TokenStore

__all__ = ["CallOptions", "Session", "Settled"]

Answer = TypeVar("Answer")
_logger = logging.getLogger("wxunion_async")
_KEPT_BODY = 4096
_TOKENS_REMEMBERED = 16
_MOST_PAUSES = 5
_NEW_TOKEN_HELPS = frozenset({40001, 40014, 42001})
_HIDDEN = "***"


@attrs.frozen(kw_only=True)
class Settled:
    """What became of one request of a bulk run."""

    value: Any = None
    error: UnionError | None = None
    attempts: int = 0
    elapsed: float = 0.0
    """Seconds since the first permit; 0.0 if there was none."""


@attrs.frozen(kw_only=True)
class CallOptions:
    """What ``with_options`` may change."""

    timeout: float
    retry: RetryPolicy
    patient: bool = False
    """The clock of ``timeout`` runs from the permit on only, and a pause is waited out, up to five times."""


class Redactor:
    """Takes the secret and the latest tokens out of a text."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._tokens: deque[Secret] = deque(maxlen=_TOKENS_REMEMBERED)

    def remember(self, token: AccessToken) -> None:
        """Know this token from now on."""
        self._tokens.append(Secret(token.value))

    def __call__(self, text: str) -> str:
        for hidden in (self._secret, *self._tokens):
            plain = hidden.reveal()
            for form in (plain, quote(plain, safe=""), quote_plus(plain), json.dumps(plain)[1:-1]):
                text = text.replace(form, _HIDDEN)
        return text


class Session:
    """What all calls of one client share: token, limiter, connections, retry budget."""

    def __init__(
        self,
        credentials: Credentials,
        config: UnionConfig,
        transport: Transport,
        limiter: RateLimiter | None,
        source: TokenSource,
        store: TokenStore,
        on_event: Callable[[Event], object] | None,
    ) -> None:
        self.credentials = credentials
        self.config = config
        self.transport = transport
        self.limiter: RateLimiter = limiter or LocalRateLimiter()
        self.closers: list[Callable[[], Awaitable[None]]] = [self.limiter.aclose] if limiter is None else []
        """What else has to be closed with the session, because it is ours."""
        self.redact = Redactor(credentials.app_secret)
        self.tokens = TokenManager(credentials, source, store, self._request_token, config.call_timeout, self.emit)
        self.budget = RetryBudget(config.retry.budget)
        self.slots = asyncio.Semaphore(config.max_connections)
        self.calls: set[_Call[Any]] = set()
        self.closed = False
        self._on_event = on_event
        self._lines: dict[str, asyncio.Semaphore] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self._query: tuple[AccessToken, Secret] | None = None

    def __repr__(self) -> str:
        return f"Session({self.credentials.app_id})"

    def bind(self) -> None:
        """
        Belong to the running event loop from now on.

        Raises:
            ClientClosedError: the client, or the session that it was given, is closed.
            RuntimeError: it belongs to another event loop.

        """
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise RuntimeError("this client belongs to another event loop: make one client per event loop")
        if self.closed:
            raise ClientClosedError("the client is closed")
        if not self.transport.usable:
            raise ClientClosedError("the aiohttp session that the client was given is closed")

    def line(self, path: str) -> asyncio.Semaphore:
        """
        Return the gate before the connections, one per path.

        Who is through it holds a connection while he waits for his permit. It lets through what a second's permits
        may need, so that a slow path does not take all connections, and none is held until the server gives it up.
        """
        line = self._lines.get(path)
        if line is None:
            width = math.ceil(self.config.limit_of(path).leak)
            line = self._lines[path] = asyncio.Semaphore(max(2, min(32, width)))
        return line

    def query_of(self, token: AccessToken) -> Secret:
        """Return the private part of a call's query; made once per token."""
        if self._query is None or self._query[0] is not token:
            self.redact.remember(token)
            self._query = token, Secret(urlencode({"access_token": token.value}, quote_via=quote))
        return self._query[1]

    async def call(self, request: UnionRequest[Answer], options: CallOptions) -> Answer:
        """Send ``request`` and return its typed answer; raises what the tree of errors holds."""
        self.bind()
        return await _Call(self, request, options).run()

    async def settle(self, request: UnionRequest[Any], options: CallOptions) -> Settled:
        """Send ``request`` for a bulk run and say what became of it; no ``UnionError`` is raised."""
        call: _Call[Any] | None = None
        try:
            self.bind()
            call = _Call(self, request, attrs.evolve(options, patient=True))
            value = await call.run()
        except UnionError as error:
            error.request = request
            return Settled(error=error, attempts=error.attempts, elapsed=0.0 if call is None else call.elapsed())
        return Settled(value=value, attempts=call.attempts, elapsed=call.elapsed())

    def pause(self, path: str, seconds: float, cause: RateLimitedError) -> None:
        """Tell those in line for ``path`` that there will be no permit for a while."""
        for call in self.calls:
            call.on_pause(path, seconds, cause)

    def emit(self, event: Event) -> None:
        """Tell the user's handler; what goes wrong there harms no call."""
        if self._on_event is None:
            return
        try:
            self._on_event(event)
        except Exception:
            _logger.exception("on_event failed")

    async def aclose(self) -> None:
        """Refuse new calls, end those under way, wait for them and the refresh, close what is ours."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            raise RuntimeError("this client belongs to another event loop: close it there")
        self.closed = True
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="wxunion_async close")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        for call in self.calls:
            call.end()
        while self.calls:
            self._idle.clear()
            await self._idle.wait()
        await self.tokens.aclose()
        async with AsyncExitStack() as all_of_it:  # whatever one of them raises, the others are closed
            for close in (self.transport.aclose, *self.closers):
                all_of_it.push_async_callback(close)

    def leave(self, call: "_Call[Any]") -> None:
        """Forget a call that is over."""
        self.calls.discard(call)
        if not self.calls:
            self._idle.set()

    # ── token requests: no permit, no retry budget, a deadline of the manager's ──────────────────────────────────────

    async def _request_token(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> AccessToken:
        outgoing = Outgoing(
            method=method, path=path, body=None if body is None else _revealed_json(body), private_body=True
        )
        private = Secret("" if query is None else _revealed_query(query))

        async def leave_to_send() -> Secret:
            return private

        hosts = self.transport.hosts()
        attempt = 0
        while True:
            attempt += 1
            tried = await self.attempt(outgoing, next(hosts), leave_to_send, _token_of)
            if tried.error is None:
                self.redact.remember(tried.answer)
                return tried.answer
            error = tried.error
            error.endpoint, error.attempts = path, attempt
            repeat = is_transient(error) or isinstance(error, DecodeError)
            if not repeat or attempt >= self.config.retry.max_attempts:
                raise error
            await asyncio.sleep(backoff(self.config.retry, attempt, tried.retry_after))

    # ── one attempt, of a call or of a token request ─────────────────────────────────────────────────────────────────

    async def attempt(
        self, outgoing: Outgoing, base_url: str, before_send: BeforeSend, read: Callable[[Incoming], Answer]
    ) -> "_Tried[Answer]":
        """Send once and read what comes; an error of the attempt is returned, any other passes."""
        tried: _Tried[Answer]
        incoming: Incoming | None = None
        try:
            incoming = await self.transport.exchange(outgoing, base_url, before_send)
        except SendFailedError as failed:
            error = TransportError(self.redact(failed.reason))
            tried = _Tried(error=error, sent=failed.sent, answered=failed.answered)
            seconds = failed.seconds
        else:
            tried = self._read(incoming, outgoing, read)
            seconds = incoming.seconds
        _log_attempt(outgoing.path, base_url, seconds, incoming, tried.error)
        return tried

    def _read(self, incoming: Incoming, outgoing: Outgoing, read: Callable[[Incoming], Answer]) -> "_Tried[Answer]":
        try:
            _check_status(incoming)
            return _Tried(answer=read(incoming))
        except (ApiError, ResponseError) as refused:
            # Its frames hold the answer as it came, which may quote the token.
            error = refused.with_traceback(None)
        if isinstance(error, ApiError):
            error.errmsg = self.redact(error.errmsg)
            error.args = (error.errcode, error.errmsg)
            _date_error(error, incoming)
        else:
            error.body = self._kept(incoming.body, private=outgoing.private_body)
        return _Tried(error=error, retry_after=_retry_after(incoming))

    def _kept(self, body: bytes, *, private: bool) -> str:
        text = body.decode("utf-8", "replace")
        if private and "access_token" in text:
            return f"{_HIDDEN} (it holds a token)"
        return self.redact(text).encode()[:_KEPT_BODY].decode("utf-8", "ignore")


@attrs.frozen(kw_only=True)
class _Tried(Generic[Answer]):
    """What became of one attempt."""

    answer: Answer = attrs.field(default=cast(Any, None), repr=False)
    error: UnionError | None = None
    sent: bool = True
    """Something of the request may have left."""
    answered: bool = True
    """The head of an answer had come."""
    retry_after: float | None = None
    """Seconds that the service asks for."""


class _Call(Generic[Answer]):
    """One call under way."""

    def __init__(self, session: Session, request: UnionRequest[Answer], options: CallOptions) -> None:
        self._session = session
        self._request = request
        self._options = options
        self._outgoing = _outgoing(request)
        self._deadline = math.inf if options.patient else _clock.monotonic() + options.timeout
        self._timeout = asyncio.timeout_at(None if options.patient else self._deadline)
        self._left = options.timeout
        self._started: float | None = None
        self._pauses = 0
        self._waiting_for: WaitingFor = "token"
        self._cause: UnionError | None = None
        self.attempts = 0
        self._token: AccessToken | None = None
        self._token_replaced = False
        self._in_line = False
        self._in_flight = False
        self._doubtful = False

    def __repr__(self) -> str:
        return f"_Call({self._request.path})"

    async def run(self) -> Answer:
        """Return the answer or raise the error, told with all that is known of the call."""
        self._session.calls.add(self)
        error: UnionError
        try:
            async with self._timeout:
                return await self._until_answered()
        except UnionError as raised:
            error = raised
        except TimeoutError:
            if not self._timeout.expired():
                raise
            error = self._over()
        finally:
            self._session.leave(self)
        # Outside of the except block: the error shall not hold the cancellation that ended the wait.
        raise self._told(error)

    def elapsed(self) -> float:
        """Return the seconds since the first permit; 0.0 if there was none."""
        return 0.0 if self._started is None else _clock.monotonic() - self._started

    # ── the clock of a patient call stands still until its permit ────────────────────────────────────────────────────

    def _stop_clock(self) -> None:
        if self._options.patient and self._deadline != math.inf:
            self._left = max(0.0, self._deadline - _clock.monotonic())
            self._deadline = math.inf
            self._timeout.reschedule(None)

    def _start_clock(self) -> None:
        now = _clock.monotonic()
        if self._started is None:
            self._started = now
        if self._options.patient:
            self._deadline = now + self._left
            self._timeout.reschedule(self._deadline)

    # ── ended from outside ───────────────────────────────────────────────────────────────────────────────────────────

    def end(self) -> None:
        """Have the call raise ``ClientClosedError`` at once."""
        self._cut_short(ClientClosedError("the client was closed during the call"))

    def on_pause(self, path: str, seconds: float, cause: RateLimitedError) -> None:
        """Give up waiting for a permit that cannot come in time."""
        too_long = not self._options.patient and _clock.monotonic() + seconds > self._deadline
        if too_long and self._waiting_for == "permit" and path == self._request.path:
            self._cut_short(_paused(seconds, cause.errmsg))

    def _cut_short(self, cause: UnionError) -> None:
        if self._cause is None and not self._timeout.expired():
            self._cause = cause
            self._timeout.reschedule(_clock.monotonic())

    def _over(self) -> UnionError:
        if self._cause is not None:
            return self._cause
        return DeadlineExceededError(
            f"not done within {self._options.timeout:g} s, while waiting for the {self._waiting_for}",
            waiting_for=self._waiting_for,
        )

    def _told(self, error: UnionError) -> UnionError:
        if error.endpoint is None:
            error.endpoint, error.attempts = self._request.path, self.attempts
        error.request = self._request
        error.ambiguous = not self._request.resend and (self._doubtful or self._in_flight)
        return error

    # ── attempts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _until_answered(self) -> Answer:
        hosts = self._session.transport.hosts()
        base_url = next(hosts)
        while True:
            self.attempts += 1
            tried = await self._attempt(base_url)
            self._in_flight = False
            if tried.error is None:
                self._session.budget.give_back()
                return tried.answer
            if tried.sent and leaves_doubt(tried.error):
                self._doubtful = True
            if not tried.answered:
                base_url = next(hosts)
            await self._repeat_or_raise(tried.error, tried)

    async def _attempt(self, base_url: str) -> _Tried[Answer]:
        self._stop_clock()
        if self._session.tokens.current() is None:
            self._waiting_for = "token"
            await self._session.tokens.get()
        self._refuse_long_pause()
        self._waiting_for = "permit"
        line = self._session.line(self._request.path)
        await line.acquire()
        self._in_line = True
        try:
            async with self._session.slots:
                self._waiting_for = "answer"
                return await self._session.attempt(self._outgoing, base_url, self._leave_to_send, self._read)
        finally:
            self._leave_line()

    async def _leave_to_send(self) -> Secret:
        """Wait for a permit with a valid token at hand; the connection is there."""
        session, path = self._session, self._request.path
        while True:
            if session.tokens.current() is None:
                self._waiting_for = "token"
                await session.tokens.get()
            self._waiting_for = "permit"
            await session.limiter.acquire(session.credentials.app_id, path, session.config.limit_of(path))
            # Nothing is awaited from here on. A permit that came while the token was being replaced is lost.
            self._token = session.tokens.current()
            if self._token is not None:
                break
        self._waiting_for = "answer"
        self._in_flight = True
        self._start_clock()
        self._leave_line()
        return session.query_of(self._token)

    def _leave_line(self) -> None:
        if self._in_line:
            self._in_line = False
            self._session.line(self._request.path).release()

    def _refuse_long_pause(self) -> None:
        seconds = self._session.limiter.paused_for(self._session.credentials.app_id, self._request.path)
        if seconds and _clock.monotonic() + seconds > self._deadline:
            raise _paused(seconds, "this path is paused after an earlier 45011")

    def _read(self, incoming: Incoming) -> Answer:
        body = load(incoming.body)
        errcode = errcode_of(body)
        if errcode and not (self._doubtful and errcode == self._request.done_errcode):
            raise api_error(errcode, body, self._request.errcodes)
        return decode_answer(
            type(self._request),
            incoming.body,
            body,
            strict=self._session.config.strict_decoding,
            on_drift=self._session.emit,
        )

    # ── after a failed attempt ───────────────────────────────────────────────────────────────────────────────────────

    async def _repeat_or_raise(self, error: UnionError, tried: _Tried[Answer]) -> None:
        """Return when the next attempt may begin; raise ``error`` if there is none."""
        if isinstance(error, RateLimitedError):
            await self._pause(error)
        elif isinstance(error, TokenError) and error.errcode in _NEW_TOKEN_HELPS:
            await self._replace_token(error)
        else:
            await self._back_off(error, tried)

    async def _pause(self, error: RateLimitedError) -> None:
        session, path = self._session, self._request.path
        seconds = error.retry_after or 0.0
        await session.limiter.pause(session.credentials.app_id, path, seconds)
        session.pause(path, seconds, error)
        self._pauses += 1
        if self._options.patient:
            too_long = self._pauses > _MOST_PAUSES
        else:
            too_long = _clock.monotonic() + seconds > self._deadline
        if too_long:
            raise error
        self.attempts -= 1  # the pause itself is waited for in line

    async def _replace_token(self, error: TokenError) -> None:
        assert self._token is not None
        self._waiting_for = "token"
        if self._token_replaced or await self._session.tokens.replace(self._token) is None:
            raise error
        self._token_replaced = True
        self.attempts -= 1

    async def _back_off(self, error: UnionError, tried: _Tried[Answer]) -> None:
        policy = self._options.retry
        if not is_transient(error) or not may_repeat(self._request, sent=tried.sent):
            raise error
        if self.attempts >= policy.max_attempts or not self._session.budget.take():
            raise error
        untried = not tried.sent and self.attempts < len(self._session.config.base_urls)
        seconds = 0.0 if untried else backoff(policy, self.attempts, tried.retry_after)
        if _clock.monotonic() + seconds > self._deadline:
            raise error
        self._waiting_for = "backoff"
        await asyncio.sleep(seconds)


# ── pure helpers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _outgoing(request: UnionRequest[Any]) -> Outgoing:
    fields = encode(request)
    if request.method == "GET":
        return Outgoing(method="GET", path=request.path, query=urlencode([*_texts(fields)], quote_via=quote))
    return Outgoing(method="POST", path=request.path, body=dump(fields))


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, (dict, list)):
            raise TypeError(f"{name} cannot go into a query: use method = 'POST'")
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _revealed_json(body: Mapping[str, Any]) -> bytes:
    return dump({key: value.reveal() if isinstance(value, Secret) else value for key, value in body.items()})


def _revealed_query(query: Mapping[str, Any]) -> str:
    plain = {key: value.reveal() if isinstance(value, Secret) else value for key, value in query.items()}
    return urlencode(plain, quote_via=quote)


def _check_status(incoming: Incoming) -> None:
    if not 200 <= incoming.status < 300:
        raise HttpStatusError(f"HTTP status {incoming.status}", status=incoming.status)


def _token_of(incoming: Incoming) -> AccessToken:
    body = load(incoming.body)
    errcode = errcode_of(body)
    if errcode:
        raise api_error(errcode, body, {})
    value, seconds = body.get("access_token"), body.get("expires_in")
    if not isinstance(value, str) or not value:
        raise DecodeError("access_token: no token in the answer", path="access_token")
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit():
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise DecodeError("expires_in: no number of seconds in the answer", path="expires_in")
    return AccessToken(value, _clock.wall_time() + seconds)


def _now(incoming: Incoming) -> datetime:
    """Return the service's time, else ours."""
    return parse_date(incoming.date) or datetime.fromtimestamp(_clock.wall_time(), UTC)


def _retry_after(incoming: Incoming) -> float | None:
    return seconds_to_wait(incoming.retry_after, _now(incoming))


def _date_error(error: ApiError, incoming: Incoming) -> None:
    if isinstance(error, RateLimitedError):
        error.retry_after = rest_of_minute(_now(incoming))
    elif isinstance(error, QuotaExhaustedError):
        error.resets_at = next_midnight(_now(incoming))


def _paused(seconds: float, errmsg: str) -> RateLimitedError:
    error = RateLimitedError(45011, errmsg)
    error.retry_after = seconds
    return error


def _log_attempt(path: str, base_url: str, seconds: float, incoming: Incoming | None, error: UnionError | None) -> None:
    if not _logger.isEnabledFor(logging.DEBUG):
        return
    _logger.debug(
        "%s host=%s ms=%.1f status=%s errcode=%s rid=%s",
        path,
        urlsplit(base_url).netloc,
        seconds * 1000,
        "-" if incoming is None else incoming.status,
        error.errcode if isinstance(error, ApiError) else "-" if error else 0,
        error.rid if isinstance(error, ApiError) else None,
    )
