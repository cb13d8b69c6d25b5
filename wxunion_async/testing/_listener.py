"""Where a fake server listens: in the caller's event loop, or in a thread of its own."""

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, Self

from aiohttp import web

from wxunion_async.testing._handler import Handler
from wxunion_async.testing._service import Service
from wxunion_async.testing._types import ServerClock

# Handlers end by themselves once the server is closing; this is for a client that never finishes its body.
_SHUTDOWN_TIMEOUT = 0.25


class Listener(Handler):
    """Listen on a socket: ``async with`` in this loop, ``with`` in a thread of its own."""

    def __init__(self, service: Service, clock: ServerClock, keep: int, host: str, port: int) -> None:
        super().__init__(service, clock, keep)
        self._host, self._port = host, port
        self._runner: web.ServerRunner | None = None
        self._home: asyncio.AbstractEventLoop | None = None
        """The loop of the thread that the server runs in, if it has one of its own."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        home = asyncio.new_event_loop()
        thread = Thread(target=home.run_forever, name="fake union server", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), home).result()
        except BaseException:
            _end(home, thread)
            raise
        self._home, self._thread = home, thread
        return self

    def __exit__(self, *_: object) -> None:
        home, self._home = self._home, None
        if home is not None:
            asyncio.run_coroutine_threadsafe(self._stop(), home).result()
            _end(home, self._thread)

    @property
    def listening(self) -> bool:
        """Say whether it does."""
        return self._runner is not None

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
        self._closing = asyncio.Event()
        # The service unpacks bodies: aiohttp would answer 500 to one that cannot be unpacked.
        answering = web.Server(self._handle, access_log=None, auto_decompress=False)
        runner = web.ServerRunner(answering, shutdown_timeout=_SHUTDOWN_TIMEOUT)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner, self._port = runner, site.port

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self._closing.set()
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


def _end(home: asyncio.AbstractEventLoop, thread: Thread) -> None:
    home.call_soon_threadsafe(home.stop)
    thread.join()
    home.close()
