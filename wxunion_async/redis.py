"""
One token and one limit for many processes, shared through Redis (extra ``redis``).

When Redis is down or slow, calls go on: with the token at hand, and with a share of the limit that each process keeps
by itself. No command is waited for longer than 200 ms.
"""

import asyncio
import contextlib
import logging
import math
import secrets
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, cast

import redis.asyncio
from redis.exceptions import RedisError

from wxunion_async import _clock
from wxunion_async._limiter import LocalRateLimiter
from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError
from wxunion_async.protocols import AccessToken

__all__ = ["RedisRateLimiter", "RedisTokenStore"]

_logger = logging.getLogger("wxunion_async.redis")

_COMMAND_TIMEOUT = 0.2
_PROBE_INTERVAL = 1.0
_LEASE_POLL = 0.03
_DIRECT_INTERVAL = 60.0
_LATE_SHARE = 0.05
_RECHECK_AFTER = 0.1
_MOST_AHEAD = 4
_AHEAD_SECONDS = 0.02

# ── the link: is Redis there? ────────────────────────────────────────────────────────────────────────────────────────


class _DownError(Exception):
    """Redis did not answer, or did not a moment ago."""


class _Link:
    """What all stores and limiters over one Redis client know of its health."""

    def __init__(self) -> None:
        self._down = False
        self._probe_at = 0.0

    async def run(self, command: Callable[[], Awaitable[Any]]) -> Any:
        """Return what ``command`` returns; raises ``_DownError`` at once while Redis is known to be down."""
        if self._down:
            if _clock.monotonic() < self._probe_at:
                raise _DownError
            self._probe_at = _clock.monotonic() + _PROBE_INTERVAL
        try:
            async with asyncio.timeout(_COMMAND_TIMEOUT):
                answer = await command()
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            self._went_down(type(error).__name__)
        else:
            self._came_back()
            return answer
        raise _DownError

    def _went_down(self, why: str) -> None:
        self._probe_at = _clock.monotonic() + _PROBE_INTERVAL
        if not self._down:
            self._down = True
            _logger.warning("Redis does not answer (%s): each process goes on by itself", why)

    def _came_back(self) -> None:
        if self._down:
            self._down = False
            _logger.info("Redis answers again")


_links: "weakref.WeakKeyDictionary[redis.asyncio.Redis, _Link]" = weakref.WeakKeyDictionary()


def _link_of(client: redis.asyncio.Redis) -> _Link:
    return _links.setdefault(client, _Link())


def _check(client: object, prefix: object) -> None:
    if not isinstance(client, (redis.asyncio.Redis, redis.asyncio.RedisCluster)):
        raise TypeError(f"redis must be a redis.asyncio client, not {type(client).__module__}.{type(client).__name__}")
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a str, not {type(prefix).__name__}")
    if not prefix or set("{}") & set(prefix):
        raise ValueError(f"prefix must not be empty or hold a brace, not {prefix!r}")


