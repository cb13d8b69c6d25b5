"""
Cancelled at every await: nothing is half done, no task is left, and the next one finds everything as it was.

Each operation is cut off at one moment after the other, 3 ms apart at first and later more, until it has ended, while
Redis takes 10 ms for each answer: that covers every await of the package.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.redis.simulated import SimulatedRedis, SimulatedServer
from wxunion_async import AccessToken, RateLimit
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
LIMIT = RateLimit(100, 1.0, burst=1)
STEP = 0.0031
LEASE = f"wxunion:{{{APP}}}:lease"


class Desk:
    """A store and a limiter over a Redis that takes 10 ms for each answer; the lease is another's for a moment."""

    def __init__(self, time: Any) -> None:
        self.server = SimulatedServer(time)
        self.server.run("redis.call('SET', KEYS[1], 'somebody', 'PX', 90)", [LEASE], [])
        client = SimulatedRedis(self.server, 0.01)
        self.time = time
        self.store = RedisTokenStore(client)
        self.limiter = RedisRateLimiter(client)

    async def load(self) -> None:
        await self.store.load(APP)

    async def save(self) -> None:
        await self.store.save(APP, AccessToken("t1", self.time.wall + 100))

    async def discard(self) -> None:
        await self.store.discard(APP, "t1")

    async def lease(self) -> None:
        async with self.store.lease(APP, 30):
            await asyncio.sleep(0.8)

    async def acquire(self) -> None:
        for _ in range(4):
            await self.limiter.acquire(APP, PATH, LIMIT)

    async def pause(self) -> None:
        await self.limiter.pause(APP, PATH, 0.001)

    async def acquire_while_down(self) -> None:
        self.server.trouble = OSError()
        try:
            for _ in range(3):
                await self.limiter.acquire(APP, PATH, RateLimit(40, 1.0))
        finally:
            self.server.trouble = None

    async def acquire_while_settling(self) -> None:
        self.server.trouble = OSError()
        try:
            await self.store.load(APP)
        finally:
            self.server.trouble = None
        await asyncio.sleep(1.0)
        for _ in range(3):
            await self.limiter.acquire(APP, PATH, RateLimit(40, 1.0))

    async def lease_while_down(self) -> None:
        self.server.trouble = OSError()
        try:
            async with self.store.lease(APP, 30):
                await asyncio.sleep(0.05)
        finally:
            self.server.trouble = None

    async def close(self) -> None:
        waiters = [asyncio.create_task(self.limiter.acquire(APP, PATH, LIMIT)) for _ in range(9)]
        await asyncio.sleep(0.06)
        try:
            await self.limiter.aclose()
        finally:
            await self.limiter.aclose()
            await asyncio.gather(*waiters, return_exceptions=True)


OPERATIONS = [
    Desk.load,
    Desk.save,
    Desk.discard,
    Desk.lease,
    Desk.lease_while_down,
    Desk.acquire,
    Desk.acquire_while_down,
    Desk.acquire_while_settling,
    Desk.pause,
    Desk.close,
]


@pytest.mark.untraced
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
async def test_cancelled_at_any_moment_harms_nobody(
    virtual_time: Any, caplog: pytest.LogCaptureFixture, operation: Callable[[Desk], Awaitable[None]]
) -> None:
    """The token can still be had, the lease is free, permits go on."""
    cut_off, moment = 0, 0.0
    while True:
        desk = Desk(virtual_time)
        caplog.clear()
        task = asyncio.ensure_future(operation(desk))
        await asyncio.sleep(moment)
        moment = 1.02 * moment + STEP
        ended = task.done()
        task.cancel()
        outcome = await asyncio.gather(task, return_exceptions=True)
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
        if ended:
            assert outcome[0] is None
            break
        assert isinstance(outcome[0], asyncio.CancelledError)
        cut_off += 1
        await _still_good(desk)
    await _still_good(desk)
    assert cut_off >= 3, "it was cancelled in the middle"


async def _still_good(desk: Desk) -> None:
    await asyncio.sleep(1.1)
    assert LEASE not in desk.server.data or desk.server.data[LEASE] == "somebody"
    async with asyncio.timeout(3):
        async with desk.store.lease(APP, 30):
            pass
        assert LEASE not in desk.server.data
        if not desk.limiter._closed:
            await desk.acquire()
    await desk.limiter.aclose()
    await desk.store._access.drain()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_answer_of_a_cancelled_command_is_not_taken_for_the_next_one(own_redis: Any, connect: Any) -> None:
    """Redis answers later, into a connection that somebody else may be using by then."""
    client = connect(own_redis.url)
    store = RedisTokenStore(client)
    loop = asyncio.get_running_loop()
    await store.save(APP, AccessToken("t1", 4e9))
    with own_redis.admin() as admin:
        admin.client_pause(100)
        loading = asyncio.create_task(store.load(APP))
        await asyncio.sleep(0.05)
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)
    begin = loop.time()
    while (answer := await store.load("another")) is None and loop.time() < begin + 0.15:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert answer is None
    found = await store.load(APP)
    assert found is not None
    assert found.value == "t1"


async def test_no_cancellation_is_lost_in_a_command(own_redis: Any, connect: Any) -> None:
    """On Python 3.11 redis-py can swallow it, at the moment when its answer comes; cut off at many of them."""
    client = connect(own_redis.url)
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    await store.load(APP)
    await limiter.acquire(APP, PATH, RateLimit(100_000, 1.0))
    lost = 0
    for moment in range(150):
        for call in (store.load(APP), limiter.pause(APP, "/other", 0.0)):
            task = asyncio.ensure_future(call)
            for _ in range(moment % 15):
                await asyncio.sleep(0)
            asked = task.cancel()
            await asyncio.wait((task,))
            lost += asked and not task.cancelled()
    await limiter.aclose()
    assert lost == 0
