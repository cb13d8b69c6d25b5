"""Many requests: exactly one outcome each, in bounded memory, and nothing left behind however it ends."""

import asyncio
import contextlib
import gc
import itertools
import json
import pickle
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from wxunion_async import (
    ApplyStatusRequest,
    ApplyTargetRequest,
    ClientClosedError,
    CredentialError,
    DeadlineExceededError,
    GetPromoteProductDetailRequest,
    Outcome,
    PermissionDeniedError,
    PlanInfoRequest,
    ProductNotFoundError,
    ProductNotListedError,
    QuotaExhaustedError,
    QuotaGetRequest,
    RateLimit,
    RateLimitedError,
    RetryPolicy,
    TokenError,
    TransportError,
    UnionClient,
    UnionConfig,
    UnionError,
)
from wxunion_async._bulk import Outcomes, gather
from wxunion_async.testing import FakeUnionServer, Fault

if TYPE_CHECKING:
    from .conftest import GatedSource, MakeClient, OpenLimiter

DETAIL = "/channels/ec/promoter/get_promote_product_detail"
STATUS = "/union/promoter/target/apply_status"
Until = Callable[[Callable[[], object]], Awaitable[None]]


def lookups(server: FakeUnionServer, count: int) -> Iterator[GetPromoteProductDetailRequest]:
    """Yield requests for the first products of the catalogue."""
    for index in range(count):
        yield GetPromoteProductDetailRequest(**server.product_request(index))


async def settled(index: int, request: ApplyStatusRequest) -> Outcome[ApplyStatusRequest]:
    """Be done with a request at once, without a client."""
    return Outcome(index=index, request=request)


