"""Every fault that is tried, and what becomes of each kind of call that meets it: the table of ``tests/README.md``."""

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import attrs

from wxunion_async import (
    ApiError,
    CredentialError,
    DecodeError,
    HttpStatusError,
    IPNotAllowedError,
    PermissionDeniedError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionError,
)

from .wire import Play, Wire, http

Call = Literal["token", "GET", "lookup", "apply", "write"]
CALLS: Final[tuple[Call, ...]] = ("token", "GET", "lookup", "apply", "write")
"""The token's request; a read by GET; one by POST; a write with an errcode that tells "done"; a write without one."""
WRITES: Final = ("apply", "write")
MAX_ATTEMPTS: Final = 2
MOST: Final = 1_000_000
"""``max_answer_size`` here."""


@attrs.frozen
class Fate:
    """What becomes of a call."""

    error: type[UnionError] | None = None
    """``None``: it has its answer."""
    sends: int = 1
    """How many requests leave."""
    attempts: int = 1
    """As the error tells."""
    doubt: bool = False
    """``error.ambiguous``."""

    def __str__(self) -> str:
        said = "answer" if self.error is None else f"`{self.error.__name__}`" + (" in doubt" if self.doubt else "")
        return f"{said} ({self.sends})"


Row = Mapping[Call, tuple[Fate, Fate | None]]
"""Call → its fate if the fault stays, and if it is met once; ``None`` where there is no once."""


@attrs.frozen(kw_only=True)
class Fault:
    """One way to go wrong."""

    name: str
    row: Row
    play: Play | None = None
    """What the server does; ``None`` if there is no server to do it."""
    base_url: Callable[[str], str] | None = None
    """Makes the URL of a host that cannot be reached from that of the server; its second host is well."""
    proxy_status: int = 0
    """What a proxy on the way says to CONNECT; 0 for no proxy."""
    special: Literal["", "slow", "warm", "idle", "certificate", "no such host"] = ""
    """
    What the scene needs besides.

    "slow": a short ``attempt_timeout``; "warm": a kept connection; "idle": one that was closed a while ago.
    """


# ── fates ────────────────────────────────────────────────────────────────────────────────────────────────────────────

WELL: Final = Fate()


def row_of(make: Callable[[Call], tuple[Fate, Fate | None]], *, without_token: bool = False) -> Row:
    """Return the fates of all calls."""
    return {call: make(call) for call in CALLS if not (without_token and call == "token")}


def well() -> Row:
    """Return the row of what is no fault for us."""
    return row_of(lambda _: (WELL, WELL))


def refused(error: type[UnionError]) -> Row:
    """Return the row of what repeating cannot mend, and what leaves no doubt."""
    return row_of(lambda _: (Fate(error), Fate(error)))


def lost(error: type[UnionError], *, doubt: bool = True, without_token: bool = False) -> Row:
    """Return the row of what passes by: sent again, unless it may not be."""

    def make(call: Call) -> tuple[Fate, Fate]:
        if call == "write":
            fate = Fate(error, 1, 1, doubt)
            return fate, fate
        return Fate(error, MAX_ATTEMPTS, MAX_ATTEMPTS, doubt and call == "apply"), Fate(None, 2)

    return row_of(make, without_token=without_token)


def too_late(error: type[UnionError], *, doubt: bool) -> Row:
    """Return the row of a service that asks for more patience than the call has time."""

    def make(call: Call) -> tuple[Fate, Fate]:
        fate = Fate(error, doubt=doubt and call in WRITES)
        return fate, fate

    return row_of(make)


def unreadable(error: type[UnionError] = DecodeError) -> Row:
    """Return the row of an answer that says nothing: not sent again, except for the token's."""

    def make(call: Call) -> tuple[Fate, Fate]:
        if call == "token" and error is DecodeError:
            return Fate(error, MAX_ATTEMPTS, MAX_ATTEMPTS), Fate(None, 2)
        fate = Fate(error, doubt=call in WRITES)
        return fate, fate

    return row_of(make)


def silent() -> Row:
    """Return the row of an answer without an errcode: enough where a field of the answer is there."""
    silence = Fate(DecodeError, doubt=True)
    return row_of(lambda call: (silence, silence) if call in WRITES else (WELL, WELL))


def new_token() -> Row:
    """Return the row of a refused token: replaced once, for no attempt; one that is refused at its source stays so."""
    once = Fate(TokenError)
    return row_of(lambda call: (once, once) if call == "token" else (Fate(TokenError, 2), Fate(None, 2)))


def unreached(attempts: int = MAX_ATTEMPTS, *, once: Fate | None = WELL) -> Row:
    """Return the row of a host that cannot be reached: nothing is sent, so the other host is as good for a write."""
    return row_of(lambda _: (Fate(TransportError, 0, attempts), once))


# ── ways to go wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


def says(body: bytes | str, *headers: str, status: str = "200 OK") -> Play:
    """Answer with these bytes, in good framing."""
    raw = http(body.encode() if isinstance(body, str) else body, *headers, status=status)

    async def play(wire: Wire) -> None:
        await wire.send(raw)

    return play


