"""The token: fetched once for all, refreshed ahead, replaced when refused, shared through a store; never a loop."""

import asyncio
import contextlib
import gc
import logging
import math
import operator
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from wxunion_async import (
    AccessToken,
    ClientClosedError,
    CredentialError,
    Credentials,
    ExternalTokenSource,
    IPNotAllowedError,
    MemoryTokenStore,
    PermissionDeniedError,
    PlainTokenSource,
    QuotaExhaustedError,
    RetryPolicy,
    Secret,
    StableTokenSource,
    TokenCall,
    TokenError,
    TokenRefreshedEvent,
    TokenStore,
    TransportError,
)
from wxunion_async._alarm import Alarm
from wxunion_async._token_manager import TokenManager
from wxunion_async.errors import HttpStatusError
from wxunion_async.testing import FakeUnionServer, Fault

APP = "wx-app"
CREDENTIALS = Credentials(APP, Secret("s3cret"))
STABLE, PLAIN, QUOTA = "/cgi-bin/stable_token", "/cgi-bin/token", "/cgi-bin/openapi/quota/get"
TIMEOUT = 30.0

Answer = str | AccessToken | Exception


class Script:
    """A token source that answers what it is told to: a token's name, which lives 7,200 s, or an error."""

    def __init__(self, time: Any, *answers: Answer, delay: float = 0.0, can_force: bool = True) -> None:
        self.can_force = can_force
        self.answers = list(answers)
        self.calls: list[tuple[float, bool]] = []
        self.delay = delay
        self._time = time

    async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
        self.calls.append((self._time.now, force))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await asyncio.sleep(self.delay)
        if isinstance(answer, Exception):
            raise answer
        return AccessToken(answer, self._time.wall + 7200) if isinstance(answer, str) else answer

    @property
    def forced(self) -> list[bool]:
        return [force for _, force in self.calls]


class Desk:
    """A manager with all that it works with."""

    def __init__(self, source: Any, store: Any = None) -> None:
        self.source = source
        self.store: Any = store or MemoryTokenStore()
        self.events: list[Any] = []
        self.dropped = 0
        network: Any = no_network
        self.manager = TokenManager(CREDENTIALS, source, self.store, network, TIMEOUT, self.events.append, self._drop)

    def _drop(self) -> None:
        self.dropped += 1

    async def value(self) -> str:
        return (await self.manager.get()).value

    async def refuse(self, value: str) -> str | None:
        token = await self.manager.replace(AccessToken(value, 0))
        return token.value if token else None

    async def stored(self) -> str | None:
        token: AccessToken | None = await self.store.load(APP)
        return token.value if token else None


async def no_network(*args: Any, **kwargs: Any) -> AccessToken:
    """Be the ``TokenCall`` of a manager whose source asks nobody."""
    raise AssertionError("these sources need no network")


async def turns(count: int = 5) -> None:
    """Let whatever is ready have its turn."""
    for _ in range(count):
        await asyncio.sleep(0)


# ── one fetch for all ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_cold_start_is_one_fetch(virtual_time: Any) -> None:
    """A worker that starts with 2,000 jobs would else burn the plain source's quota of a day; 300 show it."""
    desk = Desk(Script(virtual_time, "t1", "t2", delay=1.0))
    assert await asyncio.gather(*(desk.value() for _ in range(300))) == ["t1"] * 300
    assert desk.source.forced == [False]
    assert desk.events == [TokenRefreshedEvent(app_id=APP, lifetime=7200.0, forced=False)]


async def test_waiters_survive_a_cancelled_refresh(virtual_time: Any) -> None:
    """The caller who happened to be first is no more important than the others."""
    desk = Desk(Script(virtual_time, "t1", "t2", delay=1.0))
    tasks = [asyncio.create_task(desk.value()) for _ in range(100)]
    await asyncio.sleep(0.5)
    for task in tasks[:50]:
        task.cancel()
    values = await asyncio.gather(*tasks, return_exceptions=True)
    assert values[50:] == ["t1"] * 50
    assert all(isinstance(value, asyncio.CancelledError) for value in values[:50])
    assert len(desk.source.calls) == 1


async def test_refresh_goes_on_when_every_caller_is_cancelled(virtual_time: Any) -> None:
    """The token request has been paid for; the next caller finds its token."""
    desk = Desk(Script(virtual_time, "t1", delay=1.0))
    task = asyncio.create_task(desk.value())
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.sleep(1.0)
    assert await desk.value() == "t1"
    assert len(desk.source.calls) == 1


async def test_each_waiter_gets_an_error_of_its_own(virtual_time: Any) -> None:
    """An instance that many raise would gather their tracebacks, and each caller writes his request onto it."""
    desk = Desk(Script(virtual_time, CredentialError(40125, "invalid appsecret"), delay=1.0))
    errors = await asyncio.gather(*(desk.value() for _ in range(20)), return_exceptions=True)
    assert all(type(error) is CredentialError and error.errcode == 40125 for error in errors)
    assert len({id(error) for error in errors}) == 20
    assert len(desk.source.calls) == 1


