"""One deadline for all the waiting of a call, and an error that says what was waited for."""

import asyncio
import logging
import re
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from wxunion_async import (
    ApiError,
    DeadlineExceededError,
    HttpStatusError,
    LocalRateLimiter,
    RateLimit,
    RateLimitedError,
    RetryPolicy,
    TransportError,
    UnionClient,
    UnionConfig,
)
from wxunion_async.testing import FakeUnionServer, Fault

if TYPE_CHECKING:
    from .conftest import GatedSource, MakeClient, OpenLimiter

STATUS = "/union/promoter/target/apply_status"
APPLY = "/union/promoter/target/apply_target"
SHORT = UnionConfig(call_timeout=0.15)


async def test_it_says_when_it_was_the_token(make: "MakeClient", gated_source: "GatedSource") -> None:
    """The refresh goes on for the others."""
    client = await make(config=SHORT, token_source=gated_source)
    with pytest.raises(DeadlineExceededError, match=r"0\.15 s, while waiting for the token") as caught:
        await client.target.apply_status("1")
    assert caught.value.waiting_for == "token"
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.retryable
    gated_source.gate.set()


async def test_it_says_when_it_was_the_permit(make: "MakeClient", limiter: "OpenLimiter") -> None:
    """The caller asked for more than the limit gives."""
    limiter.gate = asyncio.Event()
    client = await make(config=SHORT, rate_limiter=limiter)
    with pytest.raises(DeadlineExceededError) as caught:
        await client.target.apply_status("1")
    assert caught.value.waiting_for == "permit"


async def test_it_holds_after_an_attempt_that_timed_out(make: "MakeClient", server: FakeUnionServer) -> None:
    """The next attempt waits for a permit that is due in ten seconds."""
    config = UnionConfig(
        attempt_timeout=0.1,
        call_timeout=0.3,
        default_rate_limit=RateLimit(1, 10.0, burst=1),
        retry=RetryPolicy(base_delay=0.0),
    )
    client = await make(config=config)
    server.fail(STATUS, Fault(delay=60), times=None)
    with pytest.raises(DeadlineExceededError) as caught:
        await asyncio.wait_for(client.target.apply_status("1"), 5)
    assert caught.value.waiting_for == "permit"


async def test_a_place_in_line_counts_as_waiting_for_the_permit(make: "MakeClient", server: FakeUnionServer) -> None:
    """With all connections taken the call has not begun."""
    client = await make(config=UnionConfig(call_timeout=0.2, max_connections=1))
    server.fail(STATUS, Fault(delay=60), times=None)
    first = asyncio.create_task(client.target.apply_status("1"))
    await asyncio.sleep(0.05)
    with pytest.raises(DeadlineExceededError) as caught:
        await client.with_options(call_timeout=0.1).target.apply_status("2")
    assert caught.value.waiting_for == "permit"
    with pytest.raises(DeadlineExceededError):
        await first


@pytest.mark.parametrize("path", [STATUS, APPLY])
async def test_it_says_when_it_was_the_answer_and_whether_that_is_harmless(
    make: "MakeClient", server: FakeUnionServer, path: str
) -> None:
    """An application whose answer did not come may have been made."""
    server.fail(path, Fault(delay=60))
    client = await make(config=SHORT)
    with pytest.raises(DeadlineExceededError) as caught:
        if path == STATUS:
            await client.target.apply_status("1")
        else:
            await client.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r")
    assert caught.value.waiting_for == "answer"
    assert caught.value.ambiguous is (path == APPLY)
    assert caught.value.retryable is (path == STATUS)
    assert caught.value.__context__ is None


async def test_a_backoff_that_outlasts_the_deadline_is_not_begun(make: "MakeClient", server: FakeUnionServer) -> None:
    """The cause is known now, so it is told now."""
    server.fail(STATUS, Fault(status=503, headers={"Retry-After": "30"}))
    client = await make(config=UnionConfig(call_timeout=5))
    started = time.monotonic()
    with pytest.raises(HttpStatusError) as caught:
        await client.target.apply_status("1")
    assert caught.value.status == 503
    assert caught.value.attempts == 1
    assert time.monotonic() - started < 2


async def test_a_backoff_can_be_what_was_waited_for(make: "MakeClient", server: FakeUnionServer) -> None:
    """A wait that was begun in time may still be cut by the deadline of a later attempt; here by nothing but it."""
    retry = RetryPolicy(base_delay=0.0, max_delay=0.0, max_attempts=10_000, budget=100_000)
    client = await make(config=UnionConfig(call_timeout=0.2, retry=retry))
    # Answers that come at once might come in the very turn in which the time is over, and be what the call ends with.
    server.fail(STATUS, Fault(status=503, delay=0.08), times=None)
    with pytest.raises(DeadlineExceededError) as caught:
        await client.target.apply_status("1")
    assert caught.value.attempts >= 2


