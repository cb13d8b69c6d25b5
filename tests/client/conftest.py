"""A running fake server and clients on it, for the tests of whole calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Protocol

import attrs
import pytest

from wxunion_async import AccessToken, Credentials, RateLimit, RetryPolicy, TokenCall, UnionClient, UnionConfig
from wxunion_async.testing import Account, FakeUnionServer

CONFIG = UnionConfig(retry=RetryPolicy(base_delay=0.01, max_delay=0.02))


class MakeClient(Protocol):
    """Makes a client of an account on the server; it is closed when the test ends."""

    async def __call__(
        self, account: Account | None = None, *, config: UnionConfig = CONFIG, **kwargs: Any
    ) -> UnionClient: ...


@pytest.fixture
async def server() -> AsyncIterator[FakeUnionServer]:
    """Run the fake."""
    async with FakeUnionServer() as running:
        yield running


@pytest.fixture
async def make(server: FakeUnionServer) -> AsyncIterator[MakeClient]:
    """Make clients whose retries are quick; the promoter's unless said otherwise."""
    async with AsyncExitStack() as stack:

        async def make_client(
            account: Account | None = None, *, config: UnionConfig = CONFIG, **kwargs: Any
        ) -> UnionClient:
            account = account or server.promoter
            config = attrs.evolve(config, base_urls=kwargs.pop("base_urls", (server.base_url,)))
            client = UnionClient(account.app_id, account.app_secret, config=config, **kwargs)
            return await stack.enter_async_context(client)

        yield make_client


@pytest.fixture
async def promoter(make: MakeClient) -> UnionClient:
    """Return a client of the promoter account."""
    return await make()


@pytest.fixture
async def agency(make: MakeClient, server: FakeUnionServer) -> UnionClient:
    """Return a client of the agency account."""
    return await make(server.agency)


class OpenLimiter:
    """A limiter that lets everybody through and writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.acquired: list[str] = []
        self.pauses: list[tuple[str, float]] = []
        self.closed = False
        self.gate: asyncio.Event | None = None

    async def acquire(self, app_id: str, path: str, limit: RateLimit) -> None:
        self.asked.append(path)
        if self.gate is not None:
            await self.gate.wait()
        self.acquired.append(path)

    async def pause(self, app_id: str, path: str, seconds: float) -> None:
        self.pauses.append((path, seconds))

    def paused_for(self, app_id: str, path: str) -> float:
        return 0.0

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def limiter() -> OpenLimiter:
    """Return a limiter that only writes down."""
    return OpenLimiter()


class GatedSource:
    """A token source that answers when the test lets it."""

    can_force = False

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        self.asked.set()
        await self.gate.wait()
        return AccessToken("a-token", 4e9)


@pytest.fixture
async def gated_source() -> GatedSource:
    """Return a source that waits for ``gate``."""
    return GatedSource()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Wait until a condition holds, as the event loop turns; fail after 5 s."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - what is waited for sets no event
                await asyncio.sleep(0.002)

    return wait
