"""What the local rate limiter promises, on a simulated clock: the limit in any window, the line, the pause."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ruler import busiest
from wxunion_async import ClientClosedError, RateLimit
from wxunion_async._limiter import LocalRateLimiter

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
SLOW = RateLimit(10, 10.0)  # a permit a second, one at once


class Sender:
    """Acquires on one path, and remembers who got his permit when."""

    def __init__(self, limit: RateLimit, limiter: LocalRateLimiter | None = None) -> None:
        self.limit = limit
        self.limiter = limiter or LocalRateLimiter()
        self.sent: list[tuple[float, int]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def acquire(self) -> None:
        await self.limiter.acquire(APP, PATH, self.limit)

    async def _send(self, number: int) -> None:
        await self.acquire()
        self.sent.append((asyncio.get_running_loop().time(), number))

    def start(self, count: int) -> list[asyncio.Task[None]]:
        """Let so many more callers come at this moment."""
        new = [asyncio.create_task(self._send(len(self.tasks) + index)) for index in range(count)]
        self.tasks += new
        return new

    async def pause(self, seconds: float) -> None:
        await self.limiter.pause(APP, PATH, seconds)

    async def finish(self) -> None:
        """Wait until nobody waits any more."""
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.sent]

    @property
    def order(self) -> list[int]:
        return [number for _, number in self.sent]


# ── the limit ────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class Step:
    """One thing that happens to a path."""

    wait: float
    """Periods to wait first."""
    callers: int
    cancelled: int
    """How many of all that have come are cancelled, at this moment."""
    pause: float
    """Periods of a pause; 0 for none."""


@st.composite
def limits(draw: st.DrawFn) -> RateLimit:
    """Draw limits of all shapes, of few sends, so that an example takes milliseconds."""
    max_rate = draw(st.integers(1, 70))
    burst = draw(st.none() | st.integers(1, max_rate))
    return RateLimit(max_rate, draw(st.floats(0.1, 90.0)), burst)


steps = st.builds(
    Step,
    wait=st.sampled_from([0.0, 0.0, 0.01, 0.1, 0.5, 0.97, 1.0, 3.0]) | st.floats(0, 2),
    callers=st.integers(0, 50),
    cancelled=st.sampled_from([0, 0, 1, 5, 30]),
    pause=st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.5, 1.5]),
)


@pytest.mark.untraced
@settings(max_examples=40)
@given(
    limit=limits(),
    script=st.lists(steps, min_size=1, max_size=12),
    turn=st.sampled_from([0.0, 1e-7, 1e-5, 9e-5]),
    random=st.randoms(use_true_random=False),
)
def test_no_window_holds_more_than_the_limit(
    run_virtually: Any, limit: RateLimit, script: list[Step], turn: float, random: Any
) -> None:
    """Whatever comes, goes, is cancelled or paused: the limit holds in every window, in order, and nobody is forgotten."""

    async def scenario(time: Any) -> None:
        time.turn = turn * limit.time_period
        sender = Sender(limit)
        pauses: list[tuple[int, float]] = []
        for step in script:
            await asyncio.sleep(step.wait * limit.time_period)
            sender.start(step.callers)
            if step.pause:
                await sender.pause(step.pause * limit.time_period)
                pauses.append((len(sender.sent), sender.limiter.paused_for(APP, PATH) + time.now))
            for task in random.sample(sender.tasks, min(step.cancelled, len(sender.tasks))):
                task.cancel()
        await sender.finish()
        assert busiest(sender.times, limit.time_period) <= limit.max_rate
        assert sender.order == sorted(sender.order)
        assert len(sender.sent) == sum(not task.cancelled() for task in sender.tasks)
        assert all(at >= end - 1e-9 for already, end in pauses for at in sender.times[already:])

    run_virtually(scenario)


@pytest.mark.untraced
@pytest.mark.parametrize(
    "limit",
    [
        *(RateLimit(rate, 1.0) for rate in (1, 2, 19, 20, 24, 25, 50, 500, 2000)),
        RateLimit(3000, 60.0),
        RateLimit(100, 1.0, burst=1),
        RateLimit(100, 1.0, burst=50),
        RateLimit(7, 3.0, burst=7),
    ],
    ids=str,
)
def test_steady_rate_is_the_leak(run_virtually: Any, limit: RateLimit) -> None:
    """What waits is let go as fast as the limit allows: the pump itself costs nothing."""

    async def scenario(time: Any) -> None:
        sender = Sender(limit)
        sender.start(limit.bucket_size)
        await sender.finish()
        begin, callers = time.now, min(limit.max_rate + 5, 510)  # a few more than a window holds, or 510 show the rate
        sender.start(callers)
        await sender.finish()
        assert callers / (time.now - begin) == pytest.approx(limit.leak, rel=1e-3)
        assert busiest(sender.times, limit.time_period) <= limit.max_rate

    run_virtually(scenario)


def _share(max_rate: int) -> float:
    limit = RateLimit(max_rate, 1.0)
    return limit.leak / max_rate


def test_default_burst_leaves_96_percent_usable() -> None:
    """A limit that is paid for should be usable; rates of 20 to 24, where a burst of 2 weighs most, have 95 %."""
    assert all(_share(rate) > 0.95 - 1e-6 for rate in range(20, 25))
    assert all(_share(rate) > 0.96 - 1e-6 for rate in (*range(1, 20), *range(25, 5001)))


async def test_burst_leaves_at_once_after_a_quiet_time(virtual_time: Any) -> None:
    """A client that has been quiet must not wait for its first calls."""
    sender = Sender(RateLimit(100, 10.0, burst=5))
    begin = virtual_time.now
    sender.start(6)
    await sender.finish()
    assert sender.times[:5] == pytest.approx([begin] * 5)
    assert sender.times[5] == pytest.approx(begin + 10 / 96)


async def test_apps_and_paths_have_limits_of_their_own(virtual_time: Any) -> None:
    """The vendor counts per app and path: a busy one must not slow down another."""
    limiter, begin = LocalRateLimiter(), virtual_time.now
    busy = [asyncio.create_task(limiter.acquire("a", "/1", SLOW)) for _ in range(5)]
    await asyncio.sleep(0)
    await limiter.pause("a", "/1", 100)
    for app, path in (("a", "/2"), ("b", "/1"), ("b", "/2")):
        await limiter.acquire(app, path, SLOW)
        assert limiter.paused_for(app, path) == 0.0
    assert virtual_time.now == pytest.approx(begin)
    await asyncio.gather(*busy)
    assert virtual_time.now == pytest.approx(begin + 103, abs=0.1)


async def test_first_limit_of_a_path_stays(virtual_time: Any) -> None:
    """Two clients that share a limiter cannot tell it two rates; the docstring says whose holds."""
    limiter, begin = LocalRateLimiter(), virtual_time.now
    for limit in (SLOW, RateLimit(1000, 1.0), RateLimit(1000, 1.0)):
        await limiter.acquire(APP, PATH, limit)
    assert virtual_time.now == pytest.approx(begin + 2)


# ── the line ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_newcomers_never_overtake(virtual_time: Any) -> None:
    """Aiolimiter lets a newcomer through who finds room at the moment when it was made for somebody else."""
    sender = Sender(RateLimit(40, 1.0, burst=3))
    sender.start(20)
    for _ in range(400):
        await asyncio.sleep(0.001)
        sender.start(len(sender.sent) % 2)
    await sender.finish()
    assert sender.order == sorted(sender.order)


@pytest.mark.parametrize("turns", range(12))
async def test_newcomer_does_not_overtake_in_the_moment_of_a_grant(virtual_time: Any, turns: int) -> None:
    """Between the grant and the waiter's own turn the line is empty already, and there may be room in the bucket."""
    sender = Sender(RateLimit(10, 10.0, burst=3))
    sender.start(3)
    await asyncio.sleep(0)
    sender.start(1)
    virtual_time.advance(10.0)
    for _ in range(turns):
        await asyncio.sleep(0)
    sender.start(1)
    await sender.finish()
    assert sender.order == [0, 1, 2, 3, 4]


