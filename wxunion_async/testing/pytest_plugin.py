"""
The fixtures ``union_server`` and ``union_client``; pytest finds them by itself, and nothing is loaded before they are used.

Both are for tests of every kind: sync, or async with pytest-asyncio or anyio, whatever the scope of the loop.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from wxunion_async import UnionClient
    from wxunion_async.testing import FakeUnionServer


@pytest.fixture
def union_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeUnionServer]:
    """Run a fresh ``FakeUnionServer`` for one test, in a thread of its own and past any proxy of the environment."""
    from wxunion_async.testing import FakeUnionServer

    with FakeUnionServer() as server:
        excepted = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
        monkeypatch.setenv("no_proxy", f"{excepted},127.0.0.1" if excepted else "127.0.0.1")
        yield server


@pytest.fixture
def union_client(union_server: FakeUnionServer, request: pytest.FixtureRequest) -> UnionClient:
    """
    Make a ``UnionClient`` for ``union_server`` that may make every call; it neither waits for permits nor backs off.

    It is closed in the loop of an async test, when the test is over; elsewhere it is for ``async with``.
    """
    from wxunion_async import RateLimit, RetryPolicy, UnionClient, UnionConfig

    config = UnionConfig(
        base_urls=(union_server.base_url,),
        default_rate_limit=RateLimit(100_000, 1.0),
        retry=RetryPolicy(base_delay=0.0),
    )
    client = UnionClient(union_server.both.app_id, union_server.both.app_secret, config=config)
    test: Any = getattr(request.node, "obj", None)
    if inspect.iscoroutinefunction(test):

        @functools.wraps(test)
        async def test_and_close(*args: Any, **kwargs: Any) -> None:
            async with client:
                await test(*args, **kwargs)

        # A fixture's own end may come after that of the loop, and in anyio does.
        request.node.obj = test_and_close
    return client
