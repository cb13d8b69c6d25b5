"""
Permits to send, per app and path, in this process.

aiolimiter's bucket alone would let nearly twice ``max_rate`` through in one period, and newcomers overtake those who
wait. So the bucket is sized by ``RateLimit.bucket_size`` and ``leak``, and one pump per path awaits it on behalf of a
first-come-first-served line.
"""

import asyncio
import contextlib
from collections import deque

from aiolimiter import AsyncLimiter

from wxunion_async import _clock
from wxunion_async.config import RateLimit

__all__ = ["LocalRateLimiter"]


class _Line:
    """Those who wait to send on one path, and the bucket that lets them go."""

    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        self.paused_until = 0.0
        self._bucket = AsyncLimiter(limit.bucket_size, limit.bucket_size / limit.leak)
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._pump: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        if not self._waiters and _clock.monotonic() >= self.paused_until and self._bucket.has_capacity():
            await self._bucket.acquire()  # does not suspend: there is room
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if self._pump is None:
            self._pump = asyncio.create_task(self._run(), name="wxunion_async permits")
        try:
            await waiter
        except asyncio.CancelledError:
            self._leave(waiter)
            raise

    def _leave(self, waiter: asyncio.Future[None]) -> None:
        """Give back the place in line, or the permit itself if it was handed over at the last moment."""
        if waiter.cancelled():
            with contextlib.suppress(ValueError):  # the pump may have passed over it
                self._waiters.remove(waiter)
        else:
            self._hand_over()
        if not self._waiters:
            self.stop()

    def _hand_over(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def _run(self) -> None:
        while self._waiters:
            pause = self.paused_until - _clock.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
                continue
            await self._bucket.acquire()
            # A pause that began meanwhile voids this permit: handed over later, it would be one too many then.
            if _clock.monotonic() >= self.paused_until:
                self._hand_over()
        self._pump = None

    def stop(self) -> asyncio.Task[None] | None:
        """End the pump and return it; a permit that it has not handed over is not taken."""
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
        return pump


class LocalRateLimiter:
    """
    The limiter of one process; share one between clients of the same app.

    It keeps the rule of ``RateLimit`` on the clock of the event loop. Use it in one event loop.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], _Line] = {}

    def _line(self, app_id: str, path: str, limit: RateLimit) -> _Line:
        line = self._lines.get((app_id, path))
        if line is None:
            line = self._lines[app_id, path] = _Line(limit)
        return line

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        """Wait for a permit, first come, first served; the first ``limit`` of a path stays."""
        await self._line(app_id, path, limit).acquire()

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``."""
        line = self._lines.get((app_id, path))
        if line is not None:
            line.paused_until = max(line.paused_until, _clock.monotonic() + seconds)

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain; 0.0 for none."""
        line = self._lines.get((app_id, path))
        return 0.0 if line is None else max(0.0, line.paused_until - _clock.monotonic())

    async def aclose(self) -> None:
        """End the pumps."""
        pumps = [pump for line in self._lines.values() if (pump := line.stop())]
        await asyncio.gather(*pumps, return_exceptions=True)