async def test_next_caller_tries_again_after_a_failed_cold_start(virtual_time: Any) -> None:
    """Without any token nothing is gained by waiting: the error was the caller's answer already."""
    desk = Desk(Script(virtual_time, TransportError("down"), "t1"))
    with pytest.raises(TransportError, match="down"):
        await desk.value()
    assert await desk.value() == "t1"


async def test_fetch_has_a_deadline(virtual_time: Any) -> None:
    """A source that never answers must not hold every later call for good."""
    desk, begin = Desk(Script(virtual_time, "t1", delay=1e6)), virtual_time.now
    with pytest.raises(TransportError, match="no token within 30 s"):
        await desk.value()
    assert virtual_time.now - begin == pytest.approx(TIMEOUT)


async def test_timeout_of_a_source_is_not_taken_for_the_deadline(virtual_time: Any) -> None:
    """The message would send the reader to the wrong setting."""
    desk = Desk(Script(virtual_time, TimeoutError("the source's own")))
    with pytest.raises(TransportError, match="could not be fetched: TimeoutError") as caught:
        await desk.value()
    assert isinstance(caught.value.__cause__, TimeoutError)


async def test_broken_store_is_told_without_the_frames_that_hold_tokens(virtual_time: Any) -> None:
    """A crash reporter keeps the locals of every frame that an exception leads to."""

    class Broken(MemoryTokenStore):
        async def load(self, app_id: str) -> AccessToken | None:
            raise ValueError("no connection") from KeyError("inner")

    with pytest.raises(TransportError, match="could not be fetched: ValueError") as caught:
        await Desk(Script(virtual_time, "t1"), Broken()).value()
    cause = caught.value.__cause__
    assert isinstance(cause, ValueError)
    assert (cause.__traceback__, cause.__cause__, cause.__context__) == (None, None, None)


