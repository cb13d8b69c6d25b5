"""What the Redis store has beyond the contract of all stores: keys, ends, lost answers, secrecy."""

import asyncio
import logging
import time
from itertools import pairwise
from typing import Any

import pytest
import redis as blocking_redis
import redis.asyncio
import redis.exceptions

from tests.redis.simulated import SimulatedRedis, SimulatedServer
from wxunion_async import AccessToken, ClientClosedError, RateLimit, _clock
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore, _link, share_through

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
    assert 2_000 < life[f"wxunion:{{{APP}}}:lease"] <= 3_000
    assert 5_000 <= life[f"mine:{{{APP}}}:pause:{PATH}"] <= 6_000
    assert 60_000 < life[f"mine:{{{APP}}}:rate:{PATH}"] <= 62_000


class Holder:
    """A process that fetches under a lease, and may be killed or frozen in the middle of it."""

    def __init__(self, server: SimulatedServer) -> None:
        self.client = SimulatedRedis(server)
        self.store = RedisTokenStore(self.client)
        self.held = asyncio.Event()
        self.go_on = asyncio.Event()
        self.task = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        async with self.store.lease(APP, 30.0):
            self.held.set()
            await self.go_on.wait()
            await self.store.save(APP, AccessToken("of the holder", 4e9))

    def freeze(self) -> None:
        """Do nothing from now on, as a process that was stopped or killed."""
        self.client.frozen = True


async def test_lease_is_kept_for_as_long_as_the_fetch_takes(virtual_time: Any, simulated: SimulatedServer) -> None:
    """It ends 3 s after its holder's last word, and he renews it in time; but not beyond what he asked for."""
    holder, begin = Holder(simulated), virtual_time.now
    await holder.held.wait()
    async with RedisTokenStore(SimulatedRedis(simulated)).lease(APP, 30.0):
        assert virtual_time.now - begin == pytest.approx(30.0, abs=0.5)
    holder.go_on.set()
    await holder.task
    assert await holder.store.load(APP) is None, "he has lost it"


async def test_killed_holder_costs_the_others_a_few_seconds(virtual_time: Any, simulated: SimulatedServer) -> None:
    """He gives nothing back, and cannot be asked."""
    holder = Holder(simulated)
    await holder.held.wait()
    await asyncio.sleep(1.7)
    holder.freeze()
    begin = virtual_time.now
    async with RedisTokenStore(SimulatedRedis(simulated)).lease(APP, 30.0):
        assert 2.0 < virtual_time.now - begin < 3.5
    holder.task.cancel()
    await asyncio.gather(holder.task, return_exceptions=True)


async def test_frozen_holder_who_comes_back_does_not_save(virtual_time: Any, simulated: SimulatedServer) -> None:
    """Another one has fetched since, and perhaps ended his token; nor does he take or give back the other's lease."""
    holder, other = Holder(simulated), RedisTokenStore(SimulatedRedis(simulated))
    await holder.held.wait()
    holder.freeze()
    async with other.lease(APP, 30.0):
        holder.client.frozen = False
        await asyncio.sleep(1.1)
        await holder.store.load(APP)  # by which he learns that Redis is there again
        holder.go_on.set()
        await holder.task
        third = asyncio.create_task(RedisTokenStore(SimulatedRedis(simulated)).lease(APP, 30.0).__aenter__())
        await asyncio.sleep(5.0)
        assert not third.done()
        third.cancel()
        await asyncio.gather(third, return_exceptions=True)
        await other.save(APP, AccessToken("of the other", virtual_time.wall + 100))
    found = await holder.store.load(APP)
    assert found is not None
    assert found.value == "of the other"
    simulated.trouble = redis.exceptions.ConnectionError("gone")
    assert await holder.store.load(APP) is None, "nor does his own serve him once Redis is down"


async def test_token_that_is_fetched_quickly_is_waited_for_briefly(
    virtual_time: Any, simulated: SimulatedServer
) -> None:
    """A request takes 30 ms; whoever waits for it looks again at once, and more seldom only later."""
    one, other = (RedisTokenStore(SimulatedRedis(simulated)) for _ in range(2))

    async def fetch() -> None:
        async with one.lease(APP, 30):
            await asyncio.sleep(0.03)

    task, begin = asyncio.create_task(fetch()), virtual_time.now
    await asyncio.sleep(0.005)
    async with other.lease(APP, 30):
        assert 0.03 < virtual_time.now - begin < 0.15
    await task


