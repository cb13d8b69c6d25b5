"""When Redis is taken for down, what is done meanwhile, and how it comes back; on a simulated clock."""

import asyncio
import logging
from itertools import pairwise
from typing import Any

import pytest
import redis.exceptions

from wxunion_async import AccessToken, RateLimit
from wxunion_async import redis as shared
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
GONE = redis.exceptions.ConnectionError("gone")


def grant(interval: float, tolerance: float, count: int) -> list[bytes]:
    """Give a slot to everybody at once."""
    return [b"0"] * (1 + count)


@pytest.fixture
def client(scripted: Any) -> Any:
    """Be a Redis that grants everything at once, until it is told otherwise."""
    client = scripted()
    client.on(shared._LOAD, None)
    client.on(shared._SAVE, 1)
    client.on(shared._LEASE, 1)
    client.on(shared._COMPARE_AND_DELETE, 1)
    client.on(shared._PAUSE, 1)
    client.on(shared._PAUSED, b"0")
    client.on(shared._RESERVE, grant)
    return client


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Collect what is logged."""
    caplog.set_level(logging.INFO)
    return caplog


def levels(told: pytest.LogCaptureFixture) -> list[str]:
    """Return the levels of what was logged, in order."""
    return [record.levelname for record in told.records]


# ── down and back ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_command_waits_longer_than_200_ms(virtual_time: Any, client: Any, told: Any) -> None:
    """A Redis that hangs must not hold up the calls; and while it is known to hang, nobody waits at all."""
    store, begin = RedisTokenStore(client), virtual_time.now
    client.delay = 3600.0
    assert await store.load(APP) is None
    assert virtual_time.now - begin == pytest.approx(0.2)
    assert await store.load(APP) is None
    assert virtual_time.now - begin == pytest.approx(0.2)
    assert len(client.asked) == 1
    assert "Redis does not answer (TimeoutError)" in told.text


async def test_one_warning_and_one_info_over_store_and_limiter(virtual_time: Any, client: Any, told: Any) -> None:
    """Both learn it from each other; it is asked once a second, by whoever comes first."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    client.trouble = GONE
    begin = virtual_time.now
    while virtual_time.now < begin + 10:
        await store.load(APP)
        await limiter.pause(APP, PATH, 0.0)
        await asyncio.sleep(0.05)
    assert len(client.asked) == pytest.approx(10, abs=1)
    assert levels(told) == ["WARNING"]
    client.trouble = None
    await asyncio.sleep(1.0)
    await store.load(APP)
    asked = len(client.asked)
    await limiter.pause(APP, PATH, 0.0)
    assert len(client.asked) == asked + 1
    assert levels(told) == ["WARNING", "INFO"]


async def test_answer_from_before_the_outage_does_not_end_it(virtual_time: Any, client: Any, told: Any) -> None:
    """It was on its way already; a second warning a moment later would tell nobody anything."""
    store = RedisTokenStore(client)
    client.delay = 0.15
    slow = asyncio.create_task(store.load(APP))
    await asyncio.sleep(0.05)
    client.delay, client.trouble = 0.0, GONE
    await store.load(APP)
    client.trouble = None
    await slow
    assert levels(told) == ["WARNING"]


