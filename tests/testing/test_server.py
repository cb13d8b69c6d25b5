"""Life and death of the server."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from wxunion_async import testing
from wxunion_async.testing import FakeUnionServer, Fault

SLOW = "/cgi-bin/openapi/quota/get"


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until something has happened on the other end of a socket."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    "arguments",
    [
        {"products": -1},
        {"token_lifetime": 0.5},
        {"token_lifetime": float("inf")},
        {"token_overlap": -1},
        {"token_overlap": float("nan")},
        {"rate_limits": {"/a": (0, 60)}},
        {"rate_limits": {"/a": (1, 0)}},
        {"rate_limits": {"a": (1, 60)}},
        {"daily_quotas": {"/a": -1}},
        {"daily_quotas": {"a": 1}},
        {"host": ""},
        {"port": -1},
        {"port": 65_536},
        {"keep": 0},
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, Any]) -> None:
    """The mistake is told before a socket opens."""
    (name,) = arguments
    with pytest.raises(ValueError, match=f"^{name}: "):
        FakeUnionServer(**arguments)


async def test_closing_ends_everything_at_once() -> None:
    """Idle keep-alive connections, delayed answers and half a request must not hold up a test run."""
    server = FakeUnionServer()
    await server.start()
    port = int(server.base_url.rpartition(":")[2])
    session = aiohttp.ClientSession(server.base_url)
    server.fail(SLOW, Fault(delay=600))
    async with session.get("/idle"):
        pass
    slow = asyncio.create_task(session.post(SLOW).__aenter__())
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await until(lambda: server.count() == 3)
    others = asyncio.all_tasks() - {asyncio.current_task(), slow}
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await server.aclose()
    assert loop.time() - begin < 2
    assert all(task.done() for task in others)
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await slow
    await session.close()
    writer.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert {record.status for record in server.requests if record.path != "/idle"} == {None}


async def test_closing_leaves_no_warning() -> None:
    """Warnings are errors in many test suites, an unclosed transport among them."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with FakeUnionServer() as server, aiohttp.ClientSession(server.base_url) as session:
            async with session.get("/a"):
                pass
            await server.aclose()
        await server.aclose()
        gc.collect()
    assert caught == []


async def test_a_closed_server_starts_again_where_it_was() -> None:
    """A host that comes back: same port, same credentials, same tokens."""
    server = FakeUnionServer()
    with pytest.raises(RuntimeError, match="no port before start"):
        _ = server.base_url
    assert repr(server) == "<FakeUnionServer not listening, 0 requests>"
    async with server:
        base_url, token = server.base_url, server.agency.stable_token()
    assert server.base_url == base_url
    async with aiohttp.ClientSession(base_url) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("/a")
        async with server, session.get("/a") as response:
            assert response.status == 200
    assert server.agency.stable_token()["access_token"] == token["access_token"]


async def test_starting_twice_is_an_error(server: FakeUnionServer) -> None:
    """A second listener would be lost at close."""
    with pytest.raises(RuntimeError, match="listening already"):
        await server.start()


async def test_a_taken_port_is_an_os_error(server: FakeUnionServer) -> None:
    """The failed start leaves nothing open, and the server can be tried again."""
    port = int(server.base_url.rpartition(":")[2])
    second = FakeUnionServer(port=port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    await server.aclose()
    async with second:
        assert second.base_url == f"http://127.0.0.1:{port}"


async def test_ipv6_hosts_are_bracketed() -> None:
    """A URL without brackets would be taken for a port."""
    server = FakeUnionServer(host="::1", port=8080)
    assert server.base_url == "http://[::1]:8080"


async def test_a_client_that_leaves_is_no_error(server: FakeUnionServer, caplog: pytest.LogCaptureFixture) -> None:
    """Cancelled clients are what the server is there to test; they must not fill the log."""
    caplog.set_level(logging.INFO)
    port = int(server.base_url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await until(lambda: server.count() == 1)
    writer.transport.abort()
    await until(lambda: bool(server.requests))
    assert (server.requests[0].body, server.requests[0].status) == (None, None)
    assert caplog.records == []


@pytest.mark.parametrize("fault", [Fault(delay=0.1), Fault(delay=0.1, reset=True), Fault(delay=0.1, truncate=True)])
async def test_a_client_that_leaves_during_a_delay_gets_no_answer(
    server: FakeUnionServer, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """The record says so, and the log stays empty."""
    caplog.set_level(logging.INFO)
    server.fail(SLOW, fault)
    with pytest.raises(TimeoutError):
        await session.get(SLOW, timeout=aiohttp.ClientTimeout(total=0.02))
    await until(lambda: bool(server.requests))
    assert server.requests[0].status is None
    assert caplog.records == []


def test_a_name_that_the_package_lacks_is_an_attribute_error() -> None:
    """Its names are loaded when they are asked for; a wrong one is told as ever."""
    with pytest.raises(AttributeError, match="has no attribute 'FakeServer'"):
        _ = testing.FakeServer
    assert testing.__all__ == sorted(testing.__all__)
