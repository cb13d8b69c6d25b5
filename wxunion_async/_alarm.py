"""
The time of one call: one timer for its deadline, its attempt, and whoever ends it from outside.

What rings cancels the call's task, as ``asyncio.timeout`` does; whoever catches the cancellation asks ``caught`` whose
it was. A limit that is put off only moves a number, and a timer that goes off early looks again, so that a call sets
one timer (3.6 µs) where nested scopes would set and move four (8 µs); and with ``Later`` it sets none, if it is over
soon.
"""

import asyncio
import enum
import math

from wxunion_async.errors import UnionError

__all__ = ["Alarm", "Cause", "Later", "Ring"]


class Ring(enum.Enum):
    """What ends a wait, other than an error."""

    DEADLINE = enum.auto()
    """The call's time is over."""
    ATTEMPT = enum.auto()
    """The attempt's time is over."""
    RECALL = enum.auto()
    """Those who wait are sent back into their line: what they hold ages."""
    SERVED = enum.auto()
    """The permit that is asked for has come another way."""


Cause = Ring | UnionError
"""Why an alarm rang; an error is what the call shall raise."""


class Later:
    """
    Alarms that look in some seconds, by the second in which they do: their timers are set when it begins.

    Nearly all of them are closed by then, so that a set stands for a timer that would be set and taken back.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._seconds: dict[int, set[Alarm]] = {}

    def those_with(self, rings_at: float) -> "set[Alarm] | None":
        """Return the alarms that look in the same second; ``None`` if it has begun."""
        second = int(rings_at)
        alarms = self._seconds.get(second)
        if alarms is None and second > self._loop.time():
            alarms = self._seconds[second] = set()
            self._loop.call_at(second, self._begin, second)
        return alarms

    def _begin(self, second: int) -> None:
        for alarm in self._seconds.pop(second):
            alarm.set_timer()


class Alarm:
    """
    Watches over the running task from its making until ``close``.

    Args:
        loop: the running loop.
        call_ends: the deadline on the loop's clock; ``math.inf`` for none yet.
        look_at: when to look for the first time; the end of a first attempt that begins at once.
        later: those of the same loop that share their timers.

    """

    __slots__ = (
        "_cancelling",
        "_cause",
        "_closed",
        "_later",
        "_loop",
        "_others",
        "_task",
        "_timer",
        "attempt_ends",
        "call_ends",
        "rings_at",
    )

    def __init__(
        self, loop: asyncio.AbstractEventLoop, call_ends: float, look_at: float, later: Later | None = None
    ) -> None:
        task = asyncio.current_task(loop)
        assert task is not None, "a coroutine of asyncio runs in a task"
        self._loop = loop
        self._task = task
        self._cancelling = task.cancelling()
        self._timer: asyncio.TimerHandle | None = None
        self._later = later
        self._others: set[Alarm] | None = None
        """Where it is one of those whose timers are set later."""
        self.rings_at = math.inf
        """When it looks next; a limit that is not before it may simply be set."""
        self.attempt_ends = math.inf
        """The end of the attempt under way; may be put off at will, ``limit_attempt`` brings it nearer."""
        self._cause: Cause | None = None
        self._closed = False
        self.call_ends = call_ends
        """The deadline on the loop's clock; may be put off at will, ``limit_call`` brings it nearer."""
        self._set(min(call_ends, look_at))

    def limit_call(self, ends_at: float) -> None:
        """Set the deadline."""
        self.call_ends = ends_at
        if ends_at < self.rings_at:
            self._set(ends_at)

    def limit_attempt(self, ends_at: float) -> None:
        """Set the end of the attempt that begins."""
        self.attempt_ends = ends_at
        first = min(ends_at, self.call_ends)
        if first < self.rings_at:
            self._set(first)

    def ring(self, cause: Cause) -> None:
        """End the wait that is under way; an error outlasts any other cause, and the first error stays."""
        if self._closed:
            return
        if self._cause is None:
            self._cause = cause
            self._task.cancel()
        elif not isinstance(self._cause, UnionError):
            self._cause = cause if isinstance(cause, UnionError) else self._cause

    def rang_for(self, cause: Ring) -> bool:
        """Say whether it rang for this, and nothing that outlasts it."""
        return self._cause is cause

    def caught(self, cancellation: asyncio.CancelledError) -> Cause:
        """Return why the alarm rang; raise ``cancellation`` if it, or another beside it, was not ours."""
        cause, self._cause = self._cause, None
        if cause is None or self._task.uncancel() > self._cancelling:
            raise cancellation
        if self.rings_at == math.inf and self.call_ends < math.inf:  # it rang for an attempt, or beside another cause
            self._set(self.call_ends)
        return cause

    def close(self) -> None:
        """Watch no more."""
        self._closed = True
        self._unset()
        if self._cause is not None:  # it rang, and somebody's code kept the cancellation to itself
            self._cause = None
            self._task.uncancel()

    def _set(self, rings_at: float) -> None:
        self._unset()
        self.rings_at = rings_at
        self._others = None if self._later is None else self._later.those_with(rings_at)
        if self._others is None:
            self.set_timer()
        else:
            self._others.add(self)

    def set_timer(self) -> None:
        """Set the timer that was put off until now."""
        self._others = None
        self._timer = self._loop.call_at(self.rings_at, self._look)

    def _unset(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        elif self._others is not None:
            self._others.discard(self)
            self._others = None

    def _look(self) -> None:
        self._timer, self.rings_at = None, math.inf
        first = min(self.call_ends, self.attempt_ends)
        if self._loop.time() >= first:
            self.ring(Ring.DEADLINE if self.call_ends <= self.attempt_ends else Ring.ATTEMPT)
        elif first < math.inf:
            self._set(first)