def errcode(value: Any, *headers: str) -> Play:
    """Give this errcode with an answer that is well otherwise."""

    async def play(wire: Wire) -> None:
        body = {**wire.good, "errcode": value, "errmsg": "said so rid: 1-2-3"}
        await wire.send(http(json.dumps(body).encode(), *headers))

    return play


async def without_errcode(wire: Wire) -> None:
    """Leave the errcode out."""
    body = {name: value for name, value in wire.good.items() if name not in ("errcode", "errmsg")}
    await wire.send(http(json.dumps(body).encode()))


def part(of: Callable[[bytes], int], *, reset: bool) -> Play:
    """Send so many bytes of the true answer, then cut the connection."""

    async def play(wire: Wire) -> bool:
        await wire.send(wire.answer[: of(wire.answer)])
        if reset:
            await asyncio.sleep(0)
            wire.reset()
        return False

    return play


def drip(of: Callable[[bytes], int]) -> Play:
    """Send so many bytes of the true answer, then the rest far too slowly."""

    async def play(wire: Wire) -> None:
        answer = wire.answer
        await wire.send(answer[: of(answer)])
        for byte in answer[of(answer) :]:
            await asyncio.sleep(0.05)
            await wire.send(bytes([byte]))

    return play


def raw(data: Callable[[Wire], bytes]) -> Play:
    """Answer with these bytes, then hang up."""

    async def play(wire: Wire) -> bool:
        await wire.send(data(wire))
        return False

    return play


async def nothing(wire: Wire) -> bool:
    """Answer nothing until the client has had enough."""
    await wire.reader.read()
    return False


async def twice(wire: Wire) -> None:
    """Answer twice: the second is nobody's."""
    await wire.send(wire.answer + http(b'{"errcode":0,"probe":"not yours"}'))


def _head(answer: bytes) -> int:
    return answer.index(b"\r\n\r\n") + 4


def _body(wire: Wire) -> bytes:
    return wire.answer[_head(wire.answer) :]


def _chunked(wire: Wire) -> bytes:
    body = _body(wire)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def _packed(body: bytes, encoding: str = "gzip") -> Play:
    return says(body, f"Content-Encoding: {encoding}")


NO_ERRCODES: Final[tuple[Any, ...]] = ("", "x", True, 0.5, [], {})
REFUSALS: Final[Mapping[int, type[ApiError]]] = {
    41001: TokenError,
    40125: CredentialError,
    40164: IPNotAllowedError,
    48001: PermissionDeniedError,
    45009: QuotaExhaustedError,
    77777: ApiError,
}
MINUTE: Final = "Date: Wed, 25 Nov 2026 09:00:00 GMT"  # the pause is longer than the call has time
HTML: Final = "<html><body>502 Bad Gateway</body></html>"

