"""The fake server of the command line, with two more questions: ``slow PATH SECONDS TIMES`` and ``reset``."""

import asyncio
import gc
from typing import Any

from wxunion_async.testing import FakeUnionServer, Fault
from wxunion_async.testing import __main__ as control

known = control.answer_question


def answer_question(server: FakeUnionServer, line: str) -> dict[str, Any]:
    """Answer one line."""
    match line.split():
        case ["slow", path, seconds, times]:
            server.fail(path, Fault(delay=float(seconds)), times=int(times))
        case ["reset"]:
            server.reset_record()
        case _:
            return known(server, line)
    return {}


def main() -> None:
    """Be the server."""
    # The ruler must not stand still while it searches the 100,000 requests that it remembers.
    gc.disable()
    control.answer_question = answer_question
    asyncio.run(control.serve(FakeUnionServer(), until_eof=True))
