"""Every fault × every kind of call × our own session and a user's, over a real socket; see ``tests/README.md``."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from wxunion_async import RateLimit, RetryPolicy, UnionClient, UnionConfig, UnionError

from .calls import PATHS, REQUESTS, SECRET, ProbeRequest
from .faults import CALLS, FAULTS, MAX_ATTEMPTS, MOST, Call, Fate, Fault
from .walk import near
from .wire import HIDDEN, TOKEN, Server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Make a certificate that nobody vouches for."""
    place = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    files: tuple[Path, Path] = place / "certificate.pem", place / "key.pem"
    subprocess.run([*command, "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


class Scene:
    """One fault, one call, one session: a client with one connection, so that whatever it kept would block the next."""

    def __init__(self, fault: Fault, call: Call, *, once: bool, own: bool, certificate: ssl.SSLContext) -> None:
        self._fault = fault
        self._call: Call = call
        self._once = once
        self._own = own
        self._certificate = certificate
        self._stack = AsyncExitStack()

    async def fate(self) -> Fate:
        """Let it happen, see that nothing is left, and return what became of the call."""
        async with self._stack:
            times = 0 if self._fault.play is None else 1 if self._once else 99
            on_token = self._call == "token"
            server = await self._stack.enter_async_context(
                Server(self._fault.play, on_token=on_token, times=times, as_proxy=self._fault.proxy_status)
            )
            session = None if self._own else await self._stack.enter_async_context(self._session(server))
            client = self._client(server, await self._base_urls(server), session)
            try:
                await self._warm_up(client, server)
                fate = await self._run(client, server)
                self._assert_nothing_is_held(client, session)
                if self._fault.play is not None and self._call != "token":
                    server.times = 0
                    assert await client.call(ProbeRequest()) == {"errcode": 0, "probe": "well"}
            finally:
                await client.aclose()
            if session is None:
                await _until(lambda: not server.tasks)
                assert client.stats().open_connections == 0
            return fate

    async def _base_urls(self, server: Server) -> tuple[str, ...]:
        if self._fault.special == "certificate":
            refused = await self._stack.enter_async_context(Server(None, context=self._certificate))
            bad = refused.url
        elif self._fault.proxy_status:
            bad = "https://api.weixin.qq.com"
        elif self._fault.base_url is not None:
            bad = self._fault.base_url(server.url)
        else:
            return (server.url,)
        return (bad, server.url) if self._once else (bad,)

    def _session(self, server: Server) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(proxy=f"{server.url}/" if self._fault.proxy_status else None)

    def _client(self, server: Server, urls: tuple[str, ...], session: aiohttp.ClientSession | None) -> UnionClient:
        config = UnionConfig(
            base_urls=urls,
            call_timeout=20,
            attempt_timeout=0.5 if self._fault.special == "slow" else 10,
            max_connections=1,
            max_answer_size=MOST,
            retry=RetryPolicy(max_attempts=MAX_ATTEMPTS, base_delay=0),
            default_rate_limit=RateLimit(100_000, 1.0),
        )
        with pytest.MonkeyPatch.context() as environment:
            if self._fault.proxy_status and session is None:
                environment.setenv("https_proxy", server.url)
            return UnionClient("wx-matrix", SECRET, config=config, session=session)

    async def _warm_up(self, client: UnionClient, server: Server) -> None:
        if self._fault.special not in ("warm", "idle"):
            return
        assert await client.call(ProbeRequest())
        if self._fault.special == "idle":
            await server.hang_up()
            await asyncio.sleep(0.01)

    async def _run(self, client: UnionClient, server: Server) -> Fate:
        error: UnionError | None = None
        try:
            await client.call(REQUESTS[self._call])
        except UnionError as raised:
            error = raised
        path, stats = PATHS[self._call], client.stats()
        sends = server.paths.count(path)
        if error is None:
            return Fate(None, sends)
        unreached = self._fault.play is None  # nor is the token's host
        assert error.endpoint == (TOKEN if unreached else path)
        assert error.request == REQUESTS[self._call]
        assert (error.__cause__, error.__context__) == (None, None)
        assert not (error.retryable and error.ambiguous)
        assert near(error, HIDDEN) == []
        if self._call != "token" and not unreached:
            assert stats.budget_left == 50 - (error.attempts - 1), (
                "each retry that is made costs one, nothing else does"
            )
        return Fate(type(error), sends, error.attempts, error.ambiguous)

    def _assert_nothing_is_held(self, client: UnionClient, session: aiohttp.ClientSession | None) -> None:
        stats = client.stats()
        assert (stats.under_way, stats.waiting) == (0, {})
        assert stats.permits_granted == stats.permits_used, "a permit was lost"
        inner: Any = client._session
        assert (inner.slots.inside, inner.alarms) == (0, set())
        connector: Any = inner.transport._session.connector if session is None else session.connector
        assert connector is None or not connector._acquired, "a connection was not given back"


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the peer's end sets no event
            await asyncio.sleep(0.001)


@pytest.mark.untraced
@pytest.mark.parametrize("own", [True, False], ids=["own session", "user's session"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_every_call_meets_its_fate(
    fault: Fault, own: bool, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documented error or the answer, after so many sends; and nothing is kept of it."""
    if fault.special == "no such host":
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _no_such_host)
    runs: dict[tuple[Call, str], Coroutine[Any, Any, Fate]] = {}
    told: dict[tuple[Call, str], Fate] = {}
    for call in CALLS:
        for mode, fate in zip(("stays", "once"), fault.row.get(call, (None, None)), strict=True):
            if fate is not None:
                scene = Scene(fault, call, once=mode == "once", own=own, certificate=certificate)
                runs[call, mode], told[call, mode] = scene.fate(), fate
    assert dict(zip(runs, await asyncio.gather(*runs.values()), strict=True)) == told
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("wxunion_async")]


async def _no_such_host(host: str, *_: object, **__: object) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