async def test_token_that_cannot_be_shared_serves_here(virtual_time: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The vendor has issued it; to throw it away would cost another request at each call."""

    class ReadOnly(MemoryTokenStore):
        async def save(self, app_id: str, token: AccessToken) -> None:
            raise OSError("read only")

    desk = Desk(Script(virtual_time, "t1"), ReadOnly())
    assert [await desk.value(), await desk.value()] == ["t1", "t1"]
    assert len(desk.source.calls) == 1
    assert "could not be shared: OSError" in caplog.text


# ── ahead of its end ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("life", "margin"), [(7200.0, 240.0), (2400.0, 240.0), (345.0, 34.5), (10.0, 1.0)])
async def test_first_call_inside_the_margin_refreshes_in_the_background(
    virtual_time: Any, life: float, margin: float
) -> None:
    """No call waits for a token that is still good; and the vendor repeats the same one until 300 s before its end."""
    desk = Desk(Script(virtual_time, AccessToken("t1", virtual_time.wall + life), "t2", delay=0.5))
    await desk.value()
    await asyncio.sleep(life - margin - 0.6)
    assert await desk.value() == "t1"
    await asyncio.sleep(1)
    assert len(desk.source.calls) == 1, "nobody asked meanwhile"
    for _ in range(20):
        assert await desk.value() == "t1"
    await asyncio.sleep(0.55)
    assert await desk.value() == "t2"
    assert len(desk.source.calls) == 2


async def test_token_may_be_used_without_a_second_look_until_the_margin(virtual_time: Any) -> None:
    """Each attempt reads it from the attribute, at the moment at which it is sent; one that is refused goes at once."""
    desk, begin = Desk(Script(virtual_time, "t1", "t2", delay=1.0)), virtual_time.now
    at_hand = operator.attrgetter("token", "fresh_until")
    assert at_hand(desk.manager) == (None, -math.inf)
    token = await desk.manager.get()
    assert at_hand(desk.manager) == (token, pytest.approx(begin + 1 + 7200 - 240))
    refused = asyncio.create_task(desk.refuse("t1"))
    await turns(1)
    assert at_hand(desk.manager) == (None, -math.inf)
    assert await refused == "t2"


async def test_old_token_serves_while_the_refresh_fails(virtual_time: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The next tries come after 15, 30, 60 and 60 s, so that a source that is down is not hammered by every call."""
    desk = Desk(Script(virtual_time, AccessToken("t1", virtual_time.wall + 2400), TransportError("down")))
    await desk.value()
    await asyncio.sleep(2400 - 240)
    begin = virtual_time.now
    while virtual_time.now < begin + 230:
        assert await desk.value() == "t1"
        await asyncio.sleep(0.25)
    tries = [at - begin for at, _ in desk.source.calls[1:]]
    assert tries == pytest.approx([0, 15, 45, 105, 165, 225], abs=2)
    assert len(caplog.records) == 6
    desk.source.answers = ["t2"]
    await asyncio.sleep(15)
    assert await desk.value() == "t2"


async def test_success_makes_the_next_failure_the_first(virtual_time: Any) -> None:
    """A trouble of last night must not slow down the tries of today."""
    script = Script(virtual_time, "t1", TransportError("down"), TransportError("down"), "t2", TransportError("down"))
    desk = Desk(script)
    await desk.value()
    for wait in (7200 - 240, 15, 30, 7200 - 240, 14, 1):
        await asyncio.sleep(wait + 0.1)
        await desk.value()
        await turns()
    begins = [at for at, _ in script.calls]
    assert len(begins) == 6
    assert begins[5] - begins[4] == pytest.approx(15.2, abs=0.2)


async def test_token_ends_by_the_monotonic_clock(virtual_time: Any) -> None:
    """A token that has ended is no answer, and its successor is waited for."""
    desk = Desk(Script(virtual_time, "t1", "t2", delay=1.0))
    assert desk.manager.age(virtual_time.now) is None
    await desk.value()
    await asyncio.sleep(7100)
    assert desk.manager.age(virtual_time.now) == pytest.approx((7100, 100))
    await asyncio.sleep(100)
    assert desk.manager.age(virtual_time.now) is None
    assert desk.manager.current(virtual_time.now) is None
    assert await desk.value() == "t2"


@pytest.mark.parametrize("jump", [-86_400.0, -7200.0, 7200.0, 86_400.0])
async def test_wall_clock_jump_changes_nothing_for_a_held_token(virtual_time: Any, jump: float) -> None:
    """NTP or an operator sets the clock; the token at hand is as old as it was, and so is each after it."""
    desk = Desk(Script(virtual_time, "t1", "t2", "t3", "t4"))
    await desk.value()
    virtual_time.set_wall(virtual_time.wall + jump)
    await asyncio.sleep(7200 - 241)
    assert await desk.value() == "t1"
    await turns(10)
    assert len(desk.source.calls) == 1
    for expected in ("t2", "t3", "t4"):
        await asyncio.sleep(2)
        await desk.value()
        await turns(10)
        assert await desk.value() == expected
        assert await desk.stored() == expected
        await asyncio.sleep(7200 - 240)


async def test_source_that_repeats_a_token_near_its_end_is_asked_ever_closer_to_it(virtual_time: Any) -> None:
    """A central token server may refresh late: it must be asked again, but not by every call; and nothing was refreshed."""
    token = AccessToken("t1", virtual_time.wall + 1000)
    desk = Desk(Script(virtual_time, token, can_force=False))
    await desk.value()
    for _ in range(3998):
        await asyncio.sleep(0.25)
        assert await desk.value() == "t1"
    assert [at - 1000 for at, _ in desk.source.calls] == pytest.approx([0, 900, 990, 999], abs=0.3)
    assert len(desk.events) == 1


async def test_token_that_has_ended_already_is_no_token(virtual_time: Any) -> None:
    """It could never be sent: taken for good it would be fetched again and again within one call."""
    desk = Desk(Script(virtual_time, AccessToken("t1", virtual_time.wall - 1)))
    with pytest.raises(TransportError, match="has ended already"):
        await desk.value()
    assert len(desk.source.calls) == 1
    assert await desk.stored() is None


# ── refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_refused_token_is_replaced_once_for_all(virtual_time: Any) -> None:
    """64 calls are refused with the same token; the second to come must not throw away the first one's new token."""
    desk = Desk(Script(virtual_time, "t1", "t2", "t3", delay=1.0))
    await desk.value()
    assert await asyncio.gather(*(desk.refuse("t1") for _ in range(64))) == ["t2"] * 64
    assert await desk.refuse("t1") == "t2", "an answer that came late"
    assert desk.source.forced == [False, False]
    assert await desk.stored() == "t2"
    assert desk.dropped == 1, "those with a connection are sent back once, and not by each of the 64"


async def test_callers_do_not_get_the_refused_token_meanwhile(virtual_time: Any) -> None:
    """Each call sent with it would be refused too, and count against the limit."""
    desk = Desk(Script(virtual_time, "t1", "t2", delay=1.0))
    await desk.value()
    refused = asyncio.create_task(desk.refuse("t1"))
    await turns(1)
    assert desk.manager.current(virtual_time.now) is None
    assert await desk.value() == "t2"
    assert await refused == "t2"


async def test_of_two_tokens_that_end_together_the_one_saved_later_counts() -> None:
    """The service counts in seconds: a forced refresh may answer with the end of the refused one."""
    store = MemoryTokenStore()
    for value in ("refused", "new"):
        await store.save("wx-app", AccessToken(value, 5e9))
    assert await store.load("wx-app") == AccessToken("new", 5e9)


async def test_token_that_another_client_has_replaced_is_taken_from_the_store(virtual_time: Any) -> None:
    """Two clients of one app are refused at the same time: one request, and neither discards the other's token."""
    store = MemoryTokenStore()
    one, other = Desk(Script(virtual_time, "t1", "t2"), store), Desk(Script(virtual_time, "wrong"), store)
    assert [await one.value(), await other.value()] == ["t1", "t1"]
    assert other.manager.current(virtual_time.now) is not None, "it is held here, and not loaded for each call"
    assert await asyncio.gather(*(desk.refuse("t1") for desk in (one, other))) == ["t2", "t2"]
    assert other.source.calls == []


async def test_late_rejection_of_an_old_token_does_not_hide_that_of_a_newer_one(virtual_time: Any) -> None:
    """Answers overtake each other; both tokens are known to be refused from then on."""
    desk = Desk(Script(virtual_time, "t1", "t1", "t2", delay=1.0))
    await desk.value()
    first = asyncio.create_task(desk.refuse("t1"))
    await asyncio.sleep(0.5)
    assert await desk.refuse("t0") == "t2"
    assert await first == "t2"
    assert desk.source.forced == [False, False, True]


async def test_repeated_token_costs_one_forced_refresh(virtual_time: Any) -> None:
    """The vendor's stable endpoint goes on answering a token that it refuses elsewhere; it grants 20 of these a day."""
    desk = Desk(Script(virtual_time, "t1", "t1", "t2"))
    await desk.value()
    assert await desk.refuse("t1") == "t2"
    assert desk.source.forced == [False, False, True]
    assert [event.forced for event in desk.events] == [False, True]
    assert await desk.stored() == "t2"


async def test_forced_refreshes_are_30_s_apart(virtual_time: Any) -> None:
    """Sooner they have no effect, and are charged."""
    desk = Desk(Script(virtual_time, "t1", "t1", "t2", "t2", "t2", "t3"))
    await desk.value()
    assert await desk.refuse("t1") == "t2"
    await asyncio.sleep(29)
    assert await desk.refuse("t2") is None
    assert desk.source.forced == [False, False, True, False]
    await asyncio.sleep(2)
    assert await desk.refuse("t2") is None, "the source has said so a moment ago"
    assert len(desk.source.calls) == 4
    await asyncio.sleep(28)
    assert await desk.refuse("t2") == "t3"
    assert desk.source.forced[4:] == [False, True]


@pytest.mark.parametrize("can_force", [True, False])
async def test_source_that_insists_is_believed_without_a_loop(virtual_time: Any, can_force: bool) -> None:
    """Nothing better can be had: callers go on with it and are told the truth, 64 of them at the cost of one fetch."""
    desk = Desk(Script(virtual_time, "t1", can_force=can_force, delay=1.0))
    await desk.value()
    assert await asyncio.gather(*(desk.refuse("t1") for _ in range(64))) == [None] * 64
    assert desk.source.forced == ([False, False, True] if can_force else [False, False])
    assert await desk.value() == "t1"
    assert await desk.stored() is None, "a token known to be refused is not shared"
    assert len(desk.events) == 1


@pytest.mark.parametrize("at", [0.25, 0.5, 1.0, 1.5, 2.5, 3.5])
async def test_refresh_that_fetched_before_the_rejection_is_not_believed(virtual_time: Any, at: float) -> None:
    """One begun ahead of the end may answer the very token that is refused a moment later, at whatever await it is."""
    desk = Desk(Script(virtual_time, "t1", "t1", "t1", "t2", delay=1.0), SlowStore(1.0, "save"))
    await desk.value()
    await asyncio.sleep(7200 - 239)
    assert await desk.value() == "t1", "begins a refresh"
    await asyncio.sleep(at)
    desk.source.answers = ["t1", "t2"] if at > 1 else ["t2"]
    assert await desk.refuse("t1") == "t2"


@pytest.mark.parametrize(("seconds", "step"), [(1.0, "save"), (2.0, "leave")])
async def test_source_that_insists_after_an_unknowing_refresh_is_believed_too(
    virtual_time: Any, seconds: float, step: str
) -> None:
    """Two refreshes are the most that one rejection waits for, whatever they bring and however long they take."""
    desk = Desk(Script(virtual_time, "t1", can_force=False), SlowStore(seconds, step))
    await desk.value()
    await asyncio.sleep(7200 - 239)
    await desk.value()
    await asyncio.sleep(0.5)
    assert await desk.refuse("t1") is None
    assert len(desk.source.calls) == 3


async def test_failed_replacement_is_the_callers_error(virtual_time: Any) -> None:
    """The refused token is gone for all; the next caller tries again."""
    desk = Desk(Script(virtual_time, "t1", TransportError("down"), "t2"))
    await desk.value()
    with pytest.raises(TransportError, match="down"):
        await desk.refuse("t1")
    assert desk.manager.current(virtual_time.now) is None
    assert await desk.value() == "t2"


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_external_source_is_asked_again_but_never_forced(virtual_time: Any) -> None:
    """The central server refreshes; a client that forced it would end the token of everybody else."""
    tokens = iter([AccessToken(value, virtual_time.wall + 7200) for value in ("t1", "t2", "t2", "t3")])

    async def central() -> AccessToken:
        return next(tokens)

    desk = Desk(ExternalTokenSource(central))
    assert [await desk.value(), await desk.refuse("t1"), await desk.refuse("t2")] == ["t1", "t2", None]
    assert await desk.value() == "t2"


async def test_external_source_that_raises_is_the_cause(virtual_time: Any) -> None:
    """The message must name the user's own source, and not quote what it says, which may be a URL with a secret."""

    async def central() -> AccessToken:
        raise ConnectionError("https://tokens.example/?key=secret")

    with pytest.raises(TransportError, match=r"^the external token source failed: ConnectionError$") as caught:
        await Desk(ExternalTokenSource(central)).value()
    assert isinstance(caught.value.__cause__, ConnectionError)


async def test_external_source_may_raise_an_error_of_the_library(virtual_time: Any) -> None:
    """It knows best what is wrong."""

    async def central() -> AccessToken:
        raise CredentialError(40013, "invalid appid")

    with pytest.raises(CredentialError, match="invalid appid"):
        await Desk(ExternalTokenSource(central)).value()


async def test_external_source_of_the_wrong_kind_is_told(virtual_time: Any) -> None:
    """A bare string has no end; and the value must not be in the message."""

    async def central() -> Any:
        return "a-token"

    with pytest.raises(TransportError, match=r"returned str, not AccessToken$"):
        await Desk(ExternalTokenSource(central)).value()
    with pytest.raises(TransportError, match="failed: TypeError"):
        await Desk(ExternalTokenSource(lambda: AccessToken("t1", 1))).value()  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="get_token must be an async callable, not str"):
        ExternalTokenSource("a-token")  # type: ignore[arg-type]


