"""What the Redis store has beyond the contract of all stores: keys, ends, lost answers, secrecy."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest
import redis as blocking_redis
import redis.asyncio

from wxunion_async import AccessToken, RateLimit
from wxunion_async import redis as shared
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore

APP, PATH = "wx-app", "/union/promoter/target/plan_info"
VALUE = "85_a-token-that-nobody-may-see"


@pytest.fixture
def admin(redis_url: str) -> Any:
    """Look at Redis past the store."""
    with blocking_redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def store(redis_url: str, connect: Any) -> RedisTokenStore:
    """Make a store over an empty Redis."""
    return RedisTokenStore(connect(redis_url))


def token(value: str = VALUE, life: float = 100.0) -> AccessToken:
    """Issue a token that lives so many seconds from now."""
    return AccessToken(value, time.time() + life)


async def test_keys_share_a_hash_tag_and_expire_by_themselves(store: RedisTokenStore, connect: Any, admin: Any) -> None:
    """A cluster keeps keys with one tag on one node; and an app that is gone leaves nothing behind."""
    limiter = RedisRateLimiter(connect(f"redis://127.0.0.1:{admin.get_connection_kwargs()['port']}/0"), "mine")
    await store.save(APP, token())
    async with store.lease(APP, 30):
        await limiter.acquire(APP, PATH, RateLimit(10, 1.0))
        await limiter.pause(APP, PATH, 5)
        life = {key: admin.pttl(key) for key in admin.scan_iter("*")}
    await limiter.aclose()
    assert sorted(life) == [
        f"mine:{{{APP}}}:pause:{PATH}",
        f"mine:{{{APP}}}:rate:{PATH}",
        f"wxunion:{{{APP}}}:lease",
        f"wxunion:{{{APP}}}:token",
    ]
    assert 90_000 < life[f"wxunion:{{{APP}}}:token"] <= 100_000
    assert 25_000 < life[f"wxunion:{{{APP}}}:lease"] <= 30_000
    assert 5_000 <= life[f"mine:{{{APP}}}:pause:{PATH}"] <= 6_000
    assert 55_000 < life[f"mine:{{{APP}}}:rate:{PATH}"] <= 61_000


async def test_lease_of_a_dead_holder_ends_by_itself(store: RedisTokenStore, redis_url: str, connect: Any) -> None:
    """A holder that was killed gives nothing back."""
    other, begin = RedisTokenStore(connect(redis_url)), time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_delete_if", _nothing)
        async with store.lease(APP, 0.4):
            pass
    async with other.lease(APP, 30):
        assert 0.3 < time.monotonic() - begin < 0.9


async def _nothing(*args: object) -> None:
    """Be a process that died before it could give anything back."""


async def test_lease_that_was_lost_is_not_given_back(store: RedisTokenStore, redis_url: str, connect: Any) -> None:
    """A holder that was suspended beyond its end must not end the next one's lease."""
    other = RedisTokenStore(connect(redis_url))
    async with store.lease(APP, 0.05):
        await asyncio.sleep(0.1)
        gained = other.lease(APP, 30)
        await gained.__aenter__()
    third = asyncio.create_task(store.lease(APP, 30).__aenter__())
    await asyncio.sleep(0.1)
    assert not third.done()
    third.cancel()
    await asyncio.gather(third, return_exceptions=True)
    await gained.__aexit__(None, None, None)


async def test_lease_whose_answer_was_lost_is_gained_by_asking_again(redis_url: str, connect: Any, admin: Any) -> None:
    """The SET was carried out, but the process never heard of it: it knows its own mark."""
    client = connect(redis_url)
    store = RedisTokenStore(client)
    lost: list[Any] = []
    execute = client.execute_command

    async def lose_the_first_answer(*args: Any, **options: Any) -> Any:
        answer = await execute(*args, **options)
        if not lost:
            lost.append(answer)
            answer = 0
        return answer

    await store.load(APP)
    client.execute_command = lose_the_first_answer
    async with asyncio.timeout(0.5), store.lease(APP, 30):
        assert lost == [1]


async def test_claim_nobody_waits_for_any_more_is_short(store: RedisTokenStore, admin: Any) -> None:
    """A claim that is carried out after its process has given up must not keep all others waiting for half a minute."""
    claims: list[float] = []
    claim = store._claim

    async def watched(key: str, mark: str, seconds: float) -> bool:
        gained = await claim(key, mark, seconds)
        claims.append(admin.pttl(key) / 1000)
        return gained

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_claim", watched)
        async with store.lease(APP, 30):
            pass
    assert claims == pytest.approx([1.0, 30.0], abs=0.2)


async def test_scripts_survive_a_flush(store: RedisTokenStore, redis_url: str, connect: Any, own_redis: Any) -> None:
    """A failover, or an operator, may empty the server's cache of scripts at any moment."""
    client = connect(own_redis.url)
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    for _ in range(2):
        await store.save(APP, token())
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
        await limiter.pause(APP, PATH, 0.01)
        with own_redis.admin() as admin:
            admin.script_flush()
    assert await store.load(APP) is not None
    async with store.lease(APP, 30):
        pass
    await store.discard(APP, VALUE)
    assert await store.load(APP) is None
    await limiter.aclose()


