"""The arithmetic of retries: no clock, no network."""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wxunion_async import (
    ApiError,
    ClientClosedError,
    CredentialError,
    DeadlineExceededError,
    DecodeError,
    HttpStatusError,
    PermissionDeniedError,
    QuotaExhaustedError,
    RateLimitedError,
    RetryPolicy,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionError,
    UnionRequest,
)
from wxunion_async._retry import (
    Step,
    Trial,
    Verdict,
    backoff,
    decide,
    is_transient,
    leaves_doubt,
    next_midnight,
    parse_date,
    rest_of_minute,
    seconds_to_wait,
)
from wxunion_async._session import RetryBudget

NOW = datetime(2026, 3, 1, 12, 30, 45, tzinfo=UTC)
delays = st.floats(0, 1e6)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


# ── back-off ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(base=delays, longest=delays, attempt=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_backoff_stays_below_its_ceiling(base: float, longest: float, attempt: int, jitter: float) -> None:
    """The n-th is drawn from 0 to base times 2 to the n-1, and never above the longest; a high n must not overflow."""
    policy = RetryPolicy(base_delay=base, max_delay=longest)
    assert 0 <= backoff(policy, attempt, None, jitter) <= min(longest, base * 2.0 ** min(attempt - 1, 1000))


@given(base=delays, longest=delays, attempt=st.integers(1, 20), asked=st.floats(0, 1e5))
def test_backoff_is_never_shorter_than_the_service_asks(
    base: float, longest: float, attempt: int, asked: float
) -> None:
    """The longest delay is our own bound, not the service's."""
    policy = RetryPolicy(base_delay=base, max_delay=longest)
    assert asked <= backoff(policy, attempt, asked, 1.0) <= max(asked, longest)


def test_jitter_is_full() -> None:
    """Clients that one outage has brought into step must spread over the whole span, from nothing on."""
    policy = RetryPolicy(base_delay=1.0, max_delay=8.0)
    assert [backoff(policy, 3, None, jitter) for jitter in (0.0, 0.5, 1.0)] == [0.0, 2.0, 4.0]


# ── budget ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(size=st.integers(0, 60), story=st.lists(st.booleans(), max_size=400))
def test_budget_is_what_the_successes_have_earned(size: int, story: list[bool]) -> None:
    """Counted in fifths beside it: rounding must not cost a retry, nor give one away."""
    budget, fifths = RetryBudget(size), size * 5
    for success in story:
        if success:
            budget.give_back()
            fifths = min(size * 5, fifths + 1)
        else:
            assert budget.empty == (fifths < 5)
            if not budget.empty:
                budget.take()
                fifths -= 5
        assert budget.left == pytest.approx(fifths / 5, abs=1e-6)
        assert budget.left <= size


def test_empty_budget_never_fills() -> None:
    """A budget of 0 switches retries off."""
    budget = RetryBudget(0)
    budget.give_back()
    assert budget.empty


# ── what is repeated ─────────────────────────────────────────────────────────────────────────────────────────────────

KINDS: list[tuple[UnionError, bool, bool]] = [
    (TransportError("cut"), True, True),
    (SystemBusyError(-1), True, True),
    (HttpStatusError("", status=500), True, True),
    (HttpStatusError("", status=599), True, True),
    (HttpStatusError("", status=429), True, False),
    (HttpStatusError("", status=404), False, False),
    (HttpStatusError("", status=302), False, False),
    (DecodeError("html"), False, True),
    (TokenError(40001), False, False),
    (CredentialError(40013), False, False),
    (PermissionDeniedError(48001), False, False),
    (QuotaExhaustedError(45009), False, False),
    (RateLimitedError(45011), False, False),
    (ApiError(10024000), False, False),
    (ClientClosedError("closed"), False, False),
    (DeadlineExceededError("over", waiting_for="answer"), False, False),
]


@pytest.mark.parametrize(("error", "transient", "doubtful"), KINDS, ids=repr)
def test_errors_are_sorted_by_what_another_attempt_may_change(
    error: UnionError, transient: bool, doubtful: bool
) -> None:
    """Repeating what cannot succeed is load; doubting what was refused would send the user to ask for nothing."""
    assert is_transient(error) == transient
    assert leaves_doubt(error) == doubtful


class Order(UnionRequest[dict[str, Any]]):
    """A user's request that must not be carried out twice, and whose answer does not tell."""

    method = "POST"
    path = "/channels/ec/order"


# ── the verdict ──────────────────────────────────────────────────────────────────────────────────────────────────────

POLICY = RetryPolicy(max_attempts=4, base_delay=1.0, max_delay=8.0)
SITUATIONS = [
    dict(zip(("sent", "repeatable", "attempts", "untried_host", "budget_empty", "time_left"), values, strict=True))
    for values in itertools.product(
        (True, False), (True, False), (1, 3, 4), (True, False), (True, False), (0.5, 3.0, 1000.0)
    )
]


def paused(seconds: float) -> RateLimitedError:
    """Return a 45011 of so many seconds."""
    error = RateLimitedError(45011)
    error.retry_after = seconds
    return error


def verdict(error: UnionError, **situation: Any) -> Verdict:
    """Return the verdict in a situation in which an attempt may be made again, but for what is said."""
    usual: dict[str, Any] = {
        "transient": is_transient(error),
        "sent": False,
        "repeatable": True,
        "attempts": 1,
        "policy": POLICY,
        "time_left": 1000.0,
    }
    return decide(Trial(error=error, **(usual | situation)))