@pytest.mark.untraced
async def test_cancelled_waiters_give_back_their_places(virtual_time: Any) -> None:
    """10 of 400 leave: the others are done as early as if these had never come."""
    sender = Sender(RateLimit(400, 1.0, burst=1))
    begin = virtual_time.now
    tasks = sender.start(400)
    await asyncio.sleep(0.25)
    for task in tasks[120:320:20]:
        task.cancel()
    await sender.finish()
    assert len(sender.sent) == 390
    assert virtual_time.now - begin == pytest.approx(389 / 400, rel=1e-3)


def test_permit_of_a_waiter_cancelled_when_it_was_granted_goes_to_the_next(run_virtually: Any) -> None:
    """A permit that nobody sends with would be lost to the others, at every deadline that is met by chance."""

    async def cancel_after(turns: int, time: Any) -> bool:
        sender, begin = Sender(SLOW), time.now
        first, second, _ = sender.start(3)
        await asyncio.sleep(0.5)
        time.advance(0.6)
        for _ in range(turns):
            await asyncio.sleep(0)
        in_time = second.done()
        second.cancel()
        await sender.finish()
        assert first.done()
        assert sender.times[-1] == pytest.approx(begin + (2.1 if in_time else 1.1), abs=1e-3)
        return in_time

    async def scenario(time: Any) -> set[bool]:
        return {await cancel_after(turns, time) for turns in range(12)}

    assert run_virtually(scenario) == {False, True}