async def test_token_without_an_end_is_not_taken_over(store: RedisTokenStore, admin: Any) -> None:
    """Somebody else has written it; nobody knows how old it is, and the next one replaces it."""
    admin.set(f"wxunion:{{{APP}}}:token", "by hand")
    assert await store.load(APP) is None
    await store.save(APP, token())
    assert await store.load(APP) is not None


async def test_cluster_takes_all_scripts(make_redis: Callable[..., Any]) -> None:
    """A cluster refuses a script whose keys are not on one node."""
    server = make_redis("--cluster-enabled", "yes")
    with server.admin() as admin:
        admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        while admin.execute_command("CLUSTER INFO")["cluster_state"] != "ok":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with redis.asyncio.RedisCluster(host="127.0.0.1", port=server.port) as cluster:
        await cluster.initialize()
        store, limiter = RedisTokenStore(cluster), RedisRateLimiter(cluster)
        async with store.lease(APP, 30):
            await store.save(APP, token())
        assert await store.load(APP) is not None
        await store.discard(APP, VALUE)
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
        await limiter.pause(APP, PATH, 0.05)
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
        with server.admin() as admin:
            assert admin.dbsize() == 2
        await limiter.aclose()


# ── what nobody may see ──────────────────────────────────────────────────────────────────────────────────────────────


def test_reprs_show_the_prefix_only(scripted: Any) -> None:
    """They end up in logs; the client's own would show its password."""
    assert repr(RedisTokenStore(scripted(), "mine")) == "RedisTokenStore(prefix='mine')"
    assert repr(RedisRateLimiter(scripted())) == "RedisRateLimiter(prefix='wxunion', local_share=0.25)"


async def test_refused_command_shows_no_token(
    own_redis: Any, connect: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis quotes the arguments of a command that it does not know: "with args beginning with: …"."""
    caplog.set_level(logging.DEBUG)
    client = connect(own_redis.url)
    quoted: list[str] = []
    execute = client.execute_command

    async def through_a_proxy(*args: Any, **options: Any) -> Any:
        try:
            return await execute(*("NO_SUCH_COMMAND", *args[1:]), **options)
        except blocking_redis.ResponseError as error:
            quoted.append(str(error))
            raise

    client.execute_command = through_a_proxy
    store = RedisTokenStore(client)
    down: list[BaseException] = []
    monkeypatch.setattr(shared, "_DownError", _kept(down))
    await store.save(APP, token())
    await store.discard(APP, VALUE)
    assert VALUE in quoted[0], "that it is quoted is why this matters"
    assert "Redis does not answer (ResponseError)" in caplog.text
    assert VALUE not in caplog.text
    assert down
    assert not any(VALUE in text for error in down for text in traceback.format_exception(error))


def _kept(errors: list[BaseException]) -> type[Exception]:
    class KeptError(Exception):
        def __init__(self) -> None:
            super().__init__()
            errors.append(self)

    return KeptError


# ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("build", [RedisTokenStore, RedisRateLimiter])
def test_wrong_arguments_are_named(build: Any, scripted: Any) -> None:
    """A blocking client would only fail in the first call."""
    with pytest.raises(TypeError, match=r"redis must be a redis.asyncio client, not redis.client.Redis"):
        build(blocking_redis.Redis())
    with pytest.raises(TypeError, match="prefix must be a str, not int"):
        build(scripted(), 1)
    for prefix in ("", "a{b", "}"):
        with pytest.raises(ValueError, match="prefix must not be empty or hold a brace"):
            build(scripted(), prefix)


async def test_client_of_the_user_is_not_closed(redis_url: str, connect: Any) -> None:
    """It may serve other parts of the program."""
    client = connect(redis_url)
    limiter = RedisRateLimiter(client)
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    await limiter.aclose()
    assert len(client.connection_pool._available_connections) == 1
    assert client.connection_pool._available_connections[0].is_connected


def test_second_event_loop_is_refused(scripted: Any) -> None:
    """Connections belong to the loop that opened them; what redis-py says to that is hard to read."""
    client = scripted()
    client.on(shared._LOAD, None)
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    asyncio.run(store.load(APP), debug=False)
    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(store.load(APP))
    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(limiter.acquire(APP, PATH, RateLimit(100, 1.0)))


async def test_share_through_opens_and_closes_a_client_of_its_own(redis_url: str) -> None:
    """Of the environment's URL nothing but the two parts and the way to close them is needed."""
    store, limiter, close = shared.share_through(redis_url)
    await store.save(APP, token())
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    assert store._link is limiter._link, "both know of the same outage"
    await close()
    with pytest.raises(ValueError, match=r"this is no redis://, rediss:// or unix:// URL") as caught:
        shared.share_through("http://:password@x")
    assert "password" not in str(caught.value)
