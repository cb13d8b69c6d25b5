"""How a bulk run went: for people a table of what failed, for programs one JSON object."""

from typing import Any

import attrs
from rich.box import SIMPLE_HEAD
from rich.table import Table

from wxunion_async.cli.words import text

__all__ = ["Tally"]

_LINES_SHOWN = 3
_LINES_KEPT = 100


@attrs.define
class _Kind:
    """One kind of failure."""

    error: str
    errcode: int | None
    advice: str
    count: int = 0
    lines: list[int] = attrs.field(factory=list[int])
    """The first that met it."""


@attrs.define
class Tally:
    """What one run has done."""

    done: int = 0
    failed: int = 0
    skipped: int = 0
    """Lines that have an outcome and are not sent."""
    bad: int = 0
    """Lines that are no request."""
    _kinds: dict[tuple[str, int | None], _Kind] = attrs.field(factory=dict[tuple[str, int | None], _Kind])

    def count(self, line: int, error: dict[str, Any], advice: str) -> int:
        """Count a failure; return how many of its kind there are."""
        key = error["class"], error["errcode"]
        kind = self._kinds.setdefault(key, _Kind(*key, advice))
        kind.count += 1
        if len(kind.lines) < _LINES_KEPT:
            kind.lines.append(line)
        return kind.count

    def failures(self) -> list[_Kind]:
        """Return what failed, the most frequent first."""
        return sorted(self._kinds.values(), key=lambda kind: -kind.count)

    def table(self) -> Table:
        """Show what failed."""
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
        table.add_column("Failures", justify="right")
        for heading in ("Error", "Lines", "What to do"):
            table.add_column(heading, overflow="fold")
        for kind in self.failures():
            lines = ", ".join(map(str, sorted(kind.lines)[:_LINES_SHOWN])) + (
                ", …" if kind.count > _LINES_SHOWN else ""
            )
            error = text(kind.error if kind.errcode is None else f"{kind.error} {kind.errcode}")
            table.add_row(f"{kind.count:,}", error, lines, text(kind.advice))
        return table

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready; of each kind of failure the first lines."""
        counts = {"done": self.done, "failed": self.failed, "skipped": self.skipped, "bad": self.bad}
        return counts | {"failures": [attrs.asdict(kind) for kind in self.failures()]}
