"""The commands, and how their failures are told: a panel or one red line, and an exit code; never a traceback."""

import io
import logging
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError
from rich.console import Console
from rich.text import Text

from wxunion_async import UnionError, __version__
from wxunion_async.cli.bulk import bulk
from wxunion_async.cli.calls import add_commands
from wxunion_async.cli.demo import demo
from wxunion_async.cli.failures import OK, InputError, exit_code_of, show
from wxunion_async.cli.sandbox import sandbox

__all__ = ["app", "run"]

_EXIT_CODES = """\
Exit codes: 0, done; 1, refused or failed; 2, bad input or configuration, nothing was sent; 3, failed for now, the \
same command may succeed later; 130, stopped by Ctrl-C."""


class _DriftHandler(logging.Handler):
    """Tells of a value that was read as absent; the other warnings of the library come as errors, too."""

    def emit(self, record: logging.LogRecord) -> None:
        words = Text(f"wxunion: warning: {record.getMessage()}", style="yellow")
        Console(stderr=True).print(words, soft_wrap=True)


logging.getLogger("wxunion_async").addHandler(logging.NullHandler())
logging.getLogger("wxunion_async.drift").addHandler(_DriftHandler())

app = App(
    name="wxunion",
    help="Work with WeChat's union promoter API (微信联盟推客) from a shell.",
    help_epilogue=_EXIT_CODES,
    version=__version__,
    print_error=False,
    exit_on_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
app.command(bulk)
app.command(demo)
app.command(sandbox)
add_commands(app)


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese shall show "?", not end the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        exit_code = app(argv, console=Console())
    except (CycloptsError, InputError, UnionError, OSError) as error:
        show(error)
        return exit_code_of(error)
    return exit_code if isinstance(exit_code, int) else OK
