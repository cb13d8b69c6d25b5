"""The line of a client against its promise: never too many, never idle while somebody could go; on a simulated clock."""

import asyncio
import math
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ruler import busiest
from wxunion_async import LocalRateLimiter, RateLimit, RateLimiter
from wxunion_async._alarm import Alarm, Ring
from wxunion_async._line import Gate, Line
from wxunion_async._order import Place

pytestmark = pytest.mark.untraced

KEY = ("wx-app", "/path")
LOOK = 0.6
"""Seconds between two looks of the line at what nobody tells it, and a little more."""


@attrs.frozen
class Caller:
    """A call as the line sees it."""

    after: float
    """Seconds after the one before."""
    connects: float
    """Seconds that its connections take."""
    lives: float
    """Seconds that its first connection lives without being used."""
    answers: float
    """Seconds until its answer is there."""
    gives_up: float
    """Seconds after which it is cancelled."""
    bulk: bool


callers = st.builds(
    Caller,
    after=st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.0]),
    connects=st.sampled_from([0.0, 0.0, 0.02, 0.3, 1.5]),
    lives=st.sampled_from([math.inf, math.inf, 0.5]),
    answers=st.sampled_from([0.0, 0.05, 1.0]),
    gives_up=st.sampled_from([math.inf, math.inf, 0.0, 0.7, 4.0]),
    bulk=st.booleans(),
)


