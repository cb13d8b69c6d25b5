"""The fake server: what it is told to be like, what is scripted, and what it remembers."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, overload

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._accounts import new_account
from wxunion_async.testing._catalogue import Catalogue
from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._faults import Fault, Faults
from wxunion_async.testing._handler import Handler
from wxunion_async.testing._limits import Limits
from wxunion_async.testing._listener import Listener
from wxunion_async.testing._plans import Plan
from wxunion_async.testing._record import Record, RecordedRequests
from wxunion_async.testing._service import Service
from wxunion_async.testing._types import JsonObject

Answer = TypeVar("Answer")
R = TypeVar("R", bound=UnionRequest[Any])


class FakeUnionServer(Listener):
    """
    Serve every union call and both token calls on a real loopback socket, for tests.

    The server checks what the vendor checks and the request classes declare, keeps to the vendor's token semantics,
    answers with the documents' samples or what a test gives (``answer``), misbehaves on demand (``fail``) and remembers
    every request without its token and secret (``requests``, ``count``, ``peak``).

    ```python
    async with FakeUnionServer() as server:
        config = UnionConfig(base_urls=(server.base_url,))
        async with UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as client: ...
    ```

    ``with FakeUnionServer() as server`` runs it in a thread of its own: for a test that is not async, or whose code has
    an event loop of its own. All that it has may then be used from any thread.

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
        """The account whose tokens serve ``/union/*``."""
        self.agency = new_account("agency", token_lifetime, overlap, self._clock)
        """The account whose tokens serve ``/channels/ec/*``."""
        self.both = new_account("both", token_lifetime, overlap, self._clock)
        """An account whose tokens serve all paths, as those of no real one do."""
        self.plan = Plan(self._clock)
        """The targeted plan that the promoter may apply for."""
        self._catalogue = Catalogue(products)
        self._limits = Limits(rate_limits or {}, daily_quotas or {}, self._clock)
        accounts = (self.promoter, self.agency, self.both)
        self._service = Service(accounts, self.plan, self._catalogue, self._limits, self._clock)
        self._faults = Faults()
        self._record = Record(keep)
        self._handler = Handler(self._service, self._faults, self._record, self._clock)
        super().__init__(self._handler, host, port)

    def __repr__(self) -> str:
        where = f"listening on {self.base_url}" if self.listening else "not listening"
        return f"<FakeUnionServer {where}, {self.count()} requests>"

    # ── the server's state: change it at any time ────────────────────────────────────────────────────────────────────

    @property
    def rate_limits(self) -> dict[str, tuple[int, float]]:
        """Path to (calls, window in seconds), for each app."""
        return self._limits.rate_limits

    @property
    def daily_quotas(self) -> dict[str, int]:
        """Path to calls a day, for each app."""
        return self._limits.daily_quotas

    @property
    def unlisted(self) -> set[int]:
        """Ids of products that answer 10071053."""
        return self._catalogue.unlisted

    @property
    def date_offset(self) -> float:
        """Seconds by which the ``Date`` header of answers is ahead of the real time."""
        return self._handler.date_offset

    @date_offset.setter
    def date_offset(self, seconds: float) -> None:
        self._handler.date_offset = seconds

    def product_request(self, index: int) -> JsonObject:
        """Return ``shop_appid``, ``product_id`` and ``plan_type`` for a detail of the product with this index, from 0."""
        return self._catalogue.request(index)

    # ── scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @overload
    def answer(self, request: type[R], answer: Callable[[R], object]) -> None: ...
    @overload
    def answer(
        self, request: type[UnionRequest[Answer]], answer: Answer | Mapping[str, Any] | Sequence[Any]
    ) -> None: ...
    def answer(self, request: type[UnionRequest[Any]], answer: Any) -> None:
        """
        Answer a class with this from now on, where the request is right; a class of your own is then served, too.

        Args:
            request: the request class.
            answer: the answer's value, its body as a dict in wire form (errcode 0 is added), None for the envelope
                alone, or a function that makes one of these of the request's value; for a paged call also a list: the
                items of all pages.

        Raises:
            TypeError: ``request`` is no request class, or ``answer`` none of these.

        """
        with self._clock.lock:
            self._service.routes.give(request, answer)

    def register(self, request: type[UnionRequest[Any]]) -> None:
        """
        Serve a request class of your own: its fields are checked, and errcode 0 is all that is answered.

        Raises:
            TypeError: ``request`` is no request class.
            ValueError: its answer has fields, so there must be one to give: see ``answer``.

        """
        with self._clock.lock:
            self._service.routes.register(request)

    def fail(
        self,
        path: str | type[UnionRequest[Any]],
        *faults: Fault,
        times: int | None = 1,
        when: Callable[[Any], object] | None = None,
        share: float | None = None,
        seed: int | None = None,
    ) -> None:
        """
        Misbehave: by script, or for a random share of the requests.

        Scripted faults of a path wait in one line, and each request takes the first that is meant for it. A fault for
        ``"*"`` meets any path, token paths included, that has none of its own; random ones come after scripted ones.

        Args:
            path: a request class, a URL path that the server serves, or ``"*"``.
            faults: what to do wrong.
            times: how many requests each fault meets; None: one fault meets every request until ``heal``.
            when: says of a request's value whether the fault is meant for it; no other request is counted.
            share: probability from 0 to 1 that a request meets one of the faults, until ``heal``, whatever ``times`` is.
            seed: makes the random choice repeatable.

        Raises:
            ValueError: nobody serves the path, or an argument is out of range; the message begins with its name.

        """
        served = self._service.served(path)
        matches = None if when is None else self._service.matcher(path, when)
        with self._clock.lock:
            self._faults.add(served, faults, times, matches, share, seed)

    def heal(self, path: str | type[UnionRequest[Any]] | None = None) -> None:
        """Forget the faults of a path (``"*"``: those given for any path), or all of them."""
        with self._clock.lock:
            self._faults.heal(_path_of(path))

    # ── the record ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def requests(self) -> RecordedRequests:
        """
        The newest requests, in the order in which they were dealt with: a copy.

        ``requests(PlanInfoRequest)`` gives those of one class as values, equal to what was sent; a request that the
        class cannot hold is left out, and a path that nobody serves is a ``ValueError``.
        """
        with self._clock.lock:
            return RecordedRequests(self._record.requests, self._service.served)

    @property
    def in_flight_peak(self) -> int:
        """Return the greatest number of requests that were under way at once."""
        return self._record.in_flight_peak

    def count(self, path: str | type[UnionRequest[Any]] | None = None) -> int:
        """Count the requests that arrived at a path, or at all."""
        with self._clock.lock:
            return self._record.count(_path_of(path))

    def peak(self, path: str | type[UnionRequest[Any]], window: float) -> int:
        """Return the greatest number of requests of a path in any half-open window of so many seconds, above 0."""
        with self._clock.lock:
            return self._record.peak(_path_of(path), window)

    def reset_record(self) -> None:
        """Forget the requests so far; tokens, limits, faults and the plan stay as they are."""
        with self._clock.lock:
            self._record.reset()


def _path_of(target: Any) -> Any:
    return getattr(target, "path", target)


def _require(condition: bool, argument: str, value: object) -> None:
    if not condition:
        raise ValueError(f"{argument}: {value!r} is out of range")
