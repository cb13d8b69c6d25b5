"""
One limit over four processes, kept through Redis: ours against the Redis limiters of pyrate-limiter and limits.

Permits only, without any call: what is compared is what a limiter lets through, on one machine's monotonic clock.
Needs a ``redis-server`` on PATH, pyrate-limiter and limits: ``python -m benchmarks.redis_limits``.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio

from wxunion_async import RateLimit
from wxunion_async.redis import RedisRateLimiter

Row = tuple[str, float, float, float]
Acquire = Callable[[], Awaitable[object]]

PROCESSES = 4
CALLERS = 32
SECONDS = 6.0
SETTLED = 1.0
WINDOW = 0.95
RATES = (200, 2000)

# ── one process ──────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _ours(port: int, rate: int) -> AsyncGenerator[Acquire, None]:
    async with redis.asyncio.Redis(port=port) as client:
        limiter, limit = RedisRateLimiter(client), RateLimit(rate, 1.0)
        yield lambda: limiter.acquire("app", f"/{rate}", limit)
        await limiter.aclose()


@asynccontextmanager
async def _pyrate(port: int, rate: int) -> AsyncGenerator[Acquire, None]:
    import pyrate_limiter

    async with redis.asyncio.Redis(port=port) as client:
        rates = [pyrate_limiter.Rate(rate, pyrate_limiter.Duration.SECOND)]
        init: Any = pyrate_limiter.RedisBucket.init  # awaitable or not, as the client is
        limiter = pyrate_limiter.Limiter(await init(rates, client, f"pyrate:{rate}"))
        yield limiter.try_acquire_async
        limiter.close()


@asynccontextmanager
async def _limits(port: int, rate: int) -> AsyncGenerator[Acquire, None]:
    import limits
    from limits.aio.storage import RedisStorage
    from limits.aio.strategies import MovingWindowRateLimiter

    storage = RedisStorage(f"async+redis://127.0.0.1:{port}", implementation="redispy")
    limiter, item = MovingWindowRateLimiter(storage), limits.RateLimitItemPerSecond(rate)

    async def acquire() -> None:
        # It only says no; how long to wait is what its own statistics say.
        while not await limiter.hit(item, "app"):
            stats = await limiter.get_window_stats(item, "app")
            await asyncio.sleep(max(0.001, stats.reset_time - time.time()))

    yield acquire


CONTESTANTS = {"ours": _ours, "pyrate-limiter": _pyrate, "limits": _limits}


async def _process(name: str, port: int, rate: int, start: float) -> list[float]:
    times: list[float] = []
    async with CONTESTANTS[name](port, rate) as acquire:
        await acquire()  # opens the connection

        async def call() -> None:
            while time.monotonic() < start + SECONDS:
                await acquire()
                times.append(time.monotonic())

        await asyncio.sleep(start - time.monotonic())
        await asyncio.gather(*(call() for _ in range(CALLERS)))
    return times


# ── all of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _busiest(times: list[float]) -> int:
    first, greatest = 0, 0
    for index, at in enumerate(times):
        while at - times[first] >= WINDOW:
            first += 1
        greatest = max(greatest, index - first + 1)
    return greatest


def _measure(name: str, port: int, rate: int) -> Row:
    start = time.monotonic() + 3.0
    command = [sys.executable, "-m", "benchmarks.redis_limits", name, str(port), str(rate), str(start)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    times: list[list[float]] = [json.loads(process.communicate()[0]) for process in processes]
    begin, end = start + SETTLED, start + SECONDS
    served = [sum(begin <= at < end for at in own) for own in times]
    share = sum(served) / (rate * (end - begin))
    peak = _busiest(sorted(at for own in times for at in own)) / rate
    return f"{rate}/s, {name}", share, peak, min(served) / max(served)


def rows() -> list[Row]:
    """Return (name, share of the limit used, busiest 0.95 s as a share of it, slowest process / fastest)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen(["redis-server", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        return [_measure(name, port, rate) for rate in RATES for name in CONTESTANTS]
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Measure and print a table."""
    print(f"{PROCESSES} processes, one limit through Redis  {'used':>8} {'peak':>8} {'fair':>8}")
    for name, share, peak, fairness in rows():
        print(f"{name:<38} {share:>8.1%} {peak:>8.1%} {fairness:>8.1%}")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        contestant, port_text, rate_text, start_text = sys.argv[1:]
        print(json.dumps(asyncio.run(_process(contestant, int(port_text), int(rate_text), float(start_text)))))
