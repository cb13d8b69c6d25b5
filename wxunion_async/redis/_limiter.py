"""One limit for every process."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable

import redis.asyncio

from wxunion_async import _clock
from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError
from wxunion_async.redis import _scripts
from wxunion_async.redis._link import Access, DownError, Link, Watcher
from wxunion_async.redis._pace import Answer, Question
from wxunion_async.redis._slots import Slots

__all__ = ["RedisRateLimiter"]

_logger = logging.getLogger("wxunion_async.redis")


class RedisRateLimiter:
    """
    Keeps one limit over every process that uses the same Redis and prefix.

    Permits are slots that one atomic script hands out on Redis' clock, a fraction of a second ahead at most; whoever
    asks gets room at the same rate, so that processes have even shares however far away they are. While processes with
    different limits ask for a path the lowest counts, and whoever has a higher one logs one warning. While Redis is
    down each process keeps to ``local_share`` of the limit by itself, so the whole limit is kept as long as
    processes × ``local_share`` ≤ 1.

    Args:
        redis: a client of redis-py's asyncio side, with either setting of ``decode_responses``; never closed here.
        prefix: of the keys, which are ``<prefix>:{<app id>}:rate:<path>`` and ``…:pause:<path>``.
        local_share: the share of the limit that this process keeps to while Redis is down, above 0 and at most 1.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    .. versionadded:: 0.1.0

    """

    def __init__(
        self,
        redis: "redis.asyncio.Redis | redis.asyncio.RedisCluster",
        prefix: str = "wxunion",
        local_share: float = 0.25,
    ) -> None:
        self._access = Access(redis, prefix, (_scripts.TAKE, _scripts.PAUSE))
        self._share = _checked_share(local_share)
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._closed = False

    def __repr__(self) -> str:
        return f"RedisRateLimiter(prefix={self._access.prefix!r}, local_share={self._share})"

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        """
        Wait for a permit, first come, first served within this process.

        Raises:
            ClientClosedError: the limiter is closed, or was closed during the wait.
            RuntimeError: the Redis client belongs to another event loop.

        """
        if self._closed:
            raise ClientClosedError("the rate limiter is closed")
        self._access.link.bind()
        await self._lane(app_id, path).slots(limit, self._share).acquire()

    def acquire_nowait(self, app_id: str, path: str, limit: RateLimit) -> bool:
        """Take a permit that is at hand in this process; false if there is none, or if the path is paused."""
        lane = self._lanes.get((app_id, path))
        return lane is not None and lane.slots(limit, self._share).take()

    def room(self, app_id: str, path: str, limit: RateLimit) -> int:
        """Return how many permits are at hand in this process; 0 during a pause."""
        lane = self._lanes.get((app_id, path))
        return 0 if lane is None else lane.slots(limit, self._share).room()

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``, in any process."""
        self._access.link.bind()
        lane = self._lane(app_id, path)
        lane.hold(_clock.monotonic() + seconds)
        with contextlib.suppress(DownError):
            await self._access.call(_scripts.PAUSE, [lane.pause_key], [round(seconds * 1e6)])

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """
        Have ``watcher`` told when Redis goes and when it is back, by a ``StoreDownEvent`` and a ``StoreUpEvent``.

        One who watches several stores and limiters over one Redis client is told once. Call what is returned to end it.
        """
        return self._access.link.watch(watcher)

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain, as far as this process knows; 0.0 for none."""
        lane = self._lanes.get((app_id, path))
        return 0.0 if lane is None else lane.paused_for()

    async def aclose(self) -> None:
        """Hand out no more permits: whoever waits for one gets ``ClientClosedError``. The Redis client stays open."""
        self._closed = True
        await asyncio.gather(*(slots.aclose() for lane in self._lanes.values() for slots in lane.of_limit.values()))
        await self._access.drain()

    def _lane(self, app_id: str, path: str) -> "_Lane":
        lane = self._lanes.get((app_id, path))
        if lane is None:
            lane = self._lanes[app_id, path] = _Lane(self._access, app_id, path)
        return lane


class _Lane:
    """One path of one app: its pause, and its slots by limit, as one process may ask with several."""

    def __init__(self, access: Access, app_id: str, path: str) -> None:
        self._access = access
        self._name = f"{app_id} {path}"
        self._rate_key = access.key(app_id, "rate", path)
        self.pause_key = access.key(app_id, "pause", path)
        self.of_limit: dict[RateLimit, Slots] = {}
        self._until = -math.inf
        self._warned = False

    @property
    def link(self) -> Link:
        return self._access.link

    def slots(self, limit: RateLimit, share: float) -> Slots:
        slots = self.of_limit.get(limit)
        if slots is None:
            slots = self.of_limit[limit] = Slots(self, limit, share)
        return slots

    def paused_for(self) -> float:
        return max(0.0, self._until - _clock.monotonic())

    def hold(self, until: float) -> None:
        """Pause until then, on our clock; a longer pause under way stays."""
        if until > self._until and until > _clock.monotonic():
            self._until = until
            for slots in self.of_limit.values():
                slots.turn()

    def prod(self) -> None:
        """Have Redis tried again, if it is time."""
        self._access.prod(self._rate_key)

    async def ask(self, question: Question) -> Answer:
        limit = question.limit
        args: list[str | bytes | float] = [
            repr(limit.leak),
            limit.bucket_size,
            question.waiting,
            question.want,
            question.seen,
            question.credit,
            question.back,
            question.stamp,
            question.before,
            question.name,
        ]
        now, paused, count, level, leak, burst, gained, credit, near, idle, place = map(
            float, await self._access.call(_scripts.TAKE, [self._rate_key, self.pause_key], args)
        )
        if not self._warned and (leak < limit.leak * (1 - 1e-6) or burst < limit.bucket_size):
            self._warned = True
            _logger.warning("%s: another process has a lower limit, %g a second: that counts", self._name, leak)
        return Answer(now, paused / 1e6, int(count), level, leak, burst, gained, credit, near, idle, int(place))


def _checked_share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"local_share must be a number, not {type(value).__name__}")
    if not 0 < value <= 1:
        raise ValueError(f"local_share must be above 0 and at most 1, not {value}")
    return value
