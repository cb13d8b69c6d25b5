"""client.headsupplier.order_list_get and its iterator."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from wxunion_async._codec import encode
from wxunion_async.endpoints.headsupplier import Headsupplier
from wxunion_async.endpoints.headsupplier._orders import OrderId
from wxunion_async.endpoints.headsupplier._times import TimeSpan
from wxunion_async.endpoints.headsupplier.order_list_get import OrderList, OrderListGetRequest

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_first_page_has_no_key() -> None:
    """The league's lists leave it out, where those of the promoter calls have it empty."""
    request = OrderListGetRequest(create_time_range=TimeSpan(start_time=NEW_YEAR, end_time=NEW_YEAR))
    span = {"start_time": 1767225600, "end_time": 1767225600}
    assert encode(request) == {"page_size": 30, "create_time_range": span}


def test_one_order_needs_no_span_of_time() -> None:
    """The vendor then ignores all other filters."""
    assert encode(OrderListGetRequest(order_id="3705115058471208928"))["order_id"] == "3705115058471208928"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "create_time_range, update_time_range: exactly one must be given, not none"),
        ({"create_time_range": {}, "update_time_range": {}}, "exactly one must be given"),
        ({"create_time_range": {"start_time": 2, "end_time": 1}}, "start_time must not be above end_time"),
        ({"order_id": "1", "page_size": 31}, "page_size must be in 1 … 30, not 31"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O."""
    with pytest.raises(ValueError, match=message):
        OrderListGetRequest(**fields)


async def test_the_iterator_ends_where_there_is_no_more(make_caller: Callable[..., Any]) -> None:
    """A last page may have a key, and says nothing of ``has_more``."""
    first, last = (OrderId(order_id=name, sku_id="1") for name in "ab")
    caller = make_caller(OrderList(list=(first,), next_key="k", has_more=True), OrderList(list=(last,), next_key="l"))
    orders = Headsupplier(caller).iter_order_list(update_time_range=TimeSpan(start_time=NEW_YEAR))
    assert [order async for order in orders] == [first, last]
    assert [request.next_key for request in caller.requests] == [None, "k"]
