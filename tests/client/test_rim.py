"""What stands at the rim: foreign text, plug-ins, bombs, certificates, and answers that claim success."""

import asyncio
import gzip
import pickle
import ssl
import subprocess
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import attrs
import pytest

from wxunion_async import (
    AccessToken,
    ClientClosedError,
    DeadlineExceededError,
    Event,
    ExternalTokenSource,
    HttpStatusError,
    MemoryTokenStore,
    PathPausedEvent,
    QuotaExhaustedError,
    RateLimit,
    RateLimitedError,
    ResponseError,
    RetryPolicy,
    Secret,
    StableTokenSource,
    TokenError,
    TransportError,
    UnionClient,
    UnionConfig,
)

from .raw import DONE, TOKEN, RawServer, http

ONCE = RetryPolicy(max_attempts=2, base_delay=0.0)
Until = Callable[[Callable[[], object]], Awaitable[None]]
PLUG_INS = ("session", "rate_limiter", "token_store", "on_event")


async def a_token() -> AccessToken:
    """Be a central token server."""
    return AccessToken("a-token-from-elsewhere", time.time() + 7200)


def client_of(server: RawServer, *, token_at_hand: bool = True, **settings: Any) -> UnionClient:
    """Return a client that gives up after two attempts."""
    plug_ins = {name: settings.pop(name) for name in PLUG_INS if name in settings}
    settings.setdefault("retry", ONCE)
    config = UnionConfig(base_urls=settings.pop("base_urls", (server.url,)), **settings)
    source = ExternalTokenSource(a_token) if token_at_hand else None
    return UnionClient("wx-app", "s3cret-s3cret", config=config, token_source=source, **plug_ins)


# ── foreign text ─────────────────────────────────────────────────────────────────────────────────────────────────────

BROKEN_FRAMING = {
    "chunked header, plain body": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + TOKEN,
    "no blank line": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + TOKEN + b"\r\n\r\n",
    "body only": TOKEN + b"\r\n\r\n",
    "length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n" + TOKEN,
    "token in the status line": b"HTTP/1.1 2x0 " + TOKEN + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN_FRAMING)
async def test_no_byte_of_a_token_answer_with_broken_framing_is_told(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Aiohttp quotes the bytes; the fresh token stood in the exception and in a warning."""

    async def broken(server: RawServer, head: str) -> bytes:
        return BROKEN_FRAMING[name]

    caplog.set_level("DEBUG")
    async with RawServer(broken) as server, client_of(server, token_at_hand=False) as client:
        with pytest.raises(TransportError) as caught:
            await client.target.apply_status("1")
    for hidden in ("raw-server", "access_token", "s3cret"):
        assert hidden not in str(caught.value) + caplog.text


async def test_a_token_from_elsewhere_that_the_service_quotes_is_not_told() -> None:
    """We did not fetch it, but we sent it: it gets into an error's text, and so into the program's log, no more."""

    async def quote(server: RawServer, head: str) -> bytes:
        return http(b'{"errcode":40001,"errmsg":"invalid credential, access_token is a-token-from-elsewhere"}')

    async with RawServer(quote) as server, client_of(server) as client:
        with pytest.raises(TokenError) as caught:
            await client.target.apply_status("1")
    assert caught.value.errmsg == "invalid credential, access_token is ***"


async def test_the_password_of_a_proxy_is_never_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A CONNECT answered with 407 quoted the whole proxy URL."""

    async def refuse(server: RawServer, head: str) -> bytes:
        return b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"

    caplog.set_level("DEBUG")
    async with RawServer(refuse) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("http://", "http://user:pa55word@"))
        async with client_of(proxy, base_urls=("https://api.weixin.qq.com",)) as client:
            with pytest.raises(TransportError, match="407") as caught:
                await client.target.apply_status("1")
    assert "pa55word" not in str(caught.value) + repr(caught.value) + caplog.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("http://user:pa55word@h:notaport", "http_proxy: not the URL of a proxy"),
        ("socks5://user:pa55word@127.0.0.1:1080", "http_proxy: a proxy of the kind socks5://"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    """Checked once, before any I/O; the password is not shown."""
    monkeypatch.setenv("http_proxy", value)
    with pytest.raises(ValueError, match=said) as caught:
        UnionClient("wx", "secret", config=UnionConfig(base_urls=("http://127.0.0.1:1",)))
    assert "pa55word" not in str(caught.value)


async def test_a_proxy_without_a_scheme_is_an_http_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """So curl takes it, and so people write it."""
    async with RawServer() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
        async with client_of(proxy, base_urls=("http://api.example.test",)) as client:
            await client.target.apply_status("1")
    assert proxy.heads[0].startswith("GET http://api.example.test/union/promoter/target/apply_status?")


# ── plug-ins ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _async_handler(event: Event) -> None: ...


class _AsyncCallable:
    async def __call__(self, event: Event) -> None: ...


class _NoForce:
    async def fetch(self, credentials: object, call: object, *, force: bool) -> AccessToken:
        return await a_token()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("session", "x", ""),
        ("session", aiohttp.ClientSession, ""),
        ("token_source", a_token, "must have fetch, can_force; function lacks fetch"),
        ("token_source", _NoForce(), "must have fetch, can_force; _NoForce lacks can_force"),
        ("token_source", StableTokenSource, "must be an instance, not the class StableTokenSource"),
        ("token_store", {}, "lacks load"),
        ("token_store", MemoryTokenStore, "the class"),
        ("rate_limiter", RateLimit(5), "lacks acquire"),
        ("on_event", _async_handler, "coroutine"),
        ("on_event", _AsyncCallable(), "coroutine"),
        ("on_event", "print", "callable"),
        ("config", {"call_timeout": 3}, ""),
    ],
)
def test_a_plug_in_that_is_none_is_refused_by_its_name(name: str, value: Any, said: str) -> None:
    """It was accepted, and raised an AttributeError in the tenth call, or nothing at all."""
    arguments: dict[str, Any] = {name: value}
    with pytest.raises(TypeError, match=f"{name}.*{said}"):
        UnionClient("wx", "secret", **arguments)


