"""One timer for all limits of a call: whose time is over, and whose cancellation it is."""

import asyncio
import contextlib
import gc
import math
import weakref
from typing import Any

import pytest

from wxunion_async import ClientClosedError, RateLimitedError
from wxunion_async._alarm import Alarm, Later, Ring

CLOSED, PAUSED = ClientClosedError("closed"), RateLimitedError(45011)


def alarm(virtual_time: Any, seconds: float = 10.0) -> Alarm:
    """Return the alarm of a call that may take so long, with attempts of 5 s."""
    return Alarm(asyncio.get_running_loop(), virtual_time.now + seconds, virtual_time.now + 5.0)


async def rings(ring: Alarm, seconds: float = 100.0, *, over: bool = True) -> Any:
    """Sleep until it rings, and say why; then the call is over, or goes on."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError as cancellation:
        return ring.caught(cancellation)
    finally:
        if over:
            ring.close()
    return None


@pytest.mark.parametrize("attempt", [math.inf, 10.0])
async def test_the_deadline_ends_a_wait(virtual_time: Any, attempt: float) -> None:
    """The timer that goes off early, for an attempt, looks again; if both end together, the call is over."""
    begin, ring = virtual_time.now, alarm(virtual_time)
    ring.attempt_ends = begin + attempt
    assert await rings(ring) is Ring.DEADLINE
    assert virtual_time.now - begin == pytest.approx(10.0)


async def test_an_attempt_ends_before_its_call(virtual_time: Any) -> None:
    """And a limit that was put off counts, not the one that was."""
    begin, ring = virtual_time.now, alarm(virtual_time)
    ring.attempt_ends = begin + 4.0
    ring.attempt_ends = begin + 7.0
    assert await rings(ring) is Ring.ATTEMPT
    assert virtual_time.now - begin == pytest.approx(7.0)


async def test_the_deadline_is_watched_after_an_attempt_ended(virtual_time: Any) -> None:
    """The call waits for its next permit, say; that would take longer than its time."""
    begin, ring = virtual_time.now, alarm(virtual_time)
    ring.attempt_ends = begin + 5.0
    assert await rings(ring, over=False) is Ring.ATTEMPT
    ring.attempt_ends = math.inf
    assert await rings(ring) is Ring.DEADLINE
    assert virtual_time.now - begin == pytest.approx(10.0)


async def test_a_deadline_in_the_moment_of_another_cause_is_not_lost(virtual_time: Any) -> None:
    """It was sent back into its line in the turn in which its time was over."""
    ring = alarm(virtual_time)
    asyncio.get_running_loop().call_at(virtual_time.now + 10.0, ring.ring, Ring.RECALL)
    assert await rings(ring, over=False) is Ring.RECALL
    assert await rings(ring) is Ring.DEADLINE


@pytest.mark.parametrize("limit", ["limit_call", "limit_attempt"])
async def test_a_limit_may_be_brought_nearer(virtual_time: Any, limit: str) -> None:
    """A patient call's clock begins with its permit."""
    begin, ring = virtual_time.now, alarm(virtual_time, math.inf)
    getattr(ring, limit)(begin + 2.0)
    assert await rings(ring) is (Ring.DEADLINE if limit == "limit_call" else Ring.ATTEMPT)
    assert virtual_time.now - begin == pytest.approx(2.0)


@pytest.mark.parametrize("shared", [False, True])
async def test_without_a_limit_nothing_rings(virtual_time: Any, shared: bool) -> None:
    """Also when the timer has looked in vain, as it does in each bulk item's wait for its permit."""
    loop, begin = asyncio.get_running_loop(), virtual_time.now
    wrong: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: wrong.append(context))
    ring = Alarm(loop, math.inf, begin + 5.0, Later(loop) if shared else None)
    assert await rings(ring, seconds=50.0, over=False) is None
    loop.call_soon(ring.ring, Ring.RECALL)
    assert await rings(ring) is Ring.RECALL
    assert wrong == []


