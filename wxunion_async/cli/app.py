"""The commands, and how their failures are told: a panel or one red line, and an exit code; never a traceback."""

import io
import logging
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError
from rich.console import Console

from wxunion_async import UnionError, __version__
from wxunion_async.cli.catalogue import dashed, groups, summary_of
from wxunion_async.cli.failures import OK, InputError, exit_code_of, show
from wxunion_async.cli.words import text

__all__ = ["make_app", "run"]

_EXIT_CODES = """\
Exit codes: 0, done; 1, refused or failed; 2, bad input or configuration, nothing was sent; 3, failed for now, the \
same command may succeed later; 130, stopped by Ctrl-C."""
_COMMANDS = {
    "bulk": ("bulk:bulk", "Send one request for each line of a table, and write a line with the answer for each."),
    "calls": ("calls:calls", "List every call: whose account it is for, whether it reads or writes, its pages."),
    "demo": ("demo:demo", "Show the library at work, offline: a fake server, two accounts, a few hundred calls."),
    "doctor": ("doctor:doctor", "Check credentials, clock, IP allow-list, quota, Redis and proxy, one line each."),
    "sandbox": ("sandbox:sandbox", "Run the fake server until Ctrl-C, and print how to point a client at it."),
}
"""Name → where it is, so that only the one that runs is imported, and the first line of its help."""


class _DriftHandler(logging.Handler):
    """Tells of a value that was read as absent; the other warnings of the library come as errors, too."""

    def emit(self, record: logging.LogRecord) -> None:
        words = text(f"wxunion: warning: {record.getMessage()}", style="yellow")
        Console(stderr=True).print(words, soft_wrap=True)


logging.getLogger("wxunion_async").addHandler(logging.NullHandler())
logging.getLogger("wxunion_async.drift").addHandler(_DriftHandler())


def make_app(argv: Sequence[str]) -> App:
    """Make the command line that ``argv`` needs."""
    app = App(
        name="wxunion",
        help="Work with WeChat's union promoter API (微信联盟推客) from a shell.",
        help_epilogue="" if argv and not argv[0].startswith("-") else _EXIT_CODES,
        help_format="markdown" if argv[:1] and argv[0] in _COMMANDS else "plaintext",  # the latter is much faster
        version=__version__,
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    for name, (where, summary) in _COMMANDS.items():
        app.command(f"wxunion_async.cli.{where}", name=name, help=None if argv[:1] == [name] else summary)
    for name, group in groups().items():
        sub = App(name=dashed(name), help=summary_of(group))
        app.command(sub)
        if argv[:1] in ([dashed(name)], ["--install-completion"]):
            from wxunion_async.cli.calls import add_calls

            add_calls(sub, group, "".join(argv[1:2]))
    app.register_install_completion_command()  # pyright: ignore[reportUnknownMemberType]
    return app


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - "wxunion … 2>&-"
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese shall show "?", not end the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] - "wxunion … >&-"
            raise InputError("standard output is closed")
        exit_code = make_app(argv)(argv, console=Console())
    except (CycloptsError, InputError, UnionError, OSError) as error:
        show(error)
        return exit_code_of(error)
    return exit_code if isinstance(exit_code, int) else OK
