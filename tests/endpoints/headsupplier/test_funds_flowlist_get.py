"""client.headsupplier.funds_flowlist_get and its iterator."""

from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._codec import decode
from wxunion_async.endpoints.headsupplier import Headsupplier
from wxunion_async.endpoints.headsupplier.funds_flowlist_get import FundsFlowlist, FundsFlowlistGetRequest


def test_the_ids_have_two_names() -> None:
    """One client reads the other."""
    assert decode(FundsFlowlistGetRequest, {"errcode": 0, "funds_flow_ids": ["1"]}).flow_ids == ("1",)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"page": 0}, "page must be at least 1, not 0"),
        ({"page_size": 0}, "page_size must be at least 1, not 0"),
        ({"page": 500}, "page × page_size must be below 5000 without a next_key, not 500, 10"),
        ({"funds_type": 3}, "funds_type must be one of 1, 2, not 3"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O."""
    with pytest.raises(ValueError, match=message):
        FundsFlowlistGetRequest(**fields)


async def test_the_iterator_takes_number_and_key_along(make_caller: Callable[..., Any]) -> None:
    """Far pages need the key of the page before, beside their number; a first page, however large, has none."""
    caller = make_caller(
        FundsFlowlist(flow_ids=("1", "2"), next_key="a", has_more=True), FundsFlowlist(flow_ids=("3",), has_more=False)
    )
    assert [flow async for flow in Headsupplier(caller).iter_funds_flowlist(page_size=5000)] == ["1", "2", "3"]
    assert [(request.page, request.next_key, request.page_size) for request in caller.requests] == [
        (1, None, 5000),
        (2, "a", 5000),
    ]
