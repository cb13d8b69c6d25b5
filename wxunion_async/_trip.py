"""
One call, from its deadline to its answer.

deadline → token → place in line → slot → connection → permit → send → decode → classify → (back off, again)
"""

import asyncio
import math
import random
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs

from wxunion_async._alarm import Alarm, Ring
from wxunion_async._attempt import Tried
from wxunion_async._codec import decode_answer
from wxunion_async._endpoint import UnionRequest
from wxunion_async._envelope import api_error, errcode_of, load
from wxunion_async._order import Place
from wxunion_async._outgoing import outgoing_of
from wxunion_async._retry import Step, Trial, Verdict, decide, is_transient, leaves_doubt
from wxunion_async._session import Session
from wxunion_async._told import attempt_failed, call_finished, late, paused_error
from wxunion_async._transport import Exchange, Incoming
from wxunion_async.config import RetryPolicy
from wxunion_async.errors import RateLimitedError, UnionError, WaitingFor
from wxunion_async.protocols import AccessToken, Secret

__all__ = ["CallOptions", "Trip"]

Answer = TypeVar("Answer")
R = TypeVar("R", bound=UnionRequest[Any])
_MOST_PAUSES = 5
_STILLBORN = 0.05
_MOST_STILLBORN = 3


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CallOptions:
    """What ``with_options`` may change."""

    timeout: float
    retry: RetryPolicy
    strict: bool
    patient: bool = False
    """The clock of ``timeout`` runs from the permit on only, and a pause is waited out, up to five times."""


