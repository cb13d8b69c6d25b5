"""What the Redis limiter has beyond the contract of all limiters, in simulated time; its scripts are the true ones."""

import asyncio
import logging
import random
from itertools import pairwise
from typing import Any

import pytest

from tests.redis.simulated import SimulatedRedis, SimulatedServer
from tests.ruler import busiest
from wxunion_async import ClientClosedError, RateLimit
from wxunion_async.redis import RedisRateLimiter

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
RATE_KEY, PAUSE_KEY = f"wxunion:{{{APP}}}:rate:{PATH}", f"wxunion:{{{APP}}}:pause:{PATH}"
HOUR = 3600.0


class Fleet:
    """Processes that share a limit, each as far from Redis as it is; who got permits when is remembered."""

    def __init__(self, server: SimulatedServer, time: Any) -> None:
        self._server, self._time = server, time
        self.limiters: list[RedisRateLimiter] = []
        self.sent: list[tuple[float, int]] = []
        self.counts: list[int] = []
        """Permits of each process in the later half of the last run."""

    def join(self, trip: float = 0.0005, **settings: Any) -> RedisRateLimiter:
        """Start a process; its limiter is closed by ``close``."""
        self.limiters.append(RedisRateLimiter(SimulatedRedis(self._server, trip), **settings))
        return self.limiters[-1]

    @property
    def times(self) -> list[float]:
        """When permits were given, in order."""
        return [at for at, _ in self.sent]

    async def call(self, number: int, limit: RateLimit, until: float, *, patience: float = 2.0) -> None:
        """Have one process' line call on, one after the other; each gives up after its patience."""
        while self._time.now < until:
            try:
                async with asyncio.timeout(patience):
                    await self.limiters[number].acquire(APP, PATH, limit)
            except TimeoutError:
                continue
            self.sent.append((self._time.now, number))
            await asyncio.sleep(0.0003)

    async def run(self, limit: RateLimit, seconds: float, *, patience: float = 2.0) -> float:
        """Have all of them call for so long; return the share of the limit that was used in the later half."""
        until, half = self._time.now + seconds, self._time.now + seconds / 2
        await asyncio.gather(
            *(self.call(number, limit, until, patience=patience) for number in range(len(self.limiters)))
        )
        late = [number for at, number in self.sent if half <= at < until]
        self.counts = [late.count(number) for number in range(len(self.limiters))]
        return len(late) / (limit.max_rate * seconds / 2 / limit.time_period)

    def peak(self, window: float) -> int:
        """Return the greatest number of permits in any half-open window."""
        return busiest(self.times, window)

    async def close(self) -> None:
        """Close all limiters."""
        for limiter in self.limiters:
            await limiter.aclose()


@pytest.fixture
async def fleet(simulated: SimulatedServer, virtual_time: Any, caplog: pytest.LogCaptureFixture) -> Any:
    """Begin with no process; in none does a task of ours fail, which only the log would tell."""
    random.seed(1)
    fleet = Fleet(simulated, virtual_time)
    yield fleet
    await fleet.close()
    assert not [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]


async def acquire(limiter: RedisRateLimiter, count: int, limit: RateLimit) -> float:
    """Acquire so many at once; return the seconds it took."""
    begin = asyncio.get_running_loop().time()
    await asyncio.gather(*(limiter.acquire(APP, PATH, limit) for _ in range(count)))
    return asyncio.get_running_loop().time() - begin


