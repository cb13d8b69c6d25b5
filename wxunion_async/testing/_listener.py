"""The fake server's rim: where it listens, and HTTP, faults and the record around the vendor's calls."""

import asyncio
import socket
import struct
import time
from collections.abc import Coroutine
from contextlib import suppress
from email.utils import formatdate
from threading import Thread
from typing import Any, Self

from aiohttp import web

from wxunion_async.testing._faults import JSON, Fault, Faults
from wxunion_async.testing._record import Record
from wxunion_async.testing._service import Call, Service
from wxunion_async.testing._types import ServerClock

_LINGER_OFF = struct.pack("ii", 1, 0)
# Handlers end by themselves once the server is closing; this is for a client that never finishes its body.
_SHUTDOWN_TIMEOUT = 0.25


class Listener(Faults, Record):
    """Listen: ``async with`` in this loop, ``with`` in a thread of its own; deal with one request after the other."""

    def __init__(self, service: Service, clock: ServerClock, keep: int, host: str, port: int) -> None:
        Faults.__init__(self, service, clock)
        Record.__init__(self, service, clock, keep)
        self.date_offset = 0.0
        """Seconds by which the ``Date`` header of answers is ahead of the real time."""
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
        self._closing = asyncio.Event()  # ends every delay
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

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, or misbehave, and remember it."""
        with self._clock.lock:
            call = Call(request.path, request.method, request.query, request.headers, self._clock.now())
            self._arrive(call.path, call.at)
        try:
            raw = await request.read()
            with self._clock.lock:
                self._service.read(call, raw)
                fault = self._take(call)
            if fault is not None:
                return await self._misbehave(request, call, fault)
            call.errcode, body = self._service.answer(call)
            return self._respond(call, 200, JSON, body)
        except ConnectionError:
            # The client has left in the middle of its body; aiohttp would log an error.
            return _reset(request)
        finally:
            if not request.transport:
                call.status = None
            with self._clock.lock:
                self._leave(call)

    async def _misbehave(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.StreamResponse:
        done = self._service.answer(call) if fault.after else None
        if fault.delay:
            with suppress(TimeoutError):
                async with asyncio.timeout(fault.delay):
                    await self._closing.wait()
        if fault.reset or (fault.delay and self._closing.is_set()):
            return _reset(request)
        content_type = JSON
        if fault.replaces:
            call.errcode = fault.errcode
            content_type, body = fault.render(self._clock.unix(), call.presented)
        else:
            call.errcode, body = done or self._service.answer(call)
        response = self._respond(call, fault.status or 200, content_type, body)
        response.headers.update(fault.headers)
        return await _truncate(request, response, body) if fault.truncate else response

    def _respond(self, call: Call, status: int, content_type: str, body: bytes) -> web.Response:
        call.status = status
        response = web.Response(status=status, body=body, headers={"Content-Type": content_type})
        if self.date_offset:
            response.headers["Date"] = formatdate(time.time() + self.date_offset, usegmt=True)
        return response


def _end(home: asyncio.AbstractEventLoop, thread: Thread) -> None:
    home.call_soon_threadsafe(home.stop)
    thread.join()
    home.close()


def _reset(request: web.BaseRequest) -> web.Response:
    transport = request.transport
    if transport is not None:
        # A socket that lingers for 0 seconds is closed with RST.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        transport.abort()
    return web.Response()


async def _truncate(request: web.BaseRequest, whole: web.Response, body: bytes) -> web.StreamResponse:
    cut = web.StreamResponse(status=whole.status, headers=whole.headers)
    cut.content_length = len(body)
    cut.force_close()
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    return cut