async def test_a_pause_that_outlasts_the_deadline_is_told_at_once(make: "MakeClient", server: FakeUnionServer) -> None:
    """45011: the first caller, those in line and those who come later need not wait to learn it."""
    date = formatdate(1_700_000_000, usegmt=True)  # 20 s past a full minute
    limit = UnionConfig(call_timeout=5, default_rate_limit=RateLimit(2, 3600, burst=2), retry=RetryPolicy())
    client = await make(config=limit, rate_limiter=LocalRateLimiter())
    server.fail(STATUS, Fault(errcode=45011, headers={"Date": date}, delay=0.1))
    server.fail(STATUS, Fault(delay=0.3))
    waiting = [asyncio.create_task(client.target.apply_status(str(n))) for n in range(6)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    limited = [outcome for outcome in outcomes if isinstance(outcome, RateLimitedError)]
    assert len(limited) == 5
    assert all(error.retry_after is not None and 40.5 < error.retry_after <= 41 for error in limited)
    with pytest.raises(RateLimitedError) as caught:
        await client.target.apply_status("later")
    assert caught.value.retry_after is not None
    assert 40 < caught.value.retry_after < 41
    assert server.count(STATUS) == 2
    await client.target.plan_info(server.plan.invitation_url)  # another path goes on


async def test_a_pause_within_the_deadline_is_waited_out(make: "MakeClient", server: FakeUnionServer) -> None:
    """It spends neither attempts nor budget: with one attempt and no budget the call succeeds."""
    date = formatdate(1_700_000_039, usegmt=True)  # the last second of a minute: 1 s, and 1 s more
    client = await make(config=UnionConfig(retry=RetryPolicy(max_attempts=1, budget=0)))
    server.fail(
        "/union/promoter/target/plan_info",
        Fault(errcode=45011, headers={"Date": date}),
    )
    started = time.monotonic()
    await client.target.plan_info(server.plan.invitation_url)
    assert 1.9 < time.monotonic() - started < 6


async def test_a_slow_peer_ends_the_attempt_and_not_the_call(make: "MakeClient", server: FakeUnionServer) -> None:
    """One stuck answer must not use up the time of the attempts after it."""
    client = await make(config=UnionConfig(attempt_timeout=0.1, retry=RetryPolicy(base_delay=0)))
    server.fail("/union/promoter/target/plan_info", Fault(delay=60))
    await client.target.plan_info(server.plan.invitation_url)
    server.fail(STATUS, Fault(delay=60), times=None)
    with pytest.raises(TransportError, match=r"no answer within 0\.1 s") as caught:
        await client.target.apply_status("1")
    assert caught.value.attempts == 4


async def test_waiting_for_a_permit_is_none_of_the_attempts_time(make: "MakeClient", server: FakeUnionServer) -> None:
    """A limit slower than attempt_timeout is no failure of the peer."""
    client = await make(
        config=UnionConfig(attempt_timeout=0.2, default_rate_limit=RateLimit(1, 0.5), retry=RetryPolicy(max_attempts=1))
    )
    await asyncio.gather(*(client.target.plan_info(server.plan.invitation_url) for _ in range(3)))


async def test_the_log_tells_the_peers_time_and_not_the_line(
    make: "MakeClient", server: FakeUnionServer, caplog: pytest.LogCaptureFixture
) -> None:
    """One DEBUG line an attempt; who reads ``ms`` there wants to know how slow the service is."""
    caplog.set_level(logging.DEBUG, "wxunion_async")
    client = await make(config=UnionConfig(default_rate_limit=RateLimit(1, 0.5), retry=RetryPolicy(base_delay=0)))
    server.fail(STATUS, Fault(reset=True), Fault(errcode=202005))
    with pytest.raises(ApiError) as caught:
        await client.target.apply_status("1")
    token, reset, refused = (record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG)
    host = server.base_url.removeprefix("http://")
    assert re.fullmatch(rf"/cgi-bin/stable_token host={host} ms=\d+\.\d status=200 errcode=0 rid=None attempt=1", token)
    assert re.fullmatch(rf"{STATUS} host={host} ms=\d+\.\d status=- errcode=- rid=None attempt=1", reset)
    line = rf"{STATUS} host={host} ms=(\d+\.\d) status=200 errcode=202005 rid={caught.value.rid} attempt=2"
    told = re.fullmatch(line, refused)
    assert told
    assert float(told[1]) < 400


async def test_the_callers_own_timeout_is_left_alone(promoter: UnionClient, server: FakeUnionServer) -> None:
    """``asyncio.timeout`` around a call means what it says."""
    server.fail(STATUS, Fault(delay=60))
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(0.1):
            await promoter.target.apply_status("1")
    assert not isinstance(caught.value, DeadlineExceededError)
