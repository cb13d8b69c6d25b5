"""Print every comparison as a ratio of medians: ``python -m benchmarks [--json FILE]``."""

import argparse
import json
import platform
from pathlib import Path

from benchmarks import bulk, call, decode, imports

Row = tuple[str, float, float, float]


def main() -> None:
    """Measure, print a table, and write JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to FILE as well")
    options = parser.parse_args()
    rows: list[Row] = [*decode.compare(), *call.rows(), *bulk.rows(), *imports.rows()]
    print(f"{'ours / rival':<44} {'ours, µs':>12} {'rival, µs':>12} {'ratio':>7}")
    for name, ours, theirs, ratio in rows:
        print(f"{name:<44} {ours:>12,.1f} {theirs:>12,.1f} {ratio:>7.2f}")
    peaks = bulk.peaks()
    print("peak memory of client.map: " + ", ".join(f"{peak:.1f} MiB for {n:,}" for n, peak in peaks.items()))
    if options.json:
        keys = ("name", "ours_us", "rival_us", "ratio")
        figures = {
            "python": platform.python_version(),
            "peak_mib": peaks,
            "rows": [dict(zip(keys, row, strict=True)) for row in rows],
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
