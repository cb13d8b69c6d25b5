"""When Redis is taken for down, what is done meanwhile, and how it comes back; in simulated time."""

import asyncio
import gc
import logging
from itertools import pairwise
from typing import Any

import pytest
import redis.asyncio
import redis.exceptions

from tests.redis.simulated import NoConnection, SimulatedRedis, SimulatedServer
from tests.ruler import busiest
from wxunion_async import AccessToken, RateLimit, StoreDownEvent, StoreUpEvent
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore, _link, _scripts

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
GONE = redis.exceptions.ConnectionError("gone")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Collect what is logged."""
    caplog.set_level(logging.INFO)
    return caplog


def levels(told: pytest.LogCaptureFixture) -> list[str]:
    """Return the levels of what was logged, in order."""
    return [record.levelname for record in told.records]


# ── down and back ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_waits_longer_than_200_ms(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """A Redis that hangs must not hold up the calls; and while it is known to hang, nobody waits at all."""
    store = RedisTokenStore(client)
    await store.load(APP)
    simulated.hung = asyncio.Event()
    for waited in (0.2, 0.0, 0.0):
        begin = virtual_time.now
        assert await store.load(APP) is None
        assert virtual_time.now - begin == pytest.approx(waited, abs=0.001)
    assert "Redis cannot be used (silent: no answer within 0.2 s)" in told.text
    await store._access.drain()


async def test_opening_a_far_connection_is_no_outage(virtual_time: Any, client: SimulatedRedis, told: Any) -> None:
    """It takes several trips; calls wait for it meanwhile."""
    client.trip = 0.19
    store = RedisTokenStore(client)
    assert await store.load(APP) is None
    await asyncio.sleep(1.2)
    await store.save(APP, AccessToken("t1", virtual_time.wall + 100))
    assert await store.load(APP) is not None
    assert levels(told) == []


async def test_redis_that_never_answers_is_told(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """From the first call on nobody is there: all who ask meanwhile have 200 ms of patience."""
    store = RedisTokenStore(client)
    simulated.hung = asyncio.Event()
    begin = virtual_time.now
    await asyncio.gather(store.load(APP), store.load("another"))
    assert virtual_time.now - begin == pytest.approx(0.2, abs=0.001)
    await asyncio.sleep(2.0)
    assert levels(told) == ["WARNING"]


async def test_reason_is_told_though_the_client_keeps_it_to_itself(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """redis-py tries again for seconds before it says why; what it has caught is told when its time is over."""
    store, client.stubborn = RedisTokenStore(client), True
    simulated.trouble = redis.exceptions.AuthenticationError("invalid username-password pair")
    await store.load(APP)
    await asyncio.sleep(2.0)
    assert levels(told) == ["WARNING"]
    assert "refused: wrong or missing password" in told.text


async def test_reason_that_a_connection_tells_is_known_at_once(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """One that is opened for the question alone says what is wrong, while the client tries again for seconds."""

    class Refused(NoConnection):
        async def connect(self) -> None:
            raise refusal

    simulated.trouble = refusal = redis.exceptions.AuthenticationError("invalid username-password pair")
    store, client.stubborn, client.connection_pool.connection_class = RedisTokenStore(client), True, Refused
    begin = virtual_time.now
    await store.load(APP)
    assert virtual_time.now == pytest.approx(begin, abs=0.001)
    assert "refused: wrong or missing password" in told.text


async def test_command_that_swallows_its_cancellation_ends_all_the_same(
    virtual_time: Any, client: SimulatedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Python 3.11 redis-py can swallow it: the command, and its connection, would hang for ever."""
    store = RedisTokenStore(client)
    await store.load(APP)

    async def swallow(*args: Any, **options: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    monkeypatch.setattr(client, "execute_command", swallow)
    await store.load(APP)
    await asyncio.sleep(2.5)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_commands_that_have_ended_are_forgotten(virtual_time: Any, client: SimulatedRedis) -> None:
    """A program that runs for months carries out millions of them."""
    store = RedisTokenStore(client)
    for _ in range(5):
        await store.load(APP)
    await asyncio.sleep(3.0)  # as long as one may take
    gc.collect()
    assert not [item for item in gc.get_objects() if isinstance(item, asyncio.Task) and "redis" in item.get_name()]


async def test_one_command_that_is_late_is_no_outage(virtual_time: Any, client: SimulatedRedis, told: Any) -> None:
    """Others are answered meanwhile: its connection is being opened, or was lost."""
    store = RedisTokenStore(client)
    await store.load(APP)
    client.trip = 0.5
    late = asyncio.create_task(store.load(APP))
    await asyncio.sleep(0.01)
    client.trip = 0.01
    for _ in range(20):
        await store.load("another")
    assert await late is None
    assert levels(told) == []


async def test_one_warning_and_one_info_over_store_and_limiter(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """Both learn it from each other; it is asked once a second, by whoever comes first."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    await store.load(APP)
    simulated.trouble = GONE
    client.commands = 0
    begin = virtual_time.now
    while virtual_time.now < begin + 10:
        await store.load(APP)
        await limiter.pause(APP, PATH, 0.0)
        await asyncio.sleep(0.05)
    assert client.commands == pytest.approx(10, abs=2)
    assert levels(told) == ["WARNING"]
    simulated.trouble = None
    await asyncio.sleep(1.0)
    await store.load(APP)
    assert levels(told) == ["WARNING", "INFO"]
    assert "Redis can be used again, after 11" in told.text


async def test_watchers_are_told_once_of_each_outage(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """A dashboard shows it; who watches store and limiter sees one outage, and nothing after he has ended it."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    told: list[Any] = []
    ends = [plug.watch(told.append) for plug in (store, limiter)]
    for _ in range(2):
        simulated.trouble = GONE
        await store.load(APP)
        await store.load(APP)
        await asyncio.sleep(1.5)
        simulated.trouble = None
        await store.load(APP)
        await asyncio.sleep(0.1)
    assert [type(event) for event in told] == [StoreDownEvent, StoreUpEvent] * 2
    assert told[0] == StoreDownEvent(reason="silent: ConnectionError")
    assert told[1].seconds == pytest.approx(1.5, abs=0.01)
    for end in ends:
        end()
    simulated.trouble = GONE
    await store.load(APP)
    await asyncio.sleep(0.1)
    assert len(told) == 4


async def test_trouble_is_told_again_every_ten_minutes(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """Whoever looks at the log of the last hour finds it there; another kind of trouble is told at once."""
    store = RedisTokenStore(client)
    simulated.trouble = GONE
    for _ in range(260):
        await store.load(APP)
        await asyncio.sleep(5.0)
    assert levels(told) == ["WARNING"] * 3
    simulated.trouble = redis.exceptions.ReadOnlyError("a replica")
    for _ in range(10):
        await asyncio.sleep(1.0)
        await store.load(APP)
    assert levels(told) == ["WARNING"] * 4
    assert "refused: it is a read-only replica" in told.text


async def test_redis_that_only_comes_and_goes_is_not_told_each_time(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """It would fill the log; after a minute of peace an outage is a new one."""
    store = RedisTokenStore(client)
    for _ in range(5):
        simulated.trouble = GONE
        await store.load(APP)
        simulated.trouble = None
        await asyncio.sleep(1.1)
        await store.load(APP)
    assert levels(told) == ["WARNING", "INFO"]
    await asyncio.sleep(61)
    simulated.trouble = GONE
    await store.load(APP)
    assert levels(told) == ["WARNING", "INFO", "WARNING"]


async def test_end_of_an_outage_is_told_after_another_kind_of_trouble(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """Whoever has read the warning waits for that line, whatever was told of the outage before."""
    store = RedisTokenStore(client)
    for trouble in (GONE, redis.exceptions.ReadOnlyError("a replica")):
        simulated.trouble = trouble
        await store.load(APP)
        simulated.trouble = None
        await asyncio.sleep(1.1)
        await store.load(APP)
    assert levels(told) == ["WARNING", "INFO"] * 2


async def test_whatever_keeps_answers_from_coming_is_told_as_one(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """A host that goes down is silent in many ways within seconds."""
    store = RedisTokenStore(client)
    for trouble in (GONE, OSError("no route"), redis.exceptions.TimeoutError()):
        simulated.trouble = trouble
        await store.load(APP)
        await asyncio.sleep(1.1)
    assert levels(told) == ["WARNING"]


async def test_command_that_only_reads_does_not_end_an_outage(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """A replica still reads: each load would say that Redis is back, and each permit that it is not."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client, local_share=1.0)
    await store.load(APP)
    simulated.writes = redis.exceptions.ReadOnlyError("a replica")
    for _ in range(40):
        await limiter.acquire(APP, PATH, RateLimit(10, 1.0))
        await store.load(APP)
    assert levels(told) == ["WARNING"]
    await limiter.aclose()


async def test_answer_from_before_the_outage_does_not_end_it(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any
) -> None:
    """It was on its way already; a second warning a moment later would tell nobody anything."""
    store = RedisTokenStore(client)
    await store.load(APP)
    client.trip = 0.15
    slow = asyncio.create_task(store.load(APP))
    await asyncio.sleep(0.08)
    client.trip, simulated.trouble = 0.0, GONE
    await store.load(APP)
    simulated.trouble = None
    await slow
    await store.load(APP)
    assert levels(told) == ["WARNING"]


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (GONE, "silent: ConnectionError"),
        (OSError("no route"), "silent: OSError"),
        (redis.exceptions.ResponseError("ERR of a new kind"), "refused: ResponseError"),
        (redis.exceptions.ReadOnlyError("a replica"), "refused: it is a read-only replica"),
        (redis.exceptions.TimeoutError(), "silent: TimeoutError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_whatever_redis_does_fails_no_call(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, told: Any, trouble: Exception, reason: str
) -> None:
    """Sharing is a help: a server of the wrong kind or without a right is as good as none."""
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    simulated.trouble = trouble
    await store.save(APP, AccessToken("t1", virtual_time.wall + 100))
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    await limiter.pause(APP, PATH, 5.0)
    assert limiter.paused_for(APP, PATH) == pytest.approx(5.0)
    await limiter.aclose()
    assert levels(told) == ["WARNING"]
    assert f"({reason})" in told.text


async def test_command_cancelled_by_somebody_else_is_no_outage(virtual_time: Any, client: Any, told: Any) -> None:
    """Redis is not to blame for it."""
    store = RedisTokenStore(client)
    for begun in (0.0001, 0.2):
        await asyncio.sleep(begun)
        loading = asyncio.create_task(store.load(APP))
        await asyncio.sleep(0.0002)
        for task in asyncio.all_tasks() - {asyncio.current_task(), loading}:
            task.cancel()
        assert await loading is None
        await asyncio.sleep(1.0)
        assert await store.load(APP) is None
    assert levels(told) == []


# ── the token meanwhile ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_token_of_this_process_serves_while_redis_is_down(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Several clients of one process share it; what is refused is forgotten here too."""
    store = RedisTokenStore(client)
    simulated.trouble = GONE
    saved = AccessToken("t1", virtual_time.wall + 100)
    await store.save(APP, saved)
    assert await store.load(APP) == saved
    await store.discard(APP, "t1")
    assert await store.load(APP) is None


async def test_first_silence_gives_no_leave_to_fetch(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """One late answer is no outage: of 20 processes that start at once, each would fetch a token."""
    store, begin = RedisTokenStore(client), virtual_time.now
    simulated.trouble = GONE
    asyncio.get_running_loop().call_later(0.5, setattr, simulated, "trouble", None)
    async with store.lease(APP, 30):
        assert virtual_time.now - begin == pytest.approx(1.0, abs=0.05)
        assert client.asked[-1] == _scripts.LEASE, "it is held, in Redis"


@pytest.mark.untraced
async def test_pauses_between_direct_fetches_grow(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Whatever Redis does, the token quota is safe: at most one request per process and minute, then ever fewer."""
    store = RedisTokenStore(client)
    simulated.trouble = GONE
    times: list[float] = []
    for _ in range(6):
        async with store.lease(APP, 30):
            times.append(virtual_time.now)
    assert [b - a for a, b in pairwise(times)] == pytest.approx([60, 120, 240, 480, 480], abs=2)


async def test_after_a_quiet_time_the_pause_between_direct_fetches_is_the_first_again(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """The outage of last night must not slow down that of today."""
    store = RedisTokenStore(client)
    simulated.trouble = GONE
    times: list[float] = []
    for quiet in (0, 0, 0, 2000, 0):
        await asyncio.sleep(quiet)
        async with store.lease(APP, 30):
            times.append(virtual_time.now)
    pauses = [b - a for a, b in pairwise(times)]
    assert [pauses[0], pauses[1], pauses[3]] == pytest.approx([60, 120, 60], abs=2)


async def test_another_app_has_direct_fetches_of_its_own(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Each app has a token and a quota."""
    store = RedisTokenStore(client)
    simulated.trouble = GONE
    begin = virtual_time.now
    for app_id in ("a", "b", "c"):
        async with store.lease(app_id, 30):
            pass
    assert virtual_time.now - begin < 2


async def test_direct_fetch_is_single_flight_in_the_process(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """The second client of the process looks again when the first is done, and needs no token request."""
    store, inside = RedisTokenStore(client), 0
    simulated.trouble = GONE

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
    simulated.trouble = None
    await RedisTokenStore(SimulatedRedis(simulated)).save(APP, AccessToken("t1", virtual_time.wall + 7000))
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
            try:
                async with asyncio.timeout(begin + seconds - self._time.now):
                    await self._limiter.acquire(APP, PATH, self._limit)
            except TimeoutError:
                break
            self.times.append(self._time.now)
            await asyncio.sleep(0)
        return len(self.times) - before


@pytest.mark.untraced
async def test_each_process_keeps_to_its_share_while_redis_is_down(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Four of them make the whole limit."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    sender = Sender(limiter, RateLimit(400, 1.0), virtual_time)
    simulated.trouble = GONE
    await sender.run(1.0)
    assert await sender.run(4.0) == pytest.approx(0.25 * 1600, rel=0.04)
    await limiter.aclose()


async def test_share_of_less_than_one_permit_waits_longer(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Four processes under a limit of one permit a minute must not send four; and nobody waits when Redis is back."""
    limiter, limit = RedisRateLimiter(client, local_share=0.25), RateLimit(1, 60.0)
    simulated.trouble = GONE
    sender = Sender(limiter, limit, virtual_time)
    await sender.run(1000.0)
    assert sender.times[2] - sender.times[1] == pytest.approx(240.0, rel=1e-3)
    await limiter.acquire(APP, PATH, limit)  # so that the next turn is four minutes away
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    client.commands = 0
    await asyncio.sleep(20)
    assert client.commands == pytest.approx(20, abs=1), "one probe a second"
    simulated.trouble = None
    while limiter._access.link.down_for():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    begin = virtual_time.now
    await waiting
    assert virtual_time.now - begin <= 2.9, "within a second of that in which others may still go by their shares"
    assert asyncio.all_tasks() == {asyncio.current_task()}, "nothing is borrowed any more"
    await limiter.aclose()


@pytest.mark.untraced
@pytest.mark.parametrize(("rate", "processes", "share"), [(10, 10, 0.1), (4, 8, 0.125), (50, 4, 0.25)])
@pytest.mark.parametrize("silent", [False, True])
async def test_outage_under_load_stays_within_the_limit(
    virtual_time: Any, simulated: SimulatedServer, rate: int, processes: int, share: float, silent: bool
) -> None:
    """The shares begin when the slots in hand are over, with buckets that are empty; and end before Redis' begin."""
    limiters = [RedisRateLimiter(SimulatedRedis(simulated), local_share=share) for _ in range(processes)]
    senders = [Sender(limiter, RateLimit(rate, 1.0), virtual_time) for limiter in limiters]
    load = asyncio.gather(*(sender.run(14.0) for sender in senders))
    await asyncio.sleep(3.3)
    if silent:
        simulated.hung = asyncio.Event()
    else:
        simulated.trouble = GONE
        simulated.data.clear()
    await asyncio.sleep(4.0)
    if simulated.hung:
        simulated.hung.set()
    simulated.hung = simulated.trouble = None
    await load
    times = sorted(at for sender in senders for at in sender.times)
    assert busiest(times, 0.95) <= rate
    assert len(times) > 0.7 * 14 * rate * (0.6 if rate < 50 else 1)
    for limiter in limiters:
        await limiter.aclose()


async def test_share_begins_when_what_others_have_in_hand_is_over(
    virtual_time: Any, simulated: SimulatedServer
) -> None:
    """Who has no slots when Redis goes may not send beside one who is far away and has fetched ahead."""
    limiters = [RedisRateLimiter(SimulatedRedis(simulated, trip), local_share=0.5) for trip in (0.15, 0.0005)]
    busy, idle = (Sender(limiter, RateLimit(200, 1.0), virtual_time) for limiter in limiters)
    load = asyncio.create_task(busy.run(5.0))
    await asyncio.sleep(3.3)
    simulated.trouble = GONE
    await asyncio.gather(idle.run(1.7), load)
    assert busiest(sorted(busy.times + idle.times), 0.95) <= 200
    for limiter in limiters:
        await limiter.aclose()


async def test_share_is_kept_during_a_pause(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Who waits for its end borrows nothing meanwhile: a permit would age, and be missed afterwards."""
    limiter, limit = RedisRateLimiter(client, local_share=1.0), RateLimit(1, 60.0)
    simulated.trouble = GONE
    await limiter.acquire(APP, PATH, limit)
    begin = virtual_time.now
    await limiter.pause(APP, PATH, 70.0)
    await limiter.acquire(APP, PATH, limit)
    assert virtual_time.now - begin == pytest.approx(70.0, abs=0.1)
    await limiter.aclose()


async def test_outage_gives_no_permit_back(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """One a minute: who waited before a short outage waits for his minute afterwards."""
    limiter, limit = RedisRateLimiter(client), RateLimit(1, 60.0)
    await limiter.acquire(APP, PATH, limit)
    begin = virtual_time.now
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(1.0)
    simulated.trouble = GONE
    await asyncio.sleep(1.5)
    simulated.trouble = None
    await waiting
    assert virtual_time.now - begin == pytest.approx(60.0, abs=1.0)
    await limiter.aclose()


async def test_share_is_kept_while_nobody_waits(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """What was fetched ahead of need from Redis is no measure: a permit of the share that is borrowed ahead is lost."""
    limiter, limit = RedisRateLimiter(client, local_share=1.0), RateLimit(1, 60.0)
    for trouble in (None, None, None, GONE):
        simulated.trouble = trouble
        await limiter.acquire(APP, PATH, limit)
    await asyncio.sleep(90.0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    begin = virtual_time.now
    await limiter.acquire(APP, PATH, limit)
    assert virtual_time.now - begin < 0.1
    await limiter.aclose()


@pytest.mark.untraced
async def test_outage_while_the_share_still_holds_costs_no_second_permit(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """The permit of the share has been taken already when Redis goes again."""
    limiter = RedisRateLimiter(client, local_share=0.25)
    sender = Sender(limiter, RateLimit(400, 1.0), virtual_time)
    simulated.trouble = GONE
    await sender.run(1.5)
    simulated.trouble = None
    while limiter._access.link.down_for():
        await sender.run(0.01)
    assert 90 <= await sender.run(1.0) <= 104, "other processes may still go by their shares"
    simulated.trouble = GONE
    await sender.run(0.5)
    assert await sender.run(2.0) == pytest.approx(200, rel=0.04)
    await limiter.aclose()


@pytest.mark.untraced
async def test_state_that_was_lost_with_a_server_is_no_new_burst(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """It restarts empty so quickly that nobody notices: what was handed out before still counts."""
    limiter = RedisRateLimiter(client)
    sender = Sender(limiter, RateLimit(100, 1.0, burst=50), virtual_time)
    await sender.run(3.0)
    simulated.data.clear()
    await sender.run(3.0)
    assert busiest(sender.times, 0.95) <= 100
    await limiter.aclose()


async def test_nobody_borrows_for_callers_who_left(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """No task waits for a permit that nobody wants; nor does one borrow during a pause."""
    limiter, limit = RedisRateLimiter(client), RateLimit(1, 60.0)
    simulated.trouble = GONE
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.0):
                await limiter.acquire(APP, PATH, limit)
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await limiter.pause(APP, PATH, 1000.0)
    await limiter.aclose()


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_share_out_of_range_is_refused(share: float) -> None:
    """A share of nothing would stop all calls, one above the limit break it."""
    with pytest.raises(ValueError, match="local_share must be above 0 and at most 1"):
        RedisRateLimiter(redis.asyncio.Redis(), local_share=share)


@pytest.mark.parametrize("share", [True, "0.5", None])
def test_share_of_a_wrong_kind_is_refused(share: Any) -> None:
    """It fails in the constructor, not in the first outage."""
    with pytest.raises(TypeError, match="local_share must be a number, not "):
        RedisRateLimiter(redis.asyncio.Redis(), local_share=share)


async def test_what_redis_py_has_caught_stands_behind_its_cancellation() -> None:
    """It tries a wrong password again for seconds; whoever ends that learns the reason all the same."""

    async def tries_again() -> None:
        try:
            raise redis.exceptions.AuthenticationError("invalid password")
        except redis.exceptions.AuthenticationError:
            await asyncio.sleep(60)

    task = asyncio.create_task(_link._outcome(tries_again))
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "refused: wrong or missing password"