@pytest.mark.parametrize("force", [False, True])
async def test_vendor_sources_ask_as_the_vendor_documents(force: bool) -> None:
    """The secret goes in the body or the query as the pages say, and stays a ``Secret`` until the wire."""
    asked: list[tuple[Any, ...]] = []

    async def call(method: Any, path: str, *, query: Any = None, body: Any = None) -> AccessToken:
        asked.append((method, path, query, body))
        return AccessToken("t1", 1)

    await StableTokenSource().fetch(CREDENTIALS, call, force=force)
    await PlainTokenSource().fetch(CREDENTIALS, call, force=False)
    common = {"grant_type": "client_credential", "appid": APP, "secret": CREDENTIALS.app_secret}
    assert asked == [("POST", STABLE, None, {**common, "force_refresh": force}), ("GET", PLAIN, common, None)]
    assert (StableTokenSource.can_force, PlainTokenSource.can_force) == (True, False)


# ── cancellation and closing, at each await ──────────────────────────────────────────────────────────────────────────


class SlowStore:
    """A memory store whose operations take their time, so that a test can meet the manager in any of them."""

    def __init__(self, seconds: float, *names: str) -> None:
        self._store = MemoryTokenStore()
        self.seconds = seconds
        self._names = names
        self.leases = 0

    async def _wait(self, name: str) -> None:
        if not self._names or name in self._names:
            await asyncio.sleep(self.seconds)

    async def load(self, app_id: str) -> AccessToken | None:
        await self._wait("load")
        return await self._store.load(app_id)

    async def save(self, app_id: str, token: AccessToken) -> None:
        await self._wait("save")
        await self._store.save(app_id, token)

    async def discard(self, app_id: str, value: str) -> None:
        await self._wait("discard")
        await self._store.discard(app_id, value)

    @contextlib.asynccontextmanager
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None, None]:
        await self._wait("enter")
        assert seconds > TIMEOUT
        async with self._store.lease(app_id, seconds):
            self.leases += 1
            try:
                yield
            finally:
                self.leases -= 1
        await self._wait("leave")


