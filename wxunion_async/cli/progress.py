"""A bar on a terminal, for what takes more than a moment."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["progress_bar"]


class _SpeedColumn(ProgressColumn):
    """Calls a second, so far."""

    def render(self, task: Task) -> Text:
        """Return the speed; of the last few seconds while it runs."""
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s")


def progress_bar(*more: str) -> Progress:
    """
    Make a bar on stderr, so that stdout has the results only; none where it could not be redrawn.

    Args:
        more: formats of further columns, in front of the speed.

    """
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        *map(TextColumn, more),
        _SpeedColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=console,
        disable=not console.is_interactive,
    )
