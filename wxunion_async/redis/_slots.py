"""The permits of one path and limit in this process: slots that Redis has handed out, and those who wait for them."""

import asyncio
import contextlib
import math
from collections import deque
from typing import Protocol

import attrs

from wxunion_async import _clock
from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError
from wxunion_async.redis._link import DownError, Link
from wxunion_async.redis._pace import CADENCE, Answer, Pace, Question
from wxunion_async.redis._share import Share

__all__ = ["Lane", "Slots"]

_IDLE = 0.01
"""Seconds: a slot that is still there so late was not needed."""
_LEND = 0.8
"""Seconds that a local permit is waited for before Redis is asked again."""
_LATE_SHARE, _LATEST = 0.03, 0.25
"""A slot is void when it is late by so much of the period, or so many seconds: windows of the limit allow for that."""


class Lane(Protocol):
    """One path of one app, as its slots see it."""

    @property
    def link(self) -> Link:
        """The health of Redis."""
        ...

    def paused_for(self) -> float:
        """Return how many seconds of a pause remain."""
        ...

    def hold(self, until: float) -> None:
        """Pause until then, on our clock."""
        ...

    def prod(self) -> None:
        """Have Redis tried again, if it is time."""
        ...

    async def ask(self, question: Question) -> Answer:
        """Ask Redis; raises ``DownError``."""
        ...


@attrs.frozen
class _Slot:
    due: float
    """When, on our clock."""
    stamp: float
    """When it was handed out, on Redis' clock; 0 for a permit of our own share, which Redis does not know."""