# A refused token that the source repeats, and a store that has it: every await of the manager, a second each.
STEPS = ("load", "discard", "enter", "load again", "fetch", "forced fetch", "save", "leave")


async def refused_desk(time: Any) -> Desk:
    """Hold a token, with a second to go for each await of its replacement."""
    store = SlowStore(0.0)
    desk = Desk(Script(time, "t1", "t1", "t2", "t3", delay=0.0), store)
    await desk.value()
    store.seconds, desk.source.delay = 1.0, 1.0
    return desk


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
async def test_caller_cancelled_at_any_await_harms_no_other(virtual_time: Any, step: int) -> None:
    """Whoever leaves, and whenever: the refresh is not his."""
    desk = await refused_desk(virtual_time)
    first, second = (asyncio.create_task(desk.refuse("t1")) for _ in range(2))
    third = asyncio.create_task(desk.value())
    await asyncio.sleep(step + 0.5)
    assert not first.done()
    first.cancel()
    assert [await second, await third] == ["t2", "t2"]
    assert first.cancelled()
    assert virtual_time.now == pytest.approx(1000 + len(STEPS), abs=0.1)
    assert await desk.stored() == "t2"


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
async def test_closing_during_a_refresh_ends_it_and_tells_those_who_wait(virtual_time: Any, step: int) -> None:
    """A waiter who was not cancelled must not see a ``CancelledError``; the lease is given up, and no task is left."""
    desk = await refused_desk(virtual_time)
    waiters = [asyncio.create_task(coroutine) for coroutine in (desk.refuse("t1"), desk.value())]
    await asyncio.sleep(step + 0.5)
    await desk.manager.aclose()
    assert desk.store.leases == 0, "what is closed next may be what the refresh still used"
    outcomes = await asyncio.gather(*waiters, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ClientClosedError, ClientClosedError]
    assert virtual_time.now == pytest.approx(1000 + step + 0.5, abs=0.1)


async def test_closing_before_the_refresh_had_its_first_turn(virtual_time: Any) -> None:
    """The task is there, but none of its code has run."""
    desk = Desk(Script(virtual_time, "t1"))
    waiter = asyncio.create_task(desk.value())
    await turns(1)
    await desk.manager.aclose()
    with pytest.raises(ClientClosedError):
        await waiter


async def test_refresh_cancelled_by_somebody_else_does_not_block_the_next(virtual_time: Any) -> None:
    """A worker that cancels all tasks of its loop must not find the client dead afterwards."""
    desk = Desk(Script(virtual_time, "t1"))
    waiter = asyncio.create_task(desk.value())
    await turns(1)
    for task in asyncio.all_tasks() - {asyncio.current_task(), waiter}:
        task.cancel()
    assert await waiter == "t1", "it is begun anew, and who waited does not notice"
    assert await desk.value() == "t1"


