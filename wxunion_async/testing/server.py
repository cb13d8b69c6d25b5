"""
The fake server's rim: sockets, faults and the record around the vendor's calls.

See ``FakeUnionServer``.
"""

import asyncio
import math
import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from types import MappingProxyType, TracebackType
from typing import Self

from aiohttp import web
from attrs import define

from wxunion_async.testing._accounts import new_account
from wxunion_async.testing._catalogue import Catalogue
from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._faults import Fault, Faults
from wxunion_async.testing._limits import Limits
from wxunion_async.testing._plans import Plan
from wxunion_async.testing._record import Record, RecordedRequest
from wxunion_async.testing._service import Call, Service
from wxunion_async.testing._types import JsonObject

_JSON = "application/json; charset=utf-8"
_RECORDED_HEADERS = ("Content-Type", "User-Agent", "Accept", "Accept-Encoding")
# Handlers end by themselves once the server is closing; this is for a client that never finishes its body.
_SHUTDOWN_TIMEOUT = 0.25
_HEADER_SETS = 1000
_LINGER_OFF = struct.pack("ii", 1, 0)


class FakeUnionServer:
    """
    Serve the vendor's six union calls and both token calls on a real loopback socket, for tests.

    The server checks what the vendor checks, keeps to the vendor's token semantics, misbehaves on demand (``fail``) and
    remembers every request without its token and secret (``requests``, ``count``, ``peak``).

    ```python
    async with FakeUnionServer() as server:
        config = UnionConfig(base_urls=(server.base_url,))
        async with UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as client: ...
    ```

    Args:
        products: size of the catalogue; products are computed when asked for.
        token_lifetime: life of a token in seconds, at least 1.
        token_overlap: how long an old and a new token both serve, in seconds; half the lifetime if that is shorter.
        rate_limits: path to (calls, window in seconds); more calls in any such window are answered 45011.
        daily_quotas: path to the calls of one day (Beijing time); more are answered 45009.
        host: address to listen on.
        port: port to listen on, 0 for a free one.
        keep: how many requests, and arrivals of each path, are remembered.
        clock: monotonic seconds; a test may give its own to move time without waiting (delays are always real time).

    Raises:
        ValueError: an argument is out of range; the message begins with its name.
    """

    def __init__(
        self,
        *,
        products: int = 1000,
        token_lifetime: float = 7200.0,
        token_overlap: float = 300.0,
        rate_limits: Mapping[str, tuple[int, float]] | None = None,
        daily_quotas: Mapping[str, int] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        keep: int = 100_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        _require(products >= 0, "products", products)
        _require(1 <= token_lifetime < math.inf, "token_lifetime", token_lifetime)
        _require(0 <= token_overlap < math.inf, "token_overlap", token_overlap)
        _require(bool(host), "host", host)
        _require(0 <= port <= 65_535, "port", port)
        _require(keep >= 1, "keep", keep)
        for path, limit in (rate_limits or {}).items():
            _require(path.startswith("/") and limit[0] >= 1 and 0 < limit[1] < math.inf, "rate_limits", {path: limit})
        for path, calls in (daily_quotas or {}).items():
            _require(path.startswith("/") and calls >= 0, "daily_quotas", {path: calls})

        self._clock = ServerClock(clock)
        overlap = min(token_overlap, token_lifetime / 2)
        self.promoter = new_account("promoter", token_lifetime, overlap, self._clock)
        """The account whose tokens serve ``/union/promoter/*``."""
        self.agency = new_account("agency", token_lifetime, overlap, self._clock)
        """The account whose tokens serve ``/channels/ec/promoter/*``."""
        self.plan = Plan(self._clock)
        """The targeted plan that the promoter may apply for."""
        self.date_offset = 0.0
        """Seconds by which the ``Date`` header of answers is ahead of the real time."""
        self._catalogue = Catalogue(products)
        self._limits = Limits(rate_limits or {}, daily_quotas or {}, self._clock)
        accounts = (self.promoter, self.agency)
        self._service = Service(accounts, self.plan, self._catalogue, self._limits, self._clock)
        self._faults = Faults()
        self._record = Record(keep)
        self._header_sets: dict[tuple[str | None, ...], Mapping[str, str]] = {}
        self._host, self._port = host, port
        self._runner: web.ServerRunner | None = None
        self._closing = asyncio.Event()

    def __repr__(self) -> str:
        where = f"listening on {self.base_url}" if self._runner else "not listening"
        return f"<FakeUnionServer {where}, {self.count()} requests>"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    # Life

    async def start(self) -> None:
        """
        Listen. A closed server may be started again: it listens on the same port and knows its tokens still.

        Raises:
            RuntimeError: it is listening already.
            OSError: the port is taken.

        """
        if self._runner is not None:
            raise RuntimeError("the server is listening already")
        # An Event binds to the loop that first waits for it, and the next start may be in another loop.
        self._closing = asyncio.Event()
        server = web.Server(self._handle, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_TIMEOUT)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._port = site.port
        self._runner = runner

    async def aclose(self) -> None:
        """Stop listening and close every connection at once, delayed answers included. May be called twice."""
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
        """
        Return the address to pass to a client, without a trailing slash.

        Raises:
            RuntimeError: the server was never started.

        """
        if self._port == 0:
            raise RuntimeError("the server has no port before start()")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    # Limits

    @property
    def rate_limits(self) -> dict[str, tuple[int, float]]:
        """Path to (calls, window in seconds), for each app; change it at any time."""
        return self._limits.rate_limits

    @property
    def daily_quotas(self) -> dict[str, int]:
        """Path to calls a day, for each app; change it at any time."""
        return self._limits.daily_quotas

    # Catalogue

    @property
    def unlisted(self) -> set[int]:
        """Ids of products that answer 10071053; change it at any time."""
        return self._catalogue.unlisted

    def product_request(self, index: int) -> JsonObject:
        """
        Return the fields of a get_promote_product_detail request for one product of the catalogue.

        Args:
            index: 0 for the first product.

        Returns:
            ``shop_appid``, ``product_id`` and ``plan_type``.

        Raises:
            IndexError: the catalogue has no such product.

        """
        return self._catalogue.request(index)

    # Faults

    def fail(
        self, path: str, *faults: Fault, times: int | None = 1, share: float | None = None, seed: int | None = None
    ) -> None:
        """
        Misbehave: by script, or for a random share of the requests.

        Scripted faults of a path wait in one line, and each request takes the first. A fault for ``"*"`` meets any path,
        token paths included, that has none of its own; random ones come after scripted ones.

        Args:
            path: a URL path, known to the server or not, or ``"*"``.
            faults: what to do wrong.
            times: how many requests each fault meets; None: one fault meets every request until ``heal``.
            share: probability from 0 to 1 that a request meets one of the faults, until ``heal``; ``times`` is not looked at.
            seed: makes the random choice repeatable.

        Raises:
            ValueError: an argument is out of range; the message begins with its name.

        """
        if share is None:
            self._faults.add(path, faults, times)
        else:
            self._faults.add_random(path, faults, share, seed)

    def heal(self, path: str | None = None) -> None:
        """Forget the faults of a path (``"*"``: those given for any path), or all of them."""
        self._faults.heal(path)

    # Record

    @property
    def requests(self) -> list[RecordedRequest]:
        """Copy the newest requests, in the order in which they were dealt with."""
        return list(self._record.requests)

    @property
    def in_flight_peak(self) -> int:
        """Return the greatest number of requests that were under way at once."""
        return self._record.in_flight_peak

    def count(self, path: str | None = None) -> int:
        """Count the requests that arrived at a path, or at all."""
        return self._record.count(path)

    def peak(self, path: str, window: float) -> int:
        """
        Return the greatest number of requests that arrived in any half-open window of so many seconds.

        Args:
            path: a URL path.
            window: seconds, above 0.

        Raises:
            ValueError: the window is not above 0.

        """
        return self._record.peak(path, window)

    def reset_record(self) -> None:
        """Forget the requests so far; tokens, limits, faults and the plan stay as they are."""
        self._record.reset()

    # One request

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        at = self._clock.now()
        self._record.arrive(request.path, at)
        outcome = _Outcome()
        call: Call | None = None
        try:
            call = self._service.read(request.path, request.method, request.query, await request.read())
            fault = self._faults.take(request.path)
            if fault is None:
                outcome.errcode, body = self._service.answer(call)
                return self._respond(outcome, 200, _JSON, body)
            return await self._misbehave(request, call, fault, outcome)
        except ConnectionError:
            # The client has left in the middle of its body; aiohttp would log an error.
            return _reset(request)
        finally:
            self._record.leave(self._describe(request, call, at, outcome))

    async def _misbehave(
        self, request: web.BaseRequest, call: Call, fault: Fault, outcome: "_Outcome"
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
                await self._closing.wait()
        return not self._closing.is_set()

    def _respond(self, outcome: "_Outcome", status: int, content_type: str, body: bytes) -> web.Response:
        outcome.status = status
        response = web.Response(status=status, body=body, headers={"Content-Type": content_type})
        if self.date_offset:
            response.headers["Date"] = formatdate(time.time() + self.date_offset, usegmt=True)
        return response

    def _describe(self, request: web.BaseRequest, call: Call | None, at: float, outcome: "_Outcome") -> RecordedRequest:
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
            headers=self._shown_headers(request),
        )

    def _shown_headers(self, request: web.BaseRequest) -> Mapping[str, str]:
        values = tuple(map(request.headers.get, _RECORDED_HEADERS))
        # A client sends the same ones again and again; 100,000 records share one mapping.
        shown = self._header_sets.get(values)
        if shown is None:
            named = zip(_RECORDED_HEADERS, values, strict=True)
            shown = MappingProxyType({name: value for name, value in named if value is not None})
            if len(self._header_sets) < _HEADER_SETS:
                self._header_sets[values] = shown
        return shown


@define
class _Outcome:
    status: int | None = None
    errcode: int | None = None


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


def _require(condition: bool, argument: str, value: object) -> None:
    if not condition:
        raise ValueError(f"{argument}: {value!r} is out of range")
