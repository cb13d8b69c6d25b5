"""What one process may send by itself in an outage that lasts; in simulated time."""

import asyncio
import random
from typing import Any

import pytest
import redis.exceptions

from tests.redis.simulated import SimulatedRedis, SimulatedServer
from wxunion_async import ClientClosedError, RateLimit
from wxunion_async.redis import RedisRateLimiter
from wxunion_async.redis._scripts import FURTHEST

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
GONE = redis.exceptions.ConnectionError("gone")


@pytest.mark.parametrize(
    ("limit", "burst"),
    [(RateLimit(800, 1.0), 6), (RateLimit(4, 60.0), 1), (RateLimit(6, 60.0), 1)],
    ids=["200", "1", "1.5"],
)
async def test_calls_after_a_quiet_time_of_an_outage_leave_at_once(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, limit: RateLimit, burst: int
) -> None:
    """A quarter of the limit is a permit a period or more, so a bucket of it fills; only a smaller share has turns."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    simulated.trouble = GONE
    for quiet in (0.0, 1000.0, 1000.0):
        await asyncio.sleep(quiet)
        begin = virtual_time.now
        await asyncio.gather(*(limiter.acquire(APP, PATH, limit) for _ in range(burst)))
    assert virtual_time.now - begin < 0.004
    await limiter.aclose()


async def test_share_begins_empty_and_late_in_the_next_outage_too(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """What has gathered since the last outage would come on top of the slots that others still have in hand."""
    limiter, limit = RedisRateLimiter(client, local_share=0.25), RateLimit(400, 1.0)
    for _ in range(2):
        simulated.trouble = GONE
        begin = virtual_time.now
        await limiter.acquire(APP, PATH, limit)
        assert virtual_time.now - begin > FURTHEST
        simulated.trouble = None
        for _ in range(2):
            await limiter.acquire(APP, PATH, limit)
            await asyncio.sleep(5.0)
    await limiter.aclose()


async def test_processes_that_begin_without_redis_have_turns_apart(
    virtual_time: Any, simulated: SimulatedServer
) -> None:
    """Nobody has told them their places; a deployment in an outage begins all of them in one moment."""
    random.seed(1)
    simulated.trouble = GONE
    limiters = [RedisRateLimiter(SimulatedRedis(simulated), local_share=0.1) for _ in range(6)]
    turns: list[float] = []

    async def acquire(limiter: RedisRateLimiter) -> None:
        await limiter.acquire(APP, PATH, RateLimit(1, 6.0))
        turns.append(virtual_time.now)

    await asyncio.gather(*map(acquire, limiters))
    assert turns[-1] - turns[0] > 12.0
    for limiter in limiters:
        await limiter.aclose()


async def test_no_turn_comes_within_a_period_of_the_last_slot_of_redis(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slots are handed out ahead: one that somebody uses when the outage has begun and a turn would break the limit."""
    limiter, limit, begin = RedisRateLimiter(client, local_share=0.5), RateLimit(1, 6.0), virtual_time.now
    monkeypatch.setattr(random, "random", lambda: (begin + 6.0) / 12.0 % 1.0)  # its turns: 6 s from now, 18 s, …
    simulated.trouble = GONE
    await limiter.acquire(APP, PATH, limit)
    assert virtual_time.now - begin == pytest.approx(18.0, abs=0.01)
    await limiter.aclose()


async def test_closing_waits_for_no_turn(virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis) -> None:
    """A deployment in an outage: the next permit is minutes away, and whoever waits for it is told at once."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    simulated.trouble = GONE
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, RateLimit(1, 600.0)))
    await asyncio.sleep(5.0)
    begin = virtual_time.now
    await limiter.aclose()
    assert virtual_time.now - begin < 0.3
    with pytest.raises(ClientClosedError):
        await waiting