async def test_a_store_that_looks_empty_is_used() -> None:
    """Only ``None`` means the default: a store with a ``__len__`` of 0 was silently replaced."""

    class Empty(MemoryTokenStore):
        def __len__(self) -> int:
            return 0

    store = Empty()
    async with RawServer() as server:
        for _ in range(3):
            async with client_of(server, token_at_hand=False, token_store=store) as client:
                await client.target.apply_status("1")
        assert len([head for head in server.heads if "/cgi-bin/" in head]) == 1


@pytest.mark.parametrize(
    "error", [TimeoutError("mine"), ConnectionRefusedError("mine"), RuntimeError("mine")], ids=repr
)
async def test_what_a_users_limiter_raises_passes_as_it_is(error: Exception) -> None:
    """It was taken for a peer that did not answer, four times."""

    class Broken:
        def __init__(self) -> None:
            self.asked = 0

        async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
            self.asked += 1
            raise error

        async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

        def paused_for(self, app_id: str, path: str) -> float:
            return 0.0

        async def aclose(self) -> None: ...

    limiter = Broken()
    async with RawServer() as server, client_of(server, rate_limiter=limiter) as client:
        with pytest.raises(type(error), match="mine"):
            await client.target.apply_status("1")
        assert limiter.asked == 1
        assert server.heads == []
        assert client.stats().host == server.url


async def test_a_session_that_is_closed_during_a_call_is_named() -> None:
    """It was a RuntimeError from the depths."""
    async with RawServer() as server:
        session = aiohttp.ClientSession()

        async def closing(other: RawServer, head: str) -> None:
            await session.close()

        server.answer = closing
        async with client_of(server, session=session) as client:
            with pytest.raises(ClientClosedError, match="session was closed during the call"):
                await client.target.apply_status("1")


# ── answers without a bound ──────────────────────────────────────────────────────────────────────────────────────────


def packed(kind: str, body: bytes) -> bytes:
    """Return an answer whose body is packed in this way."""
    if kind == "gzip":
        return http(gzip.compress(body), "Content-Encoding: gzip")
    if kind == "deflate":
        return http(zlib.compress(body), "Content-Encoding: deflate")
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return http(packer.compress(body) + packer.flush(), "Content-Encoding: deflate")


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw deflate"])
async def test_packed_answers_are_read(kind: str) -> None:
    """We unpack by ourselves, where there is a bound."""

    async def answer(server: RawServer, head: str) -> bytes:
        assert "Accept-Encoding: gzip, deflate" in head
        return packed(kind, DONE)

    async with RawServer(answer) as server, client_of(server) as client:
        assert (await client.target.apply_status("1")).plan_id == "7"