async def test_source_that_is_always_cancelled_is_an_error_and_no_loop(virtual_time: Any) -> None:
    """A central token server's client that leaks its own cancellation must not keep the refresh busy for ever."""

    class Cancelled:
        can_force = False

        async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
            raise asyncio.CancelledError

    with pytest.raises(TransportError, match="cancelled by somebody else"):
        await Desk(Cancelled()).value()


async def test_closed_manager_begins_no_refresh(virtual_time: Any) -> None:
    """The token at hand is still good inside its margin; without one there is only the error."""
    desk = Desk(Script(virtual_time, "t1"))
    await desk.value()
    await desk.manager.aclose()
    await asyncio.sleep(7200 - 100)
    assert await desk.value() == "t1"
    await asyncio.sleep(100)
    with pytest.raises(ClientClosedError, match="the client is closed"):
        await desk.value()
    assert len(desk.source.calls) == 1


def test_reprs_show_no_token(virtual_time: Any) -> None:
    """They end up in logs."""
    desk = Desk(Script(virtual_time, "t1"))
    assert repr(desk.manager) == "TokenManager(wx-app)"
    assert repr(desk.store) == "MemoryTokenStore(0 tokens)"


# ── the contract of every store ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=[MemoryTokenStore], ids=["memory"])
def store(request: pytest.FixtureRequest, virtual_time: Any) -> TokenStore:
    """Give each store that the library ships, empty."""
    return request.param()  # type: ignore[no-any-return]


def token(value: str, life: float, time: Any) -> AccessToken:
    """Issue a token that lives so many seconds from now."""
    return AccessToken(value, time.wall + life)


async def test_manager_does_not_take_an_ended_token_from_a_store(virtual_time: Any) -> None:
    """A store of the user's may not look at the end."""

    class Careless(MemoryTokenStore):
        async def load(self, app_id: str) -> AccessToken | None:
            return AccessToken("dead", virtual_time.wall - 1)

    assert await Desk(Script(virtual_time, "t1"), Careless()).value() == "t1"


# ── the whole client ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
async def test_cold_start_of_300_calls_is_one_token_request(server: FakeUnionServer, agency: Any) -> None:
    """The first 50 callers are cancelled while the token is on its way; the others get their answers."""
    server.fail(STABLE, Fault(delay=0.3))
    tasks = [
        asyncio.create_task(agency.promoter.get_promote_product_detail(**server.product_request(index)))
        for index in range(300)
    ]
    while not server.count(STABLE):  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0)
    for task in tasks[:50]:
        task.cancel()
    answers: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[:50])
    wanted = [server.product_request(index)["product_id"] for index in range(50, 300)]
    assert [answer.product.product_id for answer in answers[50:]] == wanted
    assert server.count(STABLE) == 1


@pytest.mark.untraced
async def test_ten_rotations_under_64_workers_fail_no_call(server: FakeUnionServer, make_client: Any) -> None:
    """Each rotation is noticed by up to 64 calls at once: one refresh, no error, no attempt and no budget spent."""
    client = make_client(server.agency, retry=RetryPolicy(max_attempts=1, budget=0))
    done, rotations, more = 0, 10, asyncio.Event()

    async def work() -> None:
        nonlocal done
        while not (rotations == 0 and more.is_set()):
            await client.quota.get(QUOTA)
            done += 1
            if done % 80 == 0:
                more.set()

    workers = [asyncio.create_task(work()) for _ in range(64)]
    while rotations:
        await more.wait()
        more.clear()
        rotations -= 1
        server.agency.rotate()
    await asyncio.gather(*workers)
    assert server.count(STABLE) == 11
    assert client.stats().budget_left == 0


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_refused_token_is_replaced_and_the_call_sent_again(
    server: FakeUnionServer, make_client: Any, errcode: int
) -> None:
    """The service repeats the token as if it were good: one forced refresh, and the caller notices nothing."""
    client = make_client(server.agency, retry=RetryPolicy(max_attempts=1, budget=0))
    server.fail(QUOTA, Fault(errcode=errcode))
    await client.quota.get(QUOTA)
    assert [server.count(QUOTA), server.count(STABLE), server.agency.forced_refreshes] == [2, 3, 1]


async def test_dead_token_that_the_service_repeats_is_forced_out(server: FakeUnionServer, agency: Any) -> None:
    """The vendor's stable endpoint has been seen to repeat a token that it had ended itself."""
    await agency.quota.get(QUOTA)
    server.agency.rotate(stuck=True)
    await agency.quota.get(QUOTA)
    assert server.agency.forced_refreshes == 1


async def test_second_rejection_in_one_call_is_the_end(server: FakeUnionServer, make_client: Any) -> None:
    """The token is new and not the cause; others go on with it, and the store keeps it."""
    store = MemoryTokenStore()
    client = make_client(server.agency, token_store=store)
    await client.quota.get(QUOTA)
    server.fail(QUOTA, Fault(errcode=40001), times=2)
    server.agency.rotate()
    with pytest.raises(TokenError) as caught:
        await client.quota.get(QUOTA)
    assert (caught.value.errcode, caught.value.attempts) == (40001, 1)
    stored = await store.load(server.agency.app_id)
    assert stored is not None
    assert stored.value == server.agency.issued_tokens[-1]
    assert [server.count(QUOTA), server.count(STABLE)] == [3, 2]