class Trip(Place, Generic[Answer]):
    """One call under way; it is its own place in line."""

    # What most calls never change stands here, and not in each of them.
    _token: AccessToken | None = None
    _token_replaced = False
    _pauses = 0
    _doubtful = False
    _exchange: Exchange | None = None
    _failed: Exchange | None = None
    _probing = False
    _tried_hosts: tuple[str, ...] = ()
    _last: UnionError | None = None
    attempts = 1
    """Which attempt is under way, or was the last."""
    started: float | None = None
    """When it had its first permit; ``None`` if it had none."""

    def __init__(
        self,
        session: Session,
        request: UnionRequest[Answer],
        options: CallOptions,
        loop: asyncio.AbstractEventLoop,
        on_send: Callable[[], object] | None = None,
    ) -> None:
        self._session = session
        self._request = request
        self._options = options
        self._on_send = on_send
        self.now = loop.time
        self._outgoing = outgoing_of(request)
        self._line = session.lines.get(request.path) or session.line(request.path, self.now)
        self._began = now = self.now()
        ends_at = math.inf if options.patient else now + options.timeout
        self.alarm = Alarm(loop, ends_at, now + session.attempts.seconds, session.later)
        session.alarms.add(self.alarm)
        self.number = next(session.numbers)
        self.bulk = options.patient
        self._time_left = options.timeout
        self._waiting_for: WaitingFor = "token"
        session.calls += 1

    async def run(self) -> Answer:
        """Return the answer or raise the error, told with all that is known of the call."""
        error: UnionError | None = None
        try:
            while error is None:
                try:
                    tried = await self._attempt()
                    if tried is not None and tried.error is None:
                        self._session.budget.give_back()
                        if self._session.on_event is not None:
                            self._emit_finished(None)
                        self._exchange = None  # it knows the trip: without the cycle, nothing is left to the collector
                        return tried.answer
                    if tried is not None:
                        error = await self._after(tried, tried.error)
                except asyncio.CancelledError as cancellation:
                    error = self._cause(cancellation)
        except UnionError as raised:
            error = raised
        finally:
            self._session.leave(self.alarm)
        self._tell(error)
        self._emit_finished(error)
        # Outside of the except block: the error shall not hold the cancellation that ended the wait.
        raise error

    # ── an attempt ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _attempt(self) -> Tried[Answer] | None:
        """Make one attempt; ``None`` if it was given up before anything was sent, for nothing."""
        session, line = self._session, self._line
        if self.bulk and self.alarm.call_ends != math.inf:  # its clock stands still until its permit
            self._time_left = max(0.0, self.alarm.call_ends - self.now())
            self.alarm.call_ends = math.inf
        if self.now() >= session.tokens.fresh_until and session.tokens.current(self.now()) is None:
            self._waiting_for = "token"
            await session.tokens.get()
        self._waiting_for = "permit"
        if not line.enter_nowait(self):
            seconds = line.paused_for()
            if seconds and self.now() + seconds > self.alarm.call_ends:
                raise paused_error(seconds, "this path is paused after an earlier 45011")
            await line.enter(self)
        try:
            if not session.slots.enter_nowait():
                await session.slots.enter(self)
            try:
                return await self._send()
            finally:
                session.slots.leave()
        finally:
            line.leave(self)

    async def _send(self) -> Tried[Answer] | None:
        """Connect and send; a connection that dies before it was used is replaced, and the place kept."""
        session, hosts = self._session, self._session.hosts
        stillborn = 0
        while True:
            self._waiting_for = "answer"
            host, self._probing = hosts.current, False
            if hosts.troubled:
                host = hosts.choose(self.now(), self._tried_hosts)
                self._probing = hosts.demoted(host)
            exchange = Exchange(self._outgoing, host, self, self.now, session.transport.seen)
            self._exchange = exchange
            tried = await session.attempts.make(exchange, self.alarm, self._read, self.attempts, self.now)
            if not exchange.lost:
                return tried
            if session.tokens.current(self.now()) is None:
                return None
            stillborn += exchange.fresh and self.now() - exchange.began < _STILLBORN
            if stillborn > _MOST_STILLBORN:
                return tried  # a peer that accepts and hangs up is no kept connection that died

    def fit(self) -> bool:
        """Say whether the call could send now."""
        exchange, hosts = self._exchange, self._session.hosts
        return (
            exchange is not None
            and exchange.alive()
            and (not hosts.troubled or self._probing or not hosts.demoted(exchange.base_url))
            and self._session.tokens.current(self.now()) is not None
        )

    def leave_nowait(self) -> Secret | None:
        """Return the private part of the query if the call may send at once."""
        # aiohttp has looked at the connection in this very step; host and token may be of a while ago.
        tokens, now = self._session.tokens, self.now()
        token = tokens.token if now < tokens.fresh_until else tokens.current(now)
        if token is None or (self._session.hosts.troubled and not self.fit()):
            return None
        return self._sending(token, now) if self._line.permit_nowait(self, now) else None

    async def leave(self) -> Secret | None:
        """Wait for a permit; ``None`` if the call has to connect anew."""
        self.alarm.attempt_ends = math.inf
        self._waiting_for = "permit"
        if not await self._line.permit(self) or not self.fit():
            return None  # if there is a permit, it stays in hand
        now = self.now()
        token = self._session.tokens.current(now)
        assert token is not None
        self._line.use(self, now)
        private = self._sending(token, now)
        self.alarm.limit_attempt(self.alarm.attempt_ends)
        return private

    def _sending(self, token: AccessToken, now: float) -> Secret:
        """Note that the call sends now; nothing is awaited until the request is written."""
        self._token = token
        self._waiting_for = "answer"
        if self.started is None:
            self.started = now
        if self.bulk:
            self.alarm.limit_call(now + self._time_left)
        self.alarm.attempt_ends = now + self._session.attempts.seconds
        if self._on_send is not None:
            self._on_send()
        if self._session.query[0] is not token:
            self._session.use_token(token)
        return self._session.query[1]

    def _read(self, incoming: Incoming) -> Answer:
        body = load(incoming.body)
        errcode = errcode_of(body)
        if errcode and not (self._doubtful and errcode == self._request.done_errcode):
            raise api_error(errcode, body, self._request.errcodes)
        return decode_answer(
            type(self._request), incoming.body, body, strict=self._options.strict, on_drift=self._session.emit
        )

    # ── after a failed attempt ───────────────────────────────────────────────────────────────────────────────────────

    async def _after(self, tried: Tried[Answer], error: UnionError | None) -> UnionError | None:
        """Wait for what the verdict on a failed attempt says; return the error if the call is over."""
        assert error is not None
        session, exchange = self._session, tried.exchange
        self._last = error
        if exchange.sent_at is not None and leaves_doubt(error):
            self._doubtful = True
        if not exchange.answered:
            self._tried_hosts += (exchange.base_url,)
        self._exchange, self._failed = None, exchange
        verdict = self._verdict(tried, error)
        if session.on_event is not None:
            session.emit(attempt_failed(self._request.path, self.attempts, exchange.base_url, error, verdict))
        if isinstance(error, RateLimitedError):
            await session.pause(self._request.path, self._line, error.retry_after, error.errmsg)
        if verdict.step is Step.RAISE:
            return error
        if verdict.step is Step.PAUSE:
            self._pauses += 1  # it is waited for in line
        elif verdict.step is Step.NEW_TOKEN:
            assert self._token is not None
            self._waiting_for = "token"
            self._token_replaced = True
            if await session.tokens.replace(self._token) is None:
                return error
        elif verdict.step is Step.BACK_OFF:
            self._waiting_for = "backoff"
            session.budget.take()
            await asyncio.sleep(verdict.seconds)
            self.attempts += 1
        return None

    def _verdict(self, tried: Tried[Answer], error: UnionError) -> Verdict:
        session, request = self._session, self._request
        return decide(
            Trial(
                error=error,
                transient=is_transient(error),
                sent=tried.exchange.sent_at is not None,
                repeatable=request.resend or bool(request.done_errcode),
                attempts=self.attempts,
                policy=self._options.retry,
                time_left=self.alarm.call_ends - self.now(),
                pauses_left=(_MOST_PAUSES - self._pauses) if self.bulk else None,
                retry_after=tried.retry_after,
                untried_host=session.hosts.untried(self._tried_hosts),
                budget_empty=session.budget.empty,
                token_replaceable=not self._token_replaced,
                jitter=random.random(),  # noqa: S311 - no secret
            )
        )

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _cause(self, cancellation: asyncio.CancelledError) -> UnionError | None:
        """Return the error that ended a wait, ``None`` if the call was only sent back into its line."""
        cause = self.alarm.caught(cancellation)
        if isinstance(cause, UnionError):
            return cause
        if cause is Ring.RECALL:
            return None
        last = self._session.tokens.last if self._waiting_for == "token" else None
        return late(self._options.timeout, self._waiting_for, last or self._last)

    def _tell(self, error: UnionError) -> None:
        in_flight = self._exchange is not None and self._exchange.sent_at is not None
        if error.endpoint is None:
            error.endpoint, error.attempts = self._request.path, self.attempts
        error.request = self._request
        error.ambiguous = not self._request.resend and (self._doubtful or in_flight)

    def _emit_finished(self, error: UnionError | None) -> None:
        times = self._began, self.started, self.now()
        last = self._exchange or self._failed
        self._session.emit(call_finished(self._request, last, error, times, self.attempts, bulk=self.bulk))