@pytest.mark.parametrize(
    "trouble",
    [
        GONE,
        OSError("no route"),
        redis.exceptions.ResponseError("NOPERM"),
        redis.exceptions.ReadOnlyError("a replica"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_whatever_redis_does_fails_no_call(virtual_time: Any, client: Any, told: Any, trouble: Exception) -> None:
    """Sharing is a help: a server of the wrong kind or without a right is as good as none."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    client.trouble = trouble
    await store.save(APP, AccessToken("t1", virtual_time.wall + 100))
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    await limiter.pause(APP, PATH, 5.0)
    assert limiter.paused_for(APP, PATH) == pytest.approx(5.0)
    await limiter.aclose()
    assert levels(told) == ["WARNING"]


# ── the token meanwhile ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_token_of_this_process_serves_while_redis_is_down(virtual_time: Any, client: Any) -> None:
    """Several clients of one process share it; what is refused is forgotten here too."""
    store = RedisTokenStore(client)
    client.trouble = GONE
    saved = AccessToken("t1", virtual_time.wall + 100)
    await store.save(APP, saved)
    assert await store.load(APP) == saved
    await store.discard(APP, "t1")
    assert await store.load(APP) is None


async def test_first_silence_gives_no_leave_to_fetch(virtual_time: Any, client: Any) -> None:
    """One late answer is no outage: of 20 processes that start at once, each would fetch a token."""
    store, begin = RedisTokenStore(client), virtual_time.now
    client.trouble = GONE
    asyncio.get_running_loop().call_later(0.5, setattr, client, "trouble", None)
    async with store.lease(APP, 30):
        assert virtual_time.now - begin == pytest.approx(1.0, abs=0.01)
        assert client.asked[-1] == shared._LEASE, "it is held, in Redis"


async def test_pauses_between_direct_fetches_grow(virtual_time: Any, client: Any) -> None:
    """Whatever Redis does, the token quota is safe: at most one request per process and minute, then ever fewer."""
    store = RedisTokenStore(client)
    client.trouble = GONE
    times: list[float] = []
    for _ in range(7):
        async with store.lease(APP, 30):
            times.append(virtual_time.now)
    assert [b - a for a, b in pairwise(times)] == pytest.approx([60, 120, 240, 480, 480, 480], abs=2)
    await asyncio.sleep(2000)
    for _ in range(2):
        async with store.lease(APP, 30):
            times.append(virtual_time.now)
    assert times[-1] - times[-2] == pytest.approx(60, abs=2), "after a quiet time it is the first again"


async def test_another_app_has_direct_fetches_of_its_own(virtual_time: Any, client: Any) -> None:
    """Each app has a token and a quota."""
    store = RedisTokenStore(client)
    client.trouble = GONE
    begin = virtual_time.now
    for app_id in ("a", "b", "c"):
        async with store.lease(app_id, 30):
            pass
    assert virtual_time.now - begin < 2


async def test_direct_fetch_is_single_flight_in_the_process(virtual_time: Any, client: Any) -> None:
    """The second client of the process looks again when the first is done, and needs no token request."""
    store, inside = RedisTokenStore(client), 0
    client.trouble = GONE

    async def fetch() -> bool:
        nonlocal inside
        async with store.lease(APP, 30):
            if await store.load(APP) is not None:
                return False
            inside += 1
            assert inside == 1
            await asyncio.sleep(1)
            inside -= 1
            await store.save(APP, AccessToken("t1", virtual_time.wall + 7200))
            return True

    first, second = asyncio.create_task(fetch()), asyncio.create_task(fetch())
    await asyncio.sleep(3)
    assert first.done()
    client.trouble = None
    client.on(shared._LOAD, [b"t1", 7_000_000])
    assert sorted(await asyncio.gather(first, second)) == [False, True]


# ── the limit meanwhile ──────────────────────────────────────────────────────────────────────────────────────────────


class Sender:
    """Acquires permits, one after the other, and remembers when."""

    def __init__(self, limiter: RedisRateLimiter, limit: RateLimit, time: Any) -> None:
        self._limiter, self._limit, self._time = limiter, limit, time
        self.times: list[float] = []

    async def run(self, seconds: float) -> int:
        """Go on for so long; return how many permits came."""
        begin, before = self._time.now, len(self.times)
        while self._time.now < begin + seconds:
            await self._limiter.acquire(APP, PATH, self._limit)
            self.times.append(self._time.now)
        return len(self.times) - before


async def test_each_process_keeps_to_its_share_while_redis_is_down(virtual_time: Any, client: Any) -> None:
    """Four of them make the whole limit."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    sender = Sender(limiter, RateLimit(400, 1.0), virtual_time)
    client.trouble = GONE
    assert await sender.run(10.0) == pytest.approx(0.25 * 4000, rel=0.04)
    await limiter.aclose()


async def test_share_of_less_than_one_permit_waits_longer(virtual_time: Any, client: Any) -> None:
    """Four processes under a limit of one permit a minute must not send four."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    client.trouble = GONE
    sender = Sender(limiter, RateLimit(1, 60.0), virtual_time)
    await sender.run(1000.0)
    assert sender.times[2] - sender.times[1] == pytest.approx(240.0, rel=1e-3)
    await limiter.aclose()


async def test_share_holds_until_all_may_know_that_redis_is_back(virtual_time: Any, client: Any) -> None:
    """Another process asks once a second: till then it goes by its share, and the rest is not there for us alone."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    sender = Sender(limiter, RateLimit(400, 1.0), virtual_time)
    client.delay = 0.001
    client.trouble = GONE
    await sender.run(3.0)
    client.trouble = None
    while limiter._link.down_for():
        await sender.run(0.01)
    assert await sender.run(1.2) <= 1.2 * 100 + 4
    await sender.run(0.4)
    assert await sender.run(1.0) > 300, "then Redis alone decides"
    await limiter.aclose()


async def test_outage_while_the_share_still_holds_costs_no_second_permit(virtual_time: Any, client: Any) -> None:
    """The permit of the share has been taken already when Redis goes again."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    sender = Sender(limiter, RateLimit(400, 1.0), virtual_time)
    client.trouble = GONE
    await sender.run(1.5)
    client.trouble = None
    while limiter._link.down_for():
        await sender.run(0.01)
    client.trouble = GONE
    assert await sender.run(2.0) == pytest.approx(200, rel=0.04)
    await limiter.aclose()


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_share_out_of_range_is_refused(client: Any, share: float) -> None:
    """A share of nothing would stop all calls, one above the limit break it."""
    with pytest.raises(ValueError, match="local_share must be above 0 and at most 1"):
        RedisRateLimiter(client, local_share=share)


@pytest.mark.parametrize("share", [True, "0.5", None])
def test_share_of_a_wrong_kind_is_refused(client: Any, share: Any) -> None:
    """It fails in the constructor, not in the first outage."""
    with pytest.raises(TypeError, match="local_share must be a number, not "):
        RedisRateLimiter(client, local_share=share)
