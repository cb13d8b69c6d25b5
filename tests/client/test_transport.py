"""The rim: proxies, a session of the user's, peers that do not speak HTTP."""

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import aiohttp
import pytest
from yarl import URL

from wxunion_async import RetryPolicy, TransportError, UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer, Fault

if TYPE_CHECKING:
    from .conftest import MakeClient

PLAN_INFO = "/union/promoter/target/plan_info"
STATUS = "/union/promoter/target/apply_status"


class Proxy:
    """A small HTTP proxy: passes plain requests on, refuses tunnels, and keeps the heads it saw."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                self.heads.append(head)
                if head.startswith("CONNECT"):
                    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                    break
                await self._pass_on(head, reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _pass_on(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, url, _ = head.split(" ", 2)
        lines = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
        headers = {name: value for name, value in lines if name not in ("Host", "Proxy-Authorization")}
        body = await reader.readexactly(int(headers.get("Content-Length", 0)))
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, URL(url, encoded=True), headers=headers, data=body) as response,
        ):
            answer = await response.read()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Run the proxy."""
    proxy = Proxy()
    listening = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield proxy


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without whatever proxies the machine has."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_the_environments_proxy_is_used(
    make: "MakeClient", server: FakeUnionServer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Callers must come from an allow-listed IP, so an egress proxy is the rule; its password goes to it alone."""
    monkeypatch.setenv("http_proxy", f"http://user:pass@{proxy.url}")
    client = await make()
    await client.target.plan_info(server.plan.invitation_url)
    assert [head.split(" ", 2)[0] for head in proxy.heads] == ["POST", "GET"]
    assert proxy.heads[1].startswith(f"GET {server.base_url}{PLAN_INFO}?planInvitationUrl=")
    basic = base64.b64encode(b"user:pass").decode()
    assert all(f"Proxy-Authorization: Basic {basic}" in head for head in proxy.heads)


async def test_a_host_that_no_proxy_names_is_reached_directly(
    make: "MakeClient", server: FakeUnionServer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's exceptions hold as well."""
    monkeypatch.setenv("http_proxy", f"http://{proxy.url}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    client = await make()
    await client.target.plan_info(server.plan.invitation_url)
    assert proxy.heads == []


async def test_a_refused_tunnel_is_a_transport_error_without_the_token(
    make: "MakeClient", proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CONNECT line goes to the proxy in the clear: host and port, and nothing else."""
    monkeypatch.setenv("https_proxy", f"http://{proxy.url}")
    client = await make(base_urls=("https://api.weixin.qq.com",), config=UnionConfig(retry=RetryPolicy(max_attempts=1)))
    with pytest.raises(TransportError, match="403") as caught:
        await client.target.apply_status("1")
    assert not caught.value.ambiguous
    assert proxy.heads[0].startswith("CONNECT api.weixin.qq.com:443 HTTP/1.1\r\n")


async def test_the_middlewares_of_a_users_session_run_outside_of_ours(
    make: "MakeClient", server: FakeUnionServer
) -> None:
    """A user's middleware keeps working and never sees the token."""
    seen: list[str] = []

    async def middleware(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(request)
        seen.extend([str(request.url), str(response.url), repr(response.request_info)])
        return response

    async with aiohttp.ClientSession(middlewares=(middleware,)) as session:
        client = await make(session=session)
        await client.target.plan_info(server.plan.invitation_url)
        await client.aclose()
    assert any(PLAN_INFO in url for url in seen)
    assert not any("access_token" in url for url in seen)


async def test_a_peer_that_hangs_up_or_speaks_nonsense_is_a_transport_error(make: "MakeClient") -> None:
    """A dead peer, and one that is no HTTP server."""
    answers = [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0) if answers else b"")
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        client = await make(
            base_urls=(f"http://127.0.0.1:{port}",), config=UnionConfig(retry=RetryPolicy(max_attempts=3, base_delay=0))
        )
        with pytest.raises(TransportError) as caught:
            await client.target.apply_status("1")
    assert caught.value.endpoint == "/cgi-bin/stable_token"
    assert answers == []


async def test_the_settings_of_a_users_session_do_not_break_the_reading(
    make: "MakeClient", server: FakeUnionServer
) -> None:
    """Some sessions do not decompress, or raise on a status; our requests say what they need."""
    async with aiohttp.ClientSession(auto_decompress=False, raise_for_status=True) as session:
        client = await make(session=session)
        packed = gzip.compress(b'{"errcode": 0, "data": {"planId": "7"}}')
        server.fail(STATUS, Fault(status=500), Fault(body=packed, headers={"Content-Encoding": "gzip"}))
        assert (await client.target.apply_status("1")).plan_id == "7"
        await client.aclose()


async def test_connections_are_shared_and_bounded(make: "MakeClient", server: FakeUnionServer) -> None:
    """``max_connections`` is a promise to the peer."""
    client: UnionClient = await make(config=UnionConfig(max_connections=5))
    server.fail(PLAN_INFO, Fault(delay=0.02), times=None)
    await asyncio.gather(*(client.target.plan_info(server.plan.invitation_url) for _ in range(40)))
    assert server.in_flight_peak == 5
