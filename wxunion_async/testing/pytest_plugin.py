"""
A pytest plugin with the fixture ``union_server``; it needs pytest-asyncio.

Enable it in the top ``conftest.py``: ``pytest_plugins = ["wxunion_async.testing.pytest_plugin"]``.
"""

from collections.abc import AsyncIterator

import pytest_asyncio

from wxunion_async.testing.server import FakeUnionServer


@pytest_asyncio.fixture
async def union_server() -> AsyncIterator[FakeUnionServer]:
    """Run a fresh ``FakeUnionServer`` for one test."""
    async with FakeUnionServer() as server:
        yield server
