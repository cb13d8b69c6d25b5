"""How long ``import wxunion_async`` takes, against importing its dependencies alone."""

import statistics
import subprocess
import sys

__all__ = ["rows"]

ROUNDS = 15
DEPENDENCIES = "import aiohttp, attrs, cattrs, aiolimiter"
TIMED = "import time; started = time.perf_counter(); {}; print((time.perf_counter() - started) * 1e6)"


def _took(statement: str) -> float:
    """Return the microseconds that ``statement`` takes in a new interpreter."""
    done = subprocess.run([sys.executable, "-c", TIMED.format(statement)], capture_output=True, check=True, text=True)
    return float(done.stdout)


def rows() -> list[tuple[str, float, float, float]]:
    """Return (name, our µs, the dependencies' µs, ratio); medians of interleaved rounds."""
    pairs = [(_took("import wxunion_async"), _took(DEPENDENCIES)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [("import / the dependencies alone", ours, theirs, statistics.median(a / b for a, b in pairs))]
