"""A cancel at every step of the event loop, found by counting steps and not by a list, leaves nothing behind."""

import asyncio
import functools
import itertools
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from wxunion_async import RateLimit, RetryPolicy, UnionClient, UnionConfig

from .raw import DONE, TOKEN, RawServer, http

STATUS = "/union/promoter/target/apply_status"


class Scene:
    """A client on a server, and one call of it that is to be cancelled."""

    def __init__(self, client: UnionClient, server: RawServer) -> None:
        self.client = client
        self.server = server

    async def call(self) -> object:
        """Make the call."""
        return await self.client.target.apply_status("1")


@asynccontextmanager
async def cold() -> AsyncGenerator[Scene]:
    """Have no token and no connection."""
    async with scene() as ready:
        yield ready


@asynccontextmanager
async def warm() -> AsyncGenerator[Scene]:
    """Have a token and a kept connection."""
    async with scene() as ready:
        await ready.call()
        yield ready


@asynccontextmanager
async def in_line() -> AsyncGenerator[Scene]:
    """Have others before it in line, for a permit every 20 ms."""
    async with scene(RateLimit(50, 1.0, burst=1)) as ready:
        await ready.call()
        others = [asyncio.create_task(ready.call()) for _ in range(3)]
        await asyncio.sleep(0)
        try:
            yield ready
        finally:
            await asyncio.gather(*others)


@asynccontextmanager
async def backing_off() -> AsyncGenerator[Scene]:
    """Have the first attempt fail."""
    failed = False

    async def once(server: RawServer, head: str) -> bytes:
        nonlocal failed
        if STATUS in head and not failed:
            failed = True
            return http(b"down", status="503 Service Unavailable")
        return http(TOKEN if "/cgi-bin/" in head else DONE)

    async with scene(answer=once) as ready:
        yield ready


@asynccontextmanager
async def refused_token() -> AsyncGenerator[Scene]:
    """Have the first token refused."""

    async def refuse(server: RawServer, head: str) -> bytes:
        if "/cgi-bin/" in head:
            return http(TOKEN.replace(b"a-token", b"token-%d" % len(server.heads)))
        return http(b'{"errcode":40001,"errmsg":"invalid"}' if "token-1-" in head else DONE)

    async with scene(answer=refuse) as ready:
        yield ready


@asynccontextmanager
async def scene(limit: RateLimit | None = None, answer: Any = None) -> AsyncGenerator[Scene]:
    """Have one connection and one place in line: whatever a cancelled call kept would block the next."""
    async with RawServer(*([answer] if answer else [])) as server:
        config = UnionConfig(
            base_urls=(server.url,),
            max_connections=1,
            call_timeout=5,
            rate_limits={STATUS: limit or RateLimit(100_000, 1.0)},
            retry=RetryPolicy(base_delay=0.01),
        )
        async with UnionClient("wx", "s3cret-s3cret", config=config) as client:
            yield Scene(client, server)


class Counted:
    """Awaits a coroutine, and says when it is suspended for the n-th time."""

    def __init__(self, coroutine: Any, step: int, told: Callable[[], object]) -> None:
        self._coroutine = coroutine
        self._step = step
        self._told = told

    def __await__(self) -> Generator[Any, Any, Any]:
        resume: Callable[[], Any] = functools.partial(self._coroutine.send, None)
        for step in itertools.count():
            try:
                waiting_for = resume()
            except StopIteration as stop:
                return stop.value
            if step == self._step:
                self._told()
            try:
                resume = functools.partial(self._coroutine.send, (yield waiting_for))
            except BaseException as error:  # noqa: BLE001 - it goes on to the coroutine
                resume = functools.partial(self._coroutine.throw, error)


async def sweep(make: Any, end: Callable[[Scene, "asyncio.Task[object]"], Awaitable[None]], turns: int = 0) -> int:
    """
    End a call at its suspension 0, 1, 2 … until it is over by itself, and so many turns later.

    Returns:
        How many suspensions there are.

    """
    for step in itertools.count():
        async with make() as ready:
            there = asyncio.Event()

            async def call(ready: Scene = ready, step: int = step, there: asyncio.Event = there) -> object:
                return await Counted(ready.call(), step, there.set)

            task = asyncio.create_task(call())
            reached = asyncio.create_task(there.wait())
            await asyncio.wait((task, reached), return_when=asyncio.FIRST_COMPLETED)
            over = not there.is_set()
            reached.cancel()
            for _ in range(turns):
                await asyncio.sleep(0)
            await end(ready, task)
        left = [other for other in asyncio.all_tasks() if other.get_name().startswith("wxunion_async")]
        assert not left, f"step {step}: {left}"
        if over:
            return step
    raise AssertionError("unreachable")


async def cancel(ready: Scene, task: "asyncio.Task[object]") -> None:
    """Cancel the call; the next ones work, and nothing is lost or leaked."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled() or task.exception() is None
    async with asyncio.timeout(3):
        for _ in range(2):
            await ready.call()
    stats = ready.client.stats()
    assert stats.under_way == 0 or stats.waiting, "only the others that stand in line are left"
    assert stats.open_connections <= 1


SCENES = [cold, warm, in_line, backing_off, refused_token]


@pytest.mark.parametrize("turns", [0, 1, 2])
@pytest.mark.parametrize("make", SCENES, ids=lambda make: make.__name__)
async def test_a_call_cancelled_at_any_step_leaves_nothing_behind(make: Any, turns: int) -> None:
    """Cancellation is a feature."""
    async with asyncio.timeout(30):
        assert await sweep(make, cancel, turns) >= 1


async def close(ready: Scene, task: "asyncio.Task[object]") -> None:
    """Close the client under the call, which ends at once, one way or the other."""
    async with asyncio.timeout(3):
        await ready.client.aclose()
        await asyncio.gather(task, return_exceptions=True)
    assert ready.client.stats().under_way == 0


@pytest.mark.parametrize("make", [cold, warm, backing_off, refused_token], ids=lambda make: make.__name__)
async def test_a_client_closed_at_any_step_ends_at_once(make: Any) -> None:
    """12 of 40 closes waited for the answer."""
    async with asyncio.timeout(30):
        assert await sweep(make, close) >= 1


EAGER = """
import asyncio, pathlib, sys, types
sys.path.insert(0, {root!r})
package = types.ModuleType("client")
package.__path__ = [{here!r}]
sys.modules["client"] = package
from client.test_cancellation import SCENES, cancel, close, sweep
from wxunion_async import LocalRateLimiter, RateLimit

async def permits():
    limiter, limit = LocalRateLimiter(), RateLimit(100, 1.0, burst=1)
    for _ in range(20):
        await asyncio.gather(*(asyncio.create_task(limiter.acquire("a", "/p", limit)) for _ in range(3)))

async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await asyncio.wait_for(permits(), 10)
    for make in SCENES:
        print(make.__name__, await asyncio.wait_for(sweep(make, cancel), 60))
    for make in SCENES[:2]:
        print(make.__name__, await asyncio.wait_for(sweep(make, close), 60))

asyncio.run(main())
"""


def test_the_same_with_eager_tasks(request: pytest.FixtureRequest) -> None:
    """From 3.12 on a task may be over when ``create_task`` returns: a path stood still for good."""
    if sys.version_info < (3, 12):
        pytest.skip("there are no eager tasks before 3.12")
    script = EAGER.format(root=str(request.config.rootpath), here=str(request.path.parent))
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