class Client:
    """Many callers on one line, as a client has them: place, slot, connection, permit, sending."""

    def __init__(self, limit: RateLimit, slots: int, limiter: RateLimiter | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.limiter = limiter or LocalRateLimiter()
        self.line = Line(self.limiter, KEY, limit, max(1, slots // 4), self.loop.time)
        self.slots = Gate(slots)
        self.sent: list[float] = []
        self.wanting: set[int] = set()
        """Those who have come and are not sent."""
        self.pauses: list[tuple[float, float]] = []

    async def call(self, number: int, caller: Caller) -> None:
        """Make one call."""
        never = self.loop.time() + 1e6
        place = Connected(number, Alarm(self.loop, never, never), bulk=caller.bulk)
        self.wanting.add(number)
        try:
            while True:
                try:
                    return await self._attempt(place, caller)
                except asyncio.CancelledError as cancellation:
                    cause = place.alarm.caught(cancellation)
                assert cause is Ring.RECALL
        finally:
            place.alarm.close()
            self.wanting.discard(number)

    async def _attempt(self, place: "Connected", caller: Caller) -> None:
        if not self.line.enter_nowait(place):
            await self.line.enter(place)
        try:
            if not self.slots.enter_nowait():
                await self.slots.enter(place)
            try:
                await self._send(place, caller)
            finally:
                self.slots.leave()
        finally:
            self.line.leave(place)

    async def _send(self, place: "Connected", caller: Caller) -> None:
        while True:
            await asyncio.sleep(caller.connects)
            place.dies_at = self.loop.time() + (caller.lives if place.connections == 0 else math.inf)
            place.connections += 1
            if self.line.permit_nowait(place, self.loop.time()):
                break
            if await self.line.permit(place) and place.fit():
                self.line.use(place, self.loop.time())
                break
        self.sent.append(self.loop.time())
        self.wanting.discard(place.number)
        await asyncio.sleep(caller.answers)

    async def pause(self, seconds: float) -> None:
        """Be told 45011."""
        self.pauses.append((self.loop.time(), self.loop.time() + seconds))
        await self.limiter.pause(*KEY, seconds)
        self.line.tell_pause("paused")


class Connected(Place):
    """A place whose connection lives for a while."""

    def __init__(self, number: int, alarm: Alarm, *, bulk: bool) -> None:
        self.number = number
        self.alarm = alarm
        self.bulk = bulk
        self.connections = 0
        self.dies_at = math.inf

    def fit(self) -> bool:
        return asyncio.get_running_loop().time() < self.dies_at


async def stands_still(client: Client, patience: float) -> None:
    """End when somebody has waited for so long without a pause, and nobody has been sent meanwhile."""
    quiet_since, sent = client.loop.time(), 0
    while client.loop.time() - quiet_since <= patience:
        await asyncio.sleep(0.05)
        if not client.wanting or client.limiter.paused_for(*KEY) or len(client.sent) > sent:
            quiet_since, sent = client.loop.time(), len(client.sent)


@settings(max_examples=75)
@given(
    limit=st.builds(RateLimit, st.sampled_from([1, 2, 7, 30]), st.sampled_from([0.5, 1.0, 10.0])),
    slots=st.sampled_from([1, 4, 20]),
    who=st.lists(callers, min_size=1, max_size=30),
    pauses=st.lists(st.tuples(st.sampled_from([0.0, 0.1, 1.0, 5.0]), st.sampled_from([0.2, 3.0])), max_size=3),
)
def test_a_line_never_sends_too_much_and_never_stands_still(
    run_virtually: Any, limit: RateLimit, slots: int, who: list[Caller], pauses: list[tuple[float, float]]
) -> None:
    """
    Whatever connects slowly, dies, gives up or is paused.

    While somebody waits, the next send is not further away than a permit (two, where one may come when all connections
    have died), the slowest connecting, twice, the slowest answer, and the line's next look.
    """

    async def scenario(time: Any) -> None:
        client = Client(limit, slots)
        tasks: list[asyncio.Task[None]] = []
        slowest = max(2 * caller.connects + caller.answers for caller in who)
        permits = 1 if all(caller.lives == math.inf for caller in who) else 2
        watch = asyncio.create_task(stands_still(client, permits / limit.leak + slowest + LOOK))

        async def pause_now_and_then() -> None:
            for after, seconds in pauses:
                await asyncio.sleep(after)
                await client.pause(seconds)

        pausing = asyncio.create_task(pause_now_and_then())
        for number, caller in enumerate(who):
            await asyncio.sleep(caller.after)
            tasks.append(asyncio.create_task(client.call(number, caller)))
            if caller.gives_up < math.inf:
                client.loop.call_later(caller.gives_up, tasks[-1].cancel)
        everybody = asyncio.gather(*tasks, pausing, return_exceptions=True)
        await asyncio.wait((everybody, watch), return_when=asyncio.FIRST_COMPLETED)
        assert not watch.done(), f"nobody was sent, and {len(client.wanting)} waited"
        watch.cancel()
        client.line.close()
        for number, outcome in enumerate(await everybody):
            assert outcome is None or (isinstance(outcome, asyncio.CancelledError) and who[number].gives_up < math.inf)
        assert busiest(client.sent, limit.time_period) <= limit.max_rate
        assert not [at for at in client.sent for begin, end in client.pauses if begin < at < end - 1e-6]
        assert (client.line.waiting, client.slots.inside) == (0, 0)

    run_virtually(scenario)


@pytest.mark.parametrize(
    ("limit", "connects", "calls"), [(RateLimit(20, 1.0, burst=1), 0.8, 60), (RateLimit(1, 1.45), 0.25, 5)], ids=str
)
def test_slow_connecting_costs_no_sends(run_virtually: Any, limit: RateLimit, connects: float, calls: int) -> None:
    """Those whose permit is due soon connect ahead, so that there is somebody to send when it comes."""

    async def scenario(time: Any) -> None:
        client = Client(limit, 80)
        caller = Caller(after=0, connects=connects, lives=math.inf, answers=0, gives_up=math.inf, bulk=False)
        await asyncio.gather(*(client.call(number, caller) for number in range(calls)))
        client.line.close()
        assert client.sent[-1] - client.sent[0] == pytest.approx((calls - 1) / limit.leak, rel=0.01)

    run_virtually(scenario)


class ByHand:
    """A limiter whose permits the test gives."""

    def __init__(self) -> None:
        self.permits = asyncio.Semaphore(0)

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        await self.permits.acquire()

    async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

    def paused_for(self, app_id: str, path: str) -> float:
        return 0.0

    async def aclose(self) -> None: ...


@pytest.mark.parametrize("turns", range(8))
def test_a_permit_in_the_hand_of_one_that_is_cancelled_serves_another(run_virtually: Any, turns: int) -> None:
    """A single call came before the bulk item that asked, got its permit, and is cancelled before it can use it."""

    async def scenario(time: Any) -> None:
        limiter = ByHand()
        client = Client(RateLimit(100, 1.0), 20, limiter)
        item = Caller(after=0, connects=0, lives=math.inf, answers=0, gives_up=math.inf, bulk=True)
        bulk = asyncio.create_task(client.call(0, item))
        await asyncio.sleep(0.1)
        single = asyncio.create_task(client.call(1, attrs.evolve(item, bulk=False)))
        await asyncio.sleep(0.1)
        limiter.permits.release()
        for _ in range(turns):
            await asyncio.sleep(0)
        single.cancel()
        await asyncio.wait((single,))
        await asyncio.wait((bulk,), timeout=1)
        assert len(client.sent) == 1, "a permit in a hand that is gone is nobody's"
        bulk.cancel()
        await asyncio.wait((bulk,))
        client.line.close()

    run_virtually(scenario)