# ── the limit is kept, used, and shared evenly ───────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("limit", "trips", "seconds"),
    [
        (RateLimit(200, 1.0), [0.0005] * 4, 5.0),
        (RateLimit(200, 1.0), [0.0005, 0.01, 0.04, 0.1] * 4, 6.0),
        (RateLimit(1000, 0.5), [0.0005, 0.01, 0.04, 0.1], 3.0),
        (RateLimit(500, 0.5), [0.0005, 0.01, 0.04, 0.1] * 4, 3.0),
        (RateLimit(50, 1.0), [0.0005] * 8, 8.0),
    ],
    ids=["4 near", "16", "4 of many", "16 of many", "8 near"],
)
async def test_limit_is_kept_used_and_shared_evenly(
    fleet: Fleet, limit: RateLimit, trips: list[float], seconds: float
) -> None:
    """However far from Redis a process is: it counts what passes, not who asks most often or waits least."""
    for trip in trips:
        fleet.join(trip)
    assert await fleet.run(limit, seconds) >= 0.95
    assert fleet.peak(0.95 * limit.time_period) <= limit.max_rate
    assert min(fleet.counts) >= 0.8 * max(fleet.counts)


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        (RateLimit(200, 1.0), 4.0),
        (RateLimit(2000, 1.0), 2.5),
        (RateLimit(20, 10.0, burst=1), 60.0),
        (RateLimit(100, 1.0, burst=1), 4.0),
    ],
    ids=str,
)
async def test_way_to_redis_costs_one_process_nothing(fleet: Fleet, limit: RateLimit, seconds: float) -> None:
    """50 ms there and 50 ms back: it has fetched ahead what passes meanwhile."""
    fleet.join(0.1)
    assert await fleet.run(limit, seconds) >= 0.95


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("limit", "seconds"), [(RateLimit(20, 10.0, burst=1), 40.0), (RateLimit(50, 1.0), 16.0)], ids=str
)
async def test_callers_who_give_up_cost_no_permits(fleet: Fleet, limit: RateLimit, seconds: float) -> None:
    """Each of 8 has 2 s of patience, and the demand is above the limit: the slot of one who left serves another."""
    for _ in range(8):
        fleet.join()
    assert await fleet.run(limit, seconds) >= 0.97
    assert fleet.peak(0.95 * limit.time_period) <= limit.max_rate


@pytest.mark.untraced
async def test_process_whose_calls_got_fewer_leaves_the_permits_to_others(fleet: Fleet, virtual_time: Any) -> None:
    """It had fetched ahead what it used alone: held on, half of the limit would be nobody's."""
    limit, begin = RateLimit(100, 1.0), virtual_time.now
    for _ in range(2):
        fleet.join()
    await fleet.call(0, limit, begin + 2.0)

    async def few() -> None:
        while virtual_time.now < begin + 7.0:
            await fleet.limiters[0].acquire(APP, PATH, limit)
            await asyncio.sleep(0.2)

    await asyncio.gather(few(), fleet.call(1, limit, begin + 7.0))
    assert len([at for at in fleet.times if at >= begin + 3.0]) >= 0.9 * 400


async def test_permit_of_a_caller_who_left_is_not_lost_for_an_hour(fleet: Fleet, virtual_time: Any) -> None:
    """One an hour: four callers of a second move nothing, and the next one has it when the hour is over."""
    limit, limiter, other = RateLimit(1, HOUR), fleet.join(), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    begin = virtual_time.now
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await limiter.acquire(APP, PATH, limit)
    await asyncio.sleep(HOUR - 5)
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(0.9)
    waiting.cancel()
    await other.acquire(APP, PATH, limit)
    assert virtual_time.now - begin == pytest.approx(HOUR, abs=1.5)


@pytest.mark.untraced
async def test_slot_that_nobody_takes_is_given_back(fleet: Fleet, virtual_time: Any) -> None:
    """It was handed out ahead, and its caller left; the others would miss it for a minute."""
    limit, limiter, other = RateLimit(1, 60.0), fleet.join(), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    begin = virtual_time.now
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(55)
    async with asyncio.timeout(10):  # when it is handed out depends on the dice
        while not limiter._lanes[APP, PATH].of_limit[limit]._ready:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    waiting.cancel()
    assert virtual_time.now - begin > 59, "nothing is handed out far ahead"
    await other.acquire(APP, PATH, limit)
    assert virtual_time.now - begin == pytest.approx(60.0, abs=2.0)


@pytest.mark.untraced
async def test_slots_in_hand_are_given_back_when_the_limiter_closes(fleet: Fleet, simulated: SimulatedServer) -> None:
    """A deployment closes all of them at once."""
    limit = RateLimit(2000, 1.0)
    fleet.join()
    await fleet.run(limit, 0.5)
    before = float(simulated.data[RATE_KEY]["level"])
    await fleet.limiters[0].aclose()
    assert float(simulated.data[RATE_KEY]["level"]) < before - 100


