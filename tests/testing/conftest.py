"""A server on a clock that tests move, and a plain aiohttp client to call it with."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from wxunion_async.testing import Account, FakeUnionServer

Advance = Callable[[float], None]
Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]


class SettableClock:
    """Monotonic seconds that stand still until a test moves them."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> SettableClock:
    """Make the time of the server stand still."""
    return SettableClock()


@pytest.fixture
def advance(clock: SettableClock) -> Advance:
    """Move the server's time."""
    return clock.advance


@pytest_asyncio.fixture
async def server(clock: SettableClock) -> AsyncIterator[FakeUnionServer]:
    """Run a server with 30 products on the settable clock."""
    async with FakeUnionServer(products=30, clock=clock) as server:
        yield server


@pytest.fixture
def midnight(server: FakeUnionServer, advance: Advance) -> None:
    """Begin at midnight in Beijing, whatever the real time is."""
    unix = server._clock.unix()  # pyright: ignore[reportPrivateUsage]
    advance(86_400 - (unix + 8 * 3600) % 86_400)


@pytest_asyncio.fixture
async def session(server: FakeUnionServer) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a plain client session on the server."""
    async with aiohttp.ClientSession(server.base_url) as session:
        yield session


@pytest.fixture
def call(session: aiohttp.ClientSession) -> Call:
    """Send one request and give the JSON answer: POST with a `body` or `raw` bytes, GET otherwise."""

    async def call(
        path: str,
        *,
        token: str | None = None,
        body: object = None,
        raw: bytes | None = None,
        method: str | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        params = {**(query or {}), **({} if token is None else {"access_token": token})}
        data = raw if body is None else json.dumps(body, ensure_ascii=False).encode()
        method = method or ("GET" if data is None else "POST")
        headers = {"Content-Type": "application/json"}
        async with session.request(method, path, params=params, data=data, headers=headers) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "application/json; charset=utf-8"
            answer: dict[str, Any] = await response.json()
            return answer

    return call


@pytest.fixture
def stable_token(call: Call) -> Ask:
    """Ask for an account's stable token."""

    async def ask(account: Account) -> str:
        body = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
        answer = await call("/cgi-bin/stable_token", body=body)
        token: str = answer["access_token"]
        return token

    return ask
