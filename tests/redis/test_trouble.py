"""Real servers that refuse, or know better: the reason is told, once, and calls go on; and what an ACL has to allow."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio

import wxunion_async.redis
from wxunion_async import AccessToken, RateLimit
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore, _link, _share, _token_store

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
README = Path(wxunion_async.redis.__file__).with_name("README.md").read_text(encoding="utf-8")
PASSWORD = "a-password-that-nobody-may-see"


def wrong_password(server: Any) -> Any:
    """Somebody has changed it."""
    with server.admin() as admin:
        admin.acl_setuser("ours", enabled=True, passwords=["+another"], keys=["*"], commands=["+@all"])
    return redis.asyncio.Redis(port=server.port, username="ours", password=PASSWORD)


def no_scripts(server: Any) -> Any:
    """Scripts are forbidden, as some hosters do."""
    with server.admin() as admin:
        admin.acl_setuser(
            "ours", enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"], commands=["+@all", "-@scripting"]
        )
    return redis.asyncio.Redis(port=server.port, username="ours", password=PASSWORD)


def no_write(server: Any) -> Any:
    """A command within the scripts is forbidden."""
    with server.admin() as admin:
        admin.acl_setuser("ours", enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"], commands=["+@all", "-hset"])
    return redis.asyncio.Redis(port=server.port, username="ours", password=PASSWORD)


def other_keys(server: Any) -> Any:
    """The prefix is not among those that are allowed."""
    with server.admin() as admin:
        admin.acl_setuser("ours", enabled=True, passwords=[f"+{PASSWORD}"], keys=["theirs:*"], commands=["+@all"])
    return redis.asyncio.Redis(port=server.port, username="ours", password=PASSWORD)


def replica(server: Any) -> Any:
    """A failover has made it one, and the address is still the old one."""
    with server.admin() as admin:
        admin.replicaof("127.0.0.1", 1)
    return redis.asyncio.Redis(port=server.port)


def full(server: Any) -> Any:
    """Somebody else has filled it."""
    with server.admin() as admin:
        admin.set("theirs", "x" * 3_000_000)
        admin.config_set("maxmemory", "2mb")
    return redis.asyncio.Redis(port=server.port)


def other_kind(server: Any) -> Any:
    """Somebody has written another kind of value under our key; the probe, which has its own, succeeds."""
    with server.admin() as admin:
        admin.set(f"wxunion:{{{APP}}}:rate:{PATH}", "1")
        admin.lpush(f"wxunion:{{{APP}}}:token", "1")
    return redis.asyncio.Redis(port=server.port)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (wrong_password, "refused: wrong or missing password"),
        (no_scripts, "refused: this user has no permission"),
        (no_write, "refused: this user has no permission"),
        (other_keys, "refused: this user has no permission"),
        (replica, "refused: it is a read-only replica"),
        (full, "refused: it has no memory left (maxmemory)"),
        (other_kind, "refused: another kind of value is stored under a key of ours"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_reason_is_told_once_and_calls_go_on(
    own_redis: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Any], Any],
    reason: str,
) -> None:
    """Whoever reads "does not answer" looks at the network, and not at what is wrong; and each probe tells it again."""
    monkeypatch.setattr(_share, "FURTHEST", 0.02)  # so that the share begins at once
    monkeypatch.setattr(_link, "PROBE_INTERVAL", 0.12)
    caplog.set_level(logging.INFO, "wxunion_async")
    client = trouble(own_redis)
    store, limiter, limit = RedisTokenStore(client), RedisRateLimiter(client, local_share=1.0), RateLimit(100, 1.0)
    saved = AccessToken("t1", time.time() + 100)
    await store.save(APP, saved)
    begin = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() < begin + 0.3:
        async with asyncio.timeout(2.0):
            await limiter.acquire(APP, PATH, limit)
        found = await store.load(APP)
        assert found is not None
        assert found.value == saved.value
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == [f"Redis cannot be used ({reason}): this process goes on by itself"]
    assert len(caplog.records) <= 2
    assert PASSWORD not in caplog.text
    await limiter.aclose()
    await store.aclose()
    await client.aclose()


async def test_lower_limit_is_told_though_as_many_may_leave_at_once(
    redis_url: str, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process has it, and only the steady rate shows it: who has the higher one would wonder why he waits."""
    low, high = RateLimit(30, 1.0, burst=2), RateLimit(60, 1.0, burst=2)
    limiters = [RedisRateLimiter(connect(redis_url)) for _ in range(2)]
    for limiter, limit in zip(limiters * 2, (low, high) * 2, strict=True):
        await limiter.acquire(APP, PATH, limit)
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"{APP} {PATH}: another process has a lower limit, 29 a second: that counts"]
    for limiter in limiters:
        await limiter.aclose()


async def test_commands_of_the_readme_are_enough(
    own_redis: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes an ACL copies that line."""
    monkeypatch.setattr(_token_store, "_RENEW", 0.1)
    found = re.search(r"^ACL SETUSER (\w+) on >\S+ (~\S+) (.+)$", README, re.MULTILINE)
    assert found is not None
    name, keys, commands = found.groups()
    with own_redis.admin() as admin:
        admin.execute_command("ACL", "SETUSER", name, "on", f">{PASSWORD}", keys, *commands.split())
    client = redis.asyncio.Redis(port=own_redis.port, username=name, password=PASSWORD)
    store, limiter, limit = RedisTokenStore(client), RedisRateLimiter(client), RateLimit(100, 1.0)
    async with store.lease(APP, 30.0):
        await store.save(APP, AccessToken("t1", time.time() + 100))
        await asyncio.sleep(0.15)
    assert await store.load(APP) is not None
    await store.discard(APP, "t1")
    for _ in range(10):
        await limiter.acquire(APP, PATH, limit)
    await limiter.pause(APP, PATH, 0.2)
    await limiter.acquire(APP, PATH, limit)
    await limiter.aclose()
    await client.aclose()
    assert caplog.text == ""
