"""
Writes what the faults' table says into ``tests/README.md``, between its two marks.

Run ``python -m tests.matrix.table`` in the root of the repository after a change; a test fails if it is stale.
"""

import re
from pathlib import Path

from .faults import CALLS, FAULTS, Call, Row

README = Path(__file__).parents[1] / "README.md"
_MARKS = re.compile(r"(?s)(<!-- faults: begin -->\n).*(<!-- faults: end -->)")


def table() -> str:
    """Return the table: one row for all faults of the same fate."""
    kinds: dict[str, list[str]] = {}
    for fault in FAULTS:
        kinds.setdefault(" | ".join(_cell(fault.row, call) for call in CALLS), []).append(fault.name)
    cells = sum(fate is not None for fault in FAULTS for fates in fault.row.values() for fate in fates)
    what = f"{len(FAULTS)} faults × {len(CALLS)} calls × our own session and a user's"
    lines = [
        f"{what}, met at every send and met once: {2 * cells} runs.",
        "",
        "| fault | " + " | ".join(CALLS) + " |",
        "|---" * (len(CALLS) + 1) + "|",
    ]
    return "\n".join([*lines, *(f"| {'; '.join(names)} | {cells} |" for cells, names in kinds.items()), ""])


def _cell(row: Row, call: Call) -> str:
    if call not in row:
        return "–"
    stays, once = row[call]
    return str(stays) if once is None or once == stays else f"{stays} → {once}"


def written(readme: str) -> str:
    """Return the text with the table of today between its marks."""
    return _MARKS.sub(lambda marks: f"{marks[1]}{table()}{marks[2]}", readme)


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