# ── token ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The life that is left is Redis' own count, so that no wall clock of two machines is ever compared.
_LOAD = """
local value = redis.call('GET', KEYS[1])
if not value then return false end
return {value, redis.call('PTTL', KEYS[1])}
"""
_SAVE = """
if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
# The answer to a SET NX may be lost on its way; who asks again with the same mark holds the lease already.
_LEASE = """
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
return 0
"""
_COMPARE_AND_DELETE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class RedisTokenStore:
    """
    Shares one token over every process that uses the same Redis and prefix.

    One token request per cluster and expiry: whoever fetches holds a lease with an end. While Redis is down each
    process goes on with the token at hand; if it needs one meanwhile, it fetches directly, once a minute at most.

    Args:
        redis: a client of redis-py's asyncio side, with either setting of ``decode_responses``; never closed here.
        prefix: of the keys, which are ``<prefix>:{<app id>}:token`` and ``…:lease``.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    .. versionadded:: 0.1.0

    """

    def __init__(self, redis: "redis.asyncio.Redis", prefix: str = "wxunion") -> None:
        _check(redis, prefix)
        self._prefix = prefix
        self._link = _link_of(redis)
        self._load = redis.register_script(_LOAD)
        self._save = redis.register_script(_SAVE)
        self._lease = redis.register_script(_LEASE)
        self._compare_and_delete = redis.register_script(_COMPARE_AND_DELETE)
        self._direct_at: dict[str, float] = {}

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._prefix!r})"

    def _key(self, app_id: str, what: str) -> str:
        return f"{self._prefix}:{{{app_id}}}:{what}"

    async def load(self, app_id: str) -> AccessToken | None:
        """Return the shared token; ``None`` if there is none, it has ended, or Redis is down."""
        try:
            found = await self._link.run(lambda: self._load(keys=[self._key(app_id, "token")]))
        except _DownError:
            return None
        if not found or found[1] <= 0:
            return None
        return AccessToken(_text(found[0]), _clock.wall_time() + found[1] / 1000)

    async def save(self, app_id: str, token: AccessToken) -> None:
        """Share the token, unless the stored one ends later."""
        life = int((token.expires_at - _clock.wall_time()) * 1000)
        if life > 0:
            with contextlib.suppress(_DownError):
                key = self._key(app_id, "token")
                await self._link.run(lambda: self._save(keys=[key], args=[token.value, life]))

    async def discard(self, app_id: str, value: str) -> None:
        """Forget the token if it still is the one with this value."""
        with contextlib.suppress(_DownError):
            key = self._key(app_id, "token")
            await self._link.run(lambda: self._compare_and_delete(keys=[key], args=[value]))

    @contextlib.asynccontextmanager
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None]:
        """Wait for the sole right to fetch; it ends by itself after ``seconds``, should its holder die."""
        key, mark = self._key(app_id, "lease"), secrets.token_hex(8)
        try:
            await self._gain(app_id, key, mark, seconds)
            yield
        finally:
            with contextlib.suppress(_DownError):
                await self._link.run(lambda: self._compare_and_delete(keys=[key], args=[mark]))

    async def _gain(self, app_id: str, key: str, mark: str, seconds: float) -> None:
        while True:
            try:
                if await self._link.run(lambda: self._lease(keys=[key], args=[mark, math.ceil(seconds * 1000)])):
                    return
                await asyncio.sleep(_LEASE_POLL * (0.5 + secrets.randbelow(1000) / 1000))
            except _DownError:
                now = _clock.monotonic()
                if now >= self._direct_at.get(app_id, 0.0):
                    self._direct_at[app_id] = now + _DIRECT_INTERVAL
                    return
                await asyncio.sleep(_PROBE_INTERVAL)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


# ── limit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The generic cell rate algorithm: "tat" is when the bucket will be empty again. All times are Redis' own microseconds,
# so no clock of the callers is trusted; should Redis' clock itself go back (a failover to another machine), time goes
# on from where it was.
_RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local stored = redis.call('HMGET', KEYS[1], 'tat', 'last')
local tat, last = tonumber(stored[1] or now), tonumber(stored[2] or now)
if now < last then tat = tat - last + now end
local paused = 0
local pause = redis.call('HMGET', KEYS[2], 'until', 'span')
if pause[1] then paused = math.max(0, math.min(pause[1] - now, tonumber(pause[2]))) end
local from = now + paused
if tat < from then tat = from end
local slot = math.max(from, tat - tolerance)
tat = tat + interval
redis.call('HSET', KEYS[1], 'tat', string.format('%.3f', tat), 'last', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((tat - now) / 1000) + 60000)
return {string.format('%.0f', slot - now), string.format('%.0f', paused)}
"""
_PAUSE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local span = tonumber(ARGV[1])
local known = redis.call('HGET', KEYS[1], 'until')
if not known or tonumber(known) < now + span then
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + span), 'span', string.format('%.0f', span))
  redis.call('PEXPIRE', KEYS[1], math.ceil(span / 1000) + 1000)
