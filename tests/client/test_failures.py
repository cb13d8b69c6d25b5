"""What goes wrong between a client and the service, and what the client makes of it."""

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING

import aiohttp
import attrs
import pytest

from wxunion_async import (
    AccessToken,
    AlreadyAppliedError,
    ApiError,
    ApplyStatusRequest,
    CredentialError,
    DecodeError,
    HttpStatusError,
    IPNotAllowedError,
    PlanExpiredError,
    PlanNotFoundError,
    QuotaExhaustedError,
    RateLimit,
    RateLimitedError,
    ResponseError,
    RetryPolicy,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionClient,
    UnionConfig,
    UnionError,
    UnionRequest,
)
from wxunion_async.testing import FakeUnionServer, Fault

from .raw import RawServer

if TYPE_CHECKING:
    from .conftest import MakeClient, OpenLimiter

STATUS = "/union/promoter/target/apply_status"
APPLY = "/union/promoter/target/apply_target"
PLAN_INFO = "/union/promoter/target/plan_info"


def dead_url() -> str:
    """Return a base URL at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


TRANSIENT = {
    "reset": Fault(reset=True),
    "truncated": Fault(truncate=True),
    "500": Fault(status=500),
    "502": Fault(status=502),
    "429": Fault(status=429),
    "busy": Fault(errcode=-1),
}


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT.keys())
async def test_a_read_comes_through_what_passes_by(
    promoter: UnionClient, server: FakeUnionServer, fault: Fault
) -> None:
    """Three failures and then an answer: the caller sees the answer, at four sends."""
    server.fail(PLAN_INFO, fault, times=3)
    await promoter.target.plan_info(server.plan.invitation_url)
    assert server.count(PLAN_INFO) == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (TRANSIENT["reset"], TransportError),
        (TRANSIENT["truncated"], TransportError),
        (TRANSIENT["502"], HttpStatusError),
        (TRANSIENT["busy"], SystemBusyError),
    ],
)
async def test_a_read_gives_up_after_its_attempts(
    promoter: UnionClient, server: FakeUnionServer, fault: Fault, error: type[UnionError]
) -> None:
    """The last failure is told, with the number of attempts; a read is never ambiguous."""
    server.fail(PLAN_INFO, fault, times=None)
    with pytest.raises(error) as caught:
        await promoter.target.plan_info(server.plan.invitation_url)
    assert (caught.value.attempts, caught.value.retryable, caught.value.ambiguous) == (4, True, False)
    assert server.count(PLAN_INFO) == 4
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(body="<html>busy</html>"), DecodeError),
        (Fault(body=""), DecodeError),
        (Fault(body="[1]"), DecodeError),
        (Fault(body='{"errcode": "x"}'), DecodeError),
        (Fault(body='{"errcode": 0}'), DecodeError),
        (Fault(status=404), HttpStatusError),
        (Fault(status=302, body="", headers={"Location": "/elsewhere"}), HttpStatusError),
        (Fault(errcode=40125), CredentialError),
        (Fault(errcode=40164), IPNotAllowedError),
        (Fault(errcode=45009), QuotaExhaustedError),
        (Fault(errcode=202002), PlanNotFoundError),
        (Fault(errcode=41001), TokenError),
        (Fault(errcode=77777), ApiError),
    ],
)
async def test_what_repeating_cannot_mend_is_not_repeated(
    promoter: UnionClient, server: FakeUnionServer, fault: Fault, error: type[UnionError]
) -> None:
    """One send, one error of the exact class."""
    server.fail(PLAN_INFO, fault, times=None)
    with pytest.raises(error) as caught:
        await promoter.target.plan_info(server.plan.invitation_url)
    assert type(caught.value) is error
    assert (caught.value.attempts, caught.value.retryable, caught.value.ambiguous) == (1, False, False)
    assert server.count(PLAN_INFO) == 1
    assert server.count("/elsewhere") == 0
    if isinstance(caught.value, ResponseError):
        assert caught.value.body == (fault.body.decode() if fault.body is not None else caught.value.body)


async def test_a_quota_error_says_when_the_day_ends(promoter: UnionClient, server: FakeUnionServer) -> None:
    """Midnight in Shanghai by the service's own clock; and the next call is sent all the same."""
    date = formatdate(datetime(2026, 11, 21, 16, 30, tzinfo=UTC).timestamp(), usegmt=True)
    server.fail(PLAN_INFO, Fault(errcode=45009, headers={"Date": date}), times=2)
    for _ in range(2):
        with pytest.raises(QuotaExhaustedError) as caught:
            await promoter.target.plan_info(server.plan.invitation_url)
        assert caught.value.resets_at is not None
        assert caught.value.resets_at == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert server.count(PLAN_INFO) == 2


