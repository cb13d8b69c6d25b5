"""client.headsupplier.subitem_add, and what it has in common with other calls for a cooperation."""

from typing import Any

import pytest

from wxunion_async._codec import encode
from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.headsupplier.cooperativeitem_add import CooperativeitemAddRequest
from wxunion_async.endpoints.headsupplier.secondheadsupplieritem_add import SecondheadsupplieritemAddRequest
from wxunion_async.endpoints.headsupplier.subitem_add import SubitemAddRequest
from wxunion_async.endpoints.headsupplier.subitem_list_get import SubitemListGetRequest
from wxunion_async.endpoints.headsupplier.window_remove import WindowRemoveRequest
from wxunion_async.units import Per1M


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (SubitemAddRequest(cooperative_item_id="700120034", ratio=0), "cooperative_item_id"),
        (SubitemListGetRequest("700120034"), "cooperative_item_id"),
        (
            SecondheadsupplieritemAddRequest(cooperative_item_id="700120034", plan_type=0, service_ratio=Per1M(20000)),
            "cooperative_item_id",
        ),
        (WindowRemoveRequest(product_id=1, finder_id="sph", product_window_id="700120034"), "product_window_id"),
    ],
)
def test_a_numeric_id_goes_out_as_a_number(request_: UnionRequest[Any], name: str) -> None:
    """To callers it is text, like every id but a product's; the vendor wants a number."""
    assert encode(request_)[name] == 700120034


def test_a_flag_that_the_vendor_wants_as_a_number_is_one() -> None:
    """Others go out as true and false."""
    assert encode(CooperativeitemAddRequest(head_supplier_item_link="l", hidden_flag=True))["hidden_flag"] == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cooperative_item_id": "a", "ratio": 1}, "cooperative_item_id must be a decimal number, not 'a'"),
        ({"cooperative_item_id": "1"}, "ratio, ratio_ext: exactly one must be given, not none"),
        ({"cooperative_item_id": "1", "ratio": 91}, "ratio must be in 0 … 90, not 91"),
        ({"cooperative_item_id": "1", "ratio_ext": 1_000_001}, "ratio_ext must be in 0 … 1000000, not 1000001"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """A rate in the wrong unit is money."""
    with pytest.raises(ValueError, match=message):
        SubitemAddRequest(**fields)


def test_an_id_that_is_no_number_is_refused() -> None:
    """It could not be sent."""
    with pytest.raises(ValueError, match="product_window_id must be a decimal number, not 'a'"):
        WindowRemoveRequest(product_id=1, finder_id="sph", product_window_id="a")