class Counted:
    """An iterable that knows how far it was pulled."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items
        self.pulled = 0

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            self.pulled += 1
            yield item


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    """After each test, no task of a bulk run is alive."""
    yield
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("wxunion_async bulk")]


async def test_each_request_has_one_outcome(agency: UnionClient, server: FakeUnionServer) -> None:
    """Values and refusals, each with its request and its place."""
    requests = list(lookups(server, 60))
    server.unlisted.add(requests[7].product_id)
    requests[9] = GetPromoteProductDetailRequest(shop_appid=requests[9].shop_appid, product_id=1, plan_type=1)  # type: ignore[arg-type]
    outcomes: list[Outcome[GetPromoteProductDetailRequest]] = []
    async with agency.map(requests, max_at_once=8) as run:
        async for outcome in run:
            outcomes.append(outcome)  # noqa: PERF401 - this is the loop that is under test
    assert sorted(outcome.index for outcome in outcomes) == list(range(60))
    assert all(outcome.request is requests[outcome.index] for outcome in outcomes)
    errors = {outcome.index: type(outcome.error) for outcome in outcomes if outcome.error}
    assert errors == {7: ProductNotListedError, 9: ProductNotFoundError}
    good = next(outcome for outcome in outcomes if outcome.index == 3)
    assert good.unwrap() is good.value
    assert good.unwrap().product.product_id == requests[3].product_id
    assert repr(good).startswith(
        f"Outcome(index=3, request={requests[3]!r}, value={good.value!r}, error=None, attempts=1,"
    )
    assert (good.attempts, good.elapsed > 0) == (1, True)
    bad = next(outcome for outcome in outcomes if outcome.index == 7)
    with pytest.raises(ProductNotListedError):
        bad.unwrap()
    assert server.in_flight_peak <= 8


async def test_gather_keeps_the_order_and_takes_any_iterable(promoter: UnionClient, server: FakeUnionServer) -> None:
    """Mixed classes, from an async generator."""

    async def requests() -> AsyncIterator[Any]:
        yield PlanInfoRequest(plan_invitation_url=server.plan.invitation_url)
        await asyncio.sleep(0)
        yield ApplyStatusRequest(plan_id="x")
        yield QuotaGetRequest(cgi_path=STATUS)

    outcomes = await promoter.gather(requests(), max_at_once=2)
    classes: list[type[Any]] = [PlanInfoRequest, ApplyStatusRequest, QuotaGetRequest]
    assert [type(outcome.request) for outcome in outcomes] == classes
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert await promoter.gather([]) == []


async def test_an_ordered_run_yields_in_the_order_of_the_input(agency: UnionClient, server: FakeUnionServer) -> None:
    """Even if the first is the slowest."""
    server.fail(DETAIL, Fault(delay=0.1))
    async with agency.map(lookups(server, 30), max_at_once=4, ordered=True) as run:
        assert [outcome.index async for outcome in run] == list(range(30))


async def test_an_unordered_run_does_not_wait_for_the_slowest(agency: UnionClient, server: FakeUnionServer) -> None:
    """The slow one comes when it comes."""
    server.fail(DETAIL, Fault(delay=0.2))
    async with agency.map(lookups(server, 6), max_at_once=2) as run:
        order = [outcome.index async for outcome in run]
    assert sorted(order) == list(range(6))
    assert order[0] != 0


@pytest.mark.parametrize("ordered", [True, False])
async def test_requests_are_pulled_as_they_can_be_sent(
    agency: UnionClient, server: FakeUnionServer, ordered: bool, until: Until
) -> None:
    """A consumer that does not read, or the first in line that does not end, stops the pulling; so memory is bounded."""
    endless = Counted(itertools.cycle(lookups(server, 5)))
    async with agency.map(endless, max_at_once=3, ordered=ordered) as run:
        await until(lambda: endless.pulled == 6)
        for _ in range(20):
            await asyncio.sleep(0.002)
        assert endless.pulled == 6
        for _ in range(10):
            await anext(run)
        await until(lambda: endless.pulled == 16)


async def test_an_outcome_pickles(agency: UnionClient, server: FakeUnionServer) -> None:
    """It goes over process borders with its request, value or error."""
    server.unlisted.add(server.product_request(1)["product_id"])
    for outcome in await agency.gather(lookups(server, 2)):
        copy = pickle.loads(pickle.dumps(outcome))
        assert (copy.index, copy.request, copy.value) == (outcome.index, outcome.request, outcome.value)
        assert type(copy.error) is type(outcome.error)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_waiting_for_a_permit_is_none_of_an_items_time(make: "MakeClient", server: FakeUnionServer) -> None:
    """At ten a second, eight items take longer than the deadline of each."""
    config = UnionConfig(call_timeout=0.5, default_rate_limit=RateLimit(1, 0.1))
    client = await make(server.agency, config=config)
    outcomes = await client.gather(lookups(server, 8))
    assert all(outcome.error is None for outcome in outcomes)
    assert all(outcome.elapsed < 0.5 for outcome in outcomes)


async def test_the_time_after_the_permit_is(make: "MakeClient", server: FakeUnionServer) -> None:
    """An item that gets no answer ends by its own deadline, also across its retries."""
    config = UnionConfig(call_timeout=0.3, attempt_timeout=0.2, retry=RetryPolicy(base_delay=0))
    client = await make(server.agency, config=config)
    server.fail(DETAIL, Fault(delay=60), times=None)
    (outcome,) = await client.gather(lookups(server, 1))
    assert isinstance(outcome.error, DeadlineExceededError)
    assert outcome.error.waiting_for == "answer"
    assert outcome.attempts == 2
    assert 0.25 < outcome.elapsed < 2


async def test_a_45011_is_waited_out_five_times(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter"
) -> None:
    """However long the pause is; the sixth refusal is the item's error."""
    client = await make(server.agency, rate_limiter=limiter, config=UnionConfig(call_timeout=5))
    pause = Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:01 GMT"})
    server.fail(DETAIL, pause, times=5)
    (outcome,) = await client.gather(lookups(server, 1))
    assert outcome.error is None
    assert limiter.pauses == [(DETAIL, 60.0)] * 5
    server.fail(DETAIL, pause, times=6)
    (outcome,) = await client.gather(lookups(server, 1))
    assert isinstance(outcome.error, RateLimitedError)
    assert server.count(DETAIL) == 12


