"""
Measure what the library costs beside what people write by hand, and print one table.

See README.md beside this file for what each figure says. ``python -m benchmarks soak`` keeps up a load instead.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks import WITHOUT_ORJSON, bulk, call, decode, imports, instructions, limiter, soak
from benchmarks.figures import Effort, Figure, ratio
from benchmarks.plot import draw

FULL = Effort(
    rounds=100, calls=128, lookups=20_000, lookup_rounds=4, imports=9, seconds=1.0, few=1_000, many=100_000, growth=12
)
QUICK = Effort(
    rounds=8, calls=128, lookups=1_000, lookup_rounds=3, imports=2, seconds=0.1, few=500, many=3_000, growth=2
)
PACKAGES = ("aiohttp", "aiolimiter", "attrs", "cattrs", "httpx", "orjson", "pydantic")


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to FILE as well")
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw how the cost of a lookup grows; minutes")
    parser.add_argument("--without-orjson", action="store_true", help="as if orjson were not installed")
    options = parser.parse_args()
    if options.without_orjson and not os.environ.get(WITHOUT_ORJSON):
        os.execve(
            sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]], os.environ | {WITHOUT_ORJSON: "1"}
        )
    effort = QUICK if options.quick else FULL
    print(about(), flush=True)
    found: list[Figure] = []
    print(f"{'':<62} {'ours':>10} {'rival':>10} {'':<8} {'figure':>8}  to reach")
    for figure in measured(effort, quick=options.quick):
        found.append(figure)
        print(line_of(figure), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"about": about(), "figures": [as_dict(one) for one in found]}, indent=2))
    if options.plot:
        options.plot.write_text(draw(growth(effort)), encoding="utf-8")


def about() -> str:
    """Say what it was measured on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    packages = (
        f"{package} {'hidden' if package == 'orjson' and os.environ.get(WITHOUT_ORJSON) else version(package)}"
        for package in PACKAGES
    )
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} x {name}; {', '.join(packages)}"


def measured(effort: Effort, *, quick: bool) -> Iterator[Figure]:
    """Yield each figure when it is known."""
    yield from call.figures(effort)
    yield from bulk.figures(effort)
    if instructions.available() and not quick:
        yield from instructions.figures()
    yield from decode.figures(effort.seconds)
    yield from limiter.figures(max(3, effort.rounds // 10))
    few, many = bulk.peaks(effort.few, effort.many)
    yield ratio(f"peak memory of map, {effort.many:,} / {effort.few:,} lookups", "MiB", many, few, "<= 1.05")
    yield decode.kept()
    yield from imports.figures(effort.imports)


def growth(effort: Effort) -> dict[str, tuple[str, dict[str, dict[int, float]]]]:
    """Measure the curves of the plot."""
    return {
        "A lookup in bulk": ("lookups, 32 at once", bulk.growth(effort.growth)),
        "A call": ("calls at once", call.growth(effort.growth, effort.calls)),
    }


def line_of(figure: Figure) -> str:
    """Return a figure's line of the table."""
    mark = "" if figure.reached else "  missed"
    return (
        f"{figure.name:<62} {figure.ours:>10,.1f} {figure.rival:>10,.1f} {figure.unit:<8} {figure.figure:>8.2f}"
        f"  {figure.reach}{mark}"
    )


def as_dict(figure: Figure) -> dict[str, object]:
    """Return a figure as JSON has it."""
    return {
        "name": figure.name,
        "unit": figure.unit,
        "ours": figure.ours,
        "rival": figure.rival,
        "figure": figure.figure,
        "reach": figure.reach or None,
        "reached": figure.reached,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["soak"]:
        sys.exit(soak.main(sys.argv[2:]))
    main()
