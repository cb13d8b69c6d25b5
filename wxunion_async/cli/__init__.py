"""
The command line, ``wxunion``: needs the extra ``cli`` (cyclopts, rich).

Exit codes: 0, done; 1, a call was refused or failed, or the output could not be written; 2, bad input or
configuration, nothing was sent; 3, failed for now, the same command may succeed later; 130, stopped by Ctrl-C.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command line and return its exit code.

    Args:
        argv: the arguments without the program's name; ``None`` takes those of the process.
    """
    whole_process = argv is None
    if whole_process:
        # An import may swallow Ctrl-C, or leave ruins.
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(130))
    try:
        # pip installs the command with or without the extra, so what it needs is imported only after this check.
        if any(find_spec(name) is None for name in ("cyclopts", "rich")):
            print("the command line needs the extra: pip install 'wxunion-async[cli]'", file=sys.stderr)
            return 2
        from wxunion_async.cli.app import run

        if whole_process:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return run(sys.argv[1:] if argv is None else list(argv))
    except KeyboardInterrupt:
        return 130
    finally:
        if whole_process:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interpreter is on its way out
            for thread in threading.enumerate():
                if thread.daemon:
                    # A bar is gone before the thread that draws it: taken by surprise, that one may crash the process.
                    thread.join(timeout=1.0)
