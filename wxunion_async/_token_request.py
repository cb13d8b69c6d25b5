"""A token request: the attempt, the verdict and the log line of a call, without its token, line, permit and budget."""

import asyncio
import math
import random
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlencode

from wxunion_async import _clock
from wxunion_async._alarm import Alarm
from wxunion_async._attempt import Attempts
from wxunion_async._envelope import api_error, dump, errcode_of, load
from wxunion_async._hosts import Hosts
from wxunion_async._redact import Redactor
from wxunion_async._retry import Step, Trial, decide, is_transient
from wxunion_async._transport import Exchange, Incoming, Outgoing, Transport
from wxunion_async._values import int_of_json
from wxunion_async.config import RetryPolicy
from wxunion_async.errors import DecodeError, UnionError
from wxunion_async.protocols import AccessToken, Secret

__all__ = ["TokenRequests"]

_LONGEST_LIFE = 10**10


class TokenRequests:
    """Sends token requests: what a ``TokenSource`` gets as its ``call``."""

    def __init__(
        self, transport: Transport, hosts: Hosts, attempts: Attempts, redact: Redactor, policy: RetryPolicy
    ) -> None:
        self._transport = transport
        self._hosts = hosts
        self._attempts = attempts
        self._redact = redact
        self._policy = policy
        self.ends_at = math.inf
        """The deadline of the refresh under way, on the loop's clock."""
        self.last: UnionError | None = None
        """How the last attempt failed; ``None`` after a success."""

    async def __call__(
        self,
        method: Literal["GET", "POST"],
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> AccessToken:
        """Send one request until its answer is there, see ``TokenCall``."""
        content = None if body is None else dump(_revealed(body))
        private = Secret("" if query is None else urlencode(_revealed(query), quote_via=quote))
        outgoing = Outgoing(method=method, path=path, body=content, private_body=True)
        loop = asyncio.get_running_loop()
        alarm = Alarm(loop, math.inf, loop.time() + self._attempts.seconds)
        try:
            return await self._until_answered(outgoing, private, alarm, loop.time)
        finally:
            alarm.close()

    async def _until_answered(
        self, outgoing: Outgoing, private: Secret, alarm: Alarm, now: Callable[[], float]
    ) -> AccessToken:
        tried_hosts: list[str] = []
        number = 1
        while True:
            host = self._hosts.choose(now(), tried_hosts)
            leave = _AtOnce(private, alarm, self._attempts.seconds, now)
            exchange = Exchange(outgoing, host, leave, now, self._transport.seen)
            tried = await self._attempts.make(exchange, alarm, _token_of, number, now)
            if tried.error is None:
                self._redact.remember(tried.answer)
                self.last = None
                return tried.answer
            error = self.last = tried.error
            error.endpoint, error.attempts = outgoing.path, number
            if not exchange.answered:
                tried_hosts.append(host)
            verdict = decide(
                Trial(
                    error=error,
                    transient=is_transient(error) or isinstance(error, DecodeError),
                    sent=exchange.sent_at is not None,
                    repeatable=True,
                    attempts=number,
                    policy=self._policy,
                    time_left=self.ends_at - now(),
                    pauses_left=0,
                    retry_after=tried.retry_after,
                    untried_host=self._hosts.untried(tried_hosts),
                    jitter=random.random(),  # noqa: S311 - no secret
                )
            )
            if verdict.step is Step.RAISE:
                raise error
            number += verdict.step is Step.BACK_OFF
            await asyncio.sleep(verdict.seconds)  # to another host at once


class _AtOnce:
    """Leave to send for a request that needs neither token nor permit."""

    __slots__ = ("_alarm", "_now", "_private", "_seconds")

    def __init__(self, private: Secret, alarm: Alarm, seconds: float, now: Callable[[], float]) -> None:
        self._private = private
        self._alarm = alarm
        self._seconds = seconds
        self._now = now

    def leave_nowait(self) -> Secret:
        self._alarm.attempt_ends = self._now() + self._seconds
        return self._private

    async def leave(self) -> Secret:  # pragma: no cover - the other never says no
        return self._private


def _revealed(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.reveal() if isinstance(value, Secret) else value for key, value in fields.items()}


def _token_of(incoming: Incoming) -> AccessToken:
    body = load(incoming.body)
    errcode = errcode_of(body)
    if errcode:
        raise api_error(errcode, body, {})
    value, seconds = body.get("access_token"), body.get("expires_in")
    if not isinstance(value, str) or not value:
        raise DecodeError("access_token: no token in the answer", path="access_token")
    life = int_of_json(seconds)
    if life is None or life > _LONGEST_LIFE:
        raise DecodeError("expires_in: no number of seconds in the answer", path="expires_in")
    return AccessToken(value, _clock.wall_time() + life)
