"""The fake server's rim: HTTP, faults and the record around the vendor's calls."""

import asyncio
import socket
import struct
import time
from contextlib import suppress
from email.utils import formatdate

from aiohttp import web
from attrs import define

from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._faults import Fault, Faults
from wxunion_async.testing._record import Record, RecordedRequest
from wxunion_async.testing._service import Call, Service

_JSON = "application/json; charset=utf-8"
_LINGER_OFF = struct.pack("ii", 1, 0)


@define
class _Outcome:
    status: int | None = None
    errcode: int | None = None


class Handler:
    """Deal with one HTTP request after the other."""

    def __init__(self, service: Service, faults: Faults, record: Record, clock: ServerClock) -> None:
        self.date_offset = 0.0
        """Seconds by which the ``Date`` header of answers is ahead of the real time."""
        self.closing = asyncio.Event()
        """Ends every delay."""
        self._service = service
        self._faults = faults
        self._record = record
        self._clock = clock

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request, or misbehave, and remember it."""
        with self._clock.lock:
            at = self._clock.now()
            self._record.arrive(request.path, at)
        outcome = _Outcome()
        call: Call | None = None
        try:
            raw = await request.read()
            with self._clock.lock:
                call = self._service.read(request.path, request.method, request.query, request.headers, raw)
                fault = self._faults.take(call)
            if fault is None:
                outcome.errcode, body = self._service.answer(call)
                return self._respond(outcome, 200, _JSON, body)
            return await self._misbehave(request, call, fault, outcome)
        except ConnectionError:
            # The client has left in the middle of its body; aiohttp would log an error.
            return _reset(request)
        finally:
            with self._clock.lock:
                self._record.leave(self._describe(request, call, at, outcome))

    async def _misbehave(
        self, request: web.BaseRequest, call: Call, fault: Fault, outcome: _Outcome
    ) -> web.StreamResponse:
        done = self._service.answer(call) if fault.after else None
        if fault.delay and not await self._wait(fault.delay):
            return _reset(request)
        if fault.reset:
            return _reset(request)
        content_type, status = _JSON, fault.status or 200
        if fault.replaces:
            outcome.errcode = fault.errcode
            content_type, body = fault.render(self._clock.unix(), call.presented)
        else:
            outcome.errcode, body = done or self._service.answer(call)
        response = self._respond(outcome, status, content_type, body)
        response.headers.update(fault.headers)
        return await _truncate(request, response, body) if fault.truncate else response

    async def _wait(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closing.wait()
        return not self.closing.is_set()

    def _respond(self, outcome: _Outcome, status: int, content_type: str, body: bytes) -> web.Response:
        outcome.status = status
        response = web.Response(status=status, body=body, headers={"Content-Type": content_type})
        if self.date_offset:
            response.headers["Date"] = formatdate(time.time() + self.date_offset, usegmt=True)
        return response

    def _describe(self, request: web.BaseRequest, call: Call | None, at: float, outcome: _Outcome) -> RecordedRequest:
        return RecordedRequest(
            path=request.path,
            method=request.method,
            query=call.shown_query() if call else {},
            body=call.shown_body() if call else None,
            at=at,
            family=call.account.family if call and call.account else None,
            token_serial=call.token.serial if call and call.token else None,
            status=outcome.status if request.transport else None,
            errcode=outcome.errcode,
            headers=self._record.shown_headers(request.headers),
        )


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
