"""The token and the secret never leave: not in a log, a repr, an error, a traceback's locals, or a trace."""

import asyncio
import contextlib
import json
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import aiohttp
import attrs
import pytest

from wxunion_async import (
    AccessToken,
    Credentials,
    DecodeError,
    Event,
    ExternalTokenSource,
    HttpStatusError,
    PlainTokenSource,
    RetryPolicy,
    Secret,
    StableTokenSource,
    TokenCall,
    TokenSource,
    UnionClient,
    UnionConfig,
    UnionError,
)
from wxunion_async._transport import Exchange, Incoming, Outgoing, Transport
from wxunion_async.testing import FakeUnionServer, Fault

STATUS = "/union/promoter/target/apply_status"
APPLY = "/union/promoter/target/apply_target"
STABLE = "/cgi-bin/stable_token"
PLAIN = "/cgi-bin/token"

FAULTS = {
    "echo": Fault(errcode=40001, echo=True),
    "echo-busy": Fault(errcode=-1, echo=True),
    "echo-unknown": Fault(errcode=99999, echo=True),
    "echo-credential": Fault(errcode=40125, echo=True),
    "status": Fault(status=502),
    "teapot": Fault(status=418),
    "redirect": Fault(status=302, body="", headers={"Location": "/elsewhere"}),
    "html": Fault(body="<html>"),
    "empty": Fault(body=""),
    "half-a-token": Fault(body='{"access_token": "abcdef'),
    "reset": Fault(reset=True),
    "reset-after": Fault(reset=True, after=True),
    "truncate": Fault(truncate=True),
    "slow": Fault(delay=5),
    "limit": Fault(errcode=45011, echo=True),
    "quota": Fault(errcode=45009, echo=True),
}


class Spy:
    """A token source that remembers the tokens it handed out, to look for them everywhere."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self.can_force = source.can_force
        self.seen: list[str] = []

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        token = await self._source.fetch(credentials, call, force=force)
        self.seen.append(token.value)
        return token


class Everything(logging.Handler):
    """Keeps each log line as it would be written, with its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
        self.lines.append(repr(record.args))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Capture every logger at DEBUG."""
    handler = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def everything_of(error: BaseException) -> str:
    """Return what a crash reporter would keep of an error, the locals of each frame included."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    # The frames of this file know the secret, since they are the caller's.
    frames = [frame for frame in told.stack if frame.filename != __file__]
    parts = [*traceback.StackSummary.from_list(frames).format(), *told.format_exception_only()]
    parts += [str(error), repr(error), repr(vars(error))]
    parts += [f"{frame.name}: {frame.locals}" for frame in frames]
    if isinstance(error, UnionError):
        parts.append(repr(pickle.dumps(error)))
    for linked in (error.__cause__, error.__context__):
        if linked is not None:
            parts.append(everything_of(linked))
    return "\n".join(parts)


def tracing(seen: list[str]) -> aiohttp.TraceConfig:
    """Return a trace that writes down all it is told, exceptions with their frames."""
    config = aiohttp.TraceConfig()

    async def note(_session: aiohttp.ClientSession, _context: object, params: Any) -> None:
        seen.append(repr(params))
        seen.extend(f"{name}: {getattr(params, name)!s}" for name in params.__slots__ if hasattr(params, name))
        response = getattr(params, "response", None)
        if response is not None:
            seen.extend([repr(response.request_info), str(response.url), str(response.real_url)])
        if (error := getattr(params, "exception", None)) is not None:
            seen.append(everything_of(error))

    for name in dir(config):
        if name.startswith("on_"):
            getattr(config, name).append(note)
    return config


@pytest.fixture
async def session_and_traces() -> AsyncIterator[tuple[aiohttp.ClientSession, list[str]]]:
    """Provide a user's own session whose every trace is kept."""
    seen: list[str] = []
    async with aiohttp.ClientSession(trace_configs=[tracing(seen)], raise_for_status=True) as session:
        yield session, seen


@pytest.mark.untraced
@pytest.mark.parametrize("path", [STATUS, APPLY, STABLE, PLAIN])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_no_fault_brings_token_or_secret_to_light(
    path: str,
    fault: Fault,
    lines: list[str],
    session_and_traces: tuple[aiohttp.ClientSession, list[str]],
) -> None:
    """Whatever goes wrong, on whichever request, what users log and report stays free of both."""
    session, traces = session_and_traces
    events: list[Event] = []
    async with FakeUnionServer() as server:
        spy = Spy(PlainTokenSource() if path == PLAIN else StableTokenSource())
        secret = server.promoter.app_secret
        config = UnionConfig(
            base_urls=(server.base_url,),
            call_timeout=1.0,
            attempt_timeout=0.1,
            retry=RetryPolicy(max_attempts=2, base_delay=0.01),
        )

        def make(**patience: Any) -> UnionClient:
            return UnionClient(
                server.promoter.app_id,
                secret,
                config=attrs.evolve(config, **patience),
                session=session,
                token_source=spy,
                on_event=events.append,
            )

        client = make()
        server.fail(path, fault, times=None)
        errors: list[BaseException] = []
        async with client:
            for call in (
                lambda: client.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r"),
                lambda: client.target.apply_status(server.plan.plan_id),
            ):
                try:
                    await call()
                except UnionError as error:
                    errors.append(error)
        server.heal()
        async with make(
            call_timeout=30.0, attempt_timeout=10.0
        ) as healthy:  # the other may remember that its token could not be had
            await healthy.quota.get(STATUS)  # so that there is a token to look for, whatever failed
    assert spy.seen
    shown = "\n".join(
        [*lines, *traces, repr(client), repr(client.target), *map(repr, events), *map(everything_of, errors)]
    )
    assert path in shown
    for hidden in (secret, *spy.seen):
        assert hidden not in shown