@pytest.mark.parametrize(("errcode", "error"), [(41001, TokenError), (48001, PermissionDeniedError)])
async def test_errors_that_no_token_cures_never_refresh(
    server: FakeUnionServer, agency: Any, errcode: int, error: type[Exception]
) -> None:
    """A bug, or an account without the right: a new token would change nothing, and cost one of the day's."""
    server.fail(QUOTA, Fault(errcode=errcode))
    with pytest.raises(error):
        await agency.quota.get(QUOTA)
    assert [server.count(QUOTA), server.count(STABLE)] == [1, 1]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(body="<html>busy</html>"),
        Fault(body=""),
        Fault(body='{"access_token": "", "expires_in": 7200}'),
        Fault(body='{"access_token": "a-token-for-ever", "expires_in": 100000000000}'),
        Fault(status=502),
        Fault(errcode=-1),
        Fault(reset=True),
    ],
)
async def test_token_request_is_repeated_until_its_answer_can_be_read(
    server: FakeUnionServer, agency: Any, fault: Fault
) -> None:
    """A gateway's page in the place of a token is as good as a 502; it spends nothing of the calls' budget."""
    server.fail(STABLE, fault, times=3)
    await agency.quota.get(QUOTA)
    assert server.count(STABLE) == 4
    assert agency.stats().budget_left == 50


async def test_token_request_is_given_up_after_the_attempts(server: FakeUnionServer, agency: Any) -> None:
    """The error tells which request failed, and how often it was tried; it is the caller's own."""
    server.fail(STABLE, Fault(status=502), times=None)
    calls = (agency.quota.get(QUOTA) for _ in range(3))
    errors: list[Any] = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(error) for error in errors} == {HttpStatusError}
    assert {(error.endpoint, error.attempts) for error in errors} == {(STABLE, 4)}
    assert len({id(error) for error in errors}) == 3
    assert server.count(STABLE) == 4