def test_cancelled_in_any_turn_the_last_waiter_leaves_nothing_behind(run_virtually: Any) -> None:
    """The pump has nobody to serve then; that no task is left is checked by the fixture."""

    async def scenario(time: Any) -> None:
        for turns in range(12):
            sender = Sender(SLOW)
            sender.start(2)
            await asyncio.sleep(0.5)
            time.advance(0.6)
            for _ in range(turns):
                await asyncio.sleep(0)
            sender.tasks[1].cancel()
            await sender.finish()
            begin = time.now
            await sender.acquire()
            assert time.now - begin < 1 + 1e-3

    run_virtually(scenario)


async def test_no_task_runs_when_nobody_waits(virtual_time: Any) -> None:
    """An idle client must not keep a worker's loop busy, nor a test from ending."""
    sender = Sender(SLOW)
    sender.start(3)
    await sender.finish()
    assert asyncio.all_tasks() == {asyncio.current_task()}


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pause_holds_everybody_back_until_its_end(virtual_time: Any) -> None:
    """45011 says that the minute is over: each further send would be one more refusal."""
    sender, begin = Sender(SLOW), virtual_time.now
    await sender.pause(30)
    assert sender.limiter.paused_for(APP, PATH) == pytest.approx(30)
    sender.start(3)
    await sender.finish()
    assert [at - begin for at in sender.times] == pytest.approx([30, 31, 32], abs=1e-3)
    assert sender.limiter.paused_for(APP, PATH) == 0.0


@pytest.mark.parametrize(("first", "then", "end"), [(30, 10, 30), (10, 30, 35), (10, 1, 10)])
async def test_longest_pause_counts(virtual_time: Any, first: float, then: float, end: float) -> None:
    """Answers that overtake each other must not cut a pause short."""
    sender, begin = Sender(SLOW), virtual_time.now
    await sender.pause(first)
    sender.start(1)
    await asyncio.sleep(5)
    await sender.pause(then)
    await sender.finish()
    assert virtual_time.now - begin == pytest.approx(end)


async def test_permit_acquired_while_a_pause_begins_is_void(virtual_time: Any) -> None:
    """The pump had waited for the bucket since before the pause; handed over later, its permit would be one too many."""
    sender, begin = Sender(SLOW), virtual_time.now
    sender.start(3)
    await asyncio.sleep(0.5)
    await sender.pause(0.7)
    await sender.finish()
    assert [at - begin for at in sender.times] == pytest.approx([0, 2, 3], abs=1e-3)


def test_permits_granted_but_not_yet_used_are_void_when_a_pause_begins(run_virtually: Any) -> None:
    """A pause may begin between the grant and the turn of the waiter, who keeps his place before those behind him."""

    async def pause_after(turns: int, time: Any) -> int:
        sender = Sender(RateLimit(10, 10.0, burst=3))
        sender.start(8)
        await asyncio.sleep(0.5)
        time.advance(3.0)
        for _ in range(turns):
            await asyncio.sleep(0)
        before = len(sender.sent)
        await sender.pause(30)
        end = time.now + 30
        await sender.finish()
        assert all(at >= end - 1e-6 for at in sender.times[before:])
        assert sender.order == [*range(8)]
        return before

    async def scenario(time: Any) -> set[int]:
        return {await pause_after(turns, time) for turns in range(12)}

    assert run_virtually(scenario) >= {3, 5}


async def test_cancelled_in_a_pause_gives_back_the_place(virtual_time: Any) -> None:
    """Deadlines end in pauses more often than anywhere else."""
    sender, begin = Sender(SLOW), virtual_time.now
    await sender.pause(30)
    tasks = sender.start(4)
    await asyncio.sleep(10)
    for task in tasks[:2]:
        task.cancel()
    await sender.finish()
    assert [at - begin for at in sender.times] == pytest.approx([30, 31], abs=1e-3)
    await asyncio.sleep(1.1)
    assert sender.limiter.acquire_nowait(APP, PATH, SLOW), "nobody waits any more"


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_permits_looked_for_before_a_wait_are_not_counted_on_after_it(virtual_time: Any) -> None:
    """Those who waited through a pause have taken them."""
    limit, limiter = RateLimit(1000, 10.0, burst=200), LocalRateLimiter()
    assert limiter.acquire_nowait(APP, PATH, limit)
    await limiter.pause(APP, PATH, 1.0)
    await asyncio.gather(*(limiter.acquire(APP, PATH, limit) for _ in range(300)))
    assert not limiter.acquire_nowait(APP, PATH, limit)