async def test_a_call_cancelled_while_its_request_line_is_written_keeps_it_to_itself() -> None:
    """A trace that waits there lets the caller's cancellation through the very frames that hold the token."""
    seen: list[str] = []
    waiting = asyncio.Event()
    slow = aiohttp.TraceConfig()

    async def wait(_session: aiohttp.ClientSession, _context: object, params: Any) -> None:
        if STATUS in str(params.url):
            waiting.set()
            await asyncio.Event().wait()

    slow.on_request_headers_sent.append(wait)
    async with FakeUnionServer() as server, aiohttp.ClientSession(trace_configs=[tracing(seen), slow]) as session:
        spy = Spy(StableTokenSource())
        config = UnionConfig(base_urls=(server.base_url,))
        account = server.promoter
        async with UnionClient(
            account.app_id, account.app_secret, config=config, session=session, token_source=spy
        ) as client:
            task = asyncio.create_task(client.target.apply_status("1"))
            await waiting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
    shown = "\n".join([*seen, everything_of(caught.value)])
    assert "CancelledError" in shown
    assert spy.seen[0] not in shown


async def test_a_body_that_quotes_the_token_is_kept_without_it() -> None:
    """As it is, percent-encoded, and across the 4 KiB at which the kept text is cut."""
    async with FakeUnionServer() as server:
        account = server.promoter
        spy = Spy(ExternalTokenSource(tricky_token))
        config = UnionConfig(base_urls=(server.base_url,))
        async with UnionClient(account.app_id, account.app_secret, config=config, token_source=spy) as client:
            for quoted in (TRICKY, quote(TRICKY, safe=""), quote_plus(TRICKY), json.dumps(TRICKY)[1:-1]):
                server.fail(STATUS, Fault(status=403, body="." * (4096 - len(quoted) // 2) + quoted))
                with pytest.raises(HttpStatusError) as caught:
                    await client.target.apply_status("1")
                assert "tricky" not in caught.value.body
                assert len(caught.value.body) == 4096 - len(quoted) // 2 + len("***")


TRICKY = 'tricky +/="%token'


async def tricky_token() -> AccessToken:
    """Return a token with all that is written differently in a URL and in JSON."""
    return AccessToken(TRICKY, 4e9)


async def test_a_token_answer_that_cannot_be_read_is_not_kept(lines: list[str]) -> None:
    """Nobody knows that token yet, so it could not be replaced in the text."""
    async with FakeUnionServer() as server:
        server.fail(STABLE, Fault(body='{"access_token": "a-token-nobody-knows", "expires_in": '), times=None)
        config = UnionConfig(base_urls=(server.base_url,), retry=RetryPolicy(max_attempts=2, base_delay=0))
        async with UnionClient(server.promoter.app_id, server.promoter.app_secret, config=config) as client:
            with pytest.raises(DecodeError) as caught:
                await client.target.apply_status("1")
    assert caught.value.body == "*** (it holds a token)"
    assert "nobody-knows" not in "\n".join([*lines, everything_of(caught.value)])


async def test_a_token_answer_cancelled_half_way_is_in_no_frame() -> None:
    """The reader's frame holds the bytes that have come."""
    half_sent = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"access_token": "half-a-token')
        await writer.drain()
        half_sent.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    class AtOnce:
        def leave_nowait(self) -> Secret:
            return Secret("")

        async def leave(self) -> Secret:
            return Secret("")

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        transport = Transport((url,), 1 << 20)
        outgoing = Outgoing(method="GET", path="/cgi-bin/token")
        exchange = Exchange(outgoing, url, AtOnce(), asyncio.get_running_loop().time, transport.seen)
        task = asyncio.create_task(transport.send(exchange))
        await half_sent.wait()
        for _ in range(20):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        await transport.aclose()
    assert "half-a-token" not in everything_of(caught.value)


def test_values_that_hold_a_secret_do_not_show_it() -> None:
    """They are printed, logged and found in frames."""
    token, secret = AccessToken("the-token", 1.0), Secret("the-secret")
    incoming = Incoming(status=200, body=b"the-token", date=None, retry_after=None)
    outgoing = Outgoing(method="POST", path="/p", body=b"the-secret")
    shown = repr([token, secret, Credentials("wx", secret), incoming, outgoing]) + str(token) + str(secret)
    assert "the-token" not in shown
    assert "the-secret" not in shown
    assert "expires_at=1.0" in shown