@pytest.mark.parametrize("arrived", [True, False])
async def test_slot_of_a_limiter_that_closes_serves_another_process(
    fleet: Fleet, simulated: SimulatedServer, virtual_time: Any, arrived: bool
) -> None:
    """One a minute: it was handed out a moment ahead, and is in hand or on its way; it is not lost for a minute more."""
    limit, limiter, other = RateLimit(1, 60.0), fleet.join(0.15), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    begin = virtual_time.now
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(59.0)
    level = float(simulated.data[RATE_KEY]["level"])
    while float(simulated.data[RATE_KEY]["level"]) <= level:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.08 if arrived else 0.0)
    await limiter.aclose()
    await asyncio.gather(waiting, return_exceptions=True)
    await other.acquire(APP, PATH, limit)
    assert virtual_time.now - begin == pytest.approx(60.0, abs=1.0)


async def test_limiter_with_nothing_in_hand_closes_without_a_question(fleet: Fleet, simulated: SimulatedServer) -> None:
    """A deployment closes hundreds at once; and a Redis that hangs must not hold them up."""
    limiter = fleet.join()
    await limiter.acquire(APP, PATH, RateLimit(1, 60.0))
    before = simulated.calls
    await limiter.aclose()
    assert simulated.calls == before


async def test_slots_from_before_the_bucket_was_empty_are_not_given_back(
    fleet: Fleet, simulated: SimulatedServer
) -> None:
    """They have leaked away long since: to take them off once more would let others send too much."""
    limit, limiter, other = RateLimit(10, 1.0, burst=5), fleet.join(), fleet.join()
    held = asyncio.gather(*(limiter.acquire(APP, PATH, limit) for _ in range(3)))
    await held
    slots = limiter._lanes[APP, PATH].of_limit[limit]
    slots._back, slots._stamp = 3, simulated.now() * 1e6
    await asyncio.sleep(2.0)
    await asyncio.gather(*(other.acquire(APP, PATH, limit) for _ in range(5)))
    level = float(simulated.data[RATE_KEY]["level"])
    await limiter.aclose()
    assert float(simulated.data[RATE_KEY]["level"]) == pytest.approx(level, abs=0.1)


@pytest.mark.untraced
async def test_redis_is_asked_seldom(fleet: Fleet, simulated: SimulatedServer) -> None:
    """What a permit costs decides how many processes one Redis can serve; an idle process costs nothing."""
    for _ in range(4):
        fleet.join()
    await fleet.run(RateLimit(2000, 1.0), 0.4)
    before = simulated.calls
    await fleet.run(RateLimit(2000, 1.0), 0.5)
    assert simulated.calls - before <= 50
    await asyncio.sleep(1.0)
    before = simulated.calls
    await asyncio.sleep(100.0)
    assert simulated.calls == before


@pytest.mark.untraced
@pytest.mark.parametrize(("processes", "most"), [(8, 50), (24, 100)])
async def test_redis_is_asked_seldom_for_what_is_scarce(
    fleet: Fleet, simulated: SimulatedServer, processes: int, most: int
) -> None:
    """They wait for eight permits a second, and know when the next one is near; the more they are, the more patient."""
    for _ in range(processes):
        fleet.join()
    await fleet.run(RateLimit(8, 1.0), 3.0)
    before = simulated.calls
    await fleet.run(RateLimit(8, 1.0), 6.0)
    assert simulated.calls - before <= 6 * most


async def test_who_waits_long_asks_every_06_to_08_seconds(
    fleet: Fleet, simulated: SimulatedServer, virtual_time: Any
) -> None:
    """Sooner it would be a load, later a pause would not be known within a second."""
    limit, limiter, times = RateLimit(1, HOUR), fleet.join(), list[float]()
    await limiter.acquire(APP, PATH, limit)
    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    await asyncio.sleep(2.0)
    until, calls = virtual_time.now + 100.0, simulated.calls
    while virtual_time.now < until:
        await asyncio.sleep(0.001)
        if simulated.calls > calls:
            times.append(virtual_time.now)
            calls = simulated.calls
    waiting.cancel()
    gaps = [b - a for a, b in pairwise(times)]
    assert min(gaps) >= 0.59
    assert max(gaps) <= 0.81


@pytest.mark.untraced
async def test_wait_of_a_thousand_questions_ends_in_time(fleet: Fleet) -> None:
    """Nobody is told "not yet" so often that he asks no more."""
    limit, limiter = RateLimit(1, 900.0), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    assert await acquire(limiter, 1, limit) == pytest.approx(900.0, abs=1.0)