async def test_a_bomb_is_an_error_at_once_and_holds_neither_memory_nor_loop() -> None:
    """298 kB that unpack to 300 MB took 913 MB and every deadline."""

    async def bomb(server: RawServer, head: str) -> bytes:
        return packed("gzip", b'{"errcode":0,"x":"' + b"a" * 40_000_000 + b'"}')

    async with RawServer(bomb) as server, client_of(server, max_answer_size=2_000_000) as client:
        with pytest.raises(ResponseError, match="larger than max_answer_size, 2000000 bytes") as caught:
            await client.target.apply_status("1")
        assert not caught.value.retryable
        assert len(server.calls()) == 1


async def test_a_plain_answer_has_the_same_bound() -> None:
    """And an application whose answer is too large may have been made."""

    async def large(server: RawServer, head: str) -> bytes:
        return http(b"a" * 3_000)

    async with RawServer(large) as server, client_of(server, max_answer_size=2_000) as client:
        with pytest.raises(ResponseError, match="larger than") as caught:
            await client.target.apply_target(plan_id="1", apply_reason="r")
        assert caught.value.ambiguous


@pytest.mark.parametrize(
    "answer",
    [
        http(gzip.compress(DONE)[:-9], "Content-Encoding: gzip"),
        http(b"no gzip at all", "Content-Encoding: gzip"),
        http(DONE, "Content-Encoding: br"),
    ],
    ids=["cut", "none", "unknown"],
)
async def test_a_body_that_cannot_be_unpacked_is_tried_again(answer: bytes) -> None:
    """Like one that is cut short."""

    async def broken(server: RawServer, head: str) -> bytes:
        return answer

    async with RawServer(broken) as server, client_of(server) as client:
        with pytest.raises(TransportError, match="cannot be unpacked"):
            await client.target.apply_status("1")
        assert len(server.calls()) == 2


# ── errors that say what happened ────────────────────────────────────────────────────────────────────────────────────


async def test_a_deadline_says_what_failed_last() -> None:
    """Nobody listens: "not done within 1 s, while waiting for the token" and nothing else."""
    config = UnionConfig(
        base_urls=("http://127.0.0.1:1",), call_timeout=0.5, retry=RetryPolicy(max_attempts=99, base_delay=0.05)
    )
    async with UnionClient("wx", "secret", config=config) as client:
        with pytest.raises((DeadlineExceededError, TransportError)) as caught:
            await client.target.apply_status("1")
        assert "cannot connect to 127.0.0.1:1" in str(caught.value)
        if isinstance(caught.value, DeadlineExceededError):
            assert isinstance(caught.value.last, TransportError)
        with pytest.raises((DeadlineExceededError, TransportError)):
            await client.with_options(call_timeout=0.05).token()


@pytest.mark.parametrize("what", ["call", "token"])
async def test_a_deadline_during_a_wait_for_the_token_brings_the_failure_of_its_request(
    what: str, until: Until
) -> None:
    """That the service is down, with its status, is what the caller has to know; he asked for no token."""

    async def down(server: RawServer, head: str) -> bytes:
        return http(b"down", "Retry-After: 5", status="503 Service Unavailable")

    async with RawServer(down) as server, client_of(server, token_at_hand=False) as client:
        first = asyncio.create_task(client.token())
        await until(lambda: client.stats().attempts)
        hurried = client.with_options(call_timeout=0.05)
        with pytest.raises(DeadlineExceededError, match=r"while waiting for the token.*503") as caught:
            await (hurried.token() if what == "token" else hurried.target.apply_status("1"))
        assert isinstance(caught.value.last, HttpStatusError)
        assert caught.value.last.status == 503
        assert len(server.heads) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Make a certificate that nobody vouches for, and its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


async def test_a_certificate_is_tried_once(certificate: tuple[Path, Path]) -> None:
    """It will be no better the fourth time."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server:
        config = UnionConfig(base_urls=(f"https://127.0.0.1:{port}",))
        source = ExternalTokenSource(a_token)
        async with UnionClient("wx", "secret", config=config, token_source=source) as client:
            with pytest.raises(TransportError, match="the certificate of 127") as caught:
                await client.target.apply_status("1")
    assert not caught.value.retryable
    assert caught.value.attempts == 1


async def test_a_date_of_the_year_9999_is_none() -> None:
    """The midnight after it has no date: an OverflowError instead of the quota's end."""

    async def answer(server: RawServer, head: str) -> bytes:
        return http(b'{"errcode":45009,"errmsg":"quota"}', "Date: Fri, 31 Dec 9999 23:59:59 GMT")

    async with RawServer(answer) as server, client_of(server) as client:
        with pytest.raises(QuotaExhaustedError) as caught:
            await client.target.apply_status("1")
    assert caught.value.resets_at is not None
    assert caught.value.resets_at.year < 9000


