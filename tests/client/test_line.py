"""Who goes next on the wire: nothing that ages is held, nobody overtakes, nobody starves."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver

from wxunion_async import (
    AccessToken,
    ApplyStatusRequest,
    ExternalTokenSource,
    LocalRateLimiter,
    Outcome,
    RateLimit,
    RateLimitedError,
    RetryPolicy,
    UnionClient,
    UnionConfig,
)
from wxunion_async.testing import FakeUnionServer, Fault

from .raw import DONE, TOKEN, RawServer, done, http

Until = Callable[[Callable[[], object]], Awaitable[None]]
STATUS = "/union/promoter/target/apply_status"
PLAN_INFO = "/union/promoter/target/plan_info"


async def a_token() -> AccessToken:
    """Be a central token server."""
    return AccessToken("a-token-from-elsewhere", time.time() + 7200)


@asynccontextmanager
async def client_of(server: RawServer, limit: RateLimit | None = None, **settings: Any) -> AsyncGenerator[UnionClient]:
    """Make a client whose token is at hand and who does not wait between attempts."""
    plug_ins = {name: settings.pop(name) for name in ("session", "rate_limiter", "on_event") if name in settings}
    settings.setdefault("retry", RetryPolicy(base_delay=0.0))
    if limit is not None:
        settings["rate_limits"] = {STATUS: limit}
    config = UnionConfig(base_urls=(server.url,), **settings)
    source = ExternalTokenSource(a_token)
    async with UnionClient("wx-app", "s3cret-s3cret", config=config, token_source=source, **plug_ins) as client:
        yield client


async def status(client: UnionClient, number: int = 1) -> object:
    """Make one call on the path that is limited."""
    return await client.target.apply_status(str(number))


# ── connections that die during a wait ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("limit", [RateLimit(1, 1.0), RateLimit(1, 1.5), RateLimit(2, 2.4, burst=1)], ids=repr)
async def test_a_peer_that_closes_idle_connections_costs_nothing(limit: RateLimit) -> None:
    """It gives them up long before the next permit: 3 of 4 calls failed, and the host was blamed."""
    async with RawServer(idle=0.5) as server, client_of(server, limit, retry=RetryPolicy(max_attempts=1)) as client:
        outcomes = await client.gather([ApplyStatusRequest(plan_id=str(number)) for number in range(2)])
        stats = client.stats()
        assert [outcome.error for outcome in outcomes] == [None] * 2
        assert [outcome.attempts for outcome in outcomes] == [1] * 2
        assert (stats.permits_used, stats.budget_left) == (2, 50)
        assert len(server.calls()) == 2


async def test_a_connection_given_up_at_once_is_tried_again_and_costs_no_permit(until: Until) -> None:
    """The peer is restarted while those in line hold connections: they keep their places and connect anew."""
    limiter = LocalRateLimiter()
    async with RawServer() as server, client_of(server, RateLimit(5, 1.0, burst=1), rate_limiter=limiter) as client:
        await status(client)
        tasks = [asyncio.create_task(status(client, number)) for number in range(3)]
        await until(lambda: client.stats().open_connections >= 2)
        assert client.stats().waiting[STATUS] > 0, "with a connection they still wait"
        for task in list(server._tasks):
            task.cancel()
        await asyncio.gather(*tasks)
        assert client.stats().budget_left == 50
        assert sorted(head.split("planId=")[1][0] for head in server.calls()[1:]) == ["0", "1", "2"]
        assert client.stats().attempts == 4


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def limited(second: int) -> bytes:
    """Answer a 45011 at this second of the service's minute."""
    body = b'{"errcode":45011,"errmsg":"api minute-quota reach limit"}'
    return http(body, f"Date: Wed, 25 Nov 2026 09:00:{second:02} GMT")


async def test_a_pause_sends_those_with_a_connection_back_for_nothing() -> None:
    """They held connections until the peer's patience was over: 32 of 60 failed with one attempt each."""

    async def answer(server: RawServer, head: str) -> bytes:
        return limited(59) if len(server.calls()) == 8 else http(DONE)

    limit = RateLimit(30, 1.0)
    settings: dict[str, Any] = {"retry": RetryPolicy(max_attempts=1), "call_timeout": 20}
    async with RawServer(answer, idle=1.0) as server, client_of(server, limit, **settings) as client:
        await asyncio.gather(*(status(client, number) for number in range(40)))
        assert client.stats().budget_left == 50
        assert len(server.calls()) == 41


