"""client.target.apply_status."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.target import Target
from wxunion_async.endpoints.target.apply_status import ApplyStatus, ApplyStatusRequest, PromoterStatus
from wxunion_async.errors import ApiError, DecodeError, NotAppliedError, PlanExpiredError, PlanNotFoundError


def test_every_leaf_of_the_sample_is_kept(read_sample: Callable[..., Any]) -> None:
    """``removeTime`` is in the sample only, and "never" comes as 0."""
    assert read_sample(ApplyStatusRequest, "target/apply_status") == ApplyStatus(
        plan_id="1964112935262240768",
        promoter_status=PromoterStatus.PENDING,
        apply_time=datetime(2021, 7, 19, 11, 7, 15, tzinfo=UTC),
        join_time=None,
        apply_reason="okok",
        reject_time=None,
        remove_time=None,
    )


@pytest.mark.parametrize("body", [{"errcode": 0}, {"data": None}])
def test_data_is_required(body: dict[str, Any]) -> None:
    """``data`` is what the call is about."""
    with pytest.raises(DecodeError, match="data: a required value is missing") as caught:
        decode(ApplyStatusRequest, body)
    assert caught.value.path == "data"


@pytest.mark.parametrize(
    ("data", "path"), [([], "data"), ("x", "data"), ({}, "data.planId"), ({"planId": 1.5}, "data.planId")]
)
def test_errors_are_placed_within_data(data: object, path: str) -> None:
    """The path is the one in the vendor's answer, not the one in our class."""
    with pytest.raises(DecodeError, match=path) as caught:
        decode(ApplyStatusRequest, {"data": data})
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(202001, PlanExpiredError), (202002, PlanNotFoundError), (202005, NotAppliedError)],
)
def test_documented_errcodes_have_classes(errcode: int, error: type[ApiError]) -> None:
    """A caller branches on the class."""
    with pytest.raises(error, match=str(errcode)):
        decode(ApplyStatusRequest, {"errcode": str(errcode)})


async def test_the_call_passes_the_plan_id_on_untouched(make_caller: Callable[..., Any]) -> None:
    """The id is base64: its "+", "/" and "=" are part of it."""
    wanted = ApplyStatus(plan_id="1")
    caller = make_caller(wanted)
    assert await Target(caller).apply_status("a+/=") is wanted
    (request,) = caller.requests
    assert encode(request) == {"planId": "a+/="}
    assert (request.method, request.resend) == ("GET", True)
