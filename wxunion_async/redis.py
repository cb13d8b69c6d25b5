"""
One token and one limit for many processes, shared through Redis (extra ``redis``).

When Redis is down or slow, calls go on: with the token at hand, and with a share of the limit that each process keeps
to by itself. No command is waited for longer than 200 ms.
"""

import asyncio
import contextlib
import logging
import math
import secrets
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

import attrs
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from wxunion_async import _clock
from wxunion_async._limiter import LocalRateLimiter
from wxunion_async._token import MemoryTokenStore
from wxunion_async.config import RateLimit
from wxunion_async.errors import ClientClosedError
from wxunion_async.protocols import AccessToken

__all__ = ["RedisRateLimiter", "RedisTokenStore", "share_through"]

T = TypeVar("T")
_logger = logging.getLogger("wxunion_async.redis")

_COMMAND_TIMEOUT = 0.2
_PROBE_INTERVAL = 1.0
_SETTLE = 1.5  # so long another process may take to notice that Redis is back: a probe's interval and its timeout
_DIRECT_AFTER = 1.0  # a Redis that answers the second question is not down, and a token request less is spent
_FIRST_DIRECT, _LAST_DIRECT = 60.0, 480.0
_LEASE_CLAIM = 1.0
_FIRST_POLL, _LAST_POLL = 0.02, 0.25
_LATE_SHARE = 0.03
_ASK_AHEAD = 0.01
_MOST_AT_ONCE = 32
_PAUSE_UNKNOWN = 0.1

# ── the link: is Redis there? ────────────────────────────────────────────────────────────────────────────────────────


class _DownError(Exception):
    """Redis did not answer, or did not a moment ago."""


