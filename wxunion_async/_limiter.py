"""
Permits to send, per app and path, in this process.

aiolimiter's bucket alone would let nearly twice ``max_rate`` through in one period, and newcomers overtake those who
wait. So the bucket is sized by ``RateLimit.bucket_size`` and ``leak``, and only the first in line asks it.
"""

import asyncio
import contextlib

from aiolimiter import AsyncLimiter

from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError

__all__ = ["LocalRateLimiter"]

_LATENESS = 1e-4
"""
Of a period: a permit counts from the turn of the event loop in which it was granted, and may be used in the next.

The rate is lower by so much, so that turns of different length do not push one send too many into a window.
"""

_LOOK_AHEAD = 64
"""Permits that are looked for at a time; the look takes 1.2 µs."""


class _Path:
    """One path's bucket, its pause, and the line of those who wait."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: RateLimit, *, paused_until: float, full: bool) -> None:
        self.loop = loop
        self.paused_until = paused_until
        self.size = limit.bucket_size
        self.bucket = AsyncLimiter(limit.bucket_size, limit.bucket_size / limit.leak * (1 + _LATENESS))
        self.first_in_line = asyncio.Lock()
        self.waiting = 0
        self.certain = 0
        """So many permits are there for sure: a bucket that had room only gets emptier until somebody takes some."""
        self.closed = False
        self._taker: asyncio.Task[object] | None = None
        """Who waits for the bucket, and may be told of the end."""
        while not full and self.take_nowait():
            pass

    def paused_for(self) -> float:
        return max(0.0, self.paused_until - self.loop.time())

    def take_nowait(self) -> bool:
        """Take a permit if there is one and nobody waits."""
        if self.waiting or self.paused_until > self.loop.time():
            return False
        if not self.certain:
            # One more than is counted on, since floats are rounded.
            self.certain = _LOOK_AHEAD if self.bucket.has_capacity(_LOOK_AHEAD + 1) else int(self.bucket.has_capacity())
            if not self.certain:
                return False
        self.certain -= 1
        # With room in the bucket ``acquire`` does not suspend: its first step is its last. 1.2 µs less than a task's.
        with contextlib.suppress(StopIteration):
            self.bucket.acquire().send(None)
        return True

    async def take(self) -> None:
        """Wait for a permit, as the first in line, or for the end of the limiter."""
        self._taker = task = asyncio.current_task(self.loop)
        assert task is not None, "a coroutine of asyncio runs in a task"
        cancelling = task.cancelling()
        try:
            while not self.closed:
                if pause := self.paused_for():
                    await asyncio.sleep(pause)
                    continue
                self.certain = 0
                await self.bucket.acquire()
                if not self.paused_for():  # one that came while a pause began is void
                    break
        except asyncio.CancelledError:
            if self._taker is not None or task.uncancel() > cancelling:  # it is not ours, or another came beside it
                raise
        finally:
            self._taker = None

    def close(self) -> None:
        self.closed = True
        # Not ``asyncio.timeout``, which costs 5 µs a permit.
        if self._taker is not None and self.loop is asyncio.get_running_loop():
            self._taker.cancel()
            self._taker = None


class LocalRateLimiter:
    """
    The limiter of one process; share one between clients of the same app.

    It keeps the rule of ``RateLimit`` on the clock of the event loop. It belongs to one event loop at a time: once that
    is closed, it may be used in another, where it begins with an empty bucket.
    """

    def __init__(self) -> None:
        self._paths: dict[tuple[str, str], _Path] = {}
        self._pauses: dict[tuple[str, str], float] = {}
        self._closed = False

    def __repr__(self) -> str:
        return f"LocalRateLimiter({len(self._paths)} paths)"

    def _path(self, app_id: str, path: str, limit: RateLimit) -> _Path:
        if self._closed:
            raise ClientClosedError("the rate limiter is closed")
        found = self._paths.get((app_id, path))
        loop = asyncio.get_running_loop()
        if found is None or found.loop is not loop:
            if found is not None and not found.loop.is_closed():
                raise RuntimeError("this rate limiter belongs to another event loop: make one per event loop")
            until = self._pauses.get((app_id, path), 0.0) if found is None else found.paused_until
            found = self._paths[app_id, path] = _Path(loop, limit, paused_until=until, full=found is None)
        return found

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        """
        Wait for a permit, first come, first served; the first ``limit`` of a path stays.

        Raises:
            ClientClosedError: the limiter is closed, or was closed during the wait.
            RuntimeError: it is in use in another event loop.

        """
        place = self._path(app_id, path, limit)
        if place.take_nowait():
            return
        place.waiting += 1
        try:
            async with place.first_in_line:
                await place.take()
        finally:
            place.waiting -= 1
        if self._closed:
            raise ClientClosedError("the rate limiter is closed")

    def acquire_nowait(self, app_id: str, path: str, limit: RateLimit) -> bool:
        """
        Take a permit if there is one at this moment and nobody waits; else say so.

        Raises:
            ClientClosedError: the limiter is closed.
            RuntimeError: it is in use in another event loop.

        """
        place = self._paths.get((app_id, path))
        if place is None or self._closed or place.loop is not asyncio.get_running_loop():
            place = self._path(app_id, path, limit)
        return place.take_nowait()

    def room(self, app_id: str, path: str, limit: RateLimit) -> int:
        """Return how many permits there are at this moment; 0 during a pause."""
        place = self._path(app_id, path, limit)
        if place.paused_for():
            return 0
        low, high = 0, place.size
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if place.bucket.has_capacity(middle) else (low, middle - 1)
        return low

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``; a longer pause under way stays."""
        until = asyncio.get_running_loop().time() + seconds
        place = self._paths.get((app_id, path))
        if place is None:
            self._pauses[app_id, path] = max(until, self._pauses.get((app_id, path), until))
        else:
            place.paused_until = max(until, place.paused_until)

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain; 0.0 for none."""
        place = self._paths.get((app_id, path))
        if place is not None:
            left = place.paused_until - place.loop.time()
            return left if left > 0 else 0.0
        return max(0.0, self._pauses.get((app_id, path), 0.0) - asyncio.get_running_loop().time())

    async def aclose(self) -> None:
        """Hand out no more permits: whoever waits for one gets ``ClientClosedError``."""
        self._closed = True
        for place in self._paths.values():
            place.close()