async def test_a_pause_of_an_impatient_call_leaves_the_items_in_line(
    make: "MakeClient", server: FakeUnionServer, until: Until
) -> None:
    """A single call gives up at once; a bulk item on the same path waits for the end of the pause."""
    config = UnionConfig(call_timeout=0.5, default_rate_limit=RateLimit(2, 0.3, burst=1))
    client = await make(server.agency, config=config)
    server.fail(DETAIL, Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:59 GMT"}, delay=0.1))
    first, second = lookups(server, 2)
    single = asyncio.create_task(client.call(first))
    await until(lambda: server.count(DETAIL))
    (outcome,) = await client.gather([second])
    with pytest.raises(RateLimitedError):
        await single
    assert outcome.error is None


# ── stopped by an error ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(40125, CredentialError), (48001, PermissionDeniedError), (45009, QuotaExhaustedError), (41001, TokenError)],
)
async def test_what_would_fail_every_item_stops_the_run(
    agency: UnionClient, server: FakeUnionServer, errcode: int, error: type[UnionError]
) -> None:
    """Nothing more is pulled; what was pulled has its outcome; then the error is raised."""
    endless = Counted(itertools.cycle(lookups(server, 5)))
    outcomes: list[Outcome[Any]] = []
    with pytest.raises(error):
        async with agency.map(endless, max_at_once=4) as run:
            async for outcome in run:
                outcomes.append(outcome)
                if len(outcomes) == 10:
                    server.fail(DETAIL, Fault(errcode=errcode))
    assert len(outcomes) == endless.pulled < 30
    assert sorted(outcome.index for outcome in outcomes) == list(range(len(outcomes)))
    assert sum(isinstance(outcome.error, error) for outcome in outcomes) == 1


async def test_it_is_raised_even_if_it_met_the_last_item(agency: UnionClient, server: FakeUnionServer) -> None:
    """A wrong secret is as fatal to one lookup as to a thousand; gather has it as the outcome."""
    server.fail(DETAIL, Fault(errcode=40125), times=2)
    with pytest.raises(CredentialError):
        async with agency.map(lookups(server, 1)) as run:
            async for outcome in run:
                assert isinstance(outcome.error, CredentialError)
    (outcome,) = await agency.gather(lookups(server, 1))
    assert isinstance(outcome.error, CredentialError)


async def test_gather_gives_the_unsent_the_error_that_stopped_the_run(
    agency: UnionClient, server: FakeUnionServer
) -> None:
    """It never raises a UnionError, and has an outcome for each request."""
    server.fail(DETAIL, Fault(errcode=45009), times=None)
    outcomes = await agency.gather(lookups(server, 100), max_at_once=2)
    assert [outcome.index for outcome in outcomes] == list(range(100))
    assert all(isinstance(outcome.error, QuotaExhaustedError) for outcome in outcomes)
    assert outcomes[-1].attempts == 0
    assert server.count(DETAIL) <= 4


async def test_what_was_never_sent_took_no_time(agency: UnionClient, server: FakeUnionServer) -> None:
    """``elapsed`` counts from the sending; who sums it up wants to know what the service took."""
    server.fail("/cgi-bin/stable_token", Fault(errcode=40125))
    (outcome,) = await agency.gather(lookups(server, 1))
    assert isinstance(outcome.error, CredentialError)
    assert (outcome.attempts, outcome.elapsed) == (1, 0.0)


@pytest.mark.parametrize("kind", ["generator", "queue", "plain"])
@pytest.mark.parametrize("turns", range(0, 30, 3))
async def test_gather_stopped_in_the_middle_of_an_item_has_each_item_once(
    agency: UnionClient, server: FakeUnionServer, kind: str, turns: int
) -> None:
    """The source was asked by a worker and by gather at once: an item vanished and the indices shifted."""
    requests = [*lookups(server, 12)]

    class Queue:
        def __init__(self) -> None:
            self.left = list(requests)

        def __aiter__(self) -> "Queue":
            return self

        async def __anext__(self) -> GetPromoteProductDetailRequest:
            if not self.left:
                raise StopAsyncIteration
            request = self.left.pop(0)
            for _ in range(turns):
                await asyncio.sleep(0)
            return request

    async def generator() -> AsyncIterator[GetPromoteProductDetailRequest]:
        for request in requests:
            for _ in range(turns):
                await asyncio.sleep(0)
            yield request

    source: Any = generator() if kind == "generator" else Queue() if kind == "queue" else iter(requests)
    await agency.token()
    server.fail(DETAIL, Fault(errcode=45009), times=None)
    outcomes = await agency.gather(source, max_at_once=3)
    assert [outcome.index for outcome in outcomes] == list(range(12))
    assert [outcome.request for outcome in outcomes] == requests
    assert all(isinstance(outcome.error, QuotaExhaustedError) for outcome in outcomes)


