"""
How many machine instructions one call takes, counted by valgrind: what repeats to half a percent on a busy machine.

A run of many calls less a run of few, so that start and imports do not count.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys

from benchmarks.call import AT_ONCE, many_calls
from benchmarks.figures import Figure, ratio
from benchmarks.server import Server
from benchmarks.ways import BARE, BULK, BY_HAND, CALLS, MAP, OURS, POOL

__all__ = ["available", "count", "figures"]

FEW, MANY = 100, 350
_COLLECTED = re.compile(r"Collected : (\d+)")


def available() -> bool:
    """Say whether valgrind is there."""
    return shutil.which("valgrind") is not None


def count(way: str) -> float:
    """Return the thousands of instructions of one call, or of one lookup in bulk."""
    few, many = (_counted(way, calls) for calls in (FEW, MANY))
    return (many - few) / (MANY - FEW) / 1000


def _counted(way: str, calls: int) -> int:
    valgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    done = subprocess.run(
        [*valgrind, sys.executable, "-m", "benchmarks.instructions", way, str(calls)],
        check=True,
        stderr=subprocess.PIPE,
        text=True,
        # Where things lie in a dict must not depend on the run.
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    found = _COLLECTED.search(done.stderr)
    assert found is not None, done.stderr
    return int(found[1])


def figures() -> list[Figure]:
    """Return a call, and a lookup in bulk, by the rivals'."""
    took = {way: count(way) for way in (OURS, BY_HAND, BARE, MAP, POOL)}
    unit = "k instr."
    return [
        ratio(f"instructions: call / {BY_HAND}", unit, took[OURS], took[BY_HAND], "<= 1.05"),
        ratio(f"instructions: call / {BARE}", unit, took[OURS], took[BARE], "<= 1.15"),
        ratio(f"instructions: map / {POOL}", unit, took[MAP], took[POOL], "<= 1.10"),
    ]


async def _run(way: str, calls: int) -> None:
    server = await Server.start()
    if way in BULK:
        async with BULK[way](server) as look_up:
            await look_up(calls)
    else:
        async with CALLS[way](server) as call:
            await many_calls(call, calls, AT_ONCE)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], int(sys.argv[2])))
