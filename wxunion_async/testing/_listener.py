"""Where a fake server listens: in the caller's event loop, or in a thread of its own."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import Any, Self

from aiohttp import web

from wxunion_async.testing._handler import Handler

# Handlers end by themselves once the server is closing; this is for a client that never finishes its body.
_SHUTDOWN_TIMEOUT = 0.25


class Listener:
    """Listen on a socket: ``async with`` in this loop, ``with`` in a thread of its own."""

    def __init__(self, handler: Handler, host: str, port: int) -> None:
        self._answering, self._host, self._port = handler, host, port
        self._runner: web.ServerRunner | None = None
        self._home: asyncio.AbstractEventLoop | None = None
        """The loop of the thread that the server runs in, if it has one of its own."""

    @property
    def listening(self) -> bool:
        """Say whether it does."""
        return self._runner is not None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        started = Future[asyncio.Event]()
        thread = Thread(target=asyncio.run, args=(self._live(started),), name="fake union server", daemon=True)
        thread.start()
        self._leave = started.result()
        self._thread = thread
        return self

    def __exit__(self, *_: object) -> None:
        if self._home is not None:
            self._home.call_soon_threadsafe(self._leave.set)
            self._thread.join()

    async def _live(self, started: "Future[asyncio.Event]") -> None:
        """Be the life of the thread."""
        leave = asyncio.Event()
        try:
            await self._start()
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits
            started.set_exception(error)
            return
        self._home = asyncio.get_running_loop()
        started.set_result(leave)
        await leave.wait()
        await self._stop()
        self._home = None

    async def start(self) -> None:
        """
        Listen. A closed server may be started again: it listens on the same port and knows its tokens still.

        Raises:
            RuntimeError: it is listening already.
            OSError: the port is taken.

        """
        await self._at_home(self._start())

    async def aclose(self) -> None:
        """Stop listening and close every connection at once, delayed answers included. May be called twice."""
        await self._at_home(self._stop())

    async def _at_home(self, work: Coroutine[Any, Any, None]) -> None:
        await (work if self._home is None else asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._home)))

    async def _start(self) -> None:
        if self._runner is not None:
            raise RuntimeError("the server is listening already")
        # An Event binds to the loop that first waits for it, and the next start may be in another loop.
        self._answering.closing = asyncio.Event()
        # The service unpacks bodies: aiohttp would answer 500 to one that cannot be unpacked.
        runner = web.ServerRunner(
            web.Server(self._answering.handle, access_log=None, auto_decompress=False),
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
        )
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._port = site.port
        self._runner = runner

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._answering.closing.set()
        await runner.cleanup()
        # The cancelled connection tasks and the transports they close each need one turn of the loop.
        for _ in range(3):
            await asyncio.sleep(0)

    @property
    def base_url(self) -> str:
        """Return the address to pass to a client, without a trailing slash; a RuntimeError before the first start."""
        if self._port == 0:
            raise RuntimeError("the server has no port before start()")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"
