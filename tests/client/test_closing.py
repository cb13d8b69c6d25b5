"""Closing: nothing new begins, nothing under way hangs on, and only what is ours is closed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import aiohttp
import pytest

from wxunion_async import (
    AccessToken,
    ClientClosedError,
    ExternalTokenSource,
    RateLimit,
    RetryPolicy,
    UnionClient,
    UnionConfig,
)
from wxunion_async.testing import FakeUnionServer, Fault

if TYPE_CHECKING:
    from .conftest import GatedSource, MakeClient, OpenLimiter

Until = Callable[[Callable[[], object]], Awaitable[None]]
STATUS = "/union/promoter/target/apply_status"
APPLY = "/union/promoter/target/apply_target"


async def ended(task: "asyncio.Task[object]") -> ClientClosedError:
    """Return the error with which a call under way was ended."""
    with pytest.raises(ClientClosedError) as caught:
        await task
    return caught.value


@pytest.mark.parametrize("used", [True, False])
async def test_a_closed_client_refuses_new_calls(promoter: UnionClient, server: FakeUnionServer, used: bool) -> None:
    """Also twice, with a token at hand or not, and it says what happened: the session is not what was closed."""
    if used:
        await promoter.target.plan_info(server.plan.invitation_url)
    await promoter.aclose()
    await promoter.aclose()
    with pytest.raises(ClientClosedError, match="the client is closed"):
        await promoter.target.apply_status("1")


async def test_a_client_that_was_never_used_can_be_closed() -> None:
    """Nothing was opened, so nothing may fail."""
    await UnionClient("wx", "secret").aclose()


async def test_a_call_that_waits_for_the_token_ends_at_once(make: "MakeClient", gated_source: "GatedSource") -> None:
    """The refresh is shielded from callers, but not from the client's end."""
    client = await make(token_source=gated_source)
    task = asyncio.create_task(client.target.apply_status("1"))
    await gated_source.asked.wait()
    await client.aclose()
    error = await ended(task)
    assert (error.endpoint, error.ambiguous, error.attempts) == (STATUS, False, 1)


async def test_a_call_that_waits_for_its_permit_ends_at_once(
    make: "MakeClient", limiter: "OpenLimiter", until: Until
) -> None:
    """It holds a connection by then, which is given back; the program may close its limiter, which nobody asks more."""
    limiter.gate = asyncio.Event()
    client = await make(rate_limiter=limiter)
    task = asyncio.create_task(client.target.apply_status("1"))
    await until(lambda: limiter.asked)
    await client.aclose()
    await ended(task)
    assert limiter.acquired == []
    assert not limiter.closed
    asked: list[str] = []
    limiter.paused_for = lambda app_id, path: asked.append(path) or 0.0  # type: ignore[method-assign, func-returns-value]
    await asyncio.sleep(0.1)
    assert asked == []


