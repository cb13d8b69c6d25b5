"""The fixture that users of pytest get."""

import aiohttp

from wxunion_async.testing import FakeUnionServer

pytest_plugins = ["wxunion_async.testing.pytest_plugin"]


async def test_the_fixture_is_a_running_server(union_server: FakeUnionServer) -> None:
    """One line in conftest.py is all it takes."""
    async with aiohttp.ClientSession(union_server.base_url) as session, session.get("/a") as response:
        assert response.status == 200
    assert union_server.count() == 1