async def test_backoff_of_a_token_request_takes_the_time_that_is_drawn(
    server: FakeUnionServer, make_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that cannot issue tokens for a moment must not be asked by every client four times at once."""
    monkeypatch.setattr(random, "random", lambda: 1.0)
    client = make_client(server.agency, retry=RetryPolicy(base_delay=0.15))
    server.fail(STABLE, Fault(status=502))
    begin = asyncio.get_running_loop().time()
    await client.quota.get(QUOTA)
    assert asyncio.get_running_loop().time() - begin >= 0.15


async def test_backoff_of_a_token_request_that_outlasts_the_refresh_is_not_begun(
    server: FakeUnionServer, make_client: Any
) -> None:
    """The cause is known now, so it is told now."""
    client = make_client(server.agency, call_timeout=20.0)
    server.fail(STABLE, Fault(status=503, headers={"Retry-After": "30"}))
    async with asyncio.timeout(5):
        with pytest.raises(HttpStatusError, match="503"):
            await client.quota.get(QUOTA)
    assert server.count(STABLE) == 1


async def test_token_that_no_call_has_used_yet_is_hidden(server: FakeUnionServer, make_client: Any) -> None:
    """A source may make two requests, and the answer to the second one may quote the token of the first."""
    tokens: list[AccessToken] = []

    class Twice(PlainTokenSource):
        async def fetch(self, credentials: Credentials, call: TokenCall, *, force: bool) -> AccessToken:
            tokens.append(await super().fetch(credentials, call, force=force))
            server.fail(PLAIN, Fault(errcode=40125, errmsg=f"ended: {tokens[0].value}"))
            return await super().fetch(credentials, call, force=force)

    with pytest.raises(CredentialError, match=r"ended: \*\*\*") as caught:
        await make_client(server.agency, token_source=Twice()).quota.get(QUOTA)
    assert tokens[0].value not in str(caught.value)


async def test_connecting_is_none_of_the_time_of_a_token_request(server: FakeUnionServer, make_client: Any) -> None:
    """To open a connection takes several trips, and the answer has the whole of ``attempt_timeout`` after them."""

    async def connect_slowly(*_: object) -> None:
        await asyncio.sleep(0.17)

    slow = aiohttp.TraceConfig()
    slow.on_connection_create_end.append(connect_slowly)
    server.fail(STABLE, Fault(delay=0.11))
    async with aiohttp.ClientSession(trace_configs=[slow]) as session:
        await make_client(server.agency, session=session, attempt_timeout=0.27).quota.get(QUOTA)
    assert server.count(STABLE) == 1


async def test_nothing_watches_over_a_token_request_that_is_over(server: FakeUnionServer, agency: Any) -> None:
    """A timer keeps the task that it would end, and a token stands in that for as long as an attempt may take."""
    gc.freeze()  # what was there before is not looked at
    try:
        await agency.quota.get(QUOTA)
        assert server.count(STABLE) == 1
        gc.collect()
        assert not [thing for thing in gc.get_objects() if type(thing) is Alarm]
    finally:
        gc.unfreeze()


async def test_wrong_secret_is_told_at_once(server: FakeUnionServer, agency: Any) -> None:
    """Configuration: to repeat it would only fill the vendor's log with the app's failures."""
    server.agency.freeze()
    with pytest.raises(CredentialError, match="40243"):
        await agency.quota.get(QUOTA)
    assert server.count(STABLE) == 1


async def test_plain_source_serves_a_whole_client(server: FakeUnionServer, make_client: Any) -> None:
    """The older endpoint answers a new token each time, so it is never forced."""
    client = make_client(server.agency, token_source=PlainTokenSource())
    await client.quota.get(QUOTA)
    server.agency.rotate()
    await client.quota.get(QUOTA)
    assert [server.count(PLAIN), server.count(STABLE), server.agency.forced_refreshes] == [2, 0, 0]


@pytest.mark.untraced
async def test_short_tokens_are_refreshed_without_a_failed_call(
    make_server: Callable[..., Awaitable[FakeUnionServer]], make_client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Tokens of one second under continuous calls: each is replaced in time, ahead or at its end, and no sooner."""
    caplog.set_level(logging.WARNING)
    brief = await make_server(token_lifetime=1.0)
    client = make_client(brief.agency, base_urls=(brief.base_url,), retry=RetryPolicy(max_attempts=1, budget=0))
    loop = asyncio.get_running_loop()
    begin = loop.time()
    while len(brief.agency.issued_tokens) < 3:
        await asyncio.gather(*(client.quota.get(QUOTA) for _ in range(4)))
        await asyncio.sleep(0.01)
        assert loop.time() < begin + 10
    assert loop.time() - begin > 1.6, "a tenth of its life before its end at the earliest"
    assert not caplog.records


# ── failures that stay ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
async def test_wrong_secret_costs_a_handful_of_requests_a_minute(virtual_time: Any) -> None:
    """20 workers in a loop made 73,600 token requests a minute, and the vendor bans for less; 4 show it."""
    desk = Desk(Script(virtual_time, CredentialError(40125, "invalid appsecret"), delay=0.001))

    async def work() -> None:
        while virtual_time.now < 1060.0:
            with pytest.raises(CredentialError):
                await desk.value()
            await asyncio.sleep(0.05)

    await asyncio.gather(*(work() for _ in range(4)))
    assert [round(at - 1000.0) for at, _ in desk.source.calls] == [0, 1, 3, 7, 15, 30, 45]


@pytest.mark.parametrize(
    ("error", "remembered"),
    [
        (CredentialError(40125), True),
        (IPNotAllowedError(40164), True),
        (PermissionDeniedError(48001), True),
        (QuotaExhaustedError(45009), True),
        (TransportError("no connection"), False),
        (HttpStatusError("", status=502), False),
    ],
    ids=repr,
)
async def test_only_what_stays_is_remembered(virtual_time: Any, error: Exception, remembered: bool) -> None:
    """A network that is back a moment later must be found at once."""
    desk = Desk(Script(virtual_time, error, "t1"))
    with pytest.raises(type(error)):
        await desk.value()
    if remembered:
        with pytest.raises(type(error)):
            await desk.value()
        await asyncio.sleep(1.01)
    assert await desk.value() == "t1"
    assert len(desk.source.calls) == 2


async def test_success_forgets_how_long_failures_were_remembered(virtual_time: Any) -> None:
    """A secret that was mended is wrong again a year later: the first second counts anew."""
    wrong = CredentialError(40125)
    desk = Desk(Script(virtual_time, wrong, wrong, "t1", wrong, "t2"))
    for wait in (1.01, 2.01):
        with pytest.raises(CredentialError):
            await desk.value()
        await asyncio.sleep(wait)
    assert await desk.value() == "t1"
    await asyncio.sleep(7200)
    with pytest.raises(CredentialError):
        await desk.value()
    await asyncio.sleep(1.01)
    assert await desk.value() == "t2"


async def test_source_that_cannot_force_is_asked_again_after_a_second(virtual_time: Any) -> None:
    """A central server that lags behind by two seconds cost 28 seconds of failed calls."""
    desk = Desk(Script(virtual_time, "bad", "bad", "good", can_force=False))
    await desk.value()
    assert await desk.refuse("bad") is None
    await asyncio.sleep(0.5)
    assert await desk.refuse("bad") is None, "asked a moment ago"
    await asyncio.sleep(0.6)
    assert await desk.refuse("bad") == "good"


async def test_those_with_a_connection_are_told_when_the_token_goes(virtual_time: Any) -> None:
    """Nobody holds a connection while a token is fetched."""
    desk = Desk(Script(virtual_time, "t1", "t2"))
    await desk.value()
    await desk.refuse("t1")
    await desk.refuse("t1")
    assert desk.dropped == 1


def test_store_serves_one_loop_after_another_even_when_it_was_contended() -> None:
    """A worker that runs ``asyncio.run`` once a task; the lock of the first loop is of no use in the second."""
    store = MemoryTokenStore()

    async def contended() -> None:
        async def hold() -> None:
            async with store.lease(APP, 1.0):
                await asyncio.sleep(0.001)

        await asyncio.gather(hold(), hold())

    asyncio.run(contended())
    asyncio.run(contended())