async def test_the_first_4_kib_of_a_foreign_body_are_kept(promoter: UnionClient, server: FakeUnionServer) -> None:
    """Enough to see whose page it is."""
    server.fail(PLAN_INFO, Fault(status=403, body="页" * 3000))
    with pytest.raises(HttpStatusError, match="HTTP status 403") as caught:
        await promoter.target.plan_info(server.plan.invitation_url)
    assert len(caught.value.body.encode()) <= 4096
    assert caught.value.body.startswith("页页")


# ── retry budget ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_empty_budget_means_no_retry(make: "MakeClient", server: FakeUnionServer) -> None:
    """A service that is down gets one send a call, not four; successes fill the budget again."""
    client = await make(config=UnionConfig(retry=RetryPolicy(base_delay=0, budget=2)))
    server.fail(PLAN_INFO, Fault(status=500), times=4)
    attempts: list[int] = []
    for _ in range(2):
        with pytest.raises(HttpStatusError) as caught:
            await client.target.plan_info(server.plan.invitation_url)
        attempts.append(caught.value.attempts)
    assert attempts == [3, 1]
    for _ in range(5):
        await client.target.plan_info(server.plan.invitation_url)
    server.fail(PLAN_INFO, Fault(status=500))
    await client.target.plan_info(server.plan.invitation_url)


