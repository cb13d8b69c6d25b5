"""What a permit costs when 2,000 wait for theirs, beside a bare aiolimiter: the processor's time."""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable

from aiolimiter import AsyncLimiter

from benchmarks.figures import Figure, best_of, ratio
from wxunion_async import LocalRateLimiter, RateLimit

__all__ = ["figures"]

WAITERS = 2_000
RATE = 10_000
"""Permits a second; one at a time, so that everybody waits."""


async def _take(acquire: Callable[[], Awaitable[object]]) -> float:
    async def one() -> None:
        await acquire()

    started = time.process_time()
    await asyncio.gather(*(one() for _ in range(WAITERS)))
    return (time.process_time() - started) / WAITERS * 1e6


async def _ours() -> float:
    limit = RateLimit(RATE * 60, 60.0, burst=1)
    return await _take(functools.partial(LocalRateLimiter().acquire, "app", "/path", limit))


async def _theirs() -> float:
    return await _take(AsyncLimiter(1, 1 / RATE).acquire)


def figures(rounds: int) -> list[Figure]:
    """Return our permit by theirs."""
    took = asyncio.run(best_of(rounds, {"ours": _ours, "theirs": _theirs}))
    return [ratio("a permit, 2,000 waiters / bare aiolimiter", "µs", took["ours"], took["theirs"], "<= 1.0")]
