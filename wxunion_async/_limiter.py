"""
Permits to send, per app and path, in this process.

aiolimiter's bucket alone would let nearly twice ``max_rate`` through in one period, and newcomers overtake those who
wait. So the bucket is sized by ``RateLimit.bucket_size`` and ``leak``, and one pump per path awaits it on behalf of a
first-come-first-served line.
"""

import asyncio
import contextlib
import itertools
from collections import defaultdict, deque

from aiolimiter import AsyncLimiter

from wxunion_async import _clock
from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError

__all__ = ["LocalRateLimiter"]

_LATENESS = 1e-4
"""
Of a period: a permit counts from the pump's turn of the event loop, and its holder has his own in the next.

The rate is lower by so much, so that turns of different length do not push one send too many into a window.
"""


class _Pause:
    """A deadline that only ever moves away."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until = 0.0

    def extend(self, seconds: float) -> None:
        self._until = max(self._until, _clock.monotonic() + seconds)

    def left(self) -> float:
        return max(0.0, self._until - _clock.monotonic())


class _Place:
    """A place in line; its number says who was first."""

    __slots__ = ("number", "turn")

    def __init__(self, number: int) -> None:
        self.number = number
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class _Line:
    """Those who wait to send on one path, and the bucket that lets them go."""

    def __init__(self, limit: RateLimit, pause: _Pause) -> None:
        self._pause = pause
        self._bucket = AsyncLimiter(limit.bucket_size, limit.bucket_size / limit.leak * (1 + _LATENESS))
        self._places: deque[_Place] = deque()
        self._numbers = itertools.count()
        self._leaving = 0
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    async def acquire(self) -> None:
        if not self._places and not self._leaving and not self._pause.left() and self._bucket.has_capacity():
            await self._bucket.acquire()  # does not suspend: there is room
            return
        number = next(self._numbers)
        await self._turn(number)
        # A pause that began between the grant and this moment voids the permit; the place is kept.
        while self._pause.left():
            await self._turn(number)

    async def _turn(self, number: int) -> None:
        place = _Place(number)
        self._enter(place)
        try:
            await place.turn
        except asyncio.CancelledError:
            self._leave(place)
            raise
        self._leaving -= 1
        if self._closed:
            raise _closed_error()

    def _enter(self, place: _Place) -> None:
        ahead = len(self._places)
        if ahead and place.number < self._places[-1].number:  # back from a void permit, so near the head
            ahead = next(index for index, other in enumerate(self._places) if place.number < other.number)
        self._places.insert(ahead, place)
        if self._pump is None:
            self._pump = asyncio.create_task(self._run(), name="wxunion_async permits")

    def _leave(self, place: _Place) -> None:
        """Give back the place in line, or the permit itself if it was handed over at the last moment."""
        if place.turn.cancelled():
            with contextlib.suppress(ValueError):  # the pump may have passed over it
                self._places.remove(place)
        else:
            self._leaving -= 1
            self._hand_over()
        if not self._places:
            self._stop()

    def _hand_over(self) -> None:
        while self._places:
            place = self._places.popleft()
            if not place.turn.done():
                self._leaving += 1
                place.turn.set_result(None)
                return

    async def _run(self) -> None:
        while self._places:
            if pause := self._pause.left():
                await asyncio.sleep(pause)
                continue
            await self._bucket.acquire()
            if not self._pause.left():
                self._hand_over()
        self._pump = None

    def _stop(self) -> asyncio.Task[None] | None:
        """End the pump and return it; a permit that it has not handed over is not taken."""
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
        return pump

    def close(self) -> asyncio.Task[None] | None:
        """Have those in line raise ``ClientClosedError``; return the pump, which is about to end."""
        self._closed = True
        # Woken rather than failed: an error set on one who was cancelled in the same moment would never be retrieved.
        while self._places:
            self._hand_over()
        return self._stop()


class LocalRateLimiter:
    """
    The limiter of one process; share one between clients of the same app.

    It keeps the rule of ``RateLimit`` on the clock of the event loop. Use it in one event loop.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], _Line] = {}
        self._pauses: defaultdict[tuple[str, str], _Pause] = defaultdict(_Pause)
        self._closed = False

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        """
        Wait for a permit, first come, first served; the first ``limit`` of a path stays.

        Raises:
            ClientClosedError: the limiter is closed, or was closed during the wait.

        """
        if self._closed:
            raise _closed_error()
        line = self._lines.get((app_id, path))
        if line is None:
            line = self._lines[app_id, path] = _Line(limit, self._pauses[app_id, path])
        await line.acquire()

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``; a longer pause under way stays."""
        self._pauses[app_id, path].extend(seconds)

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain; 0.0 for none."""
        pause = self._pauses.get((app_id, path))
        return 0.0 if pause is None else pause.left()

    async def aclose(self) -> None:
        """Hand out no more permits: whoever waits for one gets ``ClientClosedError``."""
        self._closed = True
        pumps = [pump for line in self._lines.values() if (pump := line.close())]
        await asyncio.gather(*pumps, return_exceptions=True)


def _closed_error() -> ClientClosedError:
    return ClientClosedError("the rate limiter is closed")