end
return 1
"""
_PAUSED = """
local time = redis.call('TIME')
local pause = redis.call('HMGET', KEYS[1], 'until', 'span')
if not pause[1] then return '0' end
local left = math.min(pause[1] - (time[1] * 1000000 + time[2]), tonumber(pause[2]))
return string.format('%.0f', math.max(0, left))
"""


class RedisRateLimiter:
    """
    Keeps one limit over every process that uses the same Redis and prefix.

    Each permit is a slot that one atomic script reserves on Redis' clock. While Redis is down each process keeps to
    ``local_share`` of the limit by itself, so the whole limit is kept as long as processes × ``local_share`` ≤ 1.

    Args:
        redis: a client of redis-py's asyncio side, with either setting of ``decode_responses``; never closed here.
        prefix: of the keys, which are ``<prefix>:{<app id>}:rate:<path>`` and ``…:pause:<path>``.
        local_share: the share of the limit that this process keeps to while Redis is down, above 0 and at most 1.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    .. versionadded:: 0.1.0

    """

    def __init__(self, redis: "redis.asyncio.Redis", prefix: str = "wxunion", local_share: float = 0.25) -> None:
        _check(redis, prefix)
        if isinstance(local_share, bool) or not isinstance(local_share, (int, float)):
            raise TypeError(f"local_share must be a number, not {type(local_share).__name__}")
        if not 0 < local_share <= 1:
            raise ValueError(f"local_share must be above 0 and at most 1, not {local_share}")
        self._prefix = prefix
        self._share = local_share
        self._link = _link_of(redis)
        self._reserve = redis.register_script(_RESERVE)
        self._pause = redis.register_script(_PAUSE)
        self._paused = redis.register_script(_PAUSED)
        self._local = LocalRateLimiter()
        self._lines: dict[tuple[str, str], _Line] = {}
        self._closed = False

    def __repr__(self) -> str:
        return f"RedisRateLimiter(prefix={self._prefix!r}, local_share={self._share})"

    def _key(self, app_id: str, what: str, path: str) -> str:
        return f"{self._prefix}:{{{app_id}}}:{what}:{path}"

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        """
        Wait for a permit, first come, first served within this process; the first ``limit`` of a path stays.

        Raises:
            ClientClosedError: the limiter is closed, or was closed during the wait.

        """
        if self._closed:
            raise ClientClosedError("the rate limiter is closed")
        line = self._lines.get((app_id, path))
        if line is None:
            line = self._lines[app_id, path] = _Line(limit, _Slots(self, app_id, path, limit))
        await line.acquire()

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``, in any process."""
        await self._local.pause(app_id, path, seconds)
        with contextlib.suppress(_DownError):
            keys = [self._key(app_id, "pause", path)]
            await self._link.run(lambda: self._pause(keys=keys, args=[round(seconds * 1e6)]))

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain, as far as this process knows; 0.0 for none."""
        return self._local.paused_for(app_id, path)

    async def aclose(self) -> None:
        """Hand out no more permits: whoever waits for one gets ``ClientClosedError``. The Redis client stays open."""
        self._closed = True
        reservers = [reserver for line in self._lines.values() for reserver in line.close()]
        await asyncio.gather(*reservers, return_exceptions=True)
        await self._local.aclose()

    # ── for the slots ────────────────────────────────────────────────────────────────────────────────────────────────

    async def reserve(self, app_id: str, path: str, limit: RateLimit) -> float:
        """Reserve the next slot and return how many seconds it is away, on Redis' clock."""
        interval = 1e6 / limit.leak
        keys = [self._key(app_id, "rate", path), self._key(app_id, "pause", path)]
        args = [interval, interval * (limit.bucket_size - 1)]
        wait, paused = await self._link.run(lambda: self._reserve(keys=keys, args=args))
        await self._learn(app_id, path, float(paused) / 1e6)
        return float(wait) / 1e6

    async def still_paused(self, app_id: str, path: str) -> bool:
        """Ask whether a pause has begun since the slot was reserved; no answer means what is known here."""
        with contextlib.suppress(_DownError):
            keys = [self._key(app_id, "pause", path)]
            paused = await self._link.run(lambda: self._paused(keys=keys, args=[]))
            await self._learn(app_id, path, float(paused) / 1e6)
        return self.paused_for(app_id, path) > 0

    async def _learn(self, app_id: str, path: str, paused: float) -> None:
        if paused > 0:
            await self._local.pause(app_id, path, paused)

    async def local_permit(self, app_id: str, path: str, limit: RateLimit) -> None:
        """Wait for a permit of this process' own share."""
        share = RateLimit(max(1, math.floor(limit.max_rate * self._share)), limit.time_period)
        await self._local.acquire(app_id, path, share)


