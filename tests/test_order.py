"""Places in line: their order, and that nobody who left is kept for good."""

import asyncio
from typing import Any

import pytest

from wxunion_async import LocalRateLimiter, RateLimit
from wxunion_async._alarm import Alarm, Ring
from wxunion_async._line import Gate, Line
from wxunion_async._order import Order

LIMIT = RateLimit(10, 10.0, burst=1)
FAST = RateLimit(100, 10.0, burst=1)


class At:
    """A place without a call."""

    def __init__(self, number: int, *, bulk: bool = False, call_ends: float = 1e9) -> None:
        self.number = number
        self.bulk = bulk
        self.alarm: Any = self
        self.call_ends = call_ends
        self.rang: list[Any] = []
        self.turn: asyncio.Future[None] | None = None
        self.granted = False
        self.is_fit = True

    def ring(self, cause: Any) -> None:
        self.rang.append(cause)

    def fit(self) -> bool:
        return self.is_fit


def served(order: Order, count: int) -> list[int]:
    """Return the numbers of those who are served next."""
    numbers: list[int] = []
    for _ in range(count):
        place = order.first()
        assert place is not None
        order.serve(place)
        numbers.append(place.number)
    return numbers


def test_single_calls_go_first_but_for_one_turn_in_eight() -> None:
    """Each of the two by number, whenever it came back into the line."""
    order = Order()
    for number in reversed(range(20)):
        order.add(At(number))
        order.add(At(100 + number, bulk=True))
    assert served(order, 17) == [*range(7), 100, *range(7, 14), 101, 14]
    assert order.count == 23


def test_those_who_left_are_forgotten() -> None:
    """A thousand calls a second that give up after a while, on a path of one an hour, must not pile up."""
    order = Order()
    for number in reversed(range(20)):
        order.add(At(number))
    for number in range(20, 5000):
        place = At(number)
        order.add(place)
        order.discard(place)
    assert order.count == 20
    assert len(order._single._heap) < 100
    assert served(order, 20) == [*range(20)]
    assert order.first() is None


