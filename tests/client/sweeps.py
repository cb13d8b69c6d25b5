"""
Ends the calls of ``scenes`` at each of their steps, which are counted and not listed.

``python -m tests.client.sweeps [eager] [uvloop]`` in the root of the repository runs all of them, and prints how many
steps each has.
"""

import asyncio
import functools
import itertools
import sys
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from wxunion_async import ClientClosedError, LocalRateLimiter, RateLimit

from .scenes import BULK, SCENES, Make, Scene

End = Callable[[Scene, "asyncio.Task[object]"], Awaitable[None]]


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


async def sweep(make: Make, end: End, turns: int = 0) -> int:
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


async def sweep_turns(make: Make, end: End) -> int:
    """End a call after 0, 1, 2 … turns of the loop, whoever has them, until it is over by itself; return how many."""
    for turns in itertools.count():
        async with make() as ready:
            task = asyncio.ensure_future(ready.call())
            for _ in range(turns):
                await asyncio.sleep(0)
            over = task.done()
            await end(ready, task)
        if over:
            return turns
    raise AssertionError("unreachable")


async def cancel(ready: Scene, task: "asyncio.Task[object]") -> None:
    """Cancel the call; the next ones work, and nothing is lost or leaked."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled() or task.exception() is None
    async with asyncio.timeout(3):
        for _ in range(2):
            await ready.next()
    stats = ready.client.stats()
    assert stats.under_way == 0 or stats.waiting, "only the others that stand in line are left"
    assert stats.open_connections <= 1


async def close(ready: Scene, task: "asyncio.Task[object]") -> None:
    """Close the client under the call, which ends at once, one way or the other."""
    async with asyncio.timeout(3):
        await ready.client.aclose()
        outcome: object = (await asyncio.gather(task, return_exceptions=True))[0]
    assert not isinstance(outcome, BaseException) or isinstance(outcome, ClientClosedError), repr(outcome)
    assert ready.client.stats().under_way == 0


def _eager(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> Any:
    make: Any = getattr(asyncio, "eager_task_factory")  # noqa: B009 - there is none before 3.12
    options.pop("eager_start", None)  # which uvloop adds, and 3.13 does not know
    return make(loop, coro, **options)


async def main(*, eager: bool) -> None:
    """Run all of it in this loop, and print the steps."""
    if eager:
        asyncio.get_running_loop().set_task_factory(_eager)
        limiter, limit = LocalRateLimiter(), RateLimit(100, 1.0, burst=1)
        async with asyncio.timeout(10):  # a path stood still for good
            for _ in range(20):
                await asyncio.gather(*(asyncio.create_task(limiter.acquire("a", "/p", limit)) for _ in range(3)))
    for make in SCENES:
        async with asyncio.timeout(60):
            cancelled = [await sweep(make, cancel, turns) for turns in range(3)]
            print(make.__name__, "cancelled", *cancelled, "closed", await sweep(make, close))
    for make in BULK:
        async with asyncio.timeout(60):
            print(make.__name__, "turns", await sweep_turns(make, cancel), await sweep_turns(make, close))


if __name__ == "__main__":
    if "uvloop" in sys.argv:
        import uvloop

        uvloop.run(main(eager="eager" in sys.argv))
    else:
        asyncio.run(main(eager="eager" in sys.argv))