async def test_closing_ends_every_wait(virtual_time: Any) -> None:
    """Who shares a limiter and closes it must not leave others waiting without end, nor hand out another permit."""
    sender, begin = Sender(SLOW), virtual_time.now
    sender.start(5)
    await asyncio.sleep(1.5)
    await sender.limiter.aclose()
    await sender.limiter.aclose()
    await sender.finish()
    assert virtual_time.now - begin == pytest.approx(1.5), "at once, and not when the permit would have come"
    errors = [task.exception() for task in sender.tasks]
    assert errors[:2] == [None, None]
    assert all(isinstance(error, ClientClosedError) for error in errors[2:])
    with pytest.raises(ClientClosedError, match="the rate limiter is closed"):
        await sender.limiter.acquire(APP, "/another", SLOW)


def test_closing_hands_out_nothing_at_whatever_turn(run_virtually: Any) -> None:
    """A grant, a cancellation and the end may fall into one turn: no permit after the end, no error lost."""

    async def close_after(turns: int, time: Any, before: Callable[[Sender], Awaitable[None]]) -> None:
        sender = Sender(RateLimit(10, 10.0, burst=2))
        sender.start(6)
        await asyncio.sleep(0.5)
        time.advance(2.0)
        for _ in range(turns):
            await asyncio.sleep(0)
        await before(sender)
        sent = len(sender.sent)
        sender.tasks[3].cancel()
        await sender.limiter.aclose()
        await sender.finish()
        assert len(sender.sent) == sent

    async def nothing(sender: Sender) -> None:
        return None

    async def pause(sender: Sender) -> None:
        await sender.pause(5)

    async def scenario(time: Any) -> None:
        for turns in range(12):
            await close_after(turns, time, nothing)
            await close_after(turns, time, pause)

    run_virtually(scenario)


async def test_unused_limiter_closes(virtual_time: Any) -> None:
    """A client that never sent anything closes too."""
    await LocalRateLimiter().aclose()


def test_windows_are_half_open() -> None:
    """The ruler of this file: two sends a whole window apart are not in one window."""
    assert busiest([0.0, 1.0], 1.0) == 1
    assert busiest([0.0, 0.5, 0.9, 1.1], 1.0) == 3
    assert [b - a for a, b in pairwise([0.0, 1.0])] == [1.0]


# ── more than one event loop, and what is optional ───────────────────────────────────────────────────────────────────


def test_a_limiter_may_go_on_in_another_loop_with_an_empty_bucket() -> None:
    """A worker that runs ``asyncio.run`` once a task would else send a burst a task."""
    limiter, limit = LocalRateLimiter(), RateLimit(100, 1.0, burst=5)

    async def take() -> int:
        return sum([limiter.acquire_nowait(APP, PATH, limit) for _ in range(10)])

    assert asyncio.run(take()) == 5
    assert asyncio.run(take()) == 0
    assert repr(limiter) == "LocalRateLimiter(1 paths)"


def test_a_pause_goes_on_in_another_loop() -> None:
    """The service counts the minute on, whatever loop the worker's next task runs in."""
    limiter = LocalRateLimiter()

    async def use() -> float:
        limiter.acquire_nowait(APP, PATH, SLOW)
        return limiter.paused_for(APP, PATH)

    assert asyncio.run(use()) == 0.0
    asyncio.run(limiter.pause(APP, PATH, 60.0))
    assert asyncio.run(use()) == pytest.approx(60.0, abs=10.0)


async def test_a_limiter_in_use_in_two_loops_is_told_apart() -> None:
    """Two loops at once cannot share a bucket; it says what to do instead."""
    limiter = LocalRateLimiter()
    await limiter.acquire(APP, PATH, SLOW)
    with pytest.raises(RuntimeError, match="event loop"):
        await asyncio.to_thread(asyncio.run, limiter.acquire(APP, PATH, SLOW))


@pytest.mark.parametrize("burst", [7, 63, 64, 65])  # 64 permits are looked for at a time
async def test_room_is_what_may_be_taken_now(virtual_time: Any, burst: int) -> None:
    """The line lets so many connect; nobody during a pause."""
    limiter, limit = LocalRateLimiter(), RateLimit(1000, 10.0, burst=burst)
    for left in range(burst, 0, -1):
        assert limiter.room(APP, PATH, limit) == left
        assert limiter.acquire_nowait(APP, PATH, limit)
    assert (limiter.room(APP, PATH, limit), limiter.acquire_nowait(APP, PATH, limit)) == (0, False)
    await limiter.pause(APP, PATH, 3.0)
    await asyncio.sleep(2.5)
    assert limiter.paused_for(APP, PATH) == pytest.approx(0.5)
    assert (limiter.room(APP, PATH, limit), limiter.acquire_nowait(APP, PATH, limit)) == (0, False)
    await asyncio.sleep(0.6)
    assert limiter.room(APP, PATH, limit) == burst
    await limiter.aclose()
    with pytest.raises(ClientClosedError):
        limiter.acquire_nowait(APP, PATH, limit)
