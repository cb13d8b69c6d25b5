"""What one process may send by itself while Redis is down."""

import asyncio
import math
import random
import secrets

from wxunion_async import _clock
from wxunion_async._limiter import LocalRateLimiter
from wxunion_async.config import RateLimit
from wxunion_async.redis._scripts import FURTHEST

__all__ = ["Share"]


class Share:
    """
    The permits of this process' own, for one path: a bucket, made anew for each outage, that starts empty.

    Not before the last slot that Redis can have handed out is over: those slots and the shares of all processes
    together would exceed the limit. Of a share below one permit a period no bucket can keep the limit, since those of
    all processes would be full at once. Then each has a place on Redis' clock, told while Redis was there, and sends
    when it comes round.
    """

    def __init__(self, limit: RateLimit, share: float) -> None:
        rate = limit.max_rate * share
        self._limit = limit
        self._own = RateLimit(math.floor(rate), limit.time_period) if rate >= 1 else None
        self._round = limit.time_period / rate
        self._part = share
        self._outage = -math.inf
        self._bucket: LocalRateLimiter | None = None
        self._loan: asyncio.Task[None] | None = None
        self._last = -math.inf
        self._phase = random.random() * self._round  # noqa: S311
        self.name = "" if self._own else secrets.token_hex(4)
        """By which Redis knows this process; empty if it needs no place."""

    def place(self, number: int, clock: float) -> None:
        """Take the place with this number; ``clock`` is when it was 0 on Redis' clock, on ours."""
        self._phase = clock + number * self._part % 1 * self._round

    async def lend(self, outage: float, seconds: float) -> bool:
        """Wait for a permit for so many seconds; ``outage`` is when Redis went down. A loan that is late is kept."""
        if outage != self._outage:
            await self.close()
            self._outage = outage
        if self._loan is None or self._loan.done():
            permit = self._turn() if self._own is None else self._permit(self._own)
            self._loan = asyncio.create_task(permit, name="wxunion_async local permit")
        loan = self._loan
        await asyncio.wait((loan,), timeout=seconds)
        if not loan.done():
            return False
        self._loan = None
        return not loan.cancelled()

    async def _permit(self, own: RateLimit) -> None:
        if self._bucket is None:
            await asyncio.sleep(self._outage + FURTHEST - _clock.monotonic())
            bucket = LocalRateLimiter()
            for _ in range(own.bucket_size):
                await bucket.acquire("", "", own)
            self._bucket = bucket
        await self._bucket.acquire("", "", own)

    async def _turn(self) -> None:
        # Half a round after the last one the next one is the next.
        begin = max(_clock.monotonic(), self._outage + FURTHEST + self._limit.time_period, self._last + self._round / 2)
        due = self._phase + math.ceil((begin - self._phase) / self._round) * self._round
        await asyncio.sleep(due - _clock.monotonic())
        self._last = due

    def recall(self) -> None:
        """Give up the loan that is waited for."""
        if self._loan is not None:
            self._loan.cancel()

    async def close(self) -> None:
        """Forget the outage."""
        self.recall()
        if self._loan is not None:
            await asyncio.wait((self._loan,))
        self._loan, self._bucket, self._outage = None, None, -math.inf
