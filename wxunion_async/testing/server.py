"""The fake server: what it is told to be like, what is scripted, and what it remembers."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, overload

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._accounts import Account
from wxunion_async.testing._catalogue import Catalogue
from wxunion_async.testing._limits import Limits
from wxunion_async.testing._listener import Listener
from wxunion_async.testing._plans import Plan
from wxunion_async.testing._service import Service
from wxunion_async.testing._types import JsonObject, ServerClock

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

        server_clock = ServerClock(clock)
        overlap = min(token_overlap, token_lifetime / 2)
        self.promoter = Account("promoter", token_lifetime, overlap, server_clock)
        """The account whose tokens serve ``/union/*``."""
        self.agency = Account("agency", token_lifetime, overlap, server_clock)
        """The account whose tokens serve ``/channels/ec/*``."""
        self.both = Account("both", token_lifetime, overlap, server_clock)
        """An account whose tokens serve all paths, as those of no real one do."""
        self.plan = Plan(server_clock)
        """The targeted plan that the promoter may apply for."""
        self._catalogue = Catalogue(products)
        self._limits = Limits(rate_limits or {}, daily_quotas or {}, server_clock)
        accounts = (self.promoter, self.agency, self.both)
        service = Service(accounts, self.plan, self._catalogue, self._limits, server_clock)
        super().__init__(service, server_clock, keep, host, port)

    def __repr__(self) -> str:
        where = f"listening on {self.base_url}" if self.listening else "not listening"
        return f"<FakeUnionServer {where}, {self.count()} requests>"

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

    def product_request(self, index: int) -> JsonObject:
        """Return ``shop_appid``, ``product_id`` and ``plan_type`` for a detail of the product with this index, from 0."""
        return self._catalogue.request(index)

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


def _require(condition: bool, argument: str, value: object) -> None:
    if not condition:
        raise ValueError(f"{argument}: {value!r} is out of range")