async def test_redis_that_answers_within_one_tick_of_the_clock_costs_nothing(fleet: Fleet, virtual_time: Any) -> None:
    """Some clocks tick 64 times a second: nothing can be learnt from a question that took no time."""
    limit, limiter, begin = RateLimit(10, 1.0, burst=5), fleet.join(trip=0.0), virtual_time.now
    for _ in range(5):
        await limiter.acquire(APP, PATH, limit)
    assert virtual_time.now - begin < 0.01


@pytest.mark.untraced
async def test_process_with_few_calls_is_not_served_last(fleet: Fleet, virtual_time: Any) -> None:
    """Beside others who take all they can get, a call now and then waits its fraction of a second, no more."""
    limit, until = RateLimit(200, 1.0), virtual_time.now + 4.0
    for _ in range(5):
        fleet.join()
    waits: list[float] = []

    async def now_and_then() -> None:
        await asyncio.sleep(1.0)
        while virtual_time.now < until:
            waits.append(await acquire(fleet.limiters[4], 1, limit))
            await asyncio.sleep(0.4)

    await asyncio.gather(now_and_then(), *(fleet.call(number, limit, until) for number in range(4)))
    assert max(waits) < 0.6


# ── without a place in line: what the client's line uses ─────────────────────────────────────────────────────────────


async def test_permits_at_hand_are_told_and_taken_without_waiting(fleet: Fleet) -> None:
    """The client's line lets as many go at once as there are; during a pause there are none."""
    limit, limiter = RateLimit(1000, 1.0), fleet.join()
    assert limiter.room(APP, PATH, limit) == 0
    assert not limiter.acquire_nowait(APP, PATH, limit)
    for _ in range(5):
        await limiter.acquire(APP, PATH, limit)
    await asyncio.sleep(0.005)
    room = limiter.room(APP, PATH, limit)
    assert room > 1
    for taken in range(1, room + 1):
        assert limiter.acquire_nowait(APP, PATH, limit)
        assert limiter.room(APP, PATH, limit) == room - taken
    assert not limiter.acquire_nowait(APP, PATH, limit)
    for _ in range(5):
        await limiter.acquire(APP, PATH, limit)
    await asyncio.sleep(0.005)
    assert limiter.room(APP, PATH, limit) > 1
    await limiter.pause(APP, PATH, 5.0)
    assert limiter.room(APP, PATH, limit) == 0
    assert not limiter.acquire_nowait(APP, PATH, limit)
    await limiter.aclose()
    assert not limiter.acquire_nowait(APP, PATH, limit)


async def test_permit_at_hand_is_not_taken_from_those_who_wait(fleet: Fleet) -> None:
    """A slot that is due serves who waits for it first."""
    limit, limiter = RateLimit(10, 1.0), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(2)]
    await asyncio.sleep(0.15)
    assert [task.done() for task in waiting] == [True, False]
    assert limiter.room(APP, PATH, limit) == 0
    await asyncio.gather(*waiting)


async def test_permits_that_came_too_late_are_no_room(fleet: Fleet, virtual_time: Any) -> None:
    """The loop was kept busy: as many connections as there were permits would wait for new ones."""
    limit, limiter = RateLimit(1000, 1.0), fleet.join()
    for _ in range(5):
        await limiter.acquire(APP, PATH, limit)
    await asyncio.sleep(0.005)
    assert limiter.room(APP, PATH, limit) > 1
    virtual_time.advance(0.5)
    assert limiter.room(APP, PATH, limit) == 0


# ── late slots ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
async def test_slots_missed_by_a_busy_loop_are_not_sent_on_top(fleet: Fleet, virtual_time: Any) -> None:
    """A loop that was kept busy would send what it has missed on top of what others send now."""
    limit, until = RateLimit(100, 1.0), virtual_time.now + 4.0
    for _ in range(2):
        fleet.join()

    async def busy() -> None:
        while virtual_time.now < until:
            await asyncio.sleep(0.7)
            virtual_time.advance(0.2)

    await asyncio.gather(busy(), *(fleet.call(number, limit, until) for number in range(2)))
    assert fleet.peak(0.95) <= 1.05 * limit.max_rate


