"""The tree of errors, and what each one carries."""

import copy
import pickle
from datetime import UTC, datetime

import pytest

from wxunion_async import errors
from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.target.apply_status import ApplyStatusRequest
from wxunion_async.errors import (
    COMMON_ERRCODES,
    AlreadyAppliedError,
    ApiError,
    ApplyReasonTooLongError,
    ClientClosedError,
    CouponError,
    CredentialError,
    DeadlineExceededError,
    DecodeError,
    FeatureClosedError,
    HttpStatusError,
    InvalidAppIdError,
    InvalidParameterError,
    IPNotAllowedError,
    NoCooperationError,
    NotAppliedError,
    NotBoundError,
    OpenIdNotBoundError,
    OrderNotFoundError,
    PermissionDeniedError,
    PlanExpiredError,
    PlanNotFoundError,
    ProductNotFoundError,
    ProductNotListedError,
    PromoterNotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionError,
)

PARENTS: dict[type[UnionError], type[BaseException]] = {
    UnionError: Exception,
    DeadlineExceededError: UnionError,
    TransportError: UnionError,
    ResponseError: UnionError,
    HttpStatusError: ResponseError,
    DecodeError: ResponseError,
    ApiError: UnionError,
    TokenError: ApiError,
    CredentialError: ApiError,
    IPNotAllowedError: CredentialError,
    PermissionDeniedError: ApiError,
    SystemBusyError: ApiError,
    RateLimitedError: ApiError,
    QuotaExhaustedError: ApiError,
    PlanExpiredError: ApiError,
    PlanNotFoundError: ApiError,
    AlreadyAppliedError: ApiError,
    NotAppliedError: ApiError,
    ApplyReasonTooLongError: ApiError,
    InvalidParameterError: ApiError,
    InvalidAppIdError: ApiError,
    ProductNotFoundError: ApiError,
    ProductNotListedError: ApiError,
    CouponError: ApiError,
    FeatureClosedError: ApiError,
    NoCooperationError: ApiError,
    NotBoundError: ApiError,
    OpenIdNotBoundError: ApiError,
    OrderNotFoundError: ApiError,
    PromoterNotFoundError: ApiError,
    ClientClosedError: UnionError,
}


def build(cls: type[UnionError]) -> UnionError:
    """Return an error of this class as its own code would build it."""
    if issubclass(cls, ApiError):
        return cls(40001, "no rid: a-b-c")
    if issubclass(cls, DeadlineExceededError):
        return cls("late", waiting_for="permit")
    if issubclass(cls, HttpStatusError):
        return cls("bad gateway", status=502, body="<html>")
    if issubclass(cls, DecodeError):
        return cls("wrong", path="product.product_id", body="{}")
    return cls("said")


@pytest.mark.parametrize("cls", PARENTS)
def test_the_tree_has_its_documented_shape(cls: type[UnionError]) -> None:
    """Callers catch a branch, so a class that moves breaks them."""
    assert cls.__bases__[0] is PARENTS[cls]


def test_no_error_is_outside_of_the_tree() -> None:
    """One root: ``except UnionError`` is enough."""
    assert {name for name in errors.__all__ if name != "COMMON_ERRCODES"} == {cls.__name__ for cls in PARENTS}


def test_a_deadline_is_a_timeout_too() -> None:
    """``except TimeoutError`` is what asyncio users write."""
    assert issubclass(DeadlineExceededError, TimeoutError)


@pytest.mark.parametrize("cls", PARENTS)
def test_errors_pickle_with_everything_they_carry(cls: type[UnionError]) -> None:
    """Workers in other processes hand them back; the default would lose keyword arguments."""
    error = build(cls)
    error.endpoint, error.attempts, error.ambiguous = "/x", 3, True
    error.request = ApplyStatusRequest(plan_id="p")
    if isinstance(error, RateLimitedError):
        error.retry_after = 1.5
    if isinstance(error, QuotaExhaustedError):
        error.resets_at = datetime(2026, 1, 1, tzinfo=UTC)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is cls
        assert twin.args == error.args
        assert vars(twin) == vars(error)
        assert str(twin) == str(error)


def test_outside_of_a_call_nothing_is_invented() -> None:
    """``decode`` raises the same classes without a client."""
    error = UnionError()
    assert (error.endpoint, error.request, error.attempts, error.ambiguous) == (None, None, 0, False)
    assert ResponseError("x").body == ""
    assert DecodeError("x").path == ""
    assert RateLimitedError(45011).retry_after == 61.0, "whoever waits for so long has waited enough"
    assert QuotaExhaustedError(45009).resets_at is None