class _Slots:
    """Where the permits of one app and path come from: Redis, or the local share while it is down."""

    def __init__(self, limiter: RedisRateLimiter, app_id: str, path: str, limit: RateLimit) -> None:
        self._limiter = limiter
        self._where = app_id, path
        self._limit = limit
        self._last_slot = 0.0
        self._trip = math.inf

    async def next(self) -> None:
        """Return when the next slot has come."""
        late_once = False
        while True:
            try:
                slot, waited = await self._reserved()
            except _DownError:
                await self._local()
                return
            late = _clock.monotonic() - slot
            too_late = late > _LATE_SHARE * self._limit.time_period and not late_once
            late_once = late_once or too_late
            paused = self._limiter.paused_for(*self._where) > 0
            if not paused and waited > _RECHECK_AFTER:
                paused = await self._limiter.still_paused(*self._where)
            if not paused and not too_late:
                return

    async def _reserved(self) -> tuple[float, float]:
        """Reserve a slot and wait for it; return when it was, on our clock, and how long the wait was."""
        asked = _clock.monotonic()
        wait = await self._limiter.reserve(*self._where, self._limit)
        answered = _clock.monotonic()
        # The way to Redis and back shifts all sends alike; only what is longer than the shortest makes one late.
        self._trip = min(self._trip, answered - asked)
        slot = asked + self._trip + wait
        self._last_slot = max(self._last_slot, slot)
        if slot > answered:
            await asyncio.sleep(slot - answered)
        return slot, wait

    async def _local(self) -> None:
        """Wait for a permit of the local share, not before the last slot that Redis has counted already."""
        await asyncio.sleep(max(0.0, self._last_slot - _clock.monotonic()))
        await self._limiter.local_permit(*self._where, self._limit)


class _Line:
    """Those of this process who wait to send on one path, and a few reservers that bring them permits."""

    def __init__(self, limit: RateLimit, slots: _Slots) -> None:
        self._slots = slots
        # Some slots are fetched ahead, to hide the way to Redis; few, since a slot of a process that died is lost.
        self._most = max(1, min(_MOST_AHEAD, math.ceil(limit.leak * _AHEAD_SECONDS)))
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._reservers: set[asyncio.Task[None]] = set()
        self._closed = False

    async def acquire(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if len(self._reservers) < min(self._most, len(self._waiters)):
            self._reservers.add(asyncio.create_task(self._bring(), name="wxunion_async slots"))
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                with contextlib.suppress(ValueError):
                    self._waiters.remove(waiter)
            else:
                self._hand_over()  # granted and cancelled in the same moment: the next one has it now
            raise
        if self._closed:
            raise ClientClosedError("the rate limiter is closed")

    def _hand_over(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def _bring(self) -> None:
        try:
            while self._waiters:
                await self._slots.next()
                self._hand_over()
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody in line has to learn of it
            self._fail(error)
        finally:
            # Not in a callback: until that ran, a newcomer would rely on a reserver that has ended.
            self._reservers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _fail(self, error: Exception) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error)
                return

    def close(self) -> list[asyncio.Task[None]]:
        """Have those in line raise; return the reservers, which are about to end."""
        self._closed = True
        while self._waiters:
            self._hand_over()
        reservers = [*self._reservers]
        for reserver in reservers:
            reserver.cancel()
        return reservers


def share_through(url: str) -> tuple[RedisTokenStore, RedisRateLimiter, Callable[[], Awaitable[None]]]:
    """
    Return a store and a limiter over a Redis client of their own, and what closes limiter and client.

    Raises:
        ValueError: ``url`` is no Redis URL; it is not repeated, since it may hold a password.

    """
    try:
        client = redis.asyncio.Redis.from_url(url)
    except ValueError:
        client = None
    if client is None:
        raise ValueError("this is no redis://, rediss:// or unix:// URL")
    limiter = RedisRateLimiter(client)

    async def close() -> None:
        await limiter.aclose()
        await client.aclose()

    return RedisTokenStore(client), limiter, close
