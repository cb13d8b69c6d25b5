"""
Cancelled at every await: nothing is half done, no task is left, and the next one finds everything as it was.

Each operation is cut off at one moment after the other, 3 ms apart, until it has ended, while Redis takes 10 ms for
each answer: that covers every await of the module.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async import AccessToken, RateLimit
from wxunion_async import redis as shared
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
LIMIT = RateLimit(100, 1.0)
STEP = 0.0031


class Desk:
    """A store and a limiter over a Redis that takes 10 ms for each answer; the lease is free at the second question."""

    def __init__(self, client: Any, time: Any) -> None:
        self.client = client
        client.delay = 0.01
        client.on(shared._LOAD, None)
        client.on(shared._SAVE, 1)
        client.on(shared._LEASE, self._take)
        client.on(shared._COMPARE_AND_DELETE, self._give)
        client.on(shared._PAUSE, 1)
        client.on(shared._PAUSED, "0")
        client.on(shared._RESERVE, self._reserve)
        self.time = time
        self.store = RedisTokenStore(client)
        self.limiter = RedisRateLimiter(client)
        self.holder: str | None = "somebody"
        self.asked = 0

    def _take(self, mark: str, milliseconds: int) -> int:
        self.asked += 1
        if self.asked == 2 and self.holder == "somebody":
            self.holder = None
        self.holder = self.holder or mark
        return int(self.holder == mark)

    def _give(self, value: str) -> int:
        if self.holder != value:
            return 0
        self.holder = None
        return 1

    def _reserve(self, interval: float, tolerance: float, count: int) -> list[str]:
        return ["0", *["200000"] * count]

    async def load(self) -> None:
        await self.store.load(APP)

    async def save(self) -> None:
        await self.store.save(APP, AccessToken("t1", self.time.wall + 100))

    async def discard(self) -> None:
        await self.store.discard(APP, "t1")

    async def lease(self) -> None:
        async with self.store.lease(APP, 30):
            await asyncio.sleep(0.05)

    async def acquire(self) -> None:
        await self.limiter.acquire(APP, PATH, LIMIT)

    async def pause(self) -> None:
        await self.limiter.pause(APP, PATH, 0.001)

    async def acquire_while_down(self) -> None:
        self.client.trouble = OSError()
        try:
            for _ in range(5):
                await self.limiter.acquire(APP, PATH, RateLimit(20, 1.0))
        finally:
            self.client.trouble = None

    async def acquire_while_settling(self) -> None:
        self.limiter._link._back_at = self.time.now
        for _ in range(3):
            await self.limiter.acquire(APP, PATH, RateLimit(20, 1.0))

    async def lease_while_down(self) -> None:
        self.client.trouble = OSError()
        try:
            async with self.store.lease(APP, 30):
                await asyncio.sleep(0.05)
        finally:
            self.client.trouble = None

    async def close(self) -> None:
        waiter = asyncio.create_task(self.limiter.acquire(APP, PATH, LIMIT))
        await asyncio.sleep(0.02)
        try:
            await self.limiter.aclose()
        finally:
            await self.limiter.aclose()
            await asyncio.gather(waiter, return_exceptions=True)


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


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
async def test_cancelled_at_any_moment_harms_nobody(
    virtual_time: Any, scripted: Any, caplog: pytest.LogCaptureFixture, operation: Callable[[Desk], Awaitable[None]]
) -> None:
    """The token can still be had, the lease is free at the latest when its claim has ended, permits go on."""
    cut_off = 0
    for moment in itertools.count():
        desk = Desk(scripted(), virtual_time)
        caplog.clear()
        task = asyncio.ensure_future(operation(desk))
        await asyncio.sleep(moment * STEP)
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
    assert cut_off >= 3, "it was cancelled in the middle"


async def _still_good(desk: Desk) -> None:
    if desk.holder != "somebody":
        desk.holder = None  # its claim has ended by itself
    await asyncio.sleep(1.1)
    async with asyncio.timeout(3):
        async with desk.store.lease(APP, 30):
            pass
        assert desk.holder is None
        if not desk.limiter._closed:
            await desk.acquire()
    await desk.limiter.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_lease_is_given_back_by_whoever_is_cancelled_with_it(virtual_time: Any, scripted: Any) -> None:
    """The others would have to wait for its end, half a minute."""
    desk = Desk(scripted(), virtual_time)
    task = asyncio.create_task(desk.lease())
    while desk.holder in ("somebody", None):  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.03)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert desk.holder is None


async def test_answer_of_a_cancelled_command_is_not_taken_for_the_next_one(own_redis: Any, connect: Any) -> None:
    """Redis answers later, into a connection that nobody may use any more."""
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
