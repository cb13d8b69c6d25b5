"""client.headsupplier.window_getall and its iterator, and what it has in common with the other window calls."""

from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.headsupplier import Headsupplier
from wxunion_async.endpoints.headsupplier.window_add import WindowAddRequest
from wxunion_async.endpoints.headsupplier.window_getall import WindowGetall, WindowGetallRequest, WindowProduct
from wxunion_async.endpoints.headsupplier.window_getdetail import WindowGetdetailRequest
from wxunion_async.endpoints.headsupplier.window_remove import WindowRemoveRequest


@pytest.mark.parametrize(
    ("cls", "fields"),
    [
        (WindowGetallRequest, {}),
        (WindowAddRequest, {"product_id": 1}),
        (WindowRemoveRequest, {"product_id": 1}),
        (WindowGetdetailRequest, {"product_id": 1}),
    ],
)
@pytest.mark.parametrize("given", [(), ("openfinderid", "finder_id")])
def test_a_window_is_named_in_one_way(cls: type[UnionRequest[Any]], fields: dict[str, Any], given: Any) -> None:
    """None says nothing, two may say two things."""
    with pytest.raises(ValueError, match="openfinderid, opentalentid, finder_id: exactly one must be given"):
        cls(**fields, **dict.fromkeys(given, "a"))
    named: dict[str, Any] = {"opentalentid": "a", **fields}
    assert cls(**named)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"offset": -1}, "offset must not be negative, not -1"),
        ({"page_size": 501}, "page_size must be in 1 … 500, not 501"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O."""
    with pytest.raises(ValueError, match=message):
        WindowGetallRequest(openfinderid="a", **fields)


async def test_the_iterator_follows_next_offset(make_caller: Callable[..., Any]) -> None:
    """A page may hold fewer products than it covers."""
    first, last = (WindowProduct(appid="wx1", product_id=number) for number in (1, 2))
    caller = make_caller(
        WindowGetall(list=(first,), next_offset=100, have_more=True),
        WindowGetall(list=(last,), next_offset=200, have_more=False),
    )
    assert [product async for product in Headsupplier(caller).iter_window_getall(openfinderid="a")] == [first, last]
    assert [request.offset for request in caller.requests] == [0, 100]