async def test_a_paused_path_leaves_all_connections_to_the_others(make: Any, server: FakeUnionServer) -> None:
    """Four paused paths with 25 waiting calls each held every connection until the minute was over."""
    paths = [f"/union/promoter/made/up_{number}" for number in range(4)]
    client = await make(config=UnionConfig(max_connections=4, call_timeout=30))
    for path in (STATUS, *paths):
        await client._session.limiter.pause(server.promoter.app_id, path, 20)
    waiting = [asyncio.create_task(status(client, number)) for number in range(50)]
    await asyncio.sleep(0.05)
    async with asyncio.timeout(2):
        await asyncio.gather(*(client.target.plan_info(server.plan.invitation_url) for _ in range(8)))
    assert client.stats().open_connections <= 4
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_pause_ends_waits_that_are_too_short_for_it_in_every_client_of_the_process(until: Until) -> None:
    """They waited to their deadline, and the cause was lost."""
    limiter, slow = LocalRateLimiter(), RateLimit(1, 5.0)

    async def answer(server: RawServer, head: str) -> bytes:
        await asyncio.sleep(0.1)
        return limited(0)

    async with (
        RawServer(answer) as server,
        client_of(server, slow, rate_limiter=limiter) as one,
        client_of(server, slow, rate_limiter=limiter) as other,
    ):
        first = asyncio.create_task(status(one))
        await until(lambda: server.calls())
        waiting = [asyncio.create_task(status(client)) for client in (one, one, other, other)]
        begin = time.monotonic()
        for task in (first, *waiting):
            with pytest.raises(RateLimitedError) as caught:
                await task
            assert "elsewhere" not in str(caught.value), "it was told, and did not have to look"
            assert caught.value.retry_after is not None
            assert caught.value.retry_after > 55
        assert time.monotonic() - begin < 2
        assert len(server.calls()) == 1


async def test_a_pause_that_somebody_else_began_is_noticed_within_a_second(until: Until) -> None:
    """Another process may have been refused; the limiter knows, and nobody tells."""
    limiter = LocalRateLimiter()
    async with RawServer() as server, client_of(server, RateLimit(1, 9.0), rate_limiter=limiter) as client:
        await status(client)
        waiting = asyncio.create_task(status(client))
        await until(lambda: client.stats().waiting == {STATUS: 1})
        await limiter.pause("wx-app", STATUS, 60)
        with pytest.raises(RateLimitedError, match="elsewhere"):
            async with asyncio.timeout(1):
                await waiting


async def test_a_pause_that_begins_while_a_call_connects_sends_it_back(until: Until) -> None:
    """It would hold its connection through the pause, or send into it."""
    limiter, connecting = LocalRateLimiter(), asyncio.Event()

    class Resolver(Slow):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
            connecting.set()
            await asyncio.sleep(0.2)
            return await super().resolve(host, port, family)

    async with RawServer() as server, session_of(server, Resolver()) as session:
        async with client_of(server, RateLimit(50, 1.0), rate_limiter=limiter, session=session) as client:
            task = asyncio.create_task(status(client))
            await connecting.wait()
            await limiter.pause("wx-app", STATUS, 0.5)
            begin = time.monotonic()
            await task
            assert time.monotonic() - begin > 0.45
            assert len(server.calls()) == 1


