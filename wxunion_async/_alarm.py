"""
The time of one call: one timer for its deadline, its attempt, and whoever ends it from outside.

What rings cancels the call's task, as ``asyncio.timeout`` does; whoever catches the cancellation asks ``caught`` whose
it was. A limit that is put off only moves a number, and a timer that goes off early looks again, so that a call sets
one timer (3.6 µs) where nested scopes would set and move four (8 µs).
"""

import asyncio
import enum
import math

from wxunion_async.errors import UnionError

__all__ = ["Alarm", "Cause", "Ring"]


class Ring(enum.Enum):
    """What ends a wait, other than an error."""

    DEADLINE = enum.auto()
    """The call's time is over."""
    ATTEMPT = enum.auto()
    """The attempt's time is over."""
    RECALL = enum.auto()
    """Those who wait are sent back into their line: what they hold ages."""


Cause = Ring | UnionError
"""Why an alarm rang; an error is what the call shall raise."""


class Alarm:
    """
    Watches over the running task from its making until ``close``.

    Args:
        loop: the running loop.
        call_ends: the deadline on the loop's clock; ``math.inf`` for none yet.
        look_at: when to look for the first time; the end of a first attempt that begins at once.

    """

    __slots__ = (
        "_cancelling",
        "_cause",
        "_closed",
        "_loop",
        "_task",
        "_timer",
        "attempt_ends",
        "call_ends",
        "rings_at",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, call_ends: float, look_at: float) -> None:
        task = asyncio.current_task(loop)
        assert task is not None, "a coroutine of asyncio runs in a task"
        self._loop = loop
        self._task = task
        self._cancelling = task.cancelling()
        self._timer: asyncio.TimerHandle | None = None
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

    @property
    def rang_for_attempt(self) -> bool:
        """Whether it is the attempt's time that is over, and nothing else."""
        return self._cause is Ring.ATTEMPT

    def caught(self, cancellation: asyncio.CancelledError) -> Cause:
        """Return why the alarm rang; raise ``cancellation`` if it, or another beside it, was not ours."""
        cause, self._cause = self._cause, None
        if cause is None or self._task.uncancel() > self._cancelling:
            raise cancellation
        return cause

    def close(self) -> None:
        """Watch no more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._cause is not None:  # it rang, and somebody's code kept the cancellation to itself
            self._cause = None
            self._task.uncancel()

    def _set(self, rings_at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.rings_at = rings_at
        self._timer = self._loop.call_at(rings_at, self._look)

    def _look(self) -> None:
        self._timer, self.rings_at = None, math.inf
        first = min(self.call_ends, self.attempt_ends)
        if self._loop.time() >= first:
            self.ring(Ring.DEADLINE if self.call_ends <= self.attempt_ends else Ring.ATTEMPT)
        elif first < math.inf:
            self._set(first)