class _Link:
    """What all stores and limiters over one Redis client know of its health."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._down_at: float | None = None
        self._probe_at = 0.0
        self._back_at = -math.inf

    def bind(self) -> None:
        """Belong to the running event loop from now on, as the connections of the Redis client do."""
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise RuntimeError("this Redis client belongs to another event loop: make one per event loop")

    async def run(self, command: Callable[[], Awaitable[T]]) -> T:
        """Return what ``command`` returns; raises ``_DownError`` at once while Redis is known to be down."""
        self.bind()
        probing = self._down_at is not None
        if probing:
            if _clock.monotonic() < self._probe_at:
                raise _DownError
            self._probe_at = _clock.monotonic() + _PROBE_INTERVAL
        try:
            async with asyncio.timeout(_COMMAND_TIMEOUT):
                answer = await command()
        except Exception as error:  # noqa: BLE001 - whatever Redis does, no call shall fail of it
            # Its name only: a server that refuses a command quotes the arguments, and a token may be one.
            self._went_down(type(error).__name__)
        else:
            # An answer on its way since before the outage does not end it.
            if probing:
                self._came_back()
            return answer
        raise _DownError  # out here, where it does not keep the error

    def down_for(self) -> float:
        """Return for how many seconds Redis has been down; 0.0 when it is not."""
        return 0.0 if self._down_at is None else _clock.monotonic() - self._down_at

    def settling(self) -> bool:
        """Say whether other processes may still take Redis for down, which it was a moment ago."""
        return _clock.monotonic() < self._back_at + _SETTLE

    def _went_down(self, why: str) -> None:
        now = _clock.monotonic()
        self._probe_at = now + _PROBE_INTERVAL
        if self._down_at is None:
            self._down_at = now
            _logger.warning("Redis does not answer (%s): this process goes on by itself", why)

    def _came_back(self) -> None:
        self._down_at = None
        self._back_at = _clock.monotonic()
        _logger.info("Redis answers again")


_Client = redis.asyncio.Redis | redis.asyncio.RedisCluster
_links: "weakref.WeakKeyDictionary[_Client, _Link]" = weakref.WeakKeyDictionary()


def _link_of(client: _Client) -> _Link:
    return _links.setdefault(client, _Link())


def _check(client: object, prefix: object) -> None:
    if not isinstance(client, (redis.asyncio.Redis, redis.asyncio.RedisCluster)):
        raise TypeError(f"redis must be a redis.asyncio client, not {type(client).__module__}.{type(client).__name__}")
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a str, not {type(prefix).__name__}")
    if not prefix or set("{}") & set(prefix):
        raise ValueError(f"prefix must not be empty or hold a brace, not {prefix!r}")


# ── token ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The life that is left is Redis' own count, so that no wall clocks of two machines are ever compared.
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
# Whoever asks again with the same mark holds it already: the answer may have been lost on its way.
_LEASE = """
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_COMPARE_AND_DELETE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class RedisTokenStore:
    """
    Shares one token over every process that uses the same Redis and prefix.

    One token request for all of them and each expiry: whoever fetches holds a lease, which has an end. While Redis is
    down each process goes on with the token at hand; if it needs one, it fetches it directly, one caller at a time,
    once a minute at first and ever more seldom.

    Args:
        redis: a client of redis-py's asyncio side, with either setting of ``decode_responses``; never closed here.
        prefix: of the keys, which are ``<prefix>:{<app id>}:token`` and ``…:lease``.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    .. versionadded:: 0.1.0

    """

    def __init__(self, redis: "redis.asyncio.Redis | redis.asyncio.RedisCluster", prefix: str = "wxunion") -> None:
        _check(redis, prefix)
        self._prefix = prefix
        self._link = _link_of(redis)
        self._load = redis.register_script(_LOAD)
        self._save = redis.register_script(_SAVE)
        self._lease = redis.register_script(_LEASE)
        self._compare_and_delete = redis.register_script(_COMPARE_AND_DELETE)
        self._local = MemoryTokenStore()
        self._direct: dict[str, _Direct] = {}

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._prefix!r})"

    def _key(self, app_id: str, what: str) -> str:
        return f"{self._prefix}:{{{app_id}}}:{what}"

    async def load(self, app_id: str) -> AccessToken | None:
        """Return the shared token, or ``None``; while Redis is down, the one that this process has saved last."""
        try:
            found = await self._link.run(lambda: self._load(keys=[self._key(app_id, "token")]))
        except _DownError:
            return await self._local.load(app_id)
        if not found or found[1] <= 0:
            return None
        return AccessToken(_text(found[0]), _clock.wall_time() + found[1] / 1000)

    async def save(self, app_id: str, token: AccessToken) -> None:
        """Share the token, unless the stored one ends later."""
        await self._local.save(app_id, token)
        life = math.floor((token.expires_at - _clock.wall_time()) * 1000)
        if life > 0:
            key = self._key(app_id, "token")
            with contextlib.suppress(_DownError):
                await self._link.run(lambda: self._save(keys=[key], args=[token.value, life]))

    async def discard(self, app_id: str, value: str) -> None:
        """Forget the token if it still is the one with this value."""
        await self._local.discard(app_id, value)
        await self._delete_if(self._key(app_id, "token"), value)

    async def _delete_if(self, key: str, value: str) -> None:
        with contextlib.suppress(_DownError):
            await self._link.run(lambda: self._compare_and_delete(keys=[key], args=[value]))

    @contextlib.asynccontextmanager
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None]:
        """Wait for the sole right to fetch; it ends by itself after ``seconds``, should its holder die."""
        key, mark = self._key(app_id, "lease"), secrets.token_hex(8)
        # One of this process at a time, with Redis and without.
        async with self._local.lease(app_id, seconds):
            try:
                await self._gain(app_id, key, mark, seconds)
                yield
            finally:
                await self._delete_if(key, mark)

    async def _gain(self, app_id: str, key: str, mark: str, seconds: float) -> None:
        poll = _FIRST_POLL
        while True:
            try:
                # For a moment first: it may be carried out when nobody waits for its answer any more.
                if await self._claim(key, mark, _LEASE_CLAIM) and await self._claim(key, mark, seconds):
                    return
                wait = poll * (0.5 + secrets.randbelow(1000) / 1000)
                poll = min(2 * poll, _LAST_POLL)
            except _DownError:
                wait = self._direct_wait(app_id)
                if wait <= 0:
                    return
            await asyncio.sleep(wait)

    async def _claim(self, key: str, mark: str, seconds: float) -> bool:
        return bool(await self._link.run(lambda: self._lease(keys=[key], args=[mark, math.ceil(seconds * 1000)])))

    def _direct_wait(self, app_id: str) -> float:
        """Return how many seconds to wait before asking Redis again; 0.0 gives leave to fetch without it, once."""
        direct = self._direct.setdefault(app_id, _Direct())
        wait = max(_DIRECT_AFTER - self._link.down_for(), direct.wait())
        if wait <= 0:
            direct.take()
            return 0.0
        return min(wait, _PROBE_INTERVAL)


class _Direct:
    """How often one process may fetch a token without a lease, whatever Redis does: the token quota is limited."""

    def __init__(self) -> None:
        self._next_at = -math.inf
        self._pause = _FIRST_DIRECT

    def wait(self) -> float:
        return self._next_at - _clock.monotonic()

    def take(self) -> None:
        if -self.wait() > _LAST_DIRECT:
            self._pause = _FIRST_DIRECT
        self._next_at = _clock.monotonic() + self._pause
        self._pause = min(2 * self._pause, _LAST_DIRECT)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


