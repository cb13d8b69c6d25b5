"""What a fake server remembers of the requests it got; never a token or a secret."""

import functools
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._service import Call, Service, path_of
from wxunion_async.testing._types import Family, JsonObject, ServerClock
from wxunion_async.testing._wire import R, typed

_SHOWN_HEADERS = ("Content-Type", "User-Agent", "Accept", "Accept-Encoding")


@frozen(kw_only=True)
class RecordedRequest:
    """One request, as it arrived and as it was answered."""

    path: str
    method: str
    query: Mapping[str, str]
    """Decoded, without ``access_token``; a ``secret`` is masked."""
    body: JsonObject | None
    """The JSON object, likewise without ``access_token``; None without a readable one."""
    at: float
    """Arrival, in seconds on the server's clock."""
    family: Family | None
    """Whose token or app id it carried; None when the server does not know it."""
    token_serial: int | None
    """1 for the account's first token; None without a token of this server."""
    status: int | None
    """HTTP status; None when nothing was answered."""
    errcode: int | None
    """0 for success; None when the answer carried none of the server's own."""
    headers: Mapping[str, str]
    """Those of ``Content-Type``, ``User-Agent``, ``Accept`` and ``Accept-Encoding`` that the request had."""


class RecordedRequests(list[RecordedRequest]):
    """Recorded requests; called with a class, those of it as values."""

    def __init__(self, requests: Iterable[RecordedRequest], served: Callable[[type[UnionRequest[Any]]], str]) -> None:
        super().__init__(requests)
        self._served = served

    def __call__(self, request: type[R]) -> list[R]:
        """Return the requests of one class; see ``FakeUnionServer.requests``."""
        path = self._served(request)
        values = [typed(request, sent.method, sent.query, sent.body) for sent in self if sent.path == path]
        return [value for value in values if value is not None]


class Record:
    """Count requests by path and remember the newest."""

    def __init__(self, service: Service, clock: ServerClock, keep: int) -> None:
        self._service, self._clock, self._keep = service, clock, keep
        self._in_flight = 0
        self.reset_record()

    def reset_record(self) -> None:
        """Forget the requests so far; tokens, limits, faults and the plan stay as they are."""
        with self._clock.lock:
            self._requests = deque[RecordedRequest](maxlen=self._keep)
            self._counts = Counter[str]()
            self._arrivals = defaultdict[str, deque[float]](lambda: deque(maxlen=self._keep))
            self.in_flight_peak = self._in_flight
            """The greatest number of requests that were under way at once."""

    @property
    def requests(self) -> RecordedRequests:
        """
        The newest requests, in the order in which they were dealt with: a copy.

        ``requests(PlanInfoRequest)`` gives those of one class as values, equal to what was sent; a request that the
        class cannot hold is left out, and a path that nobody serves is a ``ValueError``.
        """
        with self._clock.lock:
            return RecordedRequests(self._requests, self._service.served)

    def count(self, path: str | type[UnionRequest[Any]] | None = None) -> int:
        """Count the requests that arrived at a path, or at all."""
        with self._clock.lock:
            return self._counts.total() if path is None else self._counts[path_of(path)]

    def peak(self, path: str | type[UnionRequest[Any]], window: float) -> int:
        """Return the greatest number of requests of a path in any half-open window of so many seconds, above 0."""
        if not window > 0:
            raise ValueError(f"window: {window} is not above 0")
        greatest = 0
        inside = deque[float]()
        with self._clock.lock:
            for at in self._arrivals.get(path_of(path), ()):
                while inside and at - inside[0] >= window:
                    inside.popleft()
                inside.append(at)
                greatest = max(greatest, len(inside))
        return greatest

    def _arrive(self, path: str, at: float) -> None:
        self._arrivals[path].append(at)
        self._counts[path] += 1
        self._in_flight += 1
        self.in_flight_peak = max(self.in_flight_peak, self._in_flight)

    def _leave(self, call: Call) -> None:
        self._in_flight -= 1
        recorded = RecordedRequest(
            path=call.path,
            method=call.method,
            query=_shown(call.query),
            body=None if call.body is None else _shown(call.body),
            at=call.at,
            family=call.account.family if call.account else None,
            token_serial=call.token.serial if call.token else None,
            status=call.status,
            errcode=call.errcode,
            headers=_shown_headers(*map(call.headers.get, _SHOWN_HEADERS)),
        )
        self._requests.append(recorded)


@functools.lru_cache(maxsize=1000)
def _shown_headers(*values: str | None) -> Mapping[str, str]:
    """Return those headers that are recorded; 100,000 records of one client share one mapping."""
    named = zip(_SHOWN_HEADERS, values, strict=True)
    return MappingProxyType({name: value for name, value in named if value is not None})


def _shown(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "***" if name == "secret" else value for name, value in sent.items() if name != "access_token"}