@pytest.mark.parametrize(
    ("causes", "told"),
    [
        ([Ring.RECALL, CLOSED], CLOSED),
        ([CLOSED, Ring.RECALL], CLOSED),
        ([PAUSED, CLOSED], PAUSED),
        ([Ring.RECALL, Ring.DEADLINE], Ring.RECALL),
    ],
)
async def test_an_error_outlasts_any_other_cause(virtual_time: Any, causes: list[Any], told: Any) -> None:
    """A pause too long and a close in the same moment: the pause came first; being sent back is nothing beside it."""
    ring = alarm(virtual_time)
    for cause in causes:
        asyncio.get_running_loop().call_soon(ring.ring, cause)
    assert await rings(ring) is told
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_the_callers_own_cancellation_in_the_same_turn_wins(virtual_time: Any) -> None:
    """It is never wrapped."""

    async def call() -> Any:
        ring = alarm(virtual_time)
        asyncio.get_running_loop().call_soon(ring.ring, CLOSED)
        return await rings(ring)

    task = asyncio.create_task(call())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_that_somebody_kept_to_himself_is_taken_back(virtual_time: Any) -> None:
    """Else the caller's next ``asyncio.timeout`` would take it for its own."""
    ring = alarm(virtual_time)
    asyncio.get_running_loop().call_soon(ring.ring, CLOSED)
    with contextlib.suppress(asyncio.CancelledError):  # a user's middleware, say
        await asyncio.sleep(1)
    ring.close()
    ring.ring(CLOSED)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_a_timer_that_is_put_off_rings_in_time(virtual_time: Any) -> None:
    """Most calls are over before the second of their deadline begins, so only then is there a timer."""
    later = Later(asyncio.get_running_loop())
    begin = virtual_time.now
    over, ring = (Alarm(asyncio.get_running_loop(), begin + 3.7, begin + 3.7, later) for _ in range(2))
    over.close()
    assert await rings(ring) is Ring.DEADLINE
    assert virtual_time.now - begin == pytest.approx(3.7)


async def test_a_limit_is_brought_nearer_than_where_it_was_put_off_to(virtual_time: Any) -> None:
    """The alarm is no longer among those of the later second, nor does it ring there."""
    later = Later(asyncio.get_running_loop())
    begin = virtual_time.now
    ring = Alarm(asyncio.get_running_loop(), begin + 60.0, begin + 10.0, later)
    ring.limit_call(begin + 0.1)
    assert await rings(ring) is Ring.DEADLINE
    assert virtual_time.now - begin == pytest.approx(0.1)
    assert await rings(Alarm(asyncio.get_running_loop(), math.inf, begin + 11.0, later), 30.0) is None


@pytest.mark.parametrize("nearer", [False, True])
async def test_an_alarm_that_is_closed_is_forgotten(virtual_time: Any, nearer: bool) -> None:
    """A call of 5 ms would be kept for the seconds that it might have taken; also where a limit was brought nearer."""
    loop = asyncio.get_running_loop()
    later = Later(loop)
    ring = Alarm(loop, virtual_time.now + 10.0, virtual_time.now + 5.0, later)
    alarms = later.those_with(ring.rings_at)
    assert alarms == {ring}
    if nearer:
        ring.limit_call(virtual_time.now + 2.0)
    ring.close()
    assert alarms == set()


async def test_a_call_that_is_over_is_not_kept_by_its_timer(virtual_time: Any) -> None:
    """Where the timer was set at once: the task, and with it the answer, would stay for the seconds that were allowed."""

    async def call() -> None:
        alarm(virtual_time).close()

    task = asyncio.create_task(call())
    await task
    kept = weakref.ref(task)
    del task
    await asyncio.sleep(0)  # what woke this one holds it, too
    gc.collect()
    assert kept() is None