async def test_every_send_takes_a_permit(make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter") -> None:
    """Re-sends count for the vendor, so they count here; token requests have a limit of their own there."""
    client = await make(rate_limiter=limiter)
    server.fail(PLAN_INFO, Fault(status=500), Fault(errcode=40001), Fault(errcode=-1), Fault(truncate=True))
    await client.target.plan_info(server.plan.invitation_url)
    assert limiter.acquired == [PLAN_INFO] * server.count(PLAN_INFO) == [PLAN_INFO] * 5


async def test_aiohttps_own_second_send_is_stopped(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter"
) -> None:
    """Left alone, aiohttp repeats a GET on a dropped kept-alive connection without asking: no permit, no count."""
    client = await make(rate_limiter=limiter, config=UnionConfig(retry=RetryPolicy(max_attempts=1)))
    await client.target.plan_info(server.plan.invitation_url)
    server.fail(PLAN_INFO, Fault(reset=True))
    with pytest.raises(TransportError, match="closed before an answer came"):
        await client.target.plan_info(server.plan.invitation_url)
    assert server.count(PLAN_INFO) == len(limiter.acquired) == 2


async def test_45011_pauses_the_path_by_the_services_clock(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter"
) -> None:
    """Until the minute of the answer's Date ends, plus one second."""
    client = await make(rate_limiter=limiter, config=UnionConfig(call_timeout=10))
    server.fail(PLAN_INFO, Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:58 GMT"}))
    await client.target.plan_info(server.plan.invitation_url)
    assert limiter.pauses == [(PLAN_INFO, 3.0)]
    server.fail(PLAN_INFO, Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:08 GMT"}))
    with pytest.raises(RateLimitedError) as caught:
        await client.target.plan_info(server.plan.invitation_url)
    assert (caught.value.retry_after, caught.value.attempts, caught.value.retryable) == (53.0, 1, True)


async def test_without_a_date_our_own_clock_tells_the_minute(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy may strip or spoil the header."""
    client = await make(rate_limiter=limiter)
    monkeypatch.setattr("wxunion_async._clock.wall_time", lambda: 1_700_000_030.5)  # 50.5 s into a minute
    server.fail(PLAN_INFO, Fault(errcode=45011, headers={"Date": "yesterday"}))
    await client.target.plan_info(server.plan.invitation_url)
    assert limiter.pauses == [(PLAN_INFO, 10.5)]


async def test_a_pause_spends_no_attempt(make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter") -> None:
    """With two attempts, a 45011 and a 502 leave one: the call succeeds, and an error would count two."""
    client = await make(rate_limiter=limiter, config=UnionConfig(retry=RetryPolicy(max_attempts=2, base_delay=0)))
    pause = Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:58 GMT"})
    server.fail(PLAN_INFO, pause, Fault(status=502))
    await client.target.plan_info(server.plan.invitation_url)
    server.fail(PLAN_INFO, pause, Fault(status=502), pause, Fault(status=502))
    with pytest.raises(HttpStatusError) as caught:
        await client.target.plan_info(server.plan.invitation_url)
    assert caught.value.attempts == 2


async def test_a_second_refused_token_ends_the_call(promoter: UnionClient, server: FakeUnionServer) -> None:
    """Never a loop: one new token a call, and the attempts stay those that were spent."""
    server.fail(PLAN_INFO, Fault(errcode=40001), times=None)
    server.promoter.rotate()
    with pytest.raises(TokenError) as caught:
        await promoter.target.plan_info(server.plan.invitation_url)
    assert caught.value.attempts == 1
    assert server.count(PLAN_INFO) <= 2


# ── hosts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dead_host_gives_way_to_the_next(make: "MakeClient", server: FakeUnionServer) -> None:
    """Nothing was sent, so even an application goes on at once, and the host that answers stays first."""
    client = await make(base_urls=(dead_url(), server.base_url))
    await client.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r")
    assert server.plan.applications == 1
    once = client.with_options(retry=RetryPolicy(max_attempts=1))
    await once.target.plan_info(server.plan.invitation_url)


@pytest.mark.parametrize("token_at_hand", [True, False])
async def test_all_hosts_dead_is_a_transport_error(make: "MakeClient", token_at_hand: bool) -> None:
    """It names the host that it could not reach; each host is asked for nothing once, and then it costs attempts."""
    source = _AnyToken() if token_at_hand else None
    config = UnionConfig(call_timeout=2, retry=RetryPolicy(base_delay=0.01, max_delay=0.02))
    client = await make(base_urls=(dead_url(), dead_url()), token_source=source, config=config)
    with pytest.raises(TransportError, match="cannot connect to 127") as caught:
        await client.target.apply_status("1")
    assert caught.value.endpoint == (STATUS if token_at_hand else "/cgi-bin/stable_token")
    assert caught.value.attempts == 4
    assert caught.value.retryable
    assert not caught.value.ambiguous


async def test_the_first_host_is_tried_again_after_a_minute(
    make: "MakeClient", server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is for disasters; traffic goes home when it has been quiet for 60 s."""
    async with FakeUnionServer() as spare:
        client = await make(base_urls=(server.base_url, spare.base_url), token_source=_AnyToken())
        await server.aclose()
        spare.fail(STATUS, Fault(errcode=202005), times=None)
        server.fail(STATUS, Fault(errcode=202005), times=None)
        for expected in (1, 2):
            with pytest.raises(ApiError):
                await client.target.apply_status("1")
            assert spare.count(STATUS) == expected
        await server.start()
        with pytest.raises(ApiError):
            await client.target.apply_status("1")
        assert spare.count(STATUS) == 3
        loop = asyncio.get_running_loop()
        later = loop.time
        monkeypatch.setattr(loop, "time", lambda: later() + 61)
        with pytest.raises(ApiError):
            await client.target.apply_status("1")
        assert server.count(STATUS) == 1


class _AnyToken:
    """A source whose token the scripted answers never look at."""

    can_force = False

    async def fetch(self, credentials: object, call: object, *, force: bool) -> AccessToken:
        return AccessToken("t", 4e9)


# ── what must not happen twice ───────────────────────────────────────────────────────────────────────────────────────


async def apply(client: UnionClient, server: FakeUnionServer) -> None:
    """Apply for the server's plan."""
    await client.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r")


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(
    "fault", [Fault(reset=True), Fault(status=502), Fault(errcode=-1), Fault(truncate=True), Fault(delay=60)]
)
async def test_an_application_whose_answer_was_lost_is_made_once_and_told_as_made(
    make: "MakeClient", server: FakeUnionServer, fault: Fault, after: bool
) -> None:
    """Whether the lost one had arrived or not: sent again, and 202004 then means that it is done."""
    client = await make(config=UnionConfig(attempt_timeout=0.2, retry=RetryPolicy(base_delay=0)))
    server.fail(APPLY, attrs.evolve(fault, after=after))
    await apply(client, server)
    assert server.plan.applications == 1
    assert server.count(APPLY) == 2


async def test_a_first_send_that_finds_an_application_says_so(promoter: UnionClient, server: FakeUnionServer) -> None:
    """It was somebody else's, or an earlier one; this call did nothing."""
    await apply(promoter, server)
    with pytest.raises(AlreadyAppliedError) as caught:
        await apply(promoter, server)
    assert not caught.value.ambiguous


async def test_an_application_whose_attempts_end_in_doubt_says_so(
    promoter: UnionClient, server: FakeUnionServer
) -> None:
    """The caller has to ask apply_status, and the docstring tells him."""
    server.fail(APPLY, Fault(reset=True, after=True), times=4)
    with pytest.raises(TransportError) as caught:
        await apply(promoter, server)
    assert caught.value.ambiguous
    assert not caught.value.retryable
    assert "apply_status" in (TransportError.__doc__ or "")


async def test_doubt_about_the_first_attempt_outlives_a_clear_refusal(
    promoter: UnionClient, server: FakeUnionServer
) -> None:
    """That the plan has expired meanwhile does not say what became of the first application."""
    server.fail(APPLY, Fault(reset=True, after=True), Fault(errcode=202001))
    with pytest.raises(PlanExpiredError) as caught:
        await apply(promoter, server)
    assert caught.value.ambiguous


async def test_an_unreadable_answer_to_an_application_leaves_doubt(
    promoter: UnionClient, server: FakeUnionServer
) -> None:
    """It is not repeated, as nothing unreadable is; but nobody knows what it meant."""
    server.fail(APPLY, Fault(body="<html>", after=True))
    with pytest.raises(DecodeError) as caught:
        await apply(promoter, server)
    assert caught.value.ambiguous
    assert server.count(APPLY) == 1


@attrs.frozen(kw_only=True)
class OnceRequest(UnionRequest[None]):
    """A user's request that must not be repeated and has no errcode that tells."""

    method = "POST"
    path = APPLY
    dialect = "camel"
    plan_id: str
    apply_reason: str


@pytest.mark.parametrize(
    ("fault", "ambiguous"),
    [
        (Fault(reset=True), True),
        (Fault(status=502), True),
        (Fault(errcode=-1), True),
        (Fault(status=429), False),
        (Fault(errcode=202006), False),
    ],
)
async def test_what_may_not_be_repeated_is_sent_once(
    promoter: UnionClient, server: FakeUnionServer, fault: Fault, ambiguous: bool
) -> None:
    """Without an errcode that tells, doubt cannot be cleared by sending again."""
    server.fail(APPLY, fault)
    with pytest.raises(UnionError) as caught:
        await promoter.call(OnceRequest(plan_id=server.plan.plan_id, apply_reason="r"))
    assert server.count(APPLY) == 1
    assert caught.value.ambiguous is ambiguous


async def test_a_refused_token_lets_even_such_a_request_be_sent_again(
    promoter: UnionClient, server: FakeUnionServer
) -> None:
    """40001 is a clear no to the first send."""
    await promoter.quota.get(APPLY)
    server.promoter.rotate()
    await promoter.call(OnceRequest(plan_id=server.plan.plan_id, apply_reason="r"))
    assert server.plan.applications == 1


# ── the token changes while a call is under way ──────────────────────────────────────────────────────────────────────


class _Scripted:
    """A source whose second token is given when the test lets it."""

    can_force = False

    def __init__(self, life: float = 1e9) -> None:
        self.gate = asyncio.Event()
        self.asked = 0
        self.life = life

    async def fetch(self, credentials: object, call: object, *, force: bool) -> AccessToken:
        self.asked += 1
        if self.asked > 1:
            await self.gate.wait()
        return AccessToken(f"token-{self.asked}", time.time() + self.life)


async def test_a_permit_that_comes_without_a_token_is_not_spent_on_the_refused_one(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter", until: Callable[..., Awaitable[None]]
) -> None:
    """While one call learns that the token is refused, another stands in line; it must not be sent with that token."""
    source = _Scripted()
    client = await make(rate_limiter=limiter, token_source=source)
    server.fail(STATUS, Fault(errcode=202005), times=None)
    server.fail(PLAN_INFO, Fault(errcode=40001), Fault(errcode=202002))
    limiter.gate = asyncio.Event()
    in_line = asyncio.create_task(client.target.apply_status("1"))
    await until(lambda: limiter.asked)
    gate, limiter.gate = limiter.gate, None
    refused = asyncio.create_task(client.target.plan_info("https://x"))
    await until(lambda: source.asked == 2)
    gate.set()
    for _ in range(5):
        await asyncio.sleep(0.002)
    assert limiter.acquired.count(STATUS) == 0, "nobody holds a place at the limiter while a token is fetched"
    assert server.count(STATUS) == 0
    source.gate.set()
    for task in (in_line, refused):
        with pytest.raises(ApiError):
            await task
    assert server.count(STATUS) == 1
    assert limiter.acquired.count(STATUS) == 1


HOURS = UnionConfig(call_timeout=1e5, attempt_timeout=1e5, retry=RetryPolicy(max_attempts=1))


class _Clock:
    """The loop's clock, so many seconds later."""

    later = 0.0


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """Have a clock that a test sets forward, before anybody reads it."""
    loop, clock = asyncio.get_running_loop(), _Clock()
    true_time = loop.time
    monkeypatch.setattr(loop, "time", lambda: true_time() + clock.later)
    return clock


async def test_a_token_that_ends_in_line_is_fetched_anew_and_costs_no_attempt(
    make: "MakeClient",
    limiter: "OpenLimiter",
    until: Callable[..., Awaitable[None]],
    clock: "_Clock",
) -> None:
    """The wait for a permit may be long; without a token there is nothing to connect for."""
    source = _Scripted(life=7200)
    source.gate.set()
    async with RawServer() as raw:
        client = await make(base_urls=(raw.url,), rate_limiter=limiter, token_source=source, config=HOURS)
        limiter.gate = asyncio.Event()
        task = asyncio.create_task(client.target.apply_status("1"))
        await until(lambda: limiter.asked)
        clock.later = 7201.0
        limiter.gate.set()
        await task
        assert ["access_token=token-2" in head for head in raw.calls()] == [True]
        assert (source.asked, client.stats().attempts) == (2, 1)


async def test_a_token_that_ends_while_a_call_connects_is_not_sent(make: "MakeClient", clock: "_Clock") -> None:
    """A slow handshake is a wait like any other: what was looked at before it is looked at again."""

    async def connected(*_: object) -> None:
        clock.later = 7201.0

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    source = _Scripted(life=7200)
    source.gate.set()
    async with RawServer() as raw, aiohttp.ClientSession(trace_configs=[trace]) as session:
        client = await make(base_urls=(raw.url,), token_source=source, config=HOURS, session=session)
        await client.target.apply_status("1")
        assert ["access_token=token-2" in head for head in raw.calls()] == [True]


async def test_a_token_that_ends_between_a_permit_and_its_use_is_not_sent(
    make: "MakeClient",
    limiter: "OpenLimiter",
    until: Callable[..., Awaitable[None]],
    clock: "_Clock",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A permit is handed to another call than the one that asked for it, which has its turn a little later."""
    gate = asyncio.Event()

    async def acquire(app_id: str, path: str, limit: RateLimit) -> None:
        limiter.asked.append(path)
        if len(limiter.asked) == 1:
            await gate.wait()
        else:
            clock.later = 7201.0

    monkeypatch.setattr(limiter, "acquire", acquire)
    source = _Scripted(life=7200)
    source.gate.set()
    async with RawServer() as raw:
        client = await make(base_urls=(raw.url,), rate_limiter=limiter, token_source=source, config=HOURS)
        asks = asyncio.create_task(client.gather([ApplyStatusRequest(plan_id="1")]))
        await until(lambda: limiter.asked)
        goes_first = asyncio.create_task(client.target.apply_status("2"))
        await until(lambda: raw.connections == 2)
        await asyncio.sleep(0.01)
        gate.set()
        await goes_first
        (outcome,) = await asks
        assert outcome.error is None
        assert ["access_token=token-2" in head for head in raw.calls()] == [True, True]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"access_token": "", "expires_in": 7200}', "access_token"),
        ('{"expires_in": 7200}', "access_token"),
        ('{"access_token": "t", "expires_in": true}', "expires_in"),
        ('{"access_token": "t"}', "expires_in"),
    ],
)
async def test_a_token_answer_without_a_token_is_named(
    make: "MakeClient", server: FakeUnionServer, body: str, path: str
) -> None:
    """It is repeated like a 5xx, then told with the endpoint it came from and the caller's request."""
    client = await make()
    server.fail("/cgi-bin/stable_token", Fault(body=body), times=None)
    with pytest.raises(DecodeError) as caught:
        await client.target.apply_status("1")
    assert (caught.value.path, caught.value.endpoint) == (path, "/cgi-bin/stable_token")
    assert caught.value.request == ApplyStatusRequest(plan_id="1")
    assert server.count("/cgi-bin/stable_token") == caught.value.attempts == 4


async def test_a_page_instead_of_a_token_is_kept(promoter: UnionClient, server: FakeUnionServer) -> None:
    """It says whose it is: a proxy's login, maintenance; only what may hold a token is hidden whole."""
    server.fail("/cgi-bin/stable_token", Fault(body="<html>maintenance</html>"), times=None)
    with pytest.raises(DecodeError) as caught:
        await promoter.target.apply_status("1")
    assert caught.value.body == "<html>maintenance</html>"


async def test_a_lifetime_as_text_is_a_lifetime(make: "MakeClient", server: FakeUnionServer) -> None:
    """Numbers come as text elsewhere."""
    client = await make()
    server.fail("/cgi-bin/stable_token", Fault(body='{"access_token": "t", "expires_in": "7200"}'))
    server.fail(STATUS, Fault(body='{"data": {"planId": "1"}}'))
    assert (await client.target.apply_status("1")).plan_id == "1"


async def test_a_foreign_timeout_is_not_taken_for_ours(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limiter of the user's may time out; that is its error, and no deadline of the call."""

    async def pause(app_id: str, path: str, seconds: float) -> None:
        raise TimeoutError("the user's limiter")

    monkeypatch.setattr(limiter, "pause", pause)
    client = await make(rate_limiter=limiter)
    server.fail(STATUS, Fault(errcode=45011))
    with pytest.raises(TimeoutError, match="the user's limiter"):
        await client.target.apply_status("1")


# ── connections ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_connection_that_dies_in_line_costs_no_send(
    make: "MakeClient",
    server: FakeUnionServer,
    limiter: "OpenLimiter",
    until: Callable[..., Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """
    The server may close a connection while its request waits for a permit; nothing was sent, so try another.

    The log has a line for each request that was sent, and none for what never was.
    """
    caplog.set_level(logging.DEBUG, "wxunion_async")
    client = await make(rate_limiter=limiter, config=UnionConfig(retry=RetryPolicy(base_delay=0)))
    await client.quota.get(APPLY)
    limiter.gate = asyncio.Event()
    task = asyncio.create_task(client.call(OnceRequest(plan_id=server.plan.plan_id, apply_reason="r")))
    await until(lambda: limiter.asked)
    await server.aclose()
    await server.start()
    limiter.gate.set()
    await task
    assert server.plan.applications == 1
    assert server.count(APPLY) == 1
    assert sum(f"{APPLY} host=" in record.getMessage() for record in caplog.records) == 1


async def test_a_slow_path_does_not_take_all_connections(make: "MakeClient", server: FakeUnionServer) -> None:
    """A hundred calls in line for a path of one a second leave room for the others."""
    client = await make(
        config=UnionConfig(max_connections=4, call_timeout=3, rate_limits={STATUS: _once_a_minute()}),
    )
    waiting = [asyncio.create_task(client.call(ApplyStatusRequest(plan_id="1"))) for _ in range(100)]
    await asyncio.sleep(0.05)
    await client.target.plan_info(server.plan.invitation_url)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_with_two_connections_a_path_without_permits_has_one(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter", until: Callable[..., Awaitable[None]]
) -> None:
    """A quarter of them is less than one: one it is, and not both."""
    client = await make(rate_limiter=limiter, config=UnionConfig(max_connections=2, call_timeout=1))
    await client.token()
    gate = limiter.gate = asyncio.Event()
    waiting = [asyncio.create_task(client.target.apply_status("1")) for _ in range(3)]
    await until(lambda: limiter.asked)
    limiter.gate = None
    await client.target.plan_info(server.plan.invitation_url)
    server.fail(STATUS, Fault(body='{"data": {"planId": "1"}}'), times=3)
    gate.set()
    await asyncio.gather(*waiting)


async def test_an_attempt_has_its_time_after_a_long_wait_for_its_permit(
    make: "MakeClient", server: FakeUnionServer, limiter: "OpenLimiter", until: Callable[..., Awaitable[None]]
) -> None:
    """The wait was longer than an attempt may be: no answer is no answer all the same, long before the deadline."""
    config = UnionConfig(attempt_timeout=0.1, call_timeout=2, retry=RetryPolicy(base_delay=0))
    client = await make(rate_limiter=limiter, config=config)
    server.fail(PLAN_INFO, Fault(delay=60))
    limiter.gate = asyncio.Event()
    task = asyncio.create_task(client.target.plan_info(server.plan.invitation_url))
    await until(lambda: limiter.asked)
    await asyncio.sleep(0.12)
    limiter.gate.set()
    await task
    assert server.count(PLAN_INFO) >= 2


def _once_a_minute() -> RateLimit:
    return RateLimit(1, 60.0)
