"""
One attempt, of a call or of a token request: send, read, say what became of it, tell the hosts and the log.

Nothing here knows of lines, permits, budgets or tokens.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

import attrs

from wxunion_async import _clock
from wxunion_async._alarm import Alarm, Ring
from wxunion_async._hosts import Hosts
from wxunion_async._redact import HIDDEN, Redactor
from wxunion_async._retry import next_midnight, parse_date, rest_of_minute, seconds_to_wait
from wxunion_async._transport import Exchange, Incoming, Transport
from wxunion_async.errors import (
    ApiError,
    HttpStatusError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    TransportError,
    UnionError,
)

__all__ = ["Attempts", "Tried"]

Answer = TypeVar("Answer")
_logger = logging.getLogger("wxunion_async")
_KEPT_BODY = 4096
_LONG = 1.0
"""Seconds: an attempt that was ended from outside after so long without an answer speaks against its host."""


@attrs.define(eq=False)
class Tried(Generic[Answer]):
    """What became of one attempt."""

    exchange: Exchange
    answer: Answer = attrs.field(default=cast(Any, None), repr=False)
    error: UnionError | None = None
    retry_after: float | None = None
    """Seconds that the service asks for."""


class Attempts:
    """
    Makes attempts for one client.

    Args:
        transport: how to send.
        hosts: told how each attempt ended.
        redact: takes what is secret out of foreign text.
        seconds: how long an attempt may take.

    """

    def __init__(self, transport: Transport, hosts: Hosts, redact: Redactor, seconds: float) -> None:
        self._transport = transport
        self._hosts = hosts
        self._redact = redact
        self.seconds = seconds
        self.made = 0
        """How many have come to an end."""

    async def make(
        self,
        exchange: Exchange,
        alarm: Alarm,
        read: Callable[[Incoming], Answer],
        number: int,
        now: Callable[[], float],
    ) -> Tried[Answer]:
        """
        Make one attempt; its own errors are returned.

        Args:
            exchange: what to send, and where to.
            alarm: ends the attempt when its time is over.
            read: makes the answer of what came back, or raises.
            number: which attempt of its call it is, for the log.
            now: the loop's clock.

        """
        tried: Tried[Answer] = Tried(exchange)  # Tried[Answer](…) goes through typing: 4 µs
        incoming: Incoming | None = None
        alarm.attempt_ends = exchange.began + self.seconds
        if alarm.attempt_ends < alarm.rings_at:
            alarm.limit_attempt(alarm.attempt_ends)
        try:
            incoming = await self._transport.send(exchange)
            exchange.status = incoming.status
            seconds = now() - exchange.began
            if not 200 <= incoming.status < 300:
                raise HttpStatusError(f"HTTP status {incoming.status}", status=incoming.status)
            tried.answer = read(incoming)
        except (ApiError, ResponseError) as refused:
            # Its frames hold the answer as it came, which may quote the token.
            tried.error = refused.with_traceback(None)
            seconds = now() - exchange.began
            self._complete(tried, refused, incoming)
        except TransportError as failed:
            tried.error = failed.with_traceback(None)
            seconds = exchange.seconds
        except asyncio.CancelledError as cancellation:
            seconds = now() - exchange.began
            if not alarm.rang_for(Ring.ATTEMPT):
                if seconds >= _LONG and not exchange.answered and not exchange.waiting:
                    self._blame(exchange, TransportError(f"no answer within {seconds:.1f} s"), now())
                raise
            alarm.caught(cancellation)
            tried.error = TransportError(f"no answer within {self.seconds:g} s")
        finally:
            alarm.attempt_ends = math.inf
        self.made += not exchange.lost
        if exchange.answered and not self._hosts.troubled:
            self._hosts.answered_at[exchange.base_url] = now()
        elif exchange.answered:
            self._hosts.answered(exchange.base_url, now())
        elif tried.error is not None and not exchange.lost:
            self._blame(exchange, tried.error, now())
        if _logger.isEnabledFor(logging.DEBUG) and not exchange.lost:
            _log(tried, incoming, seconds, number)
        return tried

    def _blame(self, exchange: Exchange, error: UnionError, now: float) -> None:
        self._hosts.failed(
            exchange.base_url, now, error, began=exchange.began, refused=exchange.refused, fresh=exchange.fresh
        )

    def _complete(self, tried: Tried[Any], error: ApiError | ResponseError, incoming: Incoming | None) -> None:
        """Add what the answer tells beside the error, and take out what is secret."""
        if isinstance(error, ApiError):
            error.errmsg = self._redact(error.errmsg)
            error.args = (error.errcode, error.errmsg)
        if incoming is None:
            return
        now = parse_date(incoming.date) or datetime.fromtimestamp(_clock.wall_time(), UTC)
        tried.retry_after = seconds_to_wait(incoming.retry_after, now)
        if isinstance(error, RateLimitedError):
            error.retry_after = rest_of_minute(now)
        elif isinstance(error, QuotaExhaustedError):
            error.resets_at = next_midnight(now)
        elif isinstance(error, ResponseError):
            text = incoming.body.decode("utf-8", "replace")
            if tried.exchange.outgoing.private_body and "access_token" in text:
                error.body = f"{HIDDEN} (it holds a token)"
            else:
                error.body = self._redact(text).encode()[:_KEPT_BODY].decode("utf-8", "ignore")


def _log(tried: Tried[Any], incoming: Incoming | None, seconds: float, number: int) -> None:
    error = tried.error
    _logger.debug(
        "%s host=%s ms=%.1f status=%s errcode=%s rid=%s attempt=%d",
        tried.exchange.outgoing.path,
        urlsplit(tried.exchange.base_url).netloc,
        seconds * 1000,
        "-" if incoming is None else incoming.status,
        error.errcode if isinstance(error, ApiError) else "-" if error else 0,
        error.rid if isinstance(error, ApiError) else None,
        number,
    )