async def test_slot_missed_by_a_busy_loop_moves_the_next_one(fleet: Fleet, virtual_time: Any) -> None:
    """One a second: what is sent half a second late is followed by the next one after a whole second."""
    limit, limiter = RateLimit(1, 1.0), fleet.join()
    caller = asyncio.create_task(fleet.call(0, limit, virtual_time.now + 2.0))
    await asyncio.sleep(0.9)
    assert limiter._lanes[APP, PATH].of_limit[limit]._ready
    virtual_time.advance(0.6)
    await caller
    assert [b - a for a, b in pairwise(fleet.times)] == pytest.approx([1.5, 1.0], abs=0.05)


@pytest.mark.parametrize(("processes", "seconds"), [(1, 6.0), (4, 12.0)])
async def test_process_that_is_always_late_gets_every_other_slot(
    fleet: Fleet, virtual_time: Any, processes: int, seconds: float
) -> None:
    """The windows of a limit may be shorter than the turns of its loop; calls go on all the same."""
    limit, begin = RateLimit(1, 0.01), virtual_time.now
    for _ in range(processes):
        fleet.join()
    tasks = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for limiter in fleet.limiters for _ in range(40)]
    while virtual_time.now - begin < seconds:
        await asyncio.sleep(0.001)
        virtual_time.advance(0.05)
    done = sum(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == len(tasks)


@pytest.mark.untraced
async def test_slots_of_a_long_period_may_be_a_moment_late(fleet: Fleet, virtual_time: Any) -> None:
    """Each turn of a loop with work takes some milliseconds: nothing beside a minute."""
    fleet.join()
    virtual_time.turn = 0.002
    assert await fleet.run(RateLimit(3000, 60.0), 6.0) >= 0.95


@pytest.mark.untraced
async def test_way_to_redis_that_got_shorter_bunches_no_slots(fleet: Fleet) -> None:
    """All that is under way would come sooner at once: so many more in one window."""
    limit, limiter = RateLimit(100, 1.0), fleet.join(0.19)
    await fleet.run(limit, 3.0)
    client = limiter._access._client
    assert isinstance(client, SimulatedRedis)
    client.trip = 0.0005
    assert await fleet.run(limit, 3.0) >= 0.95
    assert fleet.peak(0.95) <= limit.max_rate


@pytest.mark.untraced
async def test_way_to_redis_that_got_longer_costs_no_permits_for_long(fleet: Fleet, virtual_time: Any) -> None:
    """After a failover to another site all answers take longer, and then that is the usual way."""
    limit, limiter = RateLimit(100, 1.0), fleet.join()
    await acquire(limiter, 1, limit)
    client = limiter._access._client
    assert isinstance(client, SimulatedRedis)
    client.trip = 0.15
    await fleet.run(limit, 3.0)
    assert await fleet.run(limit, 3.0) >= 0.95


# ── another limit ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_new_limit_counts_at_once(fleet: Fleet) -> None:
    """400 sent under a limit of a day, then a deployment with one of a minute: they do not stand in its way."""
    before, after = fleet.join(), fleet.join()
    await acquire(before, 400, RateLimit(10_000, 86_400.0, burst=500))
    await before.aclose()
    await asyncio.sleep(2.1)
    assert await acquire(after, 10, RateLimit(3000, 60.0)) < 1.0


@pytest.mark.untraced
async def test_lower_limit_counts_at_once(fleet: Fleet, virtual_time: Any) -> None:
    """What was handed out ahead under the higher one stands in its way for a fraction of a second."""
    fleet.join()
    await fleet.run(RateLimit(2000, 1.0), 0.6)
    begin = virtual_time.now
    await fleet.limiters[0].acquire(APP, PATH, RateLimit(10, 1.0))
    assert virtual_time.now - begin < 0.6


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (RateLimit(50, 1.0), RateLimit(200, 1.0)),
        (RateLimit(3000, 60.0), RateLimit(100, 1.0)),
        (RateLimit(20, 1.0, burst=1), RateLimit(20, 1.0, burst=10)),
    ],
    ids=str,
)
async def test_lowest_limit_counts_and_whoever_has_a_higher_one_is_told(
    fleet: Fleet, virtual_time: Any, caplog: pytest.LogCaptureFixture, low: RateLimit, high: RateLimit
) -> None:
    """Half of a fleet has the new setting already: else neither would be kept, and nobody would know."""
    until = virtual_time.now + 5.0
    for _ in range(4):
        fleet.join()
    await asyncio.gather(*(fleet.call(number, (low, high)[number % 2], until) for number in range(4)))
    assert fleet.peak(0.95 * low.time_period) <= low.max_rate
    assert fleet.peak(0.95 * high.time_period) <= high.max_rate
    assert len(fleet.times) >= 0.9 * min(low.leak, high.leak) * 5
    told = [record for record in caplog.records if "another process has a lower limit" in record.getMessage()]
    assert len(told) >= 2, "each that has a higher one"
    assert len(told) <= 4, "once per path"
    assert all(record.levelno == logging.WARNING for record in told)