@pytest.mark.parametrize("turns", range(0, 40, 4))
async def test_a_stopped_run_yields_what_was_pulled_and_leaves_the_rest_to_the_source(
    agency: UnionClient, server: FakeUnionServer, turns: int
) -> None:
    """SIGTERM at any moment: outcomes and what the source still holds are the whole input."""
    requests = [*lookups(server, 40)]
    left = iter(requests)

    async def generator() -> AsyncIterator[GetPromoteProductDetailRequest]:
        for request in left:
            await asyncio.sleep(0.002)
            yield request

    source = generator()
    outcomes: list[Outcome[Any]] = []
    async with agency.map(source, max_at_once=3) as run:
        for _ in range(turns):
            await asyncio.sleep(0)
        run.stop()
        run.stop()
        async for outcome in run:
            outcomes.append(outcome)  # noqa: PERF401
    assert all(outcome.error is None for outcome in outcomes)
    assert sorted(outcome.index for outcome in outcomes) == list(range(len(outcomes)))
    rest = [request async for request in source]
    assert sorted([*(outcome.request for outcome in outcomes), *rest], key=requests.index) == requests


async def test_a_source_that_never_answers_holds_a_stopped_run_for_a_second_at_most(virtual_time: Any) -> None:
    """An idle worker on an empty queue must end on SIGTERM."""
    queue: asyncio.Queue[ApplyStatusRequest] = asyncio.Queue()

    async def from_queue() -> AsyncIterator[ApplyStatusRequest]:
        while True:
            yield await queue.get()

    begin = virtual_time.now
    async with Outcomes(from_queue(), settled, max_at_once=2, ordered=False) as run:
        asyncio.get_running_loop().call_later(0.01, run.stop)
        assert [outcome async for outcome in run] == []
    assert virtual_time.now - begin == pytest.approx(1.01)


async def test_workers_that_somebody_cancels_end_the_run_with_an_error(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """A helper that cancels all tasks of the loop left the consumer waiting for ever."""
    server.fail(DETAIL, Fault(delay=60), times=None)
    outcomes: list[Outcome[Any]] = []
    async with agency.map(lookups(server, 10), max_at_once=3) as run:
        await until(lambda: server.count(DETAIL) == 3)
        for task in asyncio.all_tasks():
            if task.get_name().startswith("wxunion_async bulk"):
                task.cancel()
        with pytest.raises(RuntimeError, match="cancelled by somebody else"):
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401
    assert sorted(outcome.index for outcome in outcomes) == [0, 1, 2]
    assert all(isinstance(outcome.error, TransportError) for outcome in outcomes)
    assert {outcome.error.ambiguous for outcome in outcomes if outcome.error} == {False}, "a lookup does no harm"
    assert not agency.stats().under_way


async def test_an_application_whose_worker_somebody_cancels_may_have_been_made(
    promoter: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """Its outcome says so: it had been sent, and its answer was given up."""
    server.fail(ApplyTargetRequest, Fault(delay=60))
    requests = [ApplyTargetRequest(plan_id=server.plan.plan_id, apply_reason="r")]
    async with promoter.map(requests, max_at_once=1) as run:
        await until(lambda: server.count(ApplyTargetRequest))
        for task in asyncio.all_tasks():
            if task.get_name().startswith("wxunion_async bulk"):
                task.cancel()
        outcome = await anext(run)
        assert outcome.error is not None
        assert (outcome.error.ambiguous, outcome.error.endpoint) == (True, ApplyTargetRequest.path)


async def test_workers_that_somebody_cancels_while_they_pull_end_the_run_with_the_same_error(
    agency: UnionClient, until: Until
) -> None:
    """The consumer was not cancelled: a CancelledError of somebody else's would end his task without a word."""
    asked = asyncio.Event()

    async def from_queue() -> AsyncIterator[ApplyStatusRequest]:
        asked.set()
        await asyncio.Event().wait()
        yield ApplyStatusRequest(plan_id="1")

    async with agency.map(from_queue(), max_at_once=2) as run:
        await asked.wait()
        for task in asyncio.all_tasks():
            if task.get_name().startswith("wxunion_async bulk"):
                task.cancel()
        with pytest.raises(RuntimeError, match="cancelled by somebody else"):
            await anext(run)


@pytest.mark.parametrize("ordered", [True, False])
async def test_a_long_run_needs_no_more_memory_than_a_short_one(ordered: bool) -> None:
    """A million products go through one run; what is yielded is forgotten, down to its number."""
    request = ApplyStatusRequest(plan_id="1")
    sizes: list[int] = []
    async with Outcomes(itertools.repeat(request), settled, max_at_once=2, ordered=ordered) as run:
        tracemalloc.start()
        try:
            for count in (100, 1_000):
                for _ in range(count):
                    await anext(run)
                sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
    assert sizes[1] - sizes[0] < 10_000, "ten bytes an item"


@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt(), GeneratorExit()], ids=repr)
async def test_whatever_the_iterable_raises_reaches_the_consumer(
    agency: UnionClient, server: FakeUnionServer, error: BaseException
) -> None:
    """A run that ends short without a word looks finished."""

    def broken() -> Iterator[GetPromoteProductDetailRequest]:
        yield from lookups(server, 3)
        raise error

    with pytest.raises(type(error)):
        async with agency.map(broken(), max_at_once=2) as run:
            assert [outcome async for outcome in run] == []