class Number(int):
    """A number that counts how often any is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Number.compared += 1
        return int.__eq__(self, other)

    __hash__ = int.__hash__


def test_joining_a_long_line_is_no_walk_along_it() -> None:
    """With thousands in line each newcomer would hold up all calls of the process."""
    order = Order()
    Number.compared = 0
    for number in range(2000):
        order.add(At(Number(number)))
    assert Number.compared < 50_000, "looking at everybody each time would be two million"


async def test_one_who_was_cancelled_at_the_gate_is_passed_over() -> None:
    """His task has not had its turn yet: letting him in would be an InvalidStateError in somebody else's call."""
    gate = Gate(1)
    assert gate.enter_nowait()
    assert not gate.enter_nowait()
    tasks = [asyncio.create_task(gate.enter(At(number))) for number in range(2)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    gate.leave()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert gate.inside == 1
    assert gate.waiting.count == 0


def line(limiter: LocalRateLimiter, limit: RateLimit = LIMIT, path: str = "/path") -> Line:
    """Return a line with two places for connections."""
    return Line(limiter, ("app", path), limit, 2, asyncio.get_running_loop().time)


def send(path: Line) -> None:
    """Send once, so that the next has to wait for a permit."""
    place = At(0)
    assert path.enter_nowait(place)
    assert path.permit_nowait(place, path.loop.time())


@pytest.mark.parametrize(("burst", "ahead"), [(1, 2), (7, 7)])
async def test_few_connect_ahead_unless_there_are_permits_for_more(virtual_time: Any, burst: int, ahead: int) -> None:
    """A path must leave connections to the others, but a burst after a quiet time need not connect two by two."""
    path = line(LocalRateLimiter(), RateLimit(1000, 1.0, burst=burst))
    assert [path.enter_nowait(At(number)) for number in range(9)] == [True] * ahead + [False] * (9 - ahead)


async def test_a_permit_in_hand_serves_another_when_its_holder_goes_back(virtual_time: Any) -> None:
    """His token was refused, say, before he could use it."""
    path = line(LocalRateLimiter(), FAST)
    first, second = At(1), At(2)
    assert path.enter_nowait(first)
    assert path.permit_nowait(first, path.loop.time())
    assert path.enter_nowait(first)
    assert path.enter_nowait(second)
    first.granted = True
    waiting = asyncio.create_task(path.permit(second))
    await asyncio.sleep(0)
    path.leave(first)
    assert await waiting
    assert (first.granted, second.granted) == (False, True)
    assert path.permit_nowait(second, path.loop.time()), "which needs no other permit"
    assert path.used == 2


async def test_a_permit_in_hand_serves_who_is_first_and_not_who_asks(virtual_time: Any) -> None:
    """A single call came before the bulk item that asks; neither of the waits is cut short."""
    path = line(LocalRateLimiter(), FAST)
    send(path)
    holder, item, single = At(1), At(2, bulk=True), At(3)
    assert await path.permit(holder)
    asks, waits = (asyncio.create_task(path.permit(place)) for place in (item, single))
    await asyncio.sleep(0.01)
    begin = virtual_time.now
    path.leave(holder)
    assert await waits
    assert virtual_time.now == pytest.approx(begin, abs=1e-6)
    assert await asks
    assert virtual_time.now - begin == pytest.approx(0.09, abs=1e-3)
    assert item.rang == single.rang == []
    path.close()


async def test_whoever_asks_and_is_served_another_way_keeps_his_deadline(virtual_time: Any) -> None:
    """His wait in the limiter is ended by a cancellation of ours, of which nothing may be left."""
    path = line(LocalRateLimiter(), RateLimit(1, 10.0, burst=1))
    first, asks = At(1), At(2)
    assert path.permit_nowait(first, path.loop.time())
    assert await path.permit(first)

    async def wait() -> Any:
        now, task = path.loop.time(), asyncio.current_task()
        assert task is not None
        asks.alarm = Alarm(path.loop, now + 5.0, now + 5.0)
        assert await path.permit(asks)
        assert task.cancelling() == 0
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as cancellation:
            return asks.alarm.caught(cancellation)
        finally:
            asks.alarm.close()
        return None

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(1.0)
    path.leave(first)
    assert await waiting is Ring.DEADLINE
    assert path.granted == 2, "the limiter gave no third when the second changed hands"
    path.close()


@pytest.mark.parametrize("turns", range(4))
async def test_when_the_two_who_would_ask_leave_at_once_a_third_asks(virtual_time: Any, turns: int) -> None:
    """The second was woken to ask the limiter, and is cancelled before he does; nobody else would, ever."""
    path = line(LocalRateLimiter(), FAST)
    send(path)
    waiting = [asyncio.create_task(path.permit(At(number))) for number in range(1, 4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting[1].cancel()
    assert await asyncio.wait_for(waiting[2], 5.0)
    await asyncio.gather(*waiting[:2], return_exceptions=True)
    path.close()


@pytest.mark.parametrize("who_asks", ["dead", "alive"])
async def test_those_who_are_not_fit_are_passed_over_and_look_for_themselves(virtual_time: Any, who_asks: str) -> None:
    """Their connections died; the permit goes to the next who has one, and they connect anew."""
    path = line(LocalRateLimiter(), RateLimit(250, 10.0, burst=1))  # a permit comes sooner than the line looks
    send(path)
    dead, alive = At(1), At(2)
    coming = (dead, alive) if who_asks == "dead" else (alive, dead)
    waiting = {place.number: asyncio.create_task(path.permit(place)) for place in coming}
    await asyncio.sleep(0)
    dead.is_fit = False
    async with asyncio.timeout(5.0):
        assert [await waiting[1], await waiting[2]] == [False, True]
    path.close()


async def test_who_waits_learns_of_a_dead_connection_before_his_permit_comes(virtual_time: Any) -> None:
    """A new one can be there in time; else the permit would have to wait for it."""
    path = line(LocalRateLimiter(), LIMIT)
    send(path)
    begin, dead = virtual_time.now, At(2)
    asks, waits = (asyncio.create_task(path.permit(place)) for place in (At(1), dead))
    await asyncio.sleep(0)
    dead.is_fit = False
    assert not await waits
    assert virtual_time.now - begin < 0.1
    assert await asks
    assert virtual_time.now - begin == pytest.approx(1.0, abs=0.01)
    path.close()


async def test_a_permit_that_comes_when_nobody_can_use_it_counts_as_given(virtual_time: Any) -> None:
    """It is used up at the limiter; whoever compares given with used shall see it."""
    path = line(LocalRateLimiter(), FAST)
    send(path)
    dead = At(1)
    waiting = asyncio.create_task(path.permit(dead))
    await asyncio.sleep(0)
    dead.is_fit = False
    assert not await waiting
    assert (path.granted, path.used) == (2, 1)
    path.close()


async def test_a_pause_that_begins_between_admission_and_entry_is_noticed(virtual_time: Any) -> None:
    """He waits on, with nothing in hand."""
    limiter = LocalRateLimiter()
    path = line(limiter, FAST)
    places = [At(number) for number in range(3)]
    assert path.enter_nowait(places[0])
    assert path.enter_nowait(places[1])
    task = asyncio.create_task(path.enter(places[2]))
    await asyncio.sleep(0)
    assert not task.done()
    path.leave(places[1])
    await limiter.pause("app", "/path", 30.2)
    begin = virtual_time.now
    await task
    assert virtual_time.now - begin == pytest.approx(30.2, abs=0.01), "to the moment, and not at the next look"
    path.close()


async def test_only_those_whose_time_is_too_short_are_told_of_a_pause(virtual_time: Any) -> None:
    """The others wait it out."""
    limiter = LocalRateLimiter()
    path = line(limiter)
    await limiter.pause("app", "/path", 1.0)
    now = virtual_time.now
    short, longer, long = (At(number, call_ends=now + ends) for number, ends in ((1, 20.0), (2, 60.2), (3, 100.0)))
    tasks = [asyncio.create_task(path.enter(place)) for place in (short, longer, long)]
    await asyncio.sleep(0)
    await limiter.pause("app", "/path", 60.0)
    path.tell_pause("slow down")
    assert [len(place.rang) for place in (short, longer, long)] == [1, 0, 0]
    assert short.rang[0].retry_after == pytest.approx(60.0)
    await limiter.pause("app", "/path", 60.5)
    path.tell_pause("slow down")
    assert [len(place.rang) for place in (longer, long)] == [1, 0], "it was put off a little"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    path.close()


@pytest.mark.parametrize("closed", [True, False])
async def test_a_line_looks_no_more_when_it_is_closed_or_nobody_waits(virtual_time: Any, closed: bool) -> None:
    """A quiet client must not wake its process, and a closed one not ask a limiter that may be closed, too."""

    class Looked(LocalRateLimiter):
        looks = 0

        def paused_for(self, app_id: str, path: str) -> float:
            self.looks += 1
            return super().paused_for(app_id, path)

    async def looks_in_a_while() -> int:
        before = limiter.looks
        await asyncio.sleep(10.0)
        return limiter.looks - before

    limiter = Looked()
    path, other = line(limiter), line(limiter)
    send(path)
    waiting = asyncio.create_task(path.enter(At(1)))
    await asyncio.sleep(0.6)
    assert limiter.looks > 0
    waiting.cancel()
    await asyncio.wait((waiting,))
    if closed:
        path.close()
    else:
        await asyncio.sleep(1.0)  # one look is under way
    assert await looks_in_a_while() == 0
    path.close()
    await limiter.pause("app", "/path", 30.0)
    other.tell_pause("slow down")
    assert await looks_in_a_while() == 0, "another client's pause is none of its business"
    other.close()


async def test_a_pause_sends_nobody_back_on_another_path(virtual_time: Any) -> None:
    """Limits are per path: they would give up their connections for nothing."""
    limiter = LocalRateLimiter()
    here, there = line(limiter), line(limiter, path="/other")
    place = At(1)
    assert there.enter_nowait(place)
    await limiter.pause("app", "/path", 60.0)
    here.tell_pause("slow down")
    assert place.rang == []
    here.close()
    there.close()


async def test_a_limiter_without_hash_or_weak_reference_has_a_line_of_its_own() -> None:
    """It cannot be shared by lookup; a pause is told to its own line."""

    class Plain:
        __slots__ = ()
        __hash__ = None  # type: ignore[assignment]

        async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None: ...

        async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

        def paused_for(self, app_id: str, path: str) -> float:
            return 0.0

        async def aclose(self) -> None: ...

    limiter: Any = Plain()
    path = Line(limiter, ("app", "/path"), LIMIT, 1, asyncio.get_running_loop().time)
    path.tell_pause("x")
    place = At(1)
    assert path.enter_nowait(place)
    assert not path.permit_nowait(place, path.loop.time()), "it has no way without a wait"
    assert await path.permit(place)
    path.close()