async def test_token_that_is_fetched_slowly_is_looked_for_a_few_times_a_second(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Of a hundred processes that wait, none shall keep Redis busy, nor learn half a second late that they may go on."""
    holder, store = Holder(simulated), RedisTokenStore(client)
    await holder.held.wait()
    claiming = asyncio.create_task(store.lease(APP, 30.0).__aenter__())
    asked: list[float] = []
    for _ in range(2000):
        before = client.commands
        await asyncio.sleep(0.01)
        asked += [virtual_time.now] * (client.commands - before)
    assert len(asked) < 20 / 0.15
    assert max(later - earlier for earlier, later in pairwise(asked)) < 0.45
    claiming.cancel()
    holder.task.cancel()
    await asyncio.gather(claiming, holder.task, return_exceptions=True)


async def test_lease_whose_renewals_are_lost_is_kept_if_redis_is_back_in_time(
    virtual_time: Any, simulated: SimulatedServer
) -> None:
    """An outage of a second is no reason to fetch twice."""
    holder = Holder(simulated)
    await holder.held.wait()
    simulated.trouble = redis.exceptions.ConnectionError("gone")
    await asyncio.sleep(1.0)
    simulated.trouble = None
    await asyncio.sleep(5.0)
    holder.go_on.set()
    await holder.task
    assert await holder.store.load(APP) is not None


async def test_whoever_waits_without_redis_goes_on_once_it_is_back(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """His process has fetched one directly a moment ago and may not again for a minute; nobody else has to wait so long."""
    store = RedisTokenStore(client)
    simulated.trouble = redis.exceptions.ConnectionError("gone")
    async with store.lease(APP, 30):
        begin = virtual_time.now
    asyncio.get_running_loop().call_later(5.0, setattr, simulated, "trouble", None)
    async with store.lease(APP, 30):
        assert 5.0 < virtual_time.now - begin < 6.5


async def test_lease_that_ends_in_an_outage_leaves_no_task_behind(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """Nothing is asked then that would give its renewal the time to end."""
    store = RedisTokenStore(client)
    async with store.lease(APP, 30):
        simulated.trouble = redis.exceptions.ConnectionError("gone")
        await store.load(APP)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_lease_whose_answer_was_lost_is_gained_by_asking_again(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis
) -> None:
    """The SET was carried out, but the process never heard of it: it knows its own mark."""
    store, begin = RedisTokenStore(client), virtual_time.now
    await store.load(APP)
    client.lost_answers = 1
    async with asyncio.timeout(2.0), store.lease(APP, 30):
        assert virtual_time.now - begin < 1.5


@pytest.mark.parametrize("back", [0.1, 0.001], ids=["as slow", "by a quicker way"])
async def test_claim_of_a_caller_who_left_is_given_back(
    virtual_time: Any, simulated: SimulatedServer, client: SimulatedRedis, back: float
) -> None:
    """It is carried out all the same, after he has gone; what gives it back must not overtake it."""
    store = RedisTokenStore(client)
    await store.load(APP)
    client.trip = 0.1
    claiming = asyncio.create_task(store.lease(APP, 30.0).__aenter__())
    await asyncio.sleep(0.02)
    claiming.cancel()
    client.trip = back
    await asyncio.gather(claiming, return_exceptions=True)
    await asyncio.sleep(0.2)
    assert f"wxunion:{{{APP}}}:lease" not in simulated.data


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", "令牌".encode("gbk")])
@pytest.mark.parametrize("decode", [False, True])
async def test_stored_value_that_is_no_token_is_as_absent(
    redis_url: str, connect: Any, admin: Any, raw: bytes, decode: bool
) -> None:
    """Somebody else has written it; the next token replaces it."""
    store = RedisTokenStore(connect(redis_url, decode_responses=decode))
    admin.set(f"wxunion:{{{APP}}}:token", raw, px=3_600_000)
    assert await store.load(APP) is None
    await store.save(APP, token())
    found = await store.load(APP)
    assert found is not None
    assert found.value == VALUE


async def test_token_of_any_text_goes_through_a_client_of_any_encoding(redis_url: str, connect: Any) -> None:
    """An external source may issue what it likes, and a client may have been given another encoding."""
    await RedisTokenStore(connect(redis_url, encoding="gbk", decode_responses=True)).save(APP, token("令牌 é\n"))
    found = await RedisTokenStore(connect(redis_url)).load(APP)
    assert found is not None
    assert found.value == "令牌 é\n"


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


@pytest.mark.parametrize("life", [0.0005, 0.0, -0.0005, -0.0015, -100.0])
async def test_token_that_has_ended_is_not_sent_to_redis(
    store: RedisTokenStore, monkeypatch: pytest.MonkeyPatch, life: float
) -> None:
    """Redis refuses an end that is over, and whoever is refused takes it for down; it counts in milliseconds."""
    told: list[object] = []
    store.watch(told.append)
    assert await store.load(APP) is None
    now = time.time()
    monkeypatch.setattr(_clock, "wall_time", lambda: now)
    await store.save(APP, AccessToken(VALUE, now + life))
    assert await store.load(APP) is None
    await asyncio.sleep(0)
    assert told == []


@pytest.mark.usefixtures("patient")
async def test_cluster_takes_all_scripts(cluster: Any) -> None:
    """A cluster refuses a script whose keys are not on one node."""
    with cluster.admin() as admin:
        while admin.execute_command("CLUSTER INFO")["cluster_state"] != "ok":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with redis.asyncio.RedisCluster(host="127.0.0.1", port=cluster.port) as client:
        await client.initialize()
        store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
        async with store.lease(APP, 30):
            await store.save(APP, token())
        assert await store.load(APP) is not None
        await store.discard(APP, VALUE)
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
        await limiter.pause(APP, PATH, 0.05)
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
        with cluster.admin() as admin:
            assert admin.dbsize() == 2
        await limiter.aclose()


# ── what nobody may see ──────────────────────────────────────────────────────────────────────────────────────────────


def test_reprs_show_the_prefix_only() -> None:
    """They end up in logs; the client's own would show its password."""
    client = redis.asyncio.Redis()
    assert repr(RedisTokenStore(client, "mine")) == "RedisTokenStore(prefix='mine')"
    assert repr(RedisRateLimiter(client)) == "RedisRateLimiter(prefix='wxunion', local_share=0.25)"


async def test_refused_command_shows_no_token(
    own_redis: Any, connect: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis quotes the arguments of a command that it does not know: "with args beginning with: …"."""
    caplog.set_level(logging.DEBUG)
    client = connect(own_redis.url)
    store = RedisTokenStore(client)
    await store.load(APP)
    quoted: list[str] = []
    execute = client.execute_command

    async def through_a_proxy(*args: Any, **options: Any) -> Any:
        try:
            return await execute(*("NO_SUCH_COMMAND", *args[1:]), **options)
        except blocking_redis.ResponseError as error:
            quoted.append(str(error))
            raise

    client.execute_command = through_a_proxy
    down: list[_link.DownError] = []

    def keep(error: _link.DownError) -> None:
        down.append(error)

    monkeypatch.setattr(_link.DownError, "__init__", keep)
    await store.save(APP, token())
    await store.discard(APP, VALUE)
    assert VALUE in quoted[0], "that it is quoted is why this matters"
    assert "Redis cannot be used (refused: a command is unknown there)" in caplog.text
    assert VALUE not in caplog.text
    assert down
    assert not any(error.__cause__ or error.__context__ for error in down)


# ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("build", [RedisTokenStore, RedisRateLimiter])
def test_wrong_arguments_are_named(build: Any) -> None:
    """A blocking client would only fail in the first call."""
    with pytest.raises(TypeError, match=r"redis must be a redis.asyncio client, not redis.client.Redis"):
        build(blocking_redis.Redis())
    with pytest.raises(TypeError, match="prefix must be a str, not int"):
        build(redis.asyncio.Redis(), 1)
    for prefix in ("", "a{b", "}"):
        with pytest.raises(ValueError, match="prefix must not be empty or hold a brace"):
            build(redis.asyncio.Redis(), prefix)


async def test_client_of_the_user_is_not_closed(redis_url: str, connect: Any) -> None:
    """It may serve other parts of the program."""
    client = connect(redis_url)
    limiter = RedisRateLimiter(client)
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    await limiter.aclose()
    assert len(client.connection_pool._available_connections) == 1
    assert client.connection_pool._available_connections[0].is_connected


def test_second_event_loop_is_refused() -> None:
    """Connections belong to the loop that opened them; what redis-py says to that is hard to read."""
    client = redis.asyncio.Redis(port=1)
    store, limiter = RedisTokenStore(client), RedisRateLimiter(client)
    asyncio.run(store.load(APP))
    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(store.load(APP))
    with pytest.raises(RuntimeError, match="another event loop"):
        asyncio.run(limiter.acquire(APP, PATH, RateLimit(100, 1.0)))

    async def pause() -> float:
        with pytest.raises(RuntimeError, match="another event loop"):
            await limiter.pause(APP, PATH, 10.0)
        return limiter.paused_for(APP, PATH)

    assert asyncio.run(pause()) == 0.0, "what is refused changes nothing"


async def test_share_through_leaves_no_task_behind() -> None:
    """A Redis that hangs keeps a probe waiting, which the store may have begun."""

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    async with await asyncio.start_server(hang, "127.0.0.1") as server:
        store, _, close = share_through(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
        assert await store.load(APP) is None
        await close()
        ours = [task for task in asyncio.all_tasks() if task.get_name().startswith("wxunion_async")]
        gone.set()
        assert ours == []


async def test_share_through_opens_and_closes_a_client_of_its_own(redis_url: str) -> None:
    """Of the environment's URL nothing but the two parts and the way to close them is needed."""
    store, limiter, close = share_through(redis_url)
    await store.save(APP, token())
    await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    assert store._access.link is limiter._access.link, "both know of the same outage"
    await close()
    with pytest.raises(ClientClosedError):
        await limiter.acquire(APP, PATH, RateLimit(100, 1.0))
    with pytest.raises(ValueError, match=r"this is no redis://, rediss:// or unix:// URL") as caught:
        share_through("http://:password@x")
    assert "password" not in str(caught.value)
    with pytest.raises(ValueError, match="local_share must be above 0 and at most 1, not 7"):
        share_through(redis_url, 7)
    _, limiter, close = share_through(redis_url, local_share=0.5)
    assert repr(limiter) == "RedisRateLimiter(prefix='wxunion', local_share=0.5)"
    await close()