FAULTS: Final = (
    # no connection
    Fault(name="connection refused", base_url=lambda _: "http://127.0.0.1:1", row=unreached()),
    Fault(
        name="no such host",
        base_url=lambda _: "http://no-such-host.invalid",
        special="no such host",
        row=unreached(),
    ),
    Fault(name="TLS spoken to a plain port", base_url=lambda url: url.replace("http:", "https:"), row=unreached()),
    Fault(
        name="certificate that nobody vouches for",
        special="certificate",
        row=unreached(1, once=Fate(TransportError, 0)),
    ),
    Fault(name="proxy that says 407", proxy_status=407, row=unreached(1, once=None)),
    Fault(name="proxy that says 502", proxy_status=502, row=unreached(once=None)),
    # no whole answer
    Fault(name="black hole", play=nothing, special="slow", row=lost(TransportError)),
    Fault(name="slow head", play=drip(lambda _: 9), special="slow", row=lost(TransportError)),
    Fault(name="dripping body", play=drip(lambda answer: _head(answer) + 2), special="slow", row=lost(TransportError)),
    Fault(name="closed before the head", play=part(lambda _: 0, reset=False), row=lost(TransportError)),
    Fault(name="reset before the head", play=part(lambda _: 0, reset=True), row=lost(TransportError)),
    Fault(name="reset in the head", play=part(lambda _: 20, reset=True), row=lost(TransportError)),
    Fault(name="reset in the body", play=part(lambda answer: _head(answer) + 9, reset=True), row=lost(TransportError)),
    Fault(name="truncated body", play=part(lambda answer: len(answer) - 1, reset=False), row=lost(TransportError)),
    Fault(
        name="kept connection closed as the request comes",
        play=part(lambda _: 0, reset=False),
        special="warm",
        row=lost(TransportError, without_token=True),
    ),
    Fault(
        name="kept connection closed while idle",
        special="idle",
        row=row_of(lambda _: (WELL, None), without_token=True),
    ),
    # framing
    Fault(
        name="chunked head, plain body",
        play=raw(lambda wire: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _body(wire)),
        row=lost(TransportError),
    ),
    Fault(
        name="chunks that end too early",
        play=raw(lambda wire: _chunked(wire).removesuffix(b"0\r\n\r\n")),
        row=lost(TransportError),
    ),
    Fault(
        name="head without a blank line",
        play=raw(lambda wire: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + _body(wire) + b"\r\n\r\n"),
        row=lost(TransportError),
    ),
    Fault(name="body without a head", play=raw(lambda wire: _body(wire) + b"\r\n\r\n"), row=lost(TransportError)),
    Fault(
        name="length that is no number",
        play=raw(lambda wire: b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n" + _body(wire)),
        row=lost(TransportError),
    ),
    Fault(
        name="status that is no number",
        play=raw(lambda wire: b"HTTP/1.1 2x0 " + _body(wire) + b"\r\n\r\n"),
        row=lost(TransportError),
    ),
    Fault(
        name="status line that quotes the body, head cut",
        play=raw(lambda wire: b"HTTP/1.1 200 " + _body(wire) + b"\r\nContent-Length: 9\r\nX: "),
        row=lost(TransportError),
    ),
    Fault(name="a second answer behind the first", play=twice, row=well()),
    Fault(name="chunked", play=raw(_chunked), row=well()),
    Fault(
        name="no length, up to the end",
        play=raw(lambda wire: b"HTTP/1.0 200 OK\r\n\r\n" + _body(wire)),
        row=well(),
    ),
    Fault(
        name="100 before the answer",
        play=raw(lambda wire: b"HTTP/1.1 100 Continue\r\n\r\n" + wire.answer),
        row=well(),
    ),
    # statuses
    *(
        Fault(
            name=f"{status} elsewhere",
            play=says("", "Location: /elsewhere", status=f"{status} Elsewhere"),
            row=refused(HttpStatusError),
        )
        for status in (301, 302, 303, 307, 308)
    ),
    *(
        Fault(name=str(status), play=says(HTML, status=f"{status} No"), row=refused(HttpStatusError))
        for status in (400, 401, 403, 404, 407, 413)
    ),
    Fault(name="429", play=says("", status="429 No"), row=lost(HttpStatusError, doubt=False)),
    Fault(
        name="429, come back in an hour",
        play=says("", "Retry-After: 3600", status="429 No"),
        row=too_late(HttpStatusError, doubt=False),
    ),
    *(
        Fault(name=str(status), play=says(HTML, status=f"{status} No"), row=lost(HttpStatusError))
        for status in (500, 502, 503, 504)
    ),
    Fault(
        name="503, come back at once",
        play=says("", "Retry-After: 0", status="503 No"),
        row=lost(HttpStatusError),
    ),
    Fault(
        name="503, come back in an hour",
        play=says("", "Retry-After: 3600", status="503 No"),
        row=too_late(HttpStatusError, doubt=True),
    ),
    Fault(
        name="204 without a body",
        play=raw(lambda _: b"HTTP/1.1 204 No Content\r\n\r\n"),
        row=unreadable(),
    ),
    # bodies
    Fault(name="HTML", play=says(HTML), row=unreadable()),
    Fault(name="empty body", play=says(""), row=unreadable()),
    Fault(name="half of the JSON", play=says('{"errcode":0,"data":{"pl'), row=unreadable()),
    Fault(name="JSON that is no object", play=says("[1]"), row=unreadable()),
    Fault(name="JSON null", play=says("null"), row=unreadable()),
    Fault(name="empty object", play=says("{}"), row=unreadable()),
    Fault(name="foreign JSON", play=says('{"code":500,"msg":"no","success":false}'), row=unreadable()),
    Fault(name="bytes that are no UTF-8", play=says('{"提示":1}'.encode("gbk")), row=unreadable()),
    Fault(name="nested 2,000 deep", play=says('{"x":' + "[" * 2000 + "]" * 2000 + "}"), row=unreadable()),
    Fault(name="gzip that is none", play=_packed(b"{}"), row=lost(TransportError)),
    Fault(name="gzip cut short", play=_packed(gzip.compress(b"{}" * 99)[:-9]), row=lost(TransportError)),
    Fault(name="unknown encoding", play=_packed(b"{}", "br"), row=lost(TransportError)),
    Fault(name="bomb", play=_packed(gzip.compress(b" " * 3 * MOST)), row=unreadable(ResponseError)),
    Fault(name="plain body beyond the bound", play=says(b" " * 2 * MOST), row=unreadable(ResponseError)),
    # errcodes
    Fault(name='errcode "0"', play=errcode("0"), row=well()),
    Fault(name="errcode 0.0", play=errcode(0.0), row=well()),
    Fault(name="errcode null", play=errcode(None), row=silent()),
    Fault(name="no errcode", play=without_errcode, row=silent()),
    *(Fault(name=f"errcode {json.dumps(value)}", play=errcode(value), row=unreadable()) for value in NO_ERRCODES),
    *(
        Fault(name=f"errcode {json.dumps(value)}", play=errcode(value), row=lost(SystemBusyError))
        for value in (-1, "-1", -1.0)
    ),
    *(Fault(name=f"errcode {value}", play=errcode(value), row=new_token()) for value in (40001, 40014, 42001)),
    *(Fault(name=f"errcode {value}", play=errcode(value), row=refused(error)) for value, error in REFUSALS.items()),
    Fault(name="errcode 45011", play=errcode(45011, MINUTE), row=refused(RateLimitedError)),
)