@pytest.mark.parametrize("error", [error for error, transient, _ in KINDS if transient], ids=repr)
def test_what_may_pass_is_tried_again_as_far_as_attempts_budget_and_time_reach(error: UnionError) -> None:
    """The whole table: nothing sent twice that must not be, no wait that outlasts the deadline."""
    for now in SITUATIONS:
        found = verdict(error, **now)
        seconds = 2.0 ** (now["attempts"] - 1)
        if now["sent"] and not now["repeatable"]:
            assert found == Verdict(Step.RAISE), now
        elif not now["sent"] and now["untried_host"]:
            assert found == Verdict(Step.OTHER_HOST, 0.0), "at once and for nothing"
        elif now["attempts"] == 4 or now["budget_empty"] or seconds > now["time_left"]:
            assert found == Verdict(Step.RAISE), now
        else:
            assert found == Verdict(Step.BACK_OFF, seconds), now


@pytest.mark.parametrize("error", [error for error, transient, _ in KINDS if not transient], ids=repr)
def test_what_stays_is_raised_whatever_the_situation(error: UnionError) -> None:
    """Pauses and refused tokens have steps of their own; nothing else is tried again."""
    if isinstance(error, (RateLimitedError, TokenError)):
        return
    for now in SITUATIONS:
        assert verdict(error, **now) == Verdict(Step.RAISE), now


@pytest.mark.parametrize(("errcode", "helps"), [(40001, True), (40014, True), (42001, True), (41001, False)])
def test_a_refused_token_is_replaced_once(errcode: int, helps: bool) -> None:
    """A second refusal, and a token that was missing, are no matter of a new one."""
    for now in SITUATIONS:
        step = Step.NEW_TOKEN if helps else Step.RAISE
        assert verdict(TokenError(errcode), token_replaceable=True, **now) == Verdict(step), now
        assert verdict(TokenError(errcode), token_replaceable=False, **now) == Verdict(Step.RAISE), now


def test_a_pause_is_waited_out_if_the_deadline_leaves_time() -> None:
    """It spends neither attempts nor budget, so neither has a say."""
    for now in SITUATIONS:
        step = Verdict(Step.PAUSE, 3.0) if now["time_left"] >= 3 else Verdict(Step.RAISE)
        assert verdict(paused(3.0), **now) == step, now
    assert verdict(paused(3.0), pauses_left=1, time_left=1.0) == Verdict(Step.PAUSE, 3.0), (
        "a patient call's clock stands"
    )
    assert verdict(paused(3.0), pauses_left=0) == Verdict(Step.RAISE)


def test_the_service_may_ask_for_a_longer_wait_but_not_beyond_the_deadline() -> None:
    """60 calls that are told to come back in a minute must not empty the budget for nothing."""
    error = HttpStatusError("", status=503)
    assert verdict(error, retry_after=60.0, time_left=61.0) == Verdict(Step.BACK_OFF, 60.0)
    assert verdict(error, retry_after=60.0, time_left=30.0) == Verdict(Step.RAISE)


# ── what the service says about time ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 01 Mar 2026 12:31:00 GMT", 15.0),
        ("Sun, 01 Mar 2026 20:31:00 +0800", 15.0),
        ("Sun, 01 Mar 2026 12:31:00 -0000", 15.0),
        ("Sun, 01 Mar 2026 12:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("²", None),
        ("Sun, 99 Mar 2026 12:31:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str | None, seconds: float | None) -> None:
    """RFC 9110 knows both forms; what is neither counts as absent, and a date that is past as now."""
    assert seconds_to_wait(header, NOW) == seconds


@given(header=st.text(max_size=60) | st.text("0123456789 ,:+-JanMoGT", max_size=60))
@example("9" * 400)
@example("Mon, 01 Jan 99999 00:00:00 GMT")
@example("Mon, 01 Jan 2026 00:00:00 +999999")
@example("Fri, 31 Dec 9999 23:59:59 GMT")
def test_no_header_breaks_a_call(header: str) -> None:
    """A proxy may write anything there."""
    seconds = seconds_to_wait(header, NOW)
    assert seconds is None or seconds >= 0
    date = parse_date(header)
    assert date is None or date < next_midnight(date)


@given(date=instants)
def test_date_header_is_read_back(date: datetime) -> None:
    """To the second, which is all that the header tells."""
    assert parse_date(format_datetime(date, usegmt=True)) == date.replace(microsecond=0)


def test_absent_date_is_none() -> None:
    """The caller's own clock has to do then."""
    assert parse_date(None) is None


@given(now=instants)
def test_rest_of_minute_ends_one_second_into_the_next(now: datetime) -> None:
    """The vendor counts by the minute of its own clocks, which differ a little."""
    after = now + timedelta(seconds=rest_of_minute(now))
    next_minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert abs(after - next_minute - timedelta(seconds=1)) < timedelta(milliseconds=1)


@given(now=instants, hours=st.integers(-12, 14))
def test_next_midnight_is_shanghais(now: datetime, hours: int) -> None:
    """Quotas start anew at midnight in Beijing, wherever the worker is."""
    midnight = next_midnight(now.astimezone(timezone(timedelta(hours=hours))))
    assert midnight.utcoffset() == timedelta(hours=8)
    assert (midnight.hour, midnight.minute, midnight.second, midnight.microsecond) == (0, 0, 0, 0)
    assert timedelta(0) < midnight - now <= timedelta(days=1)


def test_quota_that_ends_at_midnight_resets_a_day_later() -> None:
    """At the very moment the new day has begun."""
    assert next_midnight(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert next_midnight(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
