"""What the Redis limiter has beyond the contract of all limiters: slots, how they get void, how often Redis is asked."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import redis as blocking_redis

from wxunion_async import RateLimit
from wxunion_async import redis as shared
from wxunion_async.redis import RedisRateLimiter

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
RATE_KEY = f"wxunion:{{{APP}}}:rate:{PATH}"


@pytest.fixture
def admin(redis_url: str) -> Any:
    """Look at Redis past the limiter."""
    with blocking_redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def limiter(redis_url: str, connect: Any) -> Any:
    """Make a limiter over an empty Redis, and close it."""
    limiter = RedisRateLimiter(connect(redis_url))
    yield limiter
    await limiter.aclose()


async def acquire(limiter: RedisRateLimiter, count: int, limit: RateLimit) -> float:
    """Acquire so many at once; return the seconds it took."""
    begin = asyncio.get_running_loop().time()
    await asyncio.gather(*(limiter.acquire(APP, PATH, limit) for _ in range(count)))
    return asyncio.get_running_loop().time() - begin


# ── on a real Redis ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("limit", "most"), [(RateLimit(100, 1.0), 60), (RateLimit(2000, 1.0), 20)], ids=str)
async def test_one_script_call_a_permit_and_fewer_at_high_rates(
    limiter: RedisRateLimiter, redis_url: str, make_redis: Any, connect: Any, limit: RateLimit, most: int
) -> None:
    """What a permit costs Redis decides how many processes can share it."""
    server = make_redis()
    limiter = RedisRateLimiter(connect(server.url))
    await acquire(limiter, 60, limit)
    await limiter.aclose()
    with server.admin() as admin:
        calls = int(admin.info("commandstats")["cmdstat_evalsha"]["calls"])
    assert calls <= most + 1, "once more, because the script was not known"


async def test_time_goes_on_where_it_was_when_the_clock_of_redis_goes_back(
    limiter: RedisRateLimiter, admin: Any
) -> None:
    """After a failover the new server's clock may be an hour behind; nobody waits an hour, and the limit holds."""
    limit = RateLimit(10, 1.0)
    await acquire(limiter, 2, limit)
    hour = 3_600_000_000
    for field in ("tat", "last"):
        admin.hset(RATE_KEY, field, float(admin.hget(RATE_KEY, field)) + hour)
    assert await acquire(limiter, 3, limit) == pytest.approx(0.3, abs=0.12)


async def test_pause_of_another_clock_is_never_longer_than_it_was(limiter: RedisRateLimiter, admin: Any) -> None:
    """Its end is a moment on Redis' clock, which may have gone back since."""
    await limiter.pause(APP, PATH, 0.2)
    key = f"wxunion:{{{APP}}}:pause:{PATH}"
    admin.hset(key, "until", float(admin.hget(key, "until")) + 3_600_000_000)
    admin.pexpire(key, 300)
    assert await acquire(limiter, 1, RateLimit(100, 1.0)) < 0.6


async def test_slots_behind_a_pause_are_not_void(limiter: RedisRateLimiter, redis_url: str, connect: Any) -> None:
    """Both clocks must agree on its end: else all processes reserve again at once, and the first slots are lost."""
    other = RedisRateLimiter(connect(redis_url))
    limit = RateLimit(10, 1.0)
    await acquire(other, 1, limit)
    await limiter.pause(APP, PATH, 0.3)
    assert await acquire(other, 3, limit) == pytest.approx(0.3 + 0.2, abs=0.09)
    await other.aclose()


# ── on a simulated clock ─────────────────────────────────────────────────────────────────────────────────────────────


class Bucket:
    """Redis' side of the limiter, on the clock of the test; it grants a slot every ``interval`` seconds."""

    def __init__(self, scripted: Callable[[], Any], time: Any, interval: float = 0.0) -> None:
        self.client = scripted()
        self.client.on(shared._RESERVE, self._reserve)
        self.client.on(shared._PAUSED, self._paused)
        self.counts: list[int] = []
        self.paused_until = 0.0
        self._time = time
        self._interval = interval
        self._next = 0.0

    def _paused(self) -> str:
        return f"{max(0.0, self.paused_until - self._time.now) * 1e6:.0f}"

    def _reserve(self, interval: float, tolerance: float, count: int) -> list[str]:
        self.counts.append(count)
        paused = max(0.0, self.paused_until - self._time.now)
        waits: list[float] = []
        for _ in range(count):
            self._next = max(self._next, self._time.now + paused)
            waits.append(self._next - self._time.now)
            self._next += self._interval
        return [f"{seconds * 1e6:.0f}" for seconds in (paused, *waits)]


async def test_slots_are_fetched_ahead_where_they_are_dense(virtual_time: Any, scripted: Any) -> None:
    """10 ms of the limit at once, and never more than there are callers."""
    for rate, callers, counts in ((2000, 40, [19, 19, 2]), (200, 5, [2, 2, 1]), (50, 2, [1, 1]), (90_000, 40, [32, 8])):
        bucket = Bucket(scripted, virtual_time)
        limiter = RedisRateLimiter(bucket.client)
        await acquire(limiter, callers, RateLimit(rate, 1.0))
        assert bucket.counts == counts


