"""
Run a fake server in a process of its own: ``python -m wxunion_async.testing``.

The first line on stdout is a JSON object with the base URL and both accounts' credentials. With ``--until-eof`` each
line on stdin is a question, answered by one JSON line: ``count [PATH]``, ``peak PATH WINDOW``, ``rotate FAMILY``.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from wxunion_async.testing.server import FakeUnionServer

LISTENER = "union-server-questions"
"""Name of the thread that waits for questions."""


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM, or until stdin ends when asked to."""
    parser = argparse.ArgumentParser(prog="python -m wxunion_async.testing", description="Run a fake union server.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--products", type=int, default=1000, help="size of the catalogue (default: 1000)")
    parser.add_argument("--until-eof", action="store_true", help="answer questions on stdin, and stop at its end")
    options = parser.parse_args(argv)
    try:
        server = FakeUnionServer(products=options.products, port=options.port)
    except ValueError as error:
        parser.error(str(error))
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(server, until_eof=options.until_eof))


async def serve(server: FakeUnionServer, *, until_eof: bool) -> None:
    """Run a server that was not started yet, say where it is, and close it at the end: of stdin, with ``until_eof``."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    # Windows' loops take no signal handlers; there Ctrl-C cancels the run.
    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGINT, stop.set)
        loop.add_signal_handler(signal.SIGTERM, stop.set)
    async with server:
        hello: dict[str, Any] = {"base_url": server.base_url}
        for account in (server.promoter, server.agency):
            hello[account.family] = {"app_id": account.app_id, "app_secret": account.app_secret}
        _say(hello)
        if until_eof:
            arguments = (sys.stdin.fileno(), server, loop, stop)
            threading.Thread(target=_listen, args=arguments, name=LISTENER, daemon=True).start()
        await stop.wait()


def _listen(descriptor: int, server: FakeUnionServer, loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # RuntimeError: the loop was closed by a signal meanwhile. The file is raw, because a thread that waits in
    # sys.stdin holds its lock while the interpreter ends.
    with suppress(RuntimeError), open(descriptor, "rb", buffering=0, closefd=False) as questions:
        for line in questions:
            loop.call_soon_threadsafe(lambda said: _say(answer_question(server, said)), line.decode(errors="replace"))
        loop.call_soon_threadsafe(stop.set)


def answer_question(server: FakeUnionServer, line: str) -> dict[str, Any]:
    """Answer a line of the control protocol with the JSON object to print, ``{"error": words}`` if it is none."""
    try:
        match line.split():
            case ["count"]:
                return {"count": server.count()}
            case ["count", path]:
                return {"count": server.count(path)}
            case ["peak", path, window]:
                return {"peak": server.peak(path, float(window))}
            case ["rotate", "promoter" | "agency" as family]:
                (server.promoter if family == "promoter" else server.agency).rotate()
                return {"rotate": family}
            case _:
                return {"error": "say count [PATH], peak PATH WINDOW, or rotate promoter|agency"}
    except ValueError as error:
        return {"error": str(error)}


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