async def test_a_hundred_refusals_do_not_walk_the_line_a_hundred_times() -> None:
    """With 10,000 calls in line one turn of the loop took 623 ms."""
    async with RawServer() as server, client_of(server, RateLimit(1, 3600.0), call_timeout=300) as client:
        await status(client)
        waiting = [asyncio.create_task(status(client, number)) for number in range(3000)]
        await asyncio.sleep(0.3)
        line = client._session.lines[STATUS]
        calls = 0

        def count(frame: Any, event: str, arg: object) -> None:
            nonlocal calls
            calls += event == "call"

        await client._session.limiter.pause("wx-app", STATUS, 60)
        profile = sys.getprofile()
        sys.setprofile(count)
        try:
            for _ in range(100):
                line.look_for_pause("too many")
        finally:
            sys.setprofile(profile)
        assert calls < 30_000, "ten calls a place would be three million"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_single_call_goes_before_bulk_items() -> None:
    """A person waits for it; 150 items of three runs stood before it."""
    interval = 0.1
    async with RawServer() as server, client_of(server, RateLimit(10, 1.0, burst=1)) as client:

        async def bulk(first: int) -> list[Outcome[Any]]:
            requests = [ApplyStatusRequest(plan_id=str(number)) for number in range(first, first + 50)]
            return await client.gather(requests, max_at_once=50)

        runs = [asyncio.create_task(bulk(100 * number)) for number in range(1, 4)]
        await asyncio.sleep(0.35)
        begin = time.monotonic()
        await status(client, 7)
        assert time.monotonic() - begin < 2 * interval + 0.08
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)


async def test_bulk_gets_one_permit_in_eight_behind_a_flood_of_single_calls() -> None:
    """Else a busy web app would stop the nightly job for good."""
    async with RawServer() as server, client_of(server, RateLimit(80, 1.0, burst=1)) as client:
        singles = [asyncio.create_task(status(client, 1)) for _ in range(160)]
        items = [ApplyStatusRequest(plan_id="2") for _ in range(40)]
        run = asyncio.create_task(client.gather(items, max_at_once=20))
        await asyncio.sleep(1.2)
        sent = [head.split("planId=")[1][0] for head in server.calls()]
        assert 1 / 8 * 0.7 < sent.count("2") / len(sent) < 1 / 8 * 1.5
        run.cancel()
        for task in singles:
            task.cancel()
        await asyncio.gather(run, *singles, return_exceptions=True)


async def test_slow_answers_do_not_narrow_the_line(until: Until) -> None:
    """A second's permits and more are under way at once; the gate stands before the permit only."""
    answers = asyncio.Event()

    async def slow(server: RawServer, head: str) -> bytes:
        await answers.wait()
        return http(DONE)

    async with RawServer(slow) as server, client_of(server, RateLimit(100, 0.5), max_connections=200) as client:
        tasks = [asyncio.create_task(status(client, number)) for number in range(150)]
        await until(lambda: len(server.calls()) == 150)
        answers.set()
        await asyncio.gather(*tasks)


async def test_a_path_without_a_real_limit_uses_all_connections(until: Until) -> None:
    """Few may wait with a connection, but here nobody waits."""

    async def slow(server: RawServer, head: str) -> bytes:
        await asyncio.sleep(0.3)
        return http(DONE)

    async with RawServer(slow) as server, client_of(server, RateLimit(1_000_000, 1.0), max_connections=60) as client:
        tasks = [asyncio.create_task(status(client, number)) for number in range(90)]
        await until(lambda: len(server.calls()) == 60)
        await asyncio.gather(*tasks)
        assert server.connections == 60


@pytest.mark.untraced
async def test_thousands_of_calls_at_once_end_well() -> None:
    """A burst of a whole catalogue is a wait, not a failure."""
    async with RawServer() as server, client_of(server, RateLimit(100_000, 1.0), call_timeout=120) as client:
        await asyncio.gather(*(status(client, number) for number in range(3_000)))
        assert client.stats().permits_used == 3_000


# ── slow connecting ──────────────────────────────────────────────────────────────────────────────────────────────────