class Slots:
    """
    Hands out slots when they are due, and has as many fetched ahead as pass until more can be there.

    There is no task that waits: each turn is one synchronous step, and an alarm or an answer brings the next one.
    """

    def __init__(self, lane: Lane, limit: RateLimit, share: float) -> None:
        self._lane = lane
        self._limit = limit
        self._share = Share(limit, share)
        self._lent = False
        self._pace = Pace(limit)
        self._keep = min(_LATE_SHARE * limit.time_period, _LATEST)
        self._waiters: deque[asyncio.Future[_Slot]] = deque()
        self._ready: deque[_Slot] = deque()
        self._spare_late = False
        self._back, self._stamp = 0, math.inf
        self._alarm: asyncio.TimerHandle | None = None
        self._bringing: asyncio.Task[None] | None = None
        self._closed = False
        self._granted = True
        self._used, self._idle = False, False

    # ── for callers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self) -> bool:
        """Take a slot that is due, if there is one and nobody waits."""
        if self._closed or self.room() < 1:
            return False
        self._ready.popleft()
        self._used = True
        self._turn()
        return True

    def room(self) -> int:
        """Return how many could be taken now; drops those that are void."""
        if not self._ready or self._lane.paused_for():
            return 0
        now = _clock.monotonic()
        self._serve(now)
        return sum(1 for slot in self._ready if slot.due <= now)

    async def acquire(self) -> None:
        """Wait for a slot and take it."""
        if not self._waiters and self.take():
            return
        enter = self._waiters.append
        while True:
            waiter: asyncio.Future[_Slot] = asyncio.get_running_loop().create_future()
            enter(waiter)
            self._turn()
            try:
                slot = await waiter
            except asyncio.CancelledError:
                self._leave(waiter)
                raise
            if self._closed:
                raise ClientClosedError("the rate limiter is closed")
            if not self._lane.paused_for():
                return
            # A pause has begun between the grant and this moment.
            self._drop(slot)
            enter = self._waiters.appendleft

    def _leave(self, waiter: "asyncio.Future[_Slot]") -> None:
        if waiter.cancelled():
            with contextlib.suppress(ValueError):  # it may have been passed over
                self._waiters.remove(waiter)
        else:
            # Granted and cancelled in the same moment: it serves the next one.
            self._ready.appendleft(waiter.result())
        if not self._waiters:
            self._share.recall()
        self._turn()

    def turn(self) -> None:
        """Look again: a pause has begun."""
        self._turn()

    async def aclose(self) -> None:
        """Have those who wait raise, and give back what is not used."""
        self._closed = True
        for waiter in self._waiters:
            with contextlib.suppress(asyncio.InvalidStateError):  # it was cancelled a moment ago
                waiter.set_result(_Slot(0.0, 0.0))
        self._waiters.clear()
        if self._alarm is not None:
            self._alarm.cancel()
        await self._share.close()
        if self._bringing is not None:
            await asyncio.wait((self._bringing,))
        self._drop_all()
        if self._back and not self._lane.link.down_for():
            with contextlib.suppress(DownError):
                await self._ask(0, 0)

    # ── one turn ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _turn(self) -> None:
        """Serve whom we can, have slots brought if they are needed, and set the alarm for the next turn."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._closed:
            return
        now = _clock.monotonic()
        self._serve(now)
        moment = self._next_due()
        if self._bringing is None:
            ask_at = self._next_question(now)
            if ask_at <= now:
                # Whatever becomes of it, it is not begun anew at once.
                self._pace.ask_at, self._granted = now + CADENCE, False
                self._bringing = asyncio.create_task(self._bring(), name="wxunion_async slots")
                self._bringing.add_done_callback(self._brought)
            else:
                moment = min(moment, ask_at)
        if moment < math.inf:
            self._alarm = asyncio.get_running_loop().call_at(moment, self._turn)

    def _serve(self, now: float) -> None:
        if self._lane.paused_for():
            self._drop_all()
        while self._ready and self._ready[0].due <= now:
            while self._waiters and self._waiters[0].done():  # cancelled, and about to leave
                self._waiters.popleft()
            late = now - self._ready[0].due > self._keep
            if late and not (self._waiters and self._spare_late):
                # Sent now, it would come on top of what others send.
                self._drop(self._ready.popleft())
            elif self._waiters:
                self._spare_late = False
                self._used = True
                self._waiters.popleft().set_result(self._ready.popleft())
            else:
                break

    def _drop(self, slot: _Slot) -> None:
        self._idle = True
        self._back += 1
        self._stamp = min(self._stamp, slot.stamp)

    def _drop_all(self) -> None:
        while self._ready:
            self._drop(self._ready.popleft())

    def _next_due(self) -> float:
        if not self._ready:
            return math.inf
        return self._ready[0].due if self._waiters else self._ready[0].due + self._keep

    def _next_question(self, now: float) -> float:
        """Return when to ask Redis next; infinity if there is nothing to ask."""
        if pause := self._lane.paused_for():
            ask_at = now + pause if self._lane.link.down_for() else min(now + pause, self._pace.ask_at)
            return max(now, ask_at) if self._waiters else math.inf
        if self._granted and len(self._waiters) > len(self._ready):
            return now
        ahead = (self._waiters or self._used) and self._lacking() > 0
        return (
            max(now, self._pace.ask_at) if ahead or (self._back and self._pace.lasts and not self._ready) else math.inf
        )

    def _lacking(self) -> int:
        lacking = len(self._waiters) - len(self._ready)
        return lacking + self._pace.appetite if self._lane.link.steady() else lacking

    # ── where slots come from ────────────────────────────────────────────────────────────────────────────────────────

    def _brought(self, task: "asyncio.Task[None]") -> None:
        self._bringing = None
        self._turn()

    async def _bring(self) -> None:
        link = self._lane.link
        if link.down_for():
            self._lane.prod()
            self._pace.ask_at = _clock.monotonic()
            if self._lent or await self._share.lend(link.outage, link.probe_in()):
                self._lent = False
                self._ready.append(_Slot(_clock.monotonic(), 0.0))
            return
        try:
            if link.steady():
                self._share.recall()
                self._lent = False
                self._feed()
                await self._ask(max(0, len(self._waiters) - len(self._ready)), self._lacking())
            # While some processes go by their shares and others by Redis again, a permit takes both.
            elif self._lent or await self._share.lend(link.outage, _LEND):
                self._lent = not await self._ask(1, 1)
        except DownError:
            self._back, self._stamp = 0, math.inf
            self._pace.forget()

    def _feed(self) -> None:
        if self._idle or (self._ready and self._ready[0].due < _clock.monotonic() - _IDLE):
            self._pace.feed(all_used=False)
        elif self._used:
            self._pace.feed(all_used=True)
        # A process that is always late, so that none of its slots was good, gets one for every other question all the
        # same: one that was spared counts as used.
        self._spare_late = self._idle and not self._used
        self._used = self._idle = False

    async def _ask(self, waiting: int, want: int) -> int:
        """Ask for so many slots, and return how many have been granted."""
        asked, want = _clock.monotonic(), max(0, want)
        question = self._pace.question(waiting, want, self._back, self._stamp if self._back else 0.0, self._share.name)
        self._back, self._stamp = 0, math.inf
        answer = await self._lane.ask(question)
        there = self._pace.learn(answer, want, asked, _clock.monotonic())
        if answer.paused:
            self._lane.hold(there + answer.paused + 0.001)
        self._share.place(answer.place, there - answer.now / 1e6)
        self._granted = answer.count >= waiting
        self._ready.extend(_Slot(there + answer.wait(number), answer.now) for number in range(1, answer.count + 1))
        return answer.count