@pytest.mark.untraced
async def test_higher_limit_counts_once_nobody_has_the_lower_one(fleet: Fleet, virtual_time: Any) -> None:
    """Two seconds after the last process with the old setting has asked."""
    low, high = RateLimit(20, 1.0), RateLimit(200, 1.0)
    for _ in range(2):
        fleet.join()
    until = virtual_time.now + 3.0
    await asyncio.gather(fleet.call(0, low, until), fleet.call(1, high, until))
    await fleet.limiters[0].aclose()
    await fleet.call(1, high, virtual_time.now + 2.2)
    begin, before = virtual_time.now, len(fleet.times)
    await fleet.call(1, high, begin + 1.5)
    assert len(fleet.times) - before > 0.9 * 300


async def test_fields_of_another_version_are_cleared(fleet: Fleet, simulated: SimulatedServer) -> None:
    """Its times mean nothing here."""
    simulated.data[RATE_KEY] = {"tat": "1.5", "last": f"{simulated.now() * 1e6:.0f}"}
    await acquire(fleet.join(), 2, RateLimit(100, 1.0))
    assert "tat" not in simulated.data[RATE_KEY]


async def test_what_was_written_in_the_future_is_cleared(fleet: Fleet, simulated: SimulatedServer) -> None:
    """The clock of Redis was set back: a limit, or a place, of before would count until the hour is over."""
    later = f"{(simulated.now() + HOUR) * 1e6:.0f}"
    simulated.data[RATE_KEY] = {"1 1": later, "#gone": later}
    assert await acquire(fleet.join(), 4, RateLimit(100, 1.0)) < 1
    assert not {"1 1", "#gone"} & simulated.data[RATE_KEY].keys()


# ── what is lost, and what comes back ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
@pytest.mark.parametrize("trips", [[0.0005] * 4, [0.001, 0.04]], ids=["4 near", "2"])
async def test_a_state_that_is_lost_counts_as_used_up(
    fleet: Fleet, simulated: SimulatedServer, trips: list[float]
) -> None:
    """Emptied, or replaced by a server that knows nothing: the slots it had handed out are still under way."""
    limit = RateLimit(200, 1.0)
    for trip in trips:
        fleet.join(trip)

    async def lose() -> None:
        for _ in range(4):
            await asyncio.sleep(0.45)
            del simulated.data[RATE_KEY]

    await asyncio.gather(fleet.run(limit, 2.0), lose())
    assert fleet.peak(0.95) <= limit.max_rate


@pytest.mark.untraced
async def test_slots_that_come_back_do_not_let_others_bunch(fleet: Fleet) -> None:
    """A process that closes had a third of a second's slots in hand, and others stand behind them."""
    limit, leaver = RateLimit(1000, 1.0), fleet.join(0.05)
    await fleet.run(limit, 1.5)
    for _ in range(3):
        fleet.join(0.002)
    run = asyncio.create_task(fleet.run(limit, 1.5))
    await asyncio.sleep(0.3)
    await leaver.aclose()
    with pytest.raises(ClientClosedError):
        await run
    await asyncio.sleep(2.0)
    assert fleet.peak(0.95) <= limit.max_rate


async def test_a_burst_right_after_a_call_leaves_at_once(fleet: Fleet) -> None:
    """What is there at once is for those who wait, without regard to what each has gained."""
    limit, one, other = RateLimit(100, 1.0, burst=50), fleet.join(), fleet.join()
    await acquire(one, 1, limit)
    await acquire(other, 1, limit)
    assert await acquire(one, 30, limit) < 0.01


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_limit_goes_on_when_the_clock_of_redis_is_set(
    fleet: Fleet, simulated: SimulatedServer, jump: float
) -> None:
    """After a failover the new server's clock may be an hour off; nobody waits an hour, and the limit holds."""
    limit = RateLimit(50, 1.0)
    for _ in range(2):
        fleet.join()
    await fleet.run(limit, 3.0)
    simulated.clock += jump
    await fleet.run(limit, 1.0)
    assert await fleet.run(limit, 3.0) >= 0.95
    assert fleet.peak(0.95) <= (1.0 if jump < 0 else 1.1) * limit.max_rate, "set forward, the bucket seems empty once"