async def test_an_error_of_the_iterable_brings_the_outcomes_so_far(
    agency: UnionClient, server: FakeUnionServer
) -> None:
    """10,000 answers must not be lost because page 500 of the list failed."""

    async def pages() -> AsyncIterator[GetPromoteProductDetailRequest]:
        for request in lookups(server, 5):
            yield request
        raise OSError("page 500")

    with pytest.raises(OSError, match="page 500") as caught:
        await agency.gather(pages())
    outcomes: list[Outcome[Any]] = vars(caught.value)["outcomes"]
    assert [outcome.index for outcome in outcomes] == list(range(5))
    assert all(outcome.error is None for outcome in outcomes)


async def test_a_run_is_over_with_its_block(agency: UnionClient, server: FakeUnionServer) -> None:
    """Iterating it later waited for ever."""
    run = agency.map(lookups(server, 3), max_at_once=2)
    async with run:
        async for _ in run:
            break
    with pytest.raises(RuntimeError, match="inside of its block"):
        await anext(run)


async def test_the_source_is_let_go_when_the_block_ends(agency: UnionClient, server: FakeUnionServer) -> None:
    """It may hold a file or a cursor of the caller's; no reference cycle of ours keeps it."""

    class Rows:
        def __iter__(self) -> Iterator[GetPromoteProductDetailRequest]:
            return self

        def __next__(self) -> GetPromoteProductDetailRequest:
            return next(rows)

    rows = iter(lookups(server, 3))
    source = Rows()
    gone = weakref.ref(source)
    run = agency.map(source, max_at_once=2)
    del source
    async with run:
        assert len([outcome async for outcome in run]) == 3
    assert gone() is None


