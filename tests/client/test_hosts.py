"""Two hosts: the second is for disasters, and one closed connection is none."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver

from wxunion_async import (
    AccessToken,
    CallFinishedEvent,
    ExternalTokenSource,
    HostChangedEvent,
    RetryPolicy,
    TransportError,
    UnionClient,
    UnionConfig,
    UnionError,
)
from wxunion_async._hosts import Hosts

from .raw import DONE, RawServer, done, http

Until = Callable[[Callable[[], object]], Awaitable[None]]
A, B = "http://a.test", "http://b.test"
CUT = TransportError("cut")


async def a_token() -> AccessToken:
    """Be a central token server."""
    return AccessToken("a-token-from-elsewhere", time.time() + 7200)


@contextlib.asynccontextmanager
async def client_of(*urls: str, token_at_hand: bool = True, **settings: Any) -> AsyncGenerator[UnionClient]:
    """Make a client of several hosts."""
    plug_ins = {name: settings.pop(name) for name in ("session", "on_event") if name in settings}
    source = ExternalTokenSource(a_token) if token_at_hand else None
    config = UnionConfig(base_urls=urls, **settings)
    async with UnionClient("wx", "s3cret-s3cret", config=config, token_source=source, **plug_ins) as client:
        yield client


async def black_hole(server: RawServer, head: str) -> bytes:
    """Accept and never answer."""
    await asyncio.sleep(3600)
    return b""


async def results(client: UnionClient, count: int) -> Counter[str]:
    """Make so many calls at once and count how they ended."""

    async def one(number: int) -> str:
        try:
            await client.target.apply_status(str(number))
        except UnionError as error:
            return type(error).__name__
        return "ok"

    return Counter(await asyncio.gather(*(one(number) for number in range(count))))


def refusing() -> str:
    """Return a base URL where nobody listens."""
    return "http://127.0.0.1:1"


# ── decisions, without I/O ───────────────────────────────────────────────────────────────────────────────────────────


def hosts(changes: list[tuple[str, str]] | None = None) -> Hosts:
    """Return two hosts in good health."""
    return Hosts((A, B), lambda old, new, error: None if changes is None else changes.append((old, new)))


@pytest.mark.parametrize(
    ("refused", "fresh", "answered_at", "demoted"),
    [
        (True, True, None, True),
        (True, True, 5.0, True),
        (False, True, None, True),
        (False, True, 0.5, True),
        (False, True, 5.0, False),
        (False, False, None, False),
    ],
)
def test_what_demotes_a_host(refused: bool, fresh: bool, answered_at: float | None, demoted: bool) -> None:
    """A refusal, or silence on a fresh connection while nobody else had an answer since the attempt began."""
    two = hosts()
    if answered_at is not None:
        two.answered(A, answered_at)
    two.failed(A, 10.0, CUT, began=1.0, refused=refused, fresh=fresh)
    assert two.demoted(A) is demoted
    assert two.choose(11.0) == (B if demoted else A)


def test_one_probe_a_minute_and_the_others_follow_its_answer() -> None:
    """A host that is dead must not cost more than one attempt a minute, one that lives again is used again."""
    changes: list[tuple[str, str]] = []
    two = hosts(changes)
    two.failed(A, 0.0, CUT, began=0.0, refused=True, fresh=True)
    assert [two.choose(now) for now in (1.0, 59.0, 60.0, 60.0, 119.0, 120.0)] == [B, B, A, B, B, A]
    two.failed(A, 125.0, CUT, began=120.0, refused=True, fresh=True)
    assert two.choose(126.0) == B
    assert two.choose(181.0) == A
    two.answered(A, 181.5)
    assert two.choose(182.0) == two.choose(183.0) == A
    assert changes == [(A, B), (B, A)]


def test_if_all_are_demoted_the_order_counts_and_a_call_goes_round() -> None:
    """There is nothing better to do than to ask them in turn."""
    two = hosts()
    for host in (A, B):
        two.failed(host, 0.0, CUT, began=0.0, refused=True, fresh=True)
    assert [two.choose(1.0, tried) for tried in ([], [A], [A, B], [A, B, A])] == [A, B, A, B]
    assert two.untried([A])
    assert not two.untried([A, B])


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("token_at_hand", [True, False])
async def test_a_host_that_refuses_costs_nothing(token_at_hand: bool, caplog: pytest.LogCaptureFixture) -> None:
    """250 of 300 calls failed, and the budget was gone: nothing had been sent, and another host was there."""
    events: list[object] = []
    caplog.set_level("INFO")
    async with RawServer() as spare:
        policy = RetryPolicy(max_attempts=1, budget=7)
        async with client_of(
            refusing(), spare.url, token_at_hand=token_at_hand, retry=policy, on_event=events.append
        ) as client:
            assert await results(client, 60) == {"ok": 60}
            assert client.stats().budget_left == 7
            assert client.stats().host == spare.url
    assert f"{refusing()}: new attempts go to {spare.url}" in caplog.messages
    assert {event.attempts for event in events if isinstance(event, CallFinishedEvent)} == {1}
    changes = [event for event in events if isinstance(event, HostChangedEvent)]
    assert [(change.old, change.new) for change in changes] == [(refusing(), spare.url)]
    assert isinstance(changes[0].error, TransportError)


@pytest.mark.untraced
@pytest.mark.parametrize(("token_at_hand", "count", "least"), [(False, 150, 0.95), (True, 150, 0.6)])
async def test_a_black_hole_is_left_after_the_first_timeout(
    token_at_hand: bool, count: int, least: float, until: Until
) -> None:
    """The host is chosen when the attempt begins: those in line go to the one that lives."""
    # A loop that stands still for longer than an attempt may take has the host that lives left, too.
    settings: dict[str, Any] = {"attempt_timeout": 1.5, "call_timeout": 15, "retry": RetryPolicy(base_delay=0.01)}
    async with RawServer(black_hole) as dead, RawServer() as spare:
        async with client_of(dead.url, spare.url, token_at_hand=token_at_hand, **settings) as client:
            calls = asyncio.create_task(results(client, count))
            await until(lambda: client.stats().host == spare.url)
            await asyncio.sleep(0.1)  # what was under way to it has come
            seen = len(dead.heads)
            found = await calls
            assert found["ok"] >= least * count
            assert len(dead.heads) == seen, "nothing but a probe a minute is sent there"
            assert await results(client, 20) == {"ok": 20}
            assert len(dead.heads) == seen


async def test_one_slow_answer_among_others_moves_nothing() -> None:
    """A host that answers everybody else is in good health."""

    async def slow_for_one(server: RawServer, head: str) -> bytes:
        if "planId=3" in head and len([seen for seen in server.heads if "planId=3" in seen]) == 1:
            await asyncio.sleep(1.0)
        return await done(server, head)

    async with RawServer(slow_for_one) as server, RawServer() as spare:
        settings: dict[str, Any] = {"attempt_timeout": 0.3, "retry": RetryPolicy(base_delay=0.01)}
        async with client_of(server.url, spare.url, **settings) as client:
            await results(client, 1)
            slow = asyncio.create_task(client.target.apply_status("3"))
            for _ in range(5):
                await asyncio.sleep(0.05)
                await client.target.apply_status("1")
            await slow
            assert client.stats().host == server.url
            assert spare.heads == []


async def test_a_kept_connection_that_the_peer_closes_moves_nothing() -> None:
    """All traffic moved to the disaster-recovery host, and stayed there while there was traffic."""

    async def hang_up_on_the_second(server: RawServer, head: str) -> bytes | None:
        return None if len(server.heads) == 2 else http(DONE)

    async with RawServer(hang_up_on_the_second) as server, RawServer() as spare:
        async with client_of(server.url, spare.url, retry=RetryPolicy(base_delay=0.01)) as client:
            for number in range(4):
                await client.target.apply_status(str(number))
            assert client.stats().host == server.url
            assert spare.heads == []


async def test_a_deadline_shorter_than_the_attempt_finds_the_dead_host_too() -> None:
    """With ``call_timeout`` below ``attempt_timeout`` no attempt ever ran into its own limit."""
    async with RawServer(black_hole) as dead, RawServer() as spare:
        async with client_of(dead.url, spare.url, call_timeout=1.2) as client:
            assert await results(client, 3) == {"DeadlineExceededError": 3}
            assert await results(client, 3) == {"ok": 3}


async def test_a_caller_who_gives_up_soon_says_nothing_about_the_host(until: Until) -> None:
    """A web request that its browser left after a moment moved all traffic to the other data centre."""
    async with RawServer(black_hole) as server, RawServer() as spare:
        async with client_of(server.url, spare.url) as client:
            task = asyncio.create_task(client.target.apply_status("1"))
            await until(lambda: server.heads)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert client.stats().host == server.url


class _Resolver(AbstractResolver):
    """Lets the first wait for its address; the others are sent to a port where nobody listens."""

    def __init__(self) -> None:
        self.asked = 0
        self.go_on = asyncio.Event()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        self.asked += 1
        first = self.asked == 1
        if first:
            await self.go_on.wait()
        port = port if first else 1
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


async def test_a_host_that_is_left_while_a_call_connects_is_not_sent_to(until: Until) -> None:
    """What the others have learnt of it holds for this call, too; nothing was sent, so it goes to the next for nothing."""
    resolver = _Resolver()
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)
    async with RawServer() as server, RawServer() as spare, aiohttp.ClientSession(connector=connector) as session:
        named = server.url.replace("127.0.0.1", "slow.test")
        once = RetryPolicy(max_attempts=1)
        async with client_of(named, spare.url, session=session, retry=once) as client:
            task = asyncio.create_task(client.target.apply_status("1"))
            await until(lambda: resolver.asked)
            await client.target.apply_status("2")
            assert client.stats().host == spare.url
            resolver.go_on.set()
            await task
            assert [len(host.heads) for host in (server, spare)] == [0, 2]


async def test_the_first_host_is_used_again_when_its_probe_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traffic goes home a minute later."""
    async with RawServer() as server, RawServer() as spare, client_of(server.url, spare.url) as client:
        loop = asyncio.get_running_loop()
        true_time = loop.time
        client._session.hosts.failed(server.url, true_time(), CUT, began=0.0, refused=True, fresh=True)
        await client.target.apply_status("1")
        assert (len(server.heads), len(spare.heads)) == (0, 1)
        monkeypatch.setattr(loop, "time", lambda: true_time() + 61)
        async with client_of(server.url, spare.url) as later:  # binds to the moved clock
            later._session.hosts.failed(server.url, true_time(), CUT, began=0.0, refused=True, fresh=True)
            for number in range(3):
                await later.target.apply_status(str(number))
            assert later.stats().host == server.url
    assert (len(server.heads), len(spare.heads)) == (3, 1)
