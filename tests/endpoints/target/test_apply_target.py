"""client.target.apply_target."""

from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.target import Target
from wxunion_async.endpoints.target.apply_target import ApplyTargetRequest
from wxunion_async.errors import (
    AlreadyAppliedError,
    ApiError,
    ApplyReasonTooLongError,
    PlanExpiredError,
    PlanNotFoundError,
)
from wxunion_async.testing import read_answer


def test_the_answer_is_none() -> None:
    """The envelope says it all; what else an answer holds is of no interest."""
    assert decode(ApplyTargetRequest, read_answer("target/apply_target")) is None
    assert decode(ApplyTargetRequest, {"errcode": 0, "anything": [1]}) is None
    assert encode(None) == {}


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (202001, PlanExpiredError),
        (202002, PlanNotFoundError),
        (202004, AlreadyAppliedError),
        (202006, ApplyReasonTooLongError),
    ],
)
def test_documented_errcodes_have_classes(errcode: int, error: type[ApiError]) -> None:
    """A caller branches on the class."""
    with pytest.raises(error, match=str(errcode)):
        decode(ApplyTargetRequest, {"errcode": errcode, "errmsg": "no"})


def test_an_application_is_never_repeated_blindly() -> None:
    """It changes something: only 202004 on a re-send tells that the first one arrived."""
    assert not ApplyTargetRequest.resend
    assert ApplyTargetRequest.done_errcode == 202004
    assert ApplyTargetRequest.method == "POST"


@pytest.mark.parametrize("field", ["plan_id", "apply_reason"])
def test_an_empty_field_is_refused_by_name(field: str) -> None:
    """It fails before any I/O, and says which argument it was."""
    with pytest.raises(ValueError, match=f"{field} must not be empty"):
        ApplyTargetRequest(**{"plan_id": "p", "apply_reason": "r", field: ""})


async def test_the_call_takes_names_only(make_caller: Callable[..., Any]) -> None:
    """Two texts in a row are too easy to swap."""
    caller = make_caller(None)
    await Target(caller).apply_target(plan_id="a+/=", apply_reason="推客申请加入原因")
    (request,) = caller.requests
    assert encode(request) == {"planId": "a+/=", "applyReason": "推客申请加入原因"}
    with pytest.raises(TypeError, match="positional"):
        await Target(caller).apply_target("p", "r")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
