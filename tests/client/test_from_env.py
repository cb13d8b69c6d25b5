"""``UnionClient.from_env`` with a Redis: both parts are set up, and what it opened is closed."""

import asyncio
import logging
import socket
import sys
from typing import Any

import pytest

from wxunion_async import LocalRateLimiter, MemoryTokenStore, StoreDownEvent, StoreUpEvent, UnionClient
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore
from wxunion_async.testing import FakeUnionServer

PLAN_INFO = "/union/promoter/target/plan_info"


@pytest.fixture
def environment(server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the promoter's account into the environment."""
    monkeypatch.setenv("WXUNION_APP_ID", server.promoter.app_id)
    monkeypatch.setenv("WXUNION_APP_SECRET", server.promoter.app_secret)
    monkeypatch.setenv("WXUNION_BASE_URL", server.base_url)


def dead_redis() -> str:
    """Return the URL of a Redis that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"redis://:the-password@127.0.0.1:{free.getsockname()[1]}/0"


@pytest.mark.usefixtures("environment")
async def test_a_client_with_a_dead_redis_works_and_closes_its_connections(
    server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A cache that is down is no reason not to start; the password of its URL is in no log line."""
    monkeypatch.setenv("WXUNION_REDIS_URL", dead_redis())
    caplog.set_level(logging.DEBUG)
    async with UnionClient.from_env() as client:
        assert isinstance(client._session.limiter, RedisRateLimiter)
        assert isinstance(client._session.tokens._store, RedisTokenStore)
        await client.target.plan_info(server.plan.invitation_url)
    assert [record.levelname for record in caplog.records if record.name == "wxunion_async.redis"] == ["WARNING"]
    assert "the-password" not in caplog.text
    assert len(client._session.closers) == 1


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("url", ["ftp://:the-password@x", "redis://:the-password@x:port"])
def test_what_is_no_redis_url_is_named_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message goes into the log of a process that does not start."""
    monkeypatch.setenv("WXUNION_REDIS_URL", url)
    with pytest.raises(ValueError, match="WXUNION_REDIS_URL: this is no redis://") as caught:
        UnionClient.from_env()
    assert "the-password" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.usefixtures("environment")
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator set the variable; he needs to know what to install."""
    monkeypatch.setenv("WXUNION_REDIS_URL", "redis://localhost")
    monkeypatch.setitem(sys.modules, "wxunion_async.redis", None)
    with pytest.raises(ValueError, match=r"WXUNION_REDIS_URL is set, but redis is missing.*\[redis\]"):
        UnionClient.from_env()


@pytest.mark.usefixtures("environment")
async def test_the_local_share_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten processes of one deployment need a tenth each while Redis is down."""
    monkeypatch.setenv("WXUNION_REDIS_URL", dead_redis())
    monkeypatch.setenv("WXUNION_REDIS_LOCAL_SHARE", "0.1")
    async with UnionClient.from_env() as client:
        assert "local_share=0.1" in repr(client._session.limiter)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("share", ["a tenth", "0", "1.5", "nan"])
def test_a_wrong_local_share_is_named(monkeypatch: pytest.MonkeyPatch, share: str) -> None:
    """Before any I/O."""
    monkeypatch.setenv("WXUNION_REDIS_URL", dead_redis())
    monkeypatch.setenv("WXUNION_REDIS_LOCAL_SHARE", share)
    with pytest.raises(ValueError, match="WXUNION_REDIS_LOCAL_SHARE must be a number above 0"):
        UnionClient.from_env()


@pytest.mark.usefixtures("environment")
async def test_every_plug_in_may_be_given_beside_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given goes before Redis."""
    monkeypatch.setenv("WXUNION_REDIS_URL", dead_redis())
    store, limiter = MemoryTokenStore(), LocalRateLimiter()
    async with UnionClient.from_env(token_store=store, rate_limiter=limiter) as client:
        assert client._session.limiter is limiter


@pytest.mark.usefixtures("environment")
async def test_an_outage_is_an_event_for_who_listens(server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, though store and limiter both notice; a client that is gone is told nothing."""
    monkeypatch.setenv("WXUNION_REDIS_URL", dead_redis())
    events: list[object] = []
    async with UnionClient.from_env(on_event=events.append) as client:
        await client.target.plan_info(server.plan.invitation_url)
        limiter: Any = client._session.limiter
        link = limiter._access.link
        link._came_back()
        await asyncio.sleep(0)
    downs = [event for event in events if isinstance(event, StoreDownEvent)]
    ups = [event for event in events if isinstance(event, StoreUpEvent)]
    assert [down.reason for down in downs] == ["silent: ConnectionError"]
    assert len(ups) == 1
    assert ups[0].seconds > 0
    told = len(events)
    link._went_down("silent: again")
    await asyncio.sleep(0)
    assert len(events) == told, "a client that is closed is told nothing"
