"""
Who may go next: places in line, slots for connections, and permits.

Each decision is one synchronous step that changes the state and wakes who may go on. Nothing that ages is held during
a long wait: only those whose permit is due soon pass the gate to the connections, and a pause sends them back.
"""

import asyncio
import contextlib
import math
import weakref
from collections.abc import Callable
from typing import Any, Final

from wxunion_async._alarm import Ring
from wxunion_async._order import Order, Place, wake
from wxunion_async._told import paused_error
from wxunion_async.config import RateLimit
from wxunion_async.protocols import RateLimiter

__all__ = ["Gate", "Line"]

# In seconds.
_AHEAD: Final = 1.0  # before its permit is due a call may take a connection
_AHEAD_WHEN_SLOW: Final = 0.3  # the same with permits further apart: some servers close idle connections that soon
_LOOK: Final = 0.5  # between two looks at the limiter: another process may have begun a pause
_LOOK_AT_CONNECTIONS: Final = 0.05
_SLACK: Final = 1e-3  # two looks at one pause do not see quite the same end

_lines: "weakref.WeakKeyDictionary[RateLimiter, weakref.WeakSet[Line]]" = weakref.WeakKeyDictionary()


class Gate:
    """Lets ``size`` through, or as many as ``may_pass`` says, told how many are inside; the others wait in order."""

    def __init__(self, size: float, may_pass: Callable[[int], bool] | None = None) -> None:
        self._size = size
        self._may_pass = may_pass
        self.inside = 0
        self.waiting = Order()

    def enter_nowait(self) -> bool:
        """Pass if there is room and nobody waits."""
        may_pass = self.inside < self._size if self._may_pass is None else self._may_pass(self.inside)
        if self.waiting.count or not may_pass:
            return False
        self.inside += 1
        return True

    async def enter(self, place: Place) -> None:
        """Wait for room, in line."""
        place.turn = asyncio.get_running_loop().create_future()
        self.waiting.add(place)
        try:
            await place.turn
        except BaseException:
            if place.turn.cancelled():
                self.waiting.discard(place)
            else:
                self.leave()  # it was let in at the last moment
            raise

    def leave(self) -> None:
        """Make room."""
        self.inside -= 1
        if self.waiting.count:
            self.admit()

    def admit(self) -> None:
        """Let in who may pass now."""
        while (place := self.waiting.first()) is not None:
            if not (self.inside < self._size if self._may_pass is None else self._may_pass(self.inside)):
                return
            assert place.turn is not None
            if place.turn.done():  # cancelled a moment ago
                self.waiting.discard(place)
                continue
            self.waiting.serve(place)
            self.inside += 1
            place.turn.set_result(None)


