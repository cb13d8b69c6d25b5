"""Many lookups through ``client.map`` beside a worker pool written by hand: the processor's time, and memory."""

import asyncio
import resource
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.figures import Effort, Figure, best_of, ratio
from benchmarks.server import Server
from benchmarks.ways import BULK, MAP, POOL, client_of, map_over

__all__ = ["figures", "growth", "peak", "peaks"]


async def _measured(rounds: int, lookups: int) -> dict[str, float]:
    """Return the least microseconds of the processor that a lookup took."""
    server = await Server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        made = {name: await stack.enter_async_context(open_way(server)) for name, open_way in BULK.items()}

        async def turn(name: str) -> float:
            started = time.process_time()
            await made[name](lookups)
            return (time.process_time() - started) / lookups * 1e6

        return await best_of(rounds, {name: lambda name=name: turn(name) for name in made})  # type: ignore[misc]


def figures(effort: Effort) -> list[Figure]:
    """Return a lookup of a bulk run by the rival's."""
    took = asyncio.run(_measured(effort.lookup_rounds, effort.lookups))
    return [ratio(f"map over {effort.lookups:,} / {POOL}", "µs", took[MAP], took[POOL], "<= 1.10")]


def growth(rounds: int) -> dict[str, dict[int, float]]:
    """Return contestant → lookups → µs of the processor a lookup."""
    found: dict[str, dict[int, float]] = {name: {} for name in BULK}
    for lookups in (1_000, 10_000, 100_000):
        for name, took in asyncio.run(_measured(max(1, rounds * 1_000 // lookups), lookups)).items():
            found[name][lookups] = took
    return found


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def peaks(few: int, many: int) -> list[float]:
    """Return the peak memory, in MiB, of two processes that make so many lookups with ``client.map``."""
    return asyncio.run(_peaks(few, many))


async def _peaks(few: int, many: int) -> list[float]:
    server = await Server.start(0)
    found: list[float] = []
    for count in (few, many):
        argv = ["-m", "benchmarks.bulk", str(count), server.base_url]
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, *argv], check=True, stdout=subprocess.PIPE, text=True
        )
        found.append(float(done.stdout))
    await server.stop()
    return found


async def _look_up(count: int, base_url: str) -> None:
    async with client_of(Server(base_url, "wx-app", "secret")) as client:
        await map_over(client, count)


def peak() -> float:
    """Return the peak memory of this process in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands the parent's peak on in ru_maxrss
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # macOS counts bytes


if __name__ == "__main__":
    asyncio.run(_look_up(int(sys.argv[1]), sys.argv[2]))
    print(peak())