async def test_a_retry_after_beyond_the_deadline_costs_no_budget_and_is_told_at_once() -> None:
    """60 calls that were told to come back in a minute emptied the budget without one retry."""

    async def answer(server: RawServer, head: str) -> bytes:
        return http(b"down", "Retry-After: 3600", status="503 Service Unavailable")

    async with RawServer(answer) as server:
        for token_at_hand in (True, False):
            async with client_of(server, token_at_hand=token_at_hand) as client:
                begin = time.monotonic()
                with pytest.raises(ResponseError, match="503"):
                    await client.target.apply_status("1")
                assert time.monotonic() - begin < 2
                assert client.stats().budget_left == 50


# ── who we are ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_user_agent_is_ours_unless_a_session_has_one() -> None:
    """The vendor's support can tell whose requests they are."""
    async with RawServer() as server:
        async with client_of(server) as client:
            await client.target.apply_status("1")
        async with aiohttp.ClientSession(headers={"User-Agent": "mine/1"}) as session:
            async with client_of(server, session=session) as client:
                await client.target.apply_status("1")
    assert "\r\nUser-Agent: wxunion-async/" in server.heads[0]
    assert "\r\nUser-Agent: mine/1" in server.heads[1]


async def test_the_token_that_calls_use_is_there_for_other_code() -> None:
    """Other interfaces of the same app must not fetch a token of their own, which would end this one."""
    async with RawServer() as server, client_of(server, token_at_hand=False) as client:
        token = await client.token()
        await client.target.apply_status("1")
        assert (await client.token()) == token
        assert f"access_token={token.value}" in server.calls()[0]
        assert len(server.heads) == 2


@pytest.mark.parametrize("way", ["cancelled", "closed"])
async def test_waiting_for_the_token_can_be_ended(way: str, until: Until) -> None:
    """By its caller and by the client's end."""

    async def never(server: RawServer, head: str) -> bytes:
        await asyncio.sleep(3600)
        return b""

    async with RawServer(never) as server, client_of(server, token_at_hand=False) as client:
        task = asyncio.create_task(client.token())
        await until(lambda: server.heads)
        if way == "cancelled":
            task.cancel()
        else:
            await client.aclose()
        with pytest.raises(asyncio.CancelledError if way == "cancelled" else ClientClosedError):
            await task


async def test_closing_that_somebody_cancels_is_begun_anew() -> None:
    """A helper that cancels all tasks made ``aclose`` raise a stray CancelledError, every time."""
    async with RawServer() as server:
        client = client_of(server)
        await client.target.apply_status("1")
        closing = asyncio.create_task(client.aclose())
        await asyncio.sleep(0)
        for task in asyncio.all_tasks():
            if task.get_name() == "wxunion_async close":
                task.cancel()
        await closing
        await client.aclose()
        with pytest.raises(ClientClosedError):
            await client.target.apply_status("1")


# ── what somebody else's code does in the middle of a call ───────────────────────────────────────────────────────────