class Slow(AbstractResolver):
    """Takes its time to resolve ``slow.test``, and so do all new connections."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        await asyncio.sleep(self.seconds)
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def session_of(
    server: RawServer, resolver: AbstractResolver, *, keep: bool = True
) -> AsyncGenerator[aiohttp.ClientSession]:
    """Make a session that reaches ``server`` as slow.test."""
    server.url = server.url.replace("127.0.0.1", "slow.test")
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=0, force_close=not keep)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


async def share_while_connecting(*, keep: bool) -> float:
    """Return the share of 50 a second that is used when a connection takes 300 ms; fails if more than that is sent."""
    times: list[float] = []

    async def note(server: RawServer, head: str) -> bytes:
        times.append(time.monotonic())
        return await done(server, head)

    async with RawServer(note) as server, session_of(server, Slow(0.3), keep=keep) as session:
        async with client_of(server, RateLimit(50, 1.0), session=session) as client:
            tasks = [asyncio.create_task(status(client, number)) for number in range(150)]
            await asyncio.sleep(0.7)
            before, begin = len(times), time.monotonic()
            await asyncio.sleep(1.5)
            share = (len(times) - before) / (50 * (time.monotonic() - begin))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    assert all(later - earlier >= 0.95 for earlier, later in zip(times, times[50:], strict=False))
    return share


async def test_slow_connecting_neither_delays_nor_bunches_sends() -> None:
    """Those whose permit is due soon connect ahead, whether connections are kept or closed."""
    kept = closed = 0.0
    for _ in range(5):  # a busy machine may spoil the share, but never the limit
        kept, closed = await asyncio.gather(share_while_connecting(keep=True), share_while_connecting(keep=False))
        if kept >= 0.95 and closed >= 0.9:
            return
    pytest.fail(f"{kept:.2f} and {closed:.2f} of the limit were used")


async def test_a_stalled_loop_does_not_bunch_sends() -> None:
    """After 1.2 s of somebody's computation the bucket is full, and no fuller."""
    times: list[float] = []

    async def note(server: RawServer, head: str) -> bytes:
        times.append(time.monotonic())
        return http(DONE)

    async with RawServer(note) as server, client_of(server, RateLimit(50, 1.0)) as client:
        tasks = [asyncio.create_task(status(client, number)) for number in range(90)]
        await asyncio.sleep(0.3)
        time.sleep(1.2)  # noqa: ASYNC251 - this is what is meant
        await asyncio.gather(*tasks)
    assert all(later - earlier >= 0.95 for earlier, later in zip(times, times[50:], strict=False))


# ── the token ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_holds_a_connection_while_a_token_is_fetched(until: Until) -> None:
    """The refused token is replaced once for all, and those in line take the new one before their permit."""
    fetched = asyncio.Event()

    async def answer(server: RawServer, head: str) -> bytes:
        if "/cgi-bin/" in head.split("\r\n")[0]:
            if len(server.heads) > 1:
                await fetched.wait()
            return http(TOKEN.replace(b"a-token", b"token-%d" % len(server.heads)))
        old = "access_token=token-1-" in head
        return http(b'{"errcode":40001,"errmsg":"invalid credential"}' if old and "plan_info" in head else DONE)

    limit = RateLimit(5, 1.0, burst=1)
    async with RawServer(answer) as server:
        config = UnionConfig(base_urls=(server.url,), rate_limits={STATUS: limit}, retry=RetryPolicy(base_delay=0.0))
        async with UnionClient("wx-app", "s3cret-s3cret", config=config) as client:
            await status(client)
            waiting = [asyncio.create_task(status(client, number)) for number in range(2)]
            await until(lambda: client.stats().waiting)
            refused = asyncio.create_task(client.target.plan_info("https://x"))
            await until(lambda: client.stats().token_age is None)
            await asyncio.sleep(0.3)
            sent = len(server.calls())
            fetched.set()
            with pytest.raises(Exception, match="targetPlanInfo"):
                await refused
            await asyncio.gather(*waiting)
            assert all("access_token=token-1-" not in head for head in server.calls()[sent:])
            assert client.stats().budget_left == 50


async def test_a_fault_in_flight_gives_the_slot_back(make: Any, server: FakeUnionServer) -> None:
    """With one connection, whatever a failed call kept would block the next for good."""
    client = await make(config=UnionConfig(max_connections=1, retry=RetryPolicy(max_attempts=1)))
    for fault in (Fault(status=500), Fault(reset=True), Fault(errcode=1)):
        server.fail(PLAN_INFO, fault)
        with pytest.raises(Exception, match=r"."):
            await client.target.plan_info(server.plan.invitation_url)
    await client.target.plan_info(server.plan.invitation_url)