TRANSIENT = {DeadlineExceededError, TransportError, HttpStatusError, SystemBusyError, RateLimitedError}


@pytest.mark.parametrize("cls", PARENTS)
def test_only_what_may_pass_is_retryable(cls: type[UnionError]) -> None:
    """Configuration, permission, quota and business errors stay; an ambiguous one must not be repeated blindly."""
    error = build(cls)
    assert error.retryable is (cls in TRANSIENT)
    error.ambiguous = True
    assert not error.retryable


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (503, True), (429, True), (404, False), (301, False)])
def test_which_http_statuses_are_retryable(status: int, retryable: bool) -> None:
    """A gateway's 5xx passes, its 404 does not."""
    error = HttpStatusError("x", status=status)
    assert error.status == status
    assert error.retryable is retryable


def test_the_common_codes_have_their_classes() -> None:
    """The vendor's tables, whole."""
    assert {code: cls.__name__ for code, cls in COMMON_ERRCODES.items()} == {
        **dict.fromkeys((40001, 40014, 42001, 41001), "TokenError"),
        **dict.fromkeys((40013, 40125, 41002, 41004, 40243), "CredentialError"),
        **dict.fromkeys((40164, 45035, 61004, 89503), "IPNotAllowedError"),
        **dict.fromkeys((48001, 48004, 50001, 50002, 61007), "PermissionDeniedError"),
        -1: "SystemBusyError",
        45011: "RateLimitedError",
        45009: "QuotaExhaustedError",
    }


def test_business_codes_belong_to_their_endpoints() -> None:
    """They are in no common table, and ``errcodes`` of their classes is empty."""
    assert PlanNotFoundError.errcodes == ()


@pytest.mark.parametrize(
    ("errmsg", "rid"),
    [
        ("invalid credential rid: 64f0-1a2b-3c4d", "64f0-1a2b-3c4d"),
        ("rid:a-b", "a-b"),
        ("acrid: a-b", None),
        ("", None),
    ],
)
def test_the_rid_is_found_at_the_end_of_errmsg(errmsg: str, rid: str | None) -> None:
    """The vendor's support asks for it."""
    assert ApiError(1, errmsg).rid == rid


def test_the_text_of_an_api_error_says_where_and_what() -> None:
    """It is what a log shows."""
    error = ApiError(40001, "no")
    assert str(error) == "errcode 40001: no"
    error.endpoint = "/x"
    assert str(error) == "/x: errcode 40001: no"


def test_one_table_leads_the_business_codes_to_their_classes() -> None:
    """A code means the same on every path of the family; one without a class is a plain ``ApiError``."""
    codes = (10071029, 10071058, 10071056, 10071030, 10071049, 10071034, 10071035, 10024007, 10071047, 10024006, 14005)

    @errcodes(*codes)
    class Documented(UnionRequest[None]):
        path = "/x"

    assert [Documented.errcodes[code] for code in codes] == [
        *[NotBoundError] * 2,
        OpenIdNotBoundError,
        PromoterNotFoundError,
        FeatureClosedError,
        *[CouponError] * 2,
        *[NoCooperationError] * 2,
        OrderNotFoundError,
        ApiError,
    ]


@pytest.mark.parametrize("cls", PARENTS)
def test_each_error_says_what_to_do(cls: type[UnionError]) -> None:
    """One sentence beside the error, so that README, command line and logs need none of their own."""
    error = build(cls)
    assert error.advice.endswith(".")
    error.ambiguous = True
    assert "before you send it again" in error.advice


def test_advice_tells_the_times_that_the_service_told() -> None:
    """A wait without its length sends people to the source."""
    limited, exhausted = RateLimitedError(45011), QuotaExhaustedError(45009)
    assert limited.advice.startswith("Wait 61 s")
    assert "anew" not in exhausted.advice
    limited.retry_after = 30.2
    exhausted.resets_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert limited.advice.startswith("Wait 31 s")
    assert "It starts anew at 2026-01-01 00:00:00+00:00." in exhausted.advice


def test_a_deadline_tells_what_failed_last() -> None:
    """Being told "not done within 1 s" alone says nothing of a host that refuses connections."""
    last = TransportError("cannot connect to 127.0.0.1:1")
    error = DeadlineExceededError("not done within 1 s, while waiting for the token", waiting_for="token", last=last)
    assert str(error).endswith("while waiting for the token; last: cannot connect to 127.0.0.1:1")
    assert DeadlineExceededError("late", waiting_for="token").last is None
