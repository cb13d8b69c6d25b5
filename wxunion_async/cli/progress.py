"""What is to be seen of a long run: on a terminal a bar, elsewhere a line now and then; at the end, what failed."""

import time
from collections.abc import Generator, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from wxunion_async import PathPausedEvent
from wxunion_async.cli.show import table
from wxunion_async.cli.words import text

__all__ = ["Failures", "SpeedColumn", "progress_bar", "reading"]

T = TypeVar("T")
_LINES_A_LOOK = 1000
_SECONDS_A_LINE = 2.0
_LINES_SHOWN = 3
_LINES_KEPT = 100


class SpeedColumn(ProgressColumn):
    """Calls a second and the time left; while the service wants no more calls, when it does again."""

    def __init__(self) -> None:
        super().__init__()
        self._paused_until = 0.0
        self._left = TimeRemainingColumn(compact=True, elapsed_when_finished=True)

    def take(self, event: object) -> None:
        """Take notice of an event of the client."""
        if isinstance(event, PathPausedEvent):
            self._paused_until = max(self._paused_until, time.time() + event.seconds)

    def render(self, task: Task) -> Text:
        """Return it; the speed is that of the last few seconds while it runs."""
        if time.time() < self._paused_until:
            end = datetime.fromtimestamp(self._paused_until).astimezone()
            return Text(f"paused by the service until {end:%H:%M:%S}", style="yellow")
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s ").append_text(self._left.render(task))


def progress_bar(speed: SpeedColumn, *more: str) -> Progress:
    """Make a bar on stderr, ``more`` formats in front of the speed; none where it could not be redrawn."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=12), MofNCompleteColumn(), *map(TextColumn, more))
    return Progress(*columns, speed, console=console, disable=not console.is_interactive)


def reading(name: str, items: Iterable[T]) -> Generator[T]:
    """Yield the items of a file, and tell how far it is: on a terminal in one line, elsewhere in one now and then."""
    console = Console(stderr=True)
    said = time.monotonic()
    with console.status(text(f"reading {name}")) as status:
        for number, item in enumerate(items, 1):
            yield item
            if number % _LINES_A_LOOK == 0:
                words = text(f"reading {name}: {number:,} lines")
                status.update(words)
                if not console.is_terminal and time.monotonic() - said >= _SECONDS_A_LINE:
                    console.print(words.append(" so far"), soft_wrap=True)
                    said = time.monotonic()


class Failures:
    """What failed in a run, by the kinds of it."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, int | None], dict[str, Any]] = {}

    def count(self, line: int, error: Mapping[str, Any], advice: str) -> int:
        """Count a failure; return how many of its kind there are."""
        key = error["class"], error["errcode"]
        new: dict[str, Any] = {"error": key[0], "errcode": key[1], "advice": advice, "count": 0, "lines": []}
        kind = self._kinds.setdefault(key, new)
        kind["count"] += 1
        kind["lines"] += [line] if kind["count"] <= _LINES_KEPT else []
        return int(kind["count"])

    def to_json(self) -> list[dict[str, Any]]:
        """Return the kinds, the most frequent first, each with the first lines that met it."""
        return sorted(self._kinds.values(), key=lambda kind: -kind["count"])

    def table(self) -> Table:
        """Show them."""
        return table(
            {
                "Failures": f"{kind['count']:,}",
                "Error": f"{kind['error']} {'' if kind['errcode'] is None else kind['errcode']}",
                "Lines": ", ".join(
                    [*map(str, sorted(kind["lines"])[:_LINES_SHOWN])] + ["…"] * (kind["count"] > _LINES_SHOWN)
                ),
                "What to do": kind["advice"],
            }
            for kind in self.to_json()
        )