class _Stops:
    """A run that its first item stops, while its source is at the second."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.error = QuotaExhaustedError(45009, "quota")
        self.run = Outcomes(self._requests(), self._settle, max_at_once=2, ordered=True)

    async def _requests(self) -> AsyncIterator[ApplyStatusRequest]:
        yield ApplyStatusRequest(plan_id="0")
        await asyncio.sleep(0.01)
        yield ApplyStatusRequest(plan_id="1")

    async def _settle(self, index: int, request: ApplyStatusRequest) -> Outcome[ApplyStatusRequest]:
        self.sent.append(index)
        await asyncio.sleep(0.001)
        return Outcome(index=index, request=request, error=self.error)


async def test_an_item_that_comes_when_the_run_is_stopped_already_is_not_sent() -> None:
    """It would meet the same refusal, and be one more call beyond the quota; its outcome says why."""
    stops = _Stops()
    outcomes: list[Outcome[Any]] = []
    with pytest.raises(QuotaExhaustedError):
        async with stops.run as run:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401
    assert [(outcome.request.plan_id, outcome.error) for outcome in outcomes] == [
        ("0", stops.error),
        ("1", stops.error),
    ]
    assert stops.sent == [0]


async def test_a_gather_that_was_stopped_is_let_go() -> None:
    """It would keep its client for as long as the loop runs, once for each quota that ran out."""
    stops = _Stops()
    gone = weakref.ref(stops.run)
    assert len(await gather(stops.run)) == 2
    del stops
    await asyncio.sleep(0)
    gc.collect()
    assert gone() is None


async def test_sending_is_told_right_before_it_happens(agency: UnionClient, server: FakeUnionServer) -> None:
    """A journal has to know what may have been carried out, and no more."""
    told: list[tuple[int, int]] = []
    server.fail(DETAIL, Fault(status=503), times=1)

    def on_send(index: int, request: GetPromoteProductDetailRequest) -> None:
        told.append((index, server.count(DETAIL)))

    async with agency.map(lookups(server, 3), max_at_once=1, on_send=on_send) as run:
        assert [outcome.attempts async for outcome in run] == [2, 1, 1]
    assert told == [(0, 0), (0, 1), (1, 2), (2, 3)]


async def test_a_client_that_is_closed_stops_the_run(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """Each item under way ends with ClientClosedError, and so does the run."""
    server.fail(DETAIL, Fault(delay=60), times=None)
    outcomes: list[Outcome[Any]] = []

    async def consume() -> None:
        async with agency.map(lookups(server, 50), max_at_once=5) as run:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401

    task = asyncio.create_task(consume())
    await until(lambda: server.count(DETAIL) == 5)
    await agency.aclose()
    with pytest.raises(ClientClosedError):
        await task
    assert len(outcomes) >= 5
    assert {type(outcome.error) for outcome in outcomes} == {ClientClosedError}
    late = await agency.gather(lookups(server, 3))
    assert [type(outcome.error) for outcome in late] == [ClientClosedError] * 3


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_an_error_of_the_iterable_comes_after_the_outcomes(
    agency: UnionClient, server: FakeUnionServer, asynchronous: bool
) -> None:
    """A broken CSV line must not cost the lookups before it."""

    def broken() -> Iterator[GetPromoteProductDetailRequest]:
        yield from lookups(server, 9)
        raise OSError("disk")

    async def broken_too() -> AsyncIterator[GetPromoteProductDetailRequest]:
        for request in lookups(server, 9):
            yield request
        raise OSError("disk")

    outcomes: list[Outcome[Any]] = []
    with pytest.raises(OSError, match="disk"):
        async with agency.map(broken_too() if asynchronous else broken(), max_at_once=2) as run:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401
    assert sorted(outcome.index for outcome in outcomes) == list(range(9))
    with pytest.raises(OSError, match="disk"):
        await agency.gather(broken())


async def test_an_iterable_that_raises_one_of_our_errors_is_not_swallowed(agency: UnionClient) -> None:
    """The list of products may be refused while it feeds the run; gather cannot know what was to come."""

    async def refused() -> AsyncIterator[ApplyStatusRequest]:
        raise QuotaExhaustedError(45009, "list")
        yield ApplyStatusRequest(plan_id="1")

    with pytest.raises(QuotaExhaustedError, match="list"):
        await agency.gather(refused())


async def test_an_iterable_that_was_cancelled_elsewhere_does_not_look_finished(agency: UnionClient) -> None:
    """Its CancelledError is not ours; a quiet end would lose the rest of the input."""

    async def cancelled() -> AsyncIterator[ApplyStatusRequest]:
        other = asyncio.create_task(asyncio.sleep(60))
        other.cancel()
        await other
        yield ApplyStatusRequest(plan_id="1")

    with pytest.raises(asyncio.CancelledError):
        async with agency.map(cancelled()) as run:
            async for _ in run:
                pass


async def test_an_item_that_is_no_request_stops_the_run(agency: UnionClient, server: FakeUnionServer) -> None:
    """It is the caller's mistake, and not an outcome."""
    requests: list[Any] = [*lookups(server, 3), {"product_id": 1}, *lookups(server, 3)]
    outcomes: list[Outcome[Any]] = []
    with pytest.raises(TypeError, match="request must be a UnionRequest, not dict"):
        async with agency.map(requests, max_at_once=1, ordered=True) as run:
            async for outcome in run:
                outcomes.append(outcome)  # noqa: PERF401
    assert [outcome.index for outcome in outcomes] == [0, 1, 2]


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"requests": 5}, TypeError, "requests must be an iterable"),
        ({"requests": [], "max_at_once": 0}, ValueError, "max_at_once"),
        ({"requests": [], "max_at_once": True}, TypeError, "max_at_once"),
        ({"requests": [], "ordered": 1}, TypeError, "ordered"),
    ],
)
async def test_wrong_arguments_are_named(
    agency: UnionClient, arguments: dict[str, Any], error: type[Exception], named: str
) -> None:
    """Before anything is pulled."""
    with pytest.raises(error, match=named):
        agency.map(**arguments)


