"""What a fake server remembers of the requests it got; never a token or a secret."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._types import Family, JsonObject
from wxunion_async.testing._wire import R, typed

_SHOWN_HEADERS = ("Content-Type", "User-Agent", "Accept", "Accept-Encoding")
_HEADER_SETS = 1000


@frozen(kw_only=True)
class RecordedRequest:
    """One request, as it arrived and as it was answered."""

    path: str
    method: str
    query: Mapping[str, str]
    """Decoded, without ``access_token``; a ``secret`` is masked."""
    body: JsonObject | None
    """The JSON object, None without a readable one; a ``secret`` is masked."""
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

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._header_sets: dict[tuple[str | None, ...], Mapping[str, str]] = {}
        self.in_flight = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything but the requests under way."""
        self.requests: deque[RecordedRequest] = deque(maxlen=self._keep)
        self._counts: dict[str, int] = {}
        self._arrivals: dict[str, deque[float]] = {}
        self.in_flight_peak = self.in_flight

    def arrive(self, path: str, at: float) -> None:
        """Count an arrival."""
        arrivals = self._arrivals.get(path)
        if arrivals is None:
            arrivals = self._arrivals[path] = deque(maxlen=self._keep)
        arrivals.append(at)
        self._counts[path] = self._counts.get(path, 0) + 1
        self.in_flight += 1
        self.in_flight_peak = max(self.in_flight_peak, self.in_flight)

    def leave(self, request: RecordedRequest) -> None:
        """Remember a request that was dealt with."""
        self.in_flight -= 1
        self.requests.append(request)

    def count(self, path: str | None) -> int:
        """Count the arrivals at a path, or at all."""
        return sum(self._counts.values()) if path is None else self._counts.get(path, 0)

    def peak(self, path: str, window: float) -> int:
        """Return the greatest number of arrivals in any half-open window of so many seconds, which are above 0."""
        if not window > 0:
            raise ValueError(f"window: {window} is not above 0")
        greatest = 0
        inside: deque[float] = deque()
        for at in self._arrivals.get(path, ()):
            while inside and at - inside[0] >= window:
                inside.popleft()
            inside.append(at)
            greatest = max(greatest, len(inside))
        return greatest

    def shown_headers(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Return those headers that are recorded; 100,000 records of one client share one mapping."""
        values = tuple(map(headers.get, _SHOWN_HEADERS))
        shown = self._header_sets.get(values)
        if shown is None:
            named = zip(_SHOWN_HEADERS, values, strict=True)
            shown = MappingProxyType({name: value for name, value in named if value is not None})
            if len(self._header_sets) < _HEADER_SETS:
                self._header_sets[values] = shown
        return shown