class Line:
    """
    Those of one client who want to send on one path: a gate to the connections, and behind it the permits.

    At most one of them waits in the limiter, for everybody; who has a connection and is first gets what it brings.
    ``most`` may wait for their permit with a connection; ``key`` is the app id and the path, as the limiter wants them.
    """

    def __init__(
        self, limiter: RateLimiter, key: tuple[str, str], limit: RateLimit, most: int, now: Callable[[], float]
    ) -> None:
        self.limiter = limiter
        # Optional in a limiter: a permit without waiting, and how many there are.
        self._take: Any = getattr(limiter, "acquire_nowait", None)
        self._room: Any = getattr(limiter, "room", None)
        self.key = key
        self._limit = limit
        self._gap = 1 / limit.leak
        self._ahead = _AHEAD if self._gap <= _AHEAD else _AHEAD_WHEN_SLOW
        self._most = most
        self._now = now
        self._next_due = -math.inf
        self._paused_until = -math.inf
        self._soonest_deadline = math.inf
        self._inside: set[Place] = set()
        self._ready = Order()
        self._asker: Place | None = None
        """Who asks the limiter, or is woken to do so."""
        self._asking = False
        self._timer: asyncio.TimerHandle | None = None
        self._gate = Gate(most, self._may_connect)
        self.loop = asyncio.get_running_loop()
        self.granted = 0
        """Permits that the limiter gave."""
        self.used = 0
        """Permits that were used."""
        with contextlib.suppress(TypeError):  # a limiter of the user's that takes no weak reference, or has no hash
            _lines.setdefault(limiter, weakref.WeakSet()).add(self)

    @property
    def waiting(self) -> int:
        """How many wait for their place or their permit."""
        return self._gate.waiting.count + len(self._inside)

    # ── the place in line ────────────────────────────────────────────────────────────────────────────────────────────

    def _may_connect(self, inside: int) -> bool:
        if self.limiter.paused_for(*self.key):
            return False
        if inside < self._most and max(0.0, self._next_due - self._now()) + inside * self._gap <= self._ahead:
            return True
        return self._room is not None and inside < self._room(*self.key, self._limit)

    def enter_nowait(self, place: Place) -> bool:
        """Pass the gate if it is open and nobody waits before it."""
        if not self._gate.enter_nowait():
            return False
        self._inside.add(place)
        return True

    async def enter(self, place: Place) -> None:
        """Wait at the gate."""
        self._soonest_deadline = min(self._soonest_deadline, place.alarm.call_ends)
        while True:
            self._watch()
            await self._gate.enter(place)
            if not self.paused_for():
                break
            self._gate.leave()  # a pause began between the admission and this moment
        self._inside.add(place)

    def leave(self, place: Place) -> None:
        """Make room behind the gate: the call goes back into the line; a permit in hand serves another."""
        if place in self._inside:
            self._inside.remove(place)
            self._gate.leave()
        if place.granted:
            place.granted = False
            self._grant()

    # ── the permit ───────────────────────────────────────────────────────────────────────────────────────────────────

    def permit_nowait(self, place: Place, now: float) -> bool:
        """Use a permit at once, if there is one and nobody waits for it, or if the place has one in hand."""
        if not place.granted:
            if self._ready.count or self._take is None or not self._take(*self.key, self._limit):
                return False
            self.granted += 1
        self.use(place, now)
        return True

    def use(self, place: Place, now: float) -> None:
        """Count that the call sends now, with the permit that it has, and make room behind the gate."""
        place.granted = False
        self.used += 1
        self._next_due = now + self._gap
        self._inside.discard(place)
        self._gate.leave()

    async def permit(self, place: Place) -> bool:
        """
        Wait for a permit with a connection at hand; whoever is first asks the limiter, for everybody.

        Returns:
            False if the call is no longer fit to send and has to connect anew; its place is kept.

        """
        self._ready.add(place)
        self._watch()
        try:
            while not place.granted and place.fit():
                if self._asker is None:
                    self._asker = place
                if self._asker is place:
                    await self._ask(place)
                else:
                    place.turn = asyncio.get_running_loop().create_future()
                    await place.turn
            return place.granted
        finally:
            self._ready.discard(place)
            if self._asker is place:
                self._asker = None
            if self._asker is None and (first := self._ready.first()) is not None:
                self._asker = first
                wake(first)

    async def _ask(self, place: Place) -> None:
        self._asking = True
        try:
            await self.limiter.acquire(*self.key, self._limit)
        except asyncio.CancelledError as cancellation:
            if not place.alarm.rang_for(Ring.SERVED):
                raise
            place.alarm.caught(cancellation)
            return
        finally:
            self._asker, self._asking = None, False
        self.granted += 1
        self._grant()

    def _grant(self) -> None:
        """Hand a permit to the first who is fit to use it; those passed over look for themselves."""
        while (place := self._ready.first()) is not None:
            if place.fit():
                self._ready.serve(place)
                place.granted = True
                if place is self._asker and self._asking:  # another, who has left, had the permit in hand
                    place.alarm.ring(Ring.SERVED)
                wake(place)
                return
            self._ready.discard(place)
            wake(place)

    # ── pauses, and what else sends back ─────────────────────────────────────────────────────────────────────────────

    def paused_for(self) -> float:
        """Return the seconds of a pause that remain; 0.0 for none."""
        return self.limiter.paused_for(*self.key)

    def look_for_pause(self, errmsg: str) -> None:
        """Send those with a connection back into the line, and end those whose time is too short for the pause."""
        seconds = self.paused_for()
        until = self._now() + seconds
        if until <= self._paused_until + _SLACK:
            return
        self._paused_until = until
        self.recall()
        if until <= self._soonest_deadline:
            return  # so that a hundred refusals do not mean a hundred walks along the line
        self._soonest_deadline = math.inf
        for place in self._gate.waiting:
            if place.alarm.call_ends < until:
                place.alarm.ring(paused_error(seconds, errmsg))
            else:
                self._soonest_deadline = min(self._soonest_deadline, place.alarm.call_ends)

    def tell_pause(self, errmsg: str) -> None:
        """Look for a pause here, and in lines of other clients in this loop that share limiter and path."""
        self.look_for_pause(errmsg)
        with contextlib.suppress(TypeError):
            for other in list(_lines.get(self.limiter, ())):
                if other is not self and other.key == self.key and other.loop is self.loop:
                    other.look_for_pause(errmsg)

    def recall(self) -> None:
        """Send those with a connection back into the line."""
        for place in self._inside:
            place.alarm.ring(Ring.RECALL)

    def _watch(self) -> None:
        if self._timer is not None:
            return
        now = self._now()
        delay = _LOOK_AT_CONNECTIONS if self._ready.count else _LOOK
        for change in (self._paused_until, self._next_due - _AHEAD_WHEN_SLOW):
            if change > now:
                delay = min(delay, change - now)
        self._timer = self.loop.call_later(delay, self._look)

    def _look(self) -> None:
        """Look again at what nobody tells: a pause of another process, a peer that hung up, a permit soon due."""
        self._timer = None
        if self.paused_for():
            self.look_for_pause("this path is paused after a 45011 elsewhere")
        for place in [place for place in self._ready if not place.fit()]:
            self._ready.discard(place)
            wake(place)
        self._gate.admit()
        if self._gate.waiting.count or self._ready.count:
            self._watch()

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