# ── limit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# The generic cell rate algorithm, for several slots at once: "tat" is when the bucket will be empty again. All times
# are Redis' own microseconds, so no clock of a caller is trusted; should that clock go back itself (a failover to
# another machine), time goes on from where it was.
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
tat = math.max(tat, from)
local answer = {string.format('%.0f', paused)}
for _ = 1, tonumber(ARGV[3]) do
  answer[#answer + 1] = string.format('%.0f', math.max(from, tat - tolerance) - now)
  tat = tat + interval
end
redis.call('HSET', KEYS[1], 'tat', string.format('%.3f', tat), 'last', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((tat - now) / 1000) + 60000)
return answer
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

    Permits are slots that one atomic script reserves on Redis' clock; the slot of a waiter that gives up is lost, or
    serves the next one in line. While Redis is down each process keeps to ``local_share`` of the limit by itself, so
    the whole limit is kept as long as processes × ``local_share`` ≤ 1.

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
        _check(redis, prefix)
        self._prefix = prefix
        self._share = _checked_share(local_share)
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
            RuntimeError: the Redis client belongs to another event loop.

        """
        if self._closed:
            raise _closed_error()
        self._link.bind()
        line = self._lines.get((app_id, path))
        if line is None:
            line = self._lines[app_id, path] = _Line(_Slots(self, app_id, path, limit))
        await line.acquire()

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        """Hand out no permit for this path during the next ``seconds``, in any process."""
        await self._local.pause(app_id, path, seconds)
        keys = [self._key(app_id, "pause", path)]
        with contextlib.suppress(_DownError):
            await self._link.run(lambda: self._pause(keys=keys, args=[round(seconds * 1e6)]))

    def paused_for(self, app_id: str, path: str) -> float:
        """Return how many seconds of a pause remain, as far as this process knows; 0.0 for none."""
        return self._local.paused_for(app_id, path)

    async def aclose(self) -> None:
        """Hand out no more permits: whoever waits for one gets ``ClientClosedError``. The Redis client stays open."""
        self._closed = True
        pumps = [pump for line in self._lines.values() if (pump := line.close())]
        await asyncio.gather(*pumps, return_exceptions=True)
        await self._local.aclose()

    # ── for the slots ────────────────────────────────────────────────────────────────────────────────────────────────

    def settling(self) -> bool:
        """Say whether other processes may still be going by their local shares."""
        return self._link.settling()

    async def reserve(self, app_id: str, path: str, limit: RateLimit, count: int) -> list[float]:
        """Reserve the next slots and return how many seconds each is away, on Redis' clock."""
        interval = 1e6 / limit.leak
        keys = [self._key(app_id, "rate", path), self._key(app_id, "pause", path)]
        args = [interval, interval * (limit.bucket_size - 1), count]

        async def script() -> list[float]:
            return [float(number) / 1e6 for number in await self._reserve(keys=keys, args=args)]

        asked = _clock.monotonic()
        paused, *waits = await self._link.run(script)
        await self._learn(app_id, path, asked, paused)
        return waits

    async def ask_for_pause(self, app_id: str, path: str) -> None:
        """Learn whether a pause has begun; without an answer, what is known here stays."""
        keys = [self._key(app_id, "pause", path)]

        async def script() -> float:
            return float(await self._paused(keys=keys)) / 1e6

        asked = _clock.monotonic()
        with contextlib.suppress(_DownError):
            await self._learn(app_id, path, asked, await self._link.run(script))

    async def _learn(self, app_id: str, path: str, asked: float, paused: float) -> None:
        # From when it was asked, so that it does not outlast the slots that were reserved behind it.
        left = paused - (_clock.monotonic() - asked)
        if left > 0:
            await self._local.pause(app_id, path, left)

    async def local_permit(self, app_id: str, path: str, limit: RateLimit) -> None:
        """Wait for a permit of this process' own share."""
        share = limit.max_rate * self._share
        own = RateLimit(math.floor(share), limit.time_period) if share >= 1 else RateLimit(1, limit.time_period / share)
        await self._local.acquire(app_id, path, own)


def _checked_share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"local_share must be a number, not {type(value).__name__}")
    if not 0 < value <= 1:
        raise ValueError(f"local_share must be above 0 and at most 1, not {value}")
    return value


def _closed_error() -> ClientClosedError:
    return ClientClosedError("the rate limiter is closed")


@attrs.frozen
class _Slot:
    """One reserved slot, on our clock: it lies between ``earliest`` and ``at``, which differ by the way to Redis."""

    earliest: float
    at: float


