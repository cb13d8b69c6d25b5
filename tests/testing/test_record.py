"""What the server remembers of requests, and what it must not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from attrs.exceptions import FrozenInstanceError

from wxunion_async.testing import Account, FakeUnionServer, Fault, _record

Advance = Callable[[float], None]
Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]

DETAIL = "/channels/ec/promoter/get_promote_product_detail"


async def test_a_request_is_recorded_as_it_came(
    call: Call, server: FakeUnionServer, stable_token: Ask, session: aiohttp.ClientSession
) -> None:
    """Tests look at what a client really sent."""
    token = await stable_token(server.agency)
    await call(DETAIL, token=token, body=server.product_request(0), query={"extra": "1 +/="})
    record = server.requests[-1]
    assert (record.path, record.method, record.status, record.errcode) == (DETAIL, "POST", 200, 0)
    assert record.query == {"extra": "1 +/="}
    assert record.body == server.product_request(0)
    assert (record.family, record.token_serial, record.at) == ("agency", 1, 1000.0)
    assert record.headers["Content-Type"] == "application/json"
    assert record.headers["Accept"] == "*/*"
    with pytest.raises(FrozenInstanceError):
        record.path = "/"  # type: ignore[misc]


async def test_tokens_and_secrets_are_not_recorded(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """A failing test prints the record."""
    account = server.agency
    token = await stable_token(account)
    query = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
    await call("/cgi-bin/token", query=query, token=token)
    await call(DETAIL, token=token, body={"access_token": token})
    await call(DETAIL, token=token, body=[account.app_secret])
    shown = repr(server.requests)
    assert account.app_secret not in shown
    assert token not in shown
    assert server.requests[0].body == {**query, "secret": "***"}
    assert server.requests[1].query == {**query, "secret": "***"}
    assert [record.family for record in server.requests] == ["agency"] * 4
    assert server.requests[3].body is None


async def test_a_stranger_is_recorded_without_a_family(call: Call, server: FakeUnionServer) -> None:
    """Nothing is guessed about a token that is not ours."""
    await call(DETAIL, token="71_abc", body={})
    record = server.requests[0]
    assert (record.family, record.token_serial, record.errcode) == (None, None, 40001)


async def test_counts_and_peaks(call: Call, server: FakeUnionServer, advance: Advance) -> None:
    """A limiter is judged by the arrivals: the window is half-open, [t, t + window)."""
    for gap in (0, 0.5, 0.5, 0.25, 5):
        advance(gap)
        await call("/a")
    await call("/b")
    assert (server.count("/a"), server.count("/b"), server.count("/c"), server.count()) == (5, 1, 0, 6)
    assert server.peak("/a", 1.0) == 3
    assert server.peak("/a", 0.75) == 2
    assert server.peak("/a", 1.5) == 4
    assert server.peak("/c", 1.0) == 0
    with pytest.raises(ValueError, match="window: 0"):
        server.peak("/a", 0)


async def test_requests_in_flight_are_counted(call: Call, server: FakeUnionServer) -> None:
    """`max_at_once` is judged by this."""
    server.fail(DETAIL, Fault(delay=0.1), times=None)
    await asyncio.gather(*(call(DETAIL) for _ in range(7)))
    await call("/fast")
    assert server.in_flight_peak == 7


async def test_the_record_can_be_cleared(call: Call, server: FakeUnionServer) -> None:
    """The part of a test that matters can be looked at alone."""
    await call("/a")
    server.reset_record()
    assert (server.requests, server.count(), server.peak("/a", 1), server.in_flight_peak) == ([], 0, 0, 0)
    assert repr(server) == f"<FakeUnionServer listening on {server.base_url}, 0 requests>"


async def test_only_the_newest_are_kept() -> None:
    """A soak test of a million requests must not eat the memory; counters go on."""
    async with FakeUnionServer(keep=3) as server, aiohttp.ClientSession(server.base_url) as session:
        for number in range(5):
            async with session.get("/a", params={"n": number}):
                pass
        assert [record.query["n"] for record in server.requests] == ["2", "3", "4"]
        assert server.count("/a") == 5
        assert server.peak("/a", 60) == 3


async def test_header_sets_are_shared_and_bounded(session: aiohttp.ClientSession, server: FakeUnionServer) -> None:
    """A hundred thousand records of one client need one mapping; a client with ever new headers costs no more."""
    for _ in range(2):
        async with session.get("/a"):
            pass
    for number in range(1001):
        async with session.get("/a", headers={"User-Agent": str(number)}):
            pass
    assert server.requests[0].headers is server.requests[1].headers
    assert server.requests[-1].headers["User-Agent"] == "1000"
    assert _record._shown_headers.cache_info().currsize == 1000  # pyright: ignore[reportPrivateUsage]
