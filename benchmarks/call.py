"""
What one call costs, 32 of them under way: the processor's time in the client's process, over a real socket.

The server is slower than every contestant, so time by the clock would be its own; how many calls a second are possible
is measured against a server that does next to nothing.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from benchmarks.figures import Effort, Figure, best_of, ratio
from benchmarks.server import PATH, Server
from benchmarks.ways import BARE, BY_HAND, CALLS, HTTPX, OURS, Call

__all__ = ["AT_ONCE", "PATH", "Server", "figures", "growth", "many_calls"]

AT_ONCE = 32
AT_ONCE_FOR_THROUGHPUT = 64


async def many_calls(call: Call, count: int, at_once: int) -> None:
    """Make so many calls, so many of them at once."""
    left = iter(range(count))

    async def some() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(some() for _ in range(at_once)))


async def _measured(
    names: Sequence[str], rounds: int, calls: Mapping[str, int], at_once: int, *, by_clock: bool = False
) -> dict[str, float]:
    """Return the least microseconds a call took, of the processor or by the clock."""
    clock = time.perf_counter if by_clock else time.process_time
    server = await Server.start(0) if by_clock else await Server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        made = {name: await stack.enter_async_context(CALLS[name](server)) for name in names}

        async def turn(name: str) -> float:
            started = clock()
            await many_calls(made[name], calls[name], at_once)
            return (clock() - started) / calls[name] * 1e6

        return await best_of(rounds, {name: lambda name=name: turn(name) for name in names})  # type: ignore[misc]


def figures(effort: Effort) -> list[Figure]:
    """Return a call by each rival's, and how many calls a second there are beside httpx."""
    calls = dict.fromkeys(CALLS, effort.calls) | {HTTPX: max(AT_ONCE_FOR_THROUGHPUT, effort.calls // 4)}
    took = asyncio.run(_measured([OURS, BY_HAND, BARE], effort.rounds, calls, AT_ONCE))
    fast = asyncio.run(
        _measured([OURS, HTTPX], max(2, effort.rounds // 3), calls, AT_ONCE_FOR_THROUGHPUT, by_clock=True)
    )
    return [
        ratio(f"call / {BY_HAND}", "µs", took[OURS], took[BY_HAND], "<= 1.05"),
        ratio(f"call / {BARE}", "µs", took[OURS], took[BARE], "<= 1.15"),
        ratio(f"throughput, 64 at once / {HTTPX}", "calls/s", 1e6 / fast[OURS], 1e6 / fast[HTTPX], ">= 5"),
    ]


def growth(rounds: int, calls: int) -> dict[str, dict[int, float]]:
    """Return contestant → calls at once → µs of the processor a call."""
    found: dict[str, dict[int, float]] = {name: {} for name in CALLS}
    for at_once in (1, 8, 64, 256):
        counts = dict.fromkeys(CALLS, max(calls, 2 * at_once))
        for name, took in asyncio.run(_measured(list(CALLS), rounds, counts, at_once)).items():
            found[name][at_once] = took
    return found