class _Slots:
    """Where the permits of one app and path come from: Redis, or the local share while it is down."""

    def __init__(self, limiter: RedisRateLimiter, app_id: str, path: str, limit: RateLimit) -> None:
        self._limiter = limiter
        self._where = app_id, path
        self._limit = limit
        # Several with one script where permits are so dense that the way to Redis would cost some; few, since those
        # of a process that dies are lost.
        self._most = max(1, min(_MOST_AT_ONCE, round(limit.leak * _ASK_AHEAD)))
        self._trip = math.inf
        self._lenient = False

    async def bring(self, wanted: int, hand_over: Callable[[], None]) -> None:
        """Reserve some slots, ``wanted`` at most, and call ``hand_over`` when each has come."""
        # While some processes go by their shares and others by Redis again, both together would exceed the limit.
        settling = self._limiter.settling()
        if settling:
            await self._local_permit()
        try:
            slots = await self._reserve(1 if settling else min(wanted, self._most))
        except _DownError:
            if not settling:
                await self._local_permit()
            hand_over()
            return
        granted = False
        for slot in slots:
            if not await self._come(slot):
                return
            if self._lenient or self._in_time(slot):
                granted = True
                hand_over()
        # A process that is always late still gets something, if only every other time.
        self._lenient = not granted

    async def _local_permit(self) -> None:
        await self._limiter.local_permit(*self._where, self._limit)

    async def _reserve(self, count: int) -> list[_Slot]:
        asked = _clock.monotonic()
        waits = await self._limiter.reserve(*self._where, self._limit, count)
        answered = _clock.monotonic()
        # The usual way to Redis and back shifts all sends alike; only what is longer makes some of them late.
        trip = answered - asked
        self._trip = trip if trip < self._trip else self._trip + (trip - self._trip) / 100
        return [_Slot(asked + self._trip + wait, answered + wait) for wait in waits]

    async def _come(self, slot: _Slot) -> bool:
        """Wait for the slot; ``False`` if a pause has begun, which makes it void."""
        wait = slot.at - _clock.monotonic()
        if wait > _PAUSE_UNKNOWN:
            # Just before, so that the question itself does not make it late.
            await asyncio.sleep(wait - _PAUSE_UNKNOWN / 2)
            await self._limiter.ask_for_pause(*self._where)
            wait = slot.at - _clock.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        return self._limiter.paused_for(*self._where) <= 0

    def _in_time(self, slot: _Slot) -> bool:
        """Say whether sending now is no later than the windows of the limit allow for; else the slot is void."""
        return _clock.monotonic() - slot.earliest <= _LATE_SHARE * self._limit.time_period


class _Line:
    """Those of this process who wait to send on one path, and one pump that brings them permits."""

    def __init__(self, slots: _Slots) -> None:
        self._slots = slots
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    async def acquire(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if self._pump is None or self._pump.done():  # done, if somebody else has cancelled it
            self._pump = asyncio.create_task(self._run(), name="wxunion_async slots")
        try:
            await waiter
        except asyncio.CancelledError:
            self._leave(waiter)
            raise
        if self._closed:
            raise _closed_error()

    def _leave(self, waiter: "asyncio.Future[None]") -> None:
        if waiter.cancelled():
            with contextlib.suppress(ValueError):  # the pump may have passed over it
                self._waiters.remove(waiter)
        else:
            self._hand_over()  # granted and cancelled in the same moment: the next one has it now
        if not self._waiters:
            self._stop()

    def _hand_over(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def _run(self) -> None:
        while self._waiters:
            await self._slots.bring(len(self._waiters), self._hand_over)
        self._pump = None

    def _stop(self) -> asyncio.Task[None] | None:
        """End the pump and return it; the slots that it has reserved are lost."""
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
        return pump

    def close(self) -> asyncio.Task[None] | None:
        """Have those in line raise; return the pump, which is about to end."""
        self._closed = True
        while self._waiters:
            self._hand_over()
        return self._stop()


# ── both at once, for a client from the environment ──────────────────────────────────────────────────────────────────


def share_through(url: str) -> tuple[RedisTokenStore, RedisRateLimiter, Callable[[], Awaitable[None]]]:
    """
    Return a store and a limiter over a Redis client of their own, and what closes it.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``, as redis-py takes it.

    Raises:
        ValueError: it is no such URL; the message does not show it, since it may hold a password.

    """
    client: redis.asyncio.Redis | None = None
    with contextlib.suppress(ValueError):
        # Once more and at once: a connection that the server has given up while it was idle is no outage.
        client = redis.asyncio.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=Retry(NoBackoff(), 1)
        )
    if client is None:
        raise ValueError("this is no redis://, rediss:// or unix:// URL")
    connected, limiter = client, RedisRateLimiter(client)

    async def close() -> None:
        await limiter.aclose()
        await connected.aclose()

    return RedisTokenStore(client), limiter, close