@pytest.mark.parametrize(("late", "reserved"), [(0.025, 2), (0.035, 3)])
async def test_slot_that_is_too_late_is_void(virtual_time: Any, scripted: Any, late: float, reserved: int) -> None:
    """A loop that was kept busy would send what it has missed on top of what the others send now."""
    bucket = Bucket(scripted, virtual_time, interval=0.02)
    limiter, limit = RedisRateLimiter(bucket.client), RateLimit(50, 1.0)
    await limiter.acquire(APP, PATH, limit)
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(0.01)
    virtual_time.advance(0.01 + late)
    await waiting
    assert len(bucket.counts) == reserved


async def test_process_that_is_always_late_gets_every_other_slot(virtual_time: Any, scripted: Any) -> None:
    """The windows of a limit may be shorter than the turns of its loop; calls go on all the same."""
    bucket = Bucket(scripted, virtual_time)

    def always_ahead(*args: object) -> list[str]:
        bucket.counts.append(1)
        return ["0", "10000"]

    bucket.client.on(shared._RESERVE, always_ahead)
    limiter = RedisRateLimiter(bucket.client)
    for _ in range(5):
        task = asyncio.create_task(limiter.acquire(APP, PATH, RateLimit(10, 0.1)))
        while not task.done():
            await asyncio.sleep(0)
            virtual_time.advance(0.02)
    assert len(bucket.counts) == 10


async def test_way_to_redis_that_got_longer_costs_no_permits_for_long(virtual_time: Any, scripted: Any) -> None:
    """After a failover to another site all answers take longer, and then that is the usual way."""
    bucket = Bucket(scripted, virtual_time)
    limiter, limit = RedisRateLimiter(bucket.client), RateLimit(100, 1.0)
    await acquire(limiter, 1, limit)
    bucket.client.delay = 0.05
    for _ in range(150):
        await acquire(limiter, 1, limit)
    already = len(bucket.counts)
    assert already > 152, "the first ones were late"
    for _ in range(50):
        await acquire(limiter, 1, limit)
    assert len(bucket.counts) == already + 50


async def test_pause_of_another_process_voids_a_slot_that_was_far_away(virtual_time: Any, scripted: Any) -> None:
    """It is asked for again just before the slot, when the question from the reservation is old."""
    bucket = Bucket(scripted, virtual_time, interval=10.0)
    limiter = RedisRateLimiter(bucket.client)
    await limiter.acquire(APP, PATH, RateLimit(6, 60.0))
    begin = virtual_time.now
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, RateLimit(6, 60.0)))
    await asyncio.sleep(5.0)
    bucket.paused_until = virtual_time.now + 30.0
    await waiting
    assert virtual_time.now - begin == pytest.approx(35.0, abs=0.01)
    assert bucket.client.asked.count(shared._PAUSED) == 2


async def test_slot_far_away_is_kept_when_redis_is_gone_before_it(virtual_time: Any, scripted: Any) -> None:
    """It was reserved; what can no longer be asked is whether a pause has begun."""
    bucket = Bucket(scripted, virtual_time, interval=10.0)
    limiter = RedisRateLimiter(bucket.client)
    await limiter.acquire(APP, PATH, RateLimit(6, 60.0))
    begin = virtual_time.now
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, RateLimit(6, 60.0)))
    await asyncio.sleep(5.0)
    bucket.client.trouble = OSError()
    await waiting
    assert virtual_time.now - begin == pytest.approx(10.0, abs=0.01)


async def test_line_works_again_after_its_pump_was_cancelled_by_somebody_else(virtual_time: Any, scripted: Any) -> None:
    """A worker that cancels all tasks of its loop must not find the limiter dead afterwards."""
    limiter = RedisRateLimiter(Bucket(scripted, virtual_time, interval=1.0).client)
    limit = RateLimit(1, 1.0)
    await limiter.acquire(APP, PATH, limit)
    first = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(0.5)
    for task in asyncio.all_tasks() - {asyncio.current_task(), first}:
        task.cancel()
    await asyncio.sleep(0)
    await limiter.acquire(APP, PATH, limit)
    await first


def test_permit_of_a_waiter_cancelled_when_it_was_granted_goes_to_the_next(run_virtually: Any, scripted: Any) -> None:
    """A slot that nobody sends with would be lost to the others, at every deadline that is met by chance."""

    async def cancel_after(turns: int, time: Any) -> bool:
        begin = time.now
        bucket = Bucket(scripted, time, interval=1.0)
        limiter, limit = RedisRateLimiter(bucket.client), RateLimit(1, 1.0)
        first, second, last = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(3)]
        for _ in range(turns):
            await asyncio.sleep(0)
        ended = first.done()
        first.cancel()
        last.cancel()
        await second
        await asyncio.gather(first, last, return_exceptions=True)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert time.now - begin == pytest.approx(1.0 if ended else 0.0, abs=1e-6)
        return ended

    async def scenario(time: Any) -> set[bool]:
        return {await cancel_after(turns, time) for turns in range(12)}

    assert run_virtually(scenario) == {False, True}


async def test_permit_is_lost_when_all_who_could_use_it_are_cancelled(virtual_time: Any, scripted: Any) -> None:
    """In the moment of the grant both are cancelled: there is nobody to hand it over to."""
    bucket = Bucket(scripted, virtual_time)
    limiter = RedisRateLimiter(bucket.client)
    tasks = [asyncio.create_task(limiter.acquire(APP, PATH, RateLimit(1, 1.0))) for _ in range(2)]
    await asyncio.sleep(0)
    line = limiter._lines[APP, PATH]
    tasks[1].cancel()
    line._hand_over()
    tasks[0].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    assert not line._waiters
    assert line._pump is None