async def test_what_a_users_middleware_raises_passes_as_it_is() -> None:
    """A RuntimeError of his is no matter of the peer."""

    async def broken(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        raise RuntimeError("mine")

    async with RawServer() as server, aiohttp.ClientSession(middlewares=(broken,)) as session:
        async with client_of(server, session=session) as client:
            with pytest.raises(RuntimeError, match="mine"):
                await client.target.apply_status("1")


async def test_a_limiter_that_refuses_at_once_passes_too() -> None:
    """``acquire_nowait`` is optional, and a user's."""

    class Broken:
        async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None: ...

        def acquire_nowait(self, app_id: str, path: str, limit: RateLimit) -> bool:
            raise OSError("mine")

        async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

        def paused_for(self, app_id: str, path: str) -> float:
            return 0.0

        async def aclose(self) -> None: ...

    async with RawServer() as server, client_of(server, rate_limiter=Broken()) as client:
        with pytest.raises(OSError, match="mine"):
            await client.target.apply_status("1")


async def test_a_peer_that_accepts_and_hangs_up_is_given_up_after_its_attempts() -> None:
    """It is no kept connection that died in line: connecting to it for ever would be an attack."""
    accepted = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal accepted
        accepted += 1
        writer.transport.abort()

    listening = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        limiter = _Slowly()
        config = UnionConfig(base_urls=(url,), retry=RetryPolicy(max_attempts=2, base_delay=0.0))
        source = ExternalTokenSource(a_token)
        async with UnionClient("wx", "s3cret", config=config, token_source=source, rate_limiter=limiter) as client:
            with pytest.raises(TransportError):
                async with asyncio.timeout(10):
                    await client.target.apply_status("1")
    assert accepted < 30


@pytest.mark.parametrize("spares", [0, 1])
async def test_a_peer_that_drops_idle_connections_is_reached_however_long_the_permit_takes(
    spares: int, until: Until
) -> None:
    """It is no peer that hangs up, nor a dead host: nothing was sent, and a connection that stood a while is no failure."""

    class Later(_Slowly):
        def __init__(self) -> None:
            self.gate = asyncio.Event()

        async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
            await self.gate.wait()

    limiter = Later()
    settings: dict[str, Any] = {"rate_limiter": limiter, "retry": RetryPolicy(max_attempts=1), "call_timeout": 5}
    async with (
        RawServer(idle=0.03) as server,
        RawServer() as spare,
        client_of(server, base_urls=(server.url, spare.url)[: 1 + spares], **settings) as client,
    ):
        # The first of them asks the limiter, for both; the other one only waits.
        both = [asyncio.create_task(client.target.apply_status(str(number))) for number in range(2)]
        await until(lambda: server.connections >= 6)
        server.idle = None  # it must not hang up in the moment of the sending
        await until(lambda: server.connections >= 7)
        limiter.gate.set()
        await asyncio.gather(*both)
        assert len(server.calls()) == 2
        assert client.stats().host == server.url


class _Slowly:
    """A limiter that needs a moment, so that each connection is dead when its permit comes."""

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        await asyncio.sleep(0.01)

    async def pause(self, app_id: str, path: str, seconds: float) -> None: ...

    def paused_for(self, app_id: str, path: str) -> float:
        return 0.0

    async def aclose(self) -> None: ...


async def test_a_permit_that_is_waited_for_is_used_on_the_connection_at_hand() -> None:
    """The call took it for this; to throw it away would be a TLS handshake more each time."""
    async with RawServer() as server, client_of(server, rate_limiter=_Slowly()) as client:
        for number in range(3):
            await client.target.apply_status(str(number))
        assert len(server.calls()) == 3
        assert server.connections == 1


async def test_a_token_that_the_source_insists_on_is_the_end() -> None:
    """One new try after the refusal, and no loop."""

    async def refuse(server: RawServer, head: str) -> bytes:
        return http(b'{"errcode":40001,"errmsg":"invalid credential"}')

    async def insist() -> AccessToken:
        return AccessToken("always-the-same", 4e9)

    async with RawServer(refuse) as server:
        config = UnionConfig(base_urls=(server.url,))
        async with UnionClient("wx", "s", config=config, token_source=ExternalTokenSource(insist)) as client:
            with pytest.raises(TokenError):
                await client.target.apply_status("1")
        assert len(server.heads) == 1


def test_secrets_and_tokens_are_values() -> None:
    """They compare, pickle where they have to, and do not show."""
    token = AccessToken("a-token", 5.0)
    assert token == AccessToken("a-token", 5.0) == pickle.loads(pickle.dumps(token))
    assert token != AccessToken("another", 5.0)
    assert hash(token) == hash(AccessToken("a-token", 5.0))
    assert attrs.evolve(token, expires_at=6.0) == AccessToken("a-token", 6.0)
    assert Secret("a") != "a"
    with pytest.raises(TypeError, match="value must be a str"):
        AccessToken(5, 5.0)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_a_second_refusal_during_a_pause_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Requests that were under way when the first was refused come back refused, too."""

    async def limited(server: RawServer, head: str) -> bytes:
        await asyncio.sleep(0.05)
        return http(b'{"errcode":45011,"errmsg":"slow"}', "Date: Wed, 25 Nov 2026 09:00:00 GMT")

    events: list[Event] = []
    async with RawServer(limited) as server, client_of(server, on_event=events.append) as client:
        results = await asyncio.gather(*(client.target.apply_status("1") for _ in range(5)), return_exceptions=True)
    assert all(isinstance(result, RateLimitedError) for result in results)
    assert sum("paused for" in record.getMessage() for record in caplog.records) == 1
    paused = PathPausedEvent(endpoint="/union/promoter/target/apply_status", seconds=61.0)
    assert [event for event in events if isinstance(event, PathPausedEvent)] == [paused]
