"""Scripted misbehaviour: what to do wrong, and for which request."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from attrs import define, field, frozen

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._service import ANY_PATH, Call, Service, path_of
from wxunion_async.testing._types import ServerClock, error_body

JSON = "application/json; charset=utf-8"
_HTML = "text/html; charset=utf-8"


def _freeze(headers: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(headers))


def _to_bytes(body: bytes | str | None) -> bytes | None:
    return body.encode() if isinstance(body, str) else body


@frozen(kw_only=True)
class Fault:
    """
    One way to misbehave. The request's work is left undone and the fault answers in its place, unless said otherwise.

    Raises:
        ValueError: the fields contradict each other, or ask for nothing.
    """

    status: int | None = None
    """HTTP status, 200 to 599; alone it is answered with a small HTML page."""
    body: bytes | None = field(default=None, converter=_to_bytes)
    """The raw body, bytes or text; its content type is JSON unless ``headers`` say otherwise."""
    headers: Mapping[str, str] = field(factory=dict[str, str], converter=_freeze)
    """Headers to set; alone they go on top of the ordinary answer."""
    errcode: int | None = None
    """The vendor's errcode, in a JSON body."""
    errmsg: str | None = None
    """The words for ``errcode``; a fresh rid is appended."""
    echo: bool = False
    """Repeat the presented token and secret in ``errmsg``, which the client then has to hide."""
    delay: float = 0.0
    """Seconds to wait first; alone the ordinary answer follows, its work done even if the client has left by then."""
    reset: bool = False
    """Reset the connection (RST) before any byte of an answer."""
    truncate: bool = False
    """Send the full ``Content-Length`` and half the body, then close; alone it is the ordinary answer that is cut."""
    after: bool = False
    """Do the request's work first, at once, before the delay: the answer is lost, the effect is not."""

    def __attrs_post_init__(self) -> None:
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"status: {self.status} is not from 200 to 599")
        if not 0 <= self.delay < float("inf"):
            raise ValueError(f"delay: {self.delay} is no number of seconds")
        if self.errcode == 0:
            raise ValueError("errcode: 0 is no error")
        if self.errcode is None and (self.errmsg is not None or self.echo):
            raise ValueError("errmsg, echo: only with errcode")
        if self.errcode is not None and self.body is not None:
            raise ValueError("body: not with errcode")
        if self.reset and (self.replaces or self.headers or self.truncate):
            raise ValueError("reset: not with an answer, nothing is sent")
        if not (self.replaces or self.headers or self.delay or self.reset or self.truncate):
            raise ValueError("a fault needs one of status, body, headers, errcode, delay, reset, truncate")

    @property
    def replaces(self) -> bool:
        """Say whether the fault has an answer of its own."""
        return self.status is not None or self.body is not None or self.errcode is not None

    def render(self, unix: int, presented: str) -> tuple[str, bytes]:
        """Return content type and body of the fault's own answer, at a Unix time; ``echo`` repeats ``presented``."""
        if self.errcode is not None:
            return JSON, error_body(self.errcode, unix, errmsg=self.errmsg, suffix=presented if self.echo else "")
        if self.body is not None:
            return JSON, self.body
        page = f"<html><head><title>{self.status}</title></head><body><h1>{self.status}</h1></body></html>"
        return _HTML, page.encode()


@define(eq=False)
class _Script:
    faults: tuple[Fault, ...]
    left: int | None
    """Requests still to hit; None: until healed."""
    share: float | None
    """Probability that a request is hit; None: the script is no random one."""
    random: Random
    matches: Callable[[Call], bool]
    """Says whether a request is one that the faults are meant for."""


class Faults:
    """Faults by path: scripted ones in the order given, then random ones."""

    def __init__(self, service: Service, clock: ServerClock) -> None:
        self._service, self._clock = service, clock
        self._scripts = defaultdict[str, list[_Script]](list)

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
        matches = self._service.matcher(path, when)
        if not faults:
            raise ValueError("faults: none given")
        if share is not None:
            if not 0 < share <= 1:
                raise ValueError(f"share: {share} is not above 0 and at most 1")
            times = None
        elif times is None and len(faults) > 1:
            raise ValueError("times: None is for one fault, the next ones would never come")
        elif times is not None and times < 1:
            raise ValueError(f"times: {times} is less than 1")
        random = Random(seed)  # noqa: S311
        with self._clock.lock:
            for meant in [(fault,) for fault in faults] if share is None else [faults]:
                self._scripts[served].append(_Script(meant, times, share, random, matches))

    def heal(self, path: str | type[UnionRequest[Any]] | None = None) -> None:
        """Forget the faults of a path (``"*"``: those given for any path), or all of them."""
        with self._clock.lock:
            for healed in list(self._scripts) if path is None else [path_of(path)]:
                self._scripts.pop(healed, None)

    def _take(self, call: Call) -> Fault | None:
        """Choose the fault that a request meets, if any: the path's own before those of any path."""
        if not self._scripts:
            return None
        scripts = [(path, script) for path in (call.path, ANY_PATH) for script in self._scripts.get(path, ())]
        for path, script in sorted(scripts, key=lambda entry: entry[1].share is not None):
            if not script.matches(call) or (script.share is not None and script.random.random() >= script.share):
                continue
            if script.left is not None:
                script.left -= 1
                if not script.left:
                    self._scripts[path].remove(script)
            return script.random.choice(script.faults)
        return None