async def test_a_run_is_used_inside_of_its_block_and_once(agency: UnionClient) -> None:
    """Outside there are no workers, and the iteration would wait for ever."""
    nothing: list[QuotaGetRequest] = []
    run = agency.map(nothing)
    with pytest.raises(RuntimeError, match="inside of its block"):
        await anext(run)
    async with run:
        with pytest.raises(StopAsyncIteration):
            await anext(run)
    with pytest.raises(RuntimeError, match="once"):
        await run.__aenter__()


# ── left early, and cancelled at each await ──────────────────────────────────────────────────────────────────────────


async def test_leaving_early_cancels_what_is_under_way(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """``break`` is a normal way out; the iterable stays as it is, for another run."""
    endless = iter(Counted(itertools.cycle(lookups(server, 5))))
    async with agency.map(endless, max_at_once=4) as run:
        async for _ in run:
            break
    assert not agency.stats().under_way
    async with agency.map(endless, max_at_once=4) as run:
        await anext(run)


async def test_a_source_that_keeps_the_cancellation_to_itself_is_not_pulled_from_any_more() -> None:
    """A bare ``except`` in a caller's generator: what it gives up at that moment is the last."""
    began = asyncio.Event()
    given: list[int] = []

    async def stubborn() -> AsyncIterator[ApplyStatusRequest]:
        began.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        for number in range(2):
            given.append(number)
            yield ApplyStatusRequest(plan_id=str(number))

    async with Outcomes(stubborn(), settled, max_at_once=2, ordered=False):
        await began.wait()
    assert given == [0]


async def test_whoever_iterates_in_another_task_learns_at_once_that_the_block_was_left(virtual_time: Any) -> None:
    """The workers that would tell him of an outcome are gone, and so is the source that would have had a second."""
    began = asyncio.Event()

    async def never() -> AsyncIterator[ApplyStatusRequest]:
        began.set()
        await asyncio.Event().wait()
        yield ApplyStatusRequest(plan_id="1")

    async with Outcomes(never(), settled, max_at_once=1, ordered=False) as run:

        async def consume() -> list[Outcome[ApplyStatusRequest]]:
            return [outcome async for outcome in run]

        consumer = asyncio.create_task(consume())
        await began.wait()
    left = virtual_time.now
    assert await consumer == []
    assert virtual_time.now - left < 0.1


async def test_an_error_of_the_consumer_passes(agency: UnionClient, server: FakeUnionServer) -> None:
    """The block adds nothing and hides nothing."""
    with pytest.raises(ZeroDivisionError):
        async with agency.map(lookups(server, 50)) as run:
            async for outcome in run:
                raise ZeroDivisionError(outcome.index)
    assert not agency.stats().under_way


async def _cancelled(work: Callable[[], Awaitable[object]], ready: Callable[[], object], until: Until) -> None:
    """Cancel ``work`` once ``ready`` holds, and see the cancellation come out."""

    async def run() -> None:
        await work()

    task = asyncio.create_task(run())
    await until(ready)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelled_while_items_wait_for_the_token(
    make: "MakeClient", server: FakeUnionServer, gated_source: "GatedSource", until: Until
) -> None:
    """The await in ``settle`` before anything was sent."""
    client = await make(server.agency, token_source=gated_source)
    await _cancelled(lambda: client.gather(lookups(server, 99)), gated_source.asked.is_set, until)
    assert not client.stats().under_way


async def test_cancelled_while_items_wait_for_their_answers(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """The await in ``settle`` after they were sent, and the consumer's own."""
    server.fail(DETAIL, Fault(delay=60), times=None)
    await _cancelled(lambda: agency.gather(lookups(server, 99)), lambda: server.count(DETAIL) == 32, until)
    assert not agency.stats().under_way


async def test_cancelled_while_the_iterable_is_awaited_and_others_wait_for_it(
    agency: UnionClient, until: Until
) -> None:
    """The await on ``anext`` and the one on the lock before it; the generator learns of it."""
    seen: list[str] = []

    async def slow() -> AsyncIterator[ApplyStatusRequest]:
        try:
            seen.append("waiting")
            await asyncio.Event().wait()
            yield ApplyStatusRequest(plan_id="1")
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    await _cancelled(lambda: agency.gather(slow(), max_at_once=3), lambda: seen, until)
    assert seen == ["waiting", "cancelled"]


async def test_cancelled_while_workers_wait_for_room(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """The await on the room for outcomes, when the consumer is slow."""
    endless = Counted(itertools.cycle(lookups(server, 5)))

    async def consume() -> None:
        async with agency.map(endless, max_at_once=2):
            await asyncio.Event().wait()

    await _cancelled(consume, lambda: endless.pulled == 4 and server.count(DETAIL) == 4, until)


async def test_cancelled_while_the_block_is_being_left(agency: UnionClient, until: Until) -> None:
    """The last await: the workers are waited for all the same, then the cancellation goes on."""
    stubborn = asyncio.Event()
    began = asyncio.Event()
    ended: list[str] = []

    async def reluctant() -> AsyncIterator[ApplyStatusRequest]:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await stubborn.wait()
            ended.append("generator")
        yield ApplyStatusRequest(plan_id="1")

    leaving = asyncio.Event()

    async def consume() -> None:
        async with agency.map(reluctant(), max_at_once=1):
            await began.wait()
            leaving.set()

    task = asyncio.create_task(consume())
    await leaving.wait()
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    for _ in range(3):
        await asyncio.sleep(0)
    assert not task.done()
    stubborn.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["generator"]


async def test_cancelled_while_gather_collects_what_was_not_sent(
    agency: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """The await on the rest of the input after a run was stopped."""
    waiting: list[str] = []

    async def requests() -> AsyncIterator[GetPromoteProductDetailRequest]:
        for request in lookups(server, 3):
            yield request
        waiting.append("now")
        await asyncio.Event().wait()

    server.fail(DETAIL, Fault(errcode=45009), times=None)
    await _cancelled(lambda: agency.gather(requests(), max_at_once=1), lambda: waiting, until)


# ── a bad night ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
async def test_a_bad_night_leaves_every_request_with_its_right_outcome(
    make: "MakeClient", server: FakeUnionServer
) -> None:
    """Faults on 5 % of the sends, two token rotations and a 45011 in the middle of 800 lookups."""
    config = UnionConfig(
        default_rate_limit=RateLimit(100_000, 1.0),
        retry=RetryPolicy(max_attempts=6, base_delay=0.01, max_delay=0.05, budget=10_000),
    )
    client = await make(server.agency, config=config)
    requests = [GetPromoteProductDetailRequest(**server.product_request(n % 1000)) for n in range(800)]
    unlisted = {request.product_id for request in requests[::97]}
    server.unlisted.update(unlisted)
    server.fail(
        DETAIL,
        Fault(reset=True),
        Fault(status=502),
        Fault(truncate=True),
        Fault(errcode=-1),
        Fault(reset=True, after=True),
        share=0.05,
        seed=7,
    )
    outcomes: dict[int, Outcome[Any]] = {}
    async with client.map(requests) as run:
        async for outcome in run:
            assert outcome.index not in outcomes
            outcomes[outcome.index] = outcome
            if len(outcomes) in (200, 600):
                server.agency.rotate()
            if len(outcomes) == 400:
                server.fail(DETAIL, Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:59 GMT"}))
    assert sorted(outcomes) == list(range(800))
    for index, request in enumerate(requests):
        outcome = outcomes[index]
        if request.product_id in unlisted:
            assert isinstance(outcome.error, ProductNotListedError)
        else:
            assert outcome.unwrap().product.product_id == request.product_id
    assert server.agency.token_requests == 3


async def test_answers_keep_to_their_requests(promoter: UnionClient, server: FakeUnionServer) -> None:
    """Raw answers that name their request, shuffled by delays."""
    for number in range(20):
        body = json.dumps({"data": {"planId": str(number)}})
        server.fail(STATUS, Fault(body=body, delay=0.05 if number % 3 else 0.0))
    outcomes = await promoter.gather((ApplyStatusRequest(plan_id=str(n)) for n in range(20)), max_at_once=1)
    assert [outcome.unwrap().plan_id for outcome in outcomes] == [str(n) for n in range(20)]
