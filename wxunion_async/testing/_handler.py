"""The fake server's rim: HTTP, faults and the record around the vendor's calls."""

import asyncio
import socket
import struct
import time
from contextlib import suppress
from email.utils import formatdate

from aiohttp import web

from wxunion_async.testing._faults import JSON, Fault, Faults
from wxunion_async.testing._record import Record
from wxunion_async.testing._service import Call, Service
from wxunion_async.testing._types import ServerClock

_LINGER_OFF = struct.pack("ii", 1, 0)


class Handler(Faults, Record):
    """Deal with one HTTP request after the other."""

    def __init__(self, service: Service, clock: ServerClock, keep: int) -> None:
        Faults.__init__(self, service, clock)
        Record.__init__(self, service, clock, keep)
        self.date_offset = 0.0
        """Seconds by which the ``Date`` header of answers is ahead of the real time."""
        self._closing = asyncio.Event()
        """Ends every delay."""

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