@pytest.mark.untraced
@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_pause_ends_in_time_when_the_clock_of_redis_is_set(
    fleet: Fleet, simulated: SimulatedServer, virtual_time: Any, jump: float
) -> None:
    """Its end is a moment on Redis' clock: set back by an hour it would last an hour, set forward it would be over."""
    limit, one, other = RateLimit(100, 1.0), fleet.join(), fleet.join()
    await one.pause(APP, PATH, 10.0)
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for limiter in (one, other)]
    await asyncio.sleep(8.9)
    simulated.clock += jump
    begin = virtual_time.now
    await asyncio.gather(*waiting)
    assert virtual_time.now - begin == pytest.approx(1.1, abs=1.0)
    assert virtual_time.now - begin >= 1.1


# ── the pause ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pause_of_another_process_is_known_within_a_second_to_who_waits(fleet: Fleet) -> None:
    """A call that waits for a far permit learns that it will not get it in time."""
    limit, one, other = RateLimit(1, HOUR), fleet.join(), fleet.join()
    await one.acquire(APP, PATH, limit)
    waiting = asyncio.create_task(other.acquire(APP, PATH, limit))
    await asyncio.sleep(2.0)
    await one.pause(APP, PATH, 30.0)
    await asyncio.sleep(1.0)
    assert other.paused_for(APP, PATH) == pytest.approx(29.0, abs=0.1)
    waiting.cancel()


@pytest.mark.parametrize("before", [0, 3])
async def test_redis_is_asked_seldom_during_a_pause(
    fleet: Fleet, simulated: SimulatedServer, virtual_time: Any, before: int
) -> None:
    """Whoever waits in it only looks whether it got longer, and is served when it is over; a minute is usual."""
    limit, limiter = RateLimit(100, 1.0), fleet.join()
    for _ in range(before):
        await limiter.acquire(APP, PATH, limit)
    await limiter.pause(APP, PATH, 20.0)
    begin, calls = virtual_time.now, simulated.calls
    await acquire(limiter, 3, limit)
    assert virtual_time.now - begin == pytest.approx(20.0, abs=0.1)
    assert simulated.calls - calls <= 20.0 / 0.6 + 2


@pytest.mark.untraced
async def test_slots_in_hand_are_void_when_a_pause_begins(fleet: Fleet, virtual_time: Any) -> None:
    """They were fetched before anybody knew."""
    limit, limiter = RateLimit(100, 1.0), fleet.join()
    caller = asyncio.create_task(fleet.call(0, limit, virtual_time.now + 6.0, patience=60.0))
    await asyncio.sleep(2.0)
    paused_at = virtual_time.now
    await limiter.pause(APP, PATH, 3.0)
    await limiter.pause(APP, PATH, 1.0)
    await caller
    assert not [at for at in fleet.times if paused_at < at < paused_at + 3.0]
    assert len([at for at in fleet.times if at >= paused_at + 3.0]) > 90


@pytest.mark.parametrize("limit", [RateLimit(10, 1.0), RateLimit(1, 60.0)], ids=str)
async def test_permit_granted_in_the_moment_of_a_pause_is_void(
    fleet: Fleet, virtual_time: Any, limit: RateLimit
) -> None:
    """The place in line is kept, and its caller has the first slot after the pause: what was granted has come back."""
    limiter = fleet.join()
    order: list[tuple[str, float]] = []
    await limiter.acquire(APP, PATH, limit)

    async def send(name: str) -> None:
        await limiter.acquire(APP, PATH, limit)
        order.append((name, virtual_time.now))

    tasks = [asyncio.create_task(send(name)) for name in "ab"]
    lane = limiter._lanes[APP, PATH]
    slots = lane.of_limit[limit]
    async with asyncio.timeout(70):  # when it is handed out depends on the dice
        while not slots._ready:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    virtual_time.advance(slots._ready[0].due - virtual_time.now)
    slots.turn()
    begin = virtual_time.now
    lane.hold(begin + 5.0)
    await asyncio.gather(*tasks)
    assert [name for name, _ in order] == ["a", "b"]
    assert begin + 5.0 <= order[0][1] < begin + 6.0