async def test_a_call_that_waits_for_its_answer_ends_at_once_and_says_that_it_was_sent(
    promoter: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """An application may have arrived; a read did no harm."""
    server.fail(APPLY, Fault(delay=60))
    server.fail(STATUS, Fault(delay=60))
    apply = asyncio.create_task(promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r"))
    ask = asyncio.create_task(promoter.target.apply_status("1"))
    await until(lambda: server.count(APPLY) and server.count(STATUS))
    await promoter.aclose()
    assert (await ended(apply)).ambiguous
    assert not (await ended(ask)).ambiguous


async def test_a_call_that_backs_off_ends_at_once(make: "MakeClient", server: FakeUnionServer, until: Until) -> None:
    """Nobody waits out a backoff of a client that is gone."""
    config = UnionConfig(retry=RetryPolicy(base_delay=20, max_delay=20))
    client = await make(config=config)
    server.fail(STATUS, Fault(status=503, headers={"Retry-After": "20"}), times=None)
    task = asyncio.create_task(client.target.apply_status("1"))
    await until(lambda: client.stats().attempts == 2)
    await client.aclose()
    assert (await ended(task)).attempts == 1


async def test_a_call_that_takes_its_time_to_end_is_waited_for(make: "MakeClient", until: Until) -> None:
    """When the client is closed, none of its calls may touch the program's limiter any more."""
    limiter = _EndsLater()
    client = await make(rate_limiter=limiter)
    task = asyncio.create_task(client.target.apply_status("1"))
    await until(limiter.asked.is_set)
    await client.aclose()
    assert limiter.over
    await ended(task)


class _EndsLater:
    """A limiter that has to tell a server when somebody waits no longer."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.over = False

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(50):
                await asyncio.sleep(0)
            self.over = True

    async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

    def paused_for(self, app_id: str, path: str) -> float:
        return 0.0

    async def aclose(self) -> None: ...


@pytest.mark.parametrize("what", ["call", "token"])
async def test_whoever_waits_for_a_token_does_not_wait_for_the_end_of_its_source(
    make: "MakeClient", what: str, until: Until
) -> None:
    """The program's source may be slow to let go; the refresh is waited for by who closes, and by nobody else."""
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def slow_to_end() -> AccessToken:
        asked.set()
        try:
            return await asyncio.Future()
        finally:
            await let_go.wait()

    client = await make(token_source=ExternalTokenSource(slow_to_end))
    task: asyncio.Task[object] = asyncio.create_task(
        client.token() if what == "token" else client.target.apply_status("1")
    )
    await until(asked.is_set)
    closing = asyncio.create_task(client.aclose())
    try:
        await until(task.done)
        assert not closing.done()
    finally:
        let_go.set()
        await closing
    await ended(task)


async def test_a_plug_ins_watch_is_ended_once(make: "MakeClient", limiter: "OpenLimiter") -> None:
    """However often the client is closed: ending it may be no more harmless twice than removing from a list."""
    watchers: list[object] = []

    def watch(watcher: object) -> Callable[[], None]:
        watchers.append(watcher)
        return lambda: watchers.remove(watcher)

    limiter.watch = watch  # type: ignore[attr-defined]
    client = await make(rate_limiter=limiter)
    assert len(watchers) == 1
    await asyncio.gather(client.aclose(), client.aclose())
    await client.aclose()
    assert watchers == []


async def test_a_cancelled_close_goes_on(promoter: UnionClient, server: FakeUnionServer) -> None:
    """A shutdown handler with a time limit must not leave sockets behind."""
    await promoter.target.plan_info(server.plan.invitation_url)
    closing = asyncio.create_task(promoter.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await promoter.aclose()
    assert not promoter._session.transport.usable


async def test_a_session_of_the_users_stays_open(make: "MakeClient", server: FakeUnionServer) -> None:
    """Own what you open: the user's other requests go on."""
    async with aiohttp.ClientSession() as session:
        client = await make(session=session)
        await client.target.plan_info(server.plan.invitation_url)
        await client.aclose()
        assert not session.closed


async def test_a_cancelled_call_raises_as_it_came_and_leaves_nothing(
    promoter: UnionClient, server: FakeUnionServer, until: Until
) -> None:
    """Cancellation is the caller's, never an error of ours."""
    server.fail(STATUS, Fault(delay=60))
    task = asyncio.create_task(promoter.target.apply_status("1"))
    await until(lambda: server.count(STATUS))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not promoter.stats().under_way
    await promoter.target.plan_info(server.plan.invitation_url)


@pytest.mark.parametrize("turns", range(14))
async def test_cancelled_at_any_await_the_next_call_succeeds(
    make: "MakeClient", server: FakeUnionServer, turns: int
) -> None:
    """With one connection and one place in line, whatever a cancelled call kept would block the next for good."""
    client = await make(config=UnionConfig(max_connections=1, call_timeout=5))
    task = asyncio.create_task(client.target.plan_info(server.plan.invitation_url))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(3):
        await client.target.plan_info(server.plan.invitation_url)