# ── those who leave ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_permit_of_a_caller_cancelled_when_it_was_granted_goes_to_the_next(run_virtually: Any) -> None:
    """A slot that nobody sends with would be lost to the others, at every deadline that is met by chance."""

    async def cancel_after(turns: int, time: Any) -> bool:
        limiter, limit = RedisRateLimiter(SimulatedRedis(SimulatedServer(time), 0.0)), RateLimit(1, 1.0)
        begin = time.now
        first, second, last = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(3)]
        for _ in range(turns):
            await asyncio.sleep(0)
        ended = first.done()
        first.cancel()
        last.cancel()
        await second
        await asyncio.gather(first, last, return_exceptions=True)
        assert time.now - begin == pytest.approx(1.0 if ended else 0.0, abs=0.06)
        await limiter.aclose()
        return ended

    async def scenario(time: Any) -> set[bool]:
        return {await cancel_after(turns, time) for turns in range(60)}

    assert run_virtually(scenario) == {False, True}


async def test_calls_go_on_after_all_tasks_of_the_loop_were_cancelled(fleet: Fleet) -> None:
    """A worker that cancels what it finds in its loop must not find the limiter dead afterwards."""
    limit, limiter = RateLimit(5, 1.0), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(3)]
    for _ in range(60):
        await asyncio.sleep(0.0002)
        for task in asyncio.all_tasks() - {asyncio.current_task(), *waiting}:
            task.cancel()
    async with asyncio.timeout(3):
        await asyncio.gather(*waiting)
    assert not limiter._access.link.down_for()


@pytest.mark.parametrize("turns", range(8))
async def test_first_look_for_redis_that_somebody_cancelled_is_made_again(
    fleet: Fleet, virtual_time: Any, turns: int
) -> None:
    """A second later, and not at every turn of the loop until then; Redis is not to blame."""
    limit, limiter, begun = RateLimit(5, 1.0), fleet.join(), 0
    loop, begin, virtual_time.turn = asyncio.get_running_loop(), virtual_time.now, 0.0001

    def begin_task(loop: Any, coroutine: Any, **settings: Any) -> Any:
        nonlocal begun
        begun += 1
        return asyncio.Task(coroutine, loop=loop, **settings)

    waiting = asyncio.create_task(limiter.acquire(APP, PATH, limit))
    for _ in range(turns):
        await asyncio.sleep(0)
    for task in asyncio.all_tasks() - {asyncio.current_task(), waiting}:
        task.cancel()
    loop.set_task_factory(begin_task)
    await waiting
    loop.set_task_factory(None)
    assert virtual_time.now - begin < 1.2
    assert begun <= 60
    assert not limiter._access.link.down_for()


async def test_caller_cancelled_when_the_limiter_closes_is_cancelled(fleet: Fleet) -> None:
    """Both in one moment: neither hides the other."""
    limit, limiter = RateLimit(1, 60.0), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(2)]
    await asyncio.sleep(0.5)
    waiting[0].cancel()
    await limiter.aclose()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, ClientClosedError]


async def test_closing_waits_for_what_is_under_way(simulated: SimulatedServer, fleet: Fleet, virtual_time: Any) -> None:
    """No task of ours is left, though Redis hangs; whoever waits is told."""
    limit, limiter = RateLimit(5, 1.0), fleet.join()
    await limiter.acquire(APP, PATH, limit)
    simulated.hung = asyncio.Event()
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, limit)) for _ in range(20)]
    await asyncio.sleep(0.7)
    begin = virtual_time.now
    await limiter.aclose()
    assert virtual_time.now - begin <= 0.41, "an answer is waited for 200 ms, and what is under way another 200 ms"
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes if outcome} == {ClientClosedError}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_closing_and_a_cancelled_waiter_in_one_turn(fleet: Fleet) -> None:
    """He has not had his turn to leave the line; only the others are woken."""
    limiter = fleet.join()
    slow = RateLimit(1, HOUR)
    await limiter.acquire(APP, PATH, slow)
    waiting = [asyncio.create_task(limiter.acquire(APP, PATH, slow)) for _ in range(2)]
    await asyncio.sleep(5)
    waiting[0].cancel()
    await limiter.aclose()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError, ClientClosedError]
