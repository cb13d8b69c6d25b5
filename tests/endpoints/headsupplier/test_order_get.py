"""client.headsupplier.order_get."""

from wxunion_async._codec import decode
from wxunion_async.endpoints.headsupplier._orders import OrderStatus
from wxunion_async.endpoints.headsupplier.order_get import OrderGetRequest


def test_the_state_of_the_order_has_two_names() -> None:
    """The vendor's table calls it other than the sample."""
    body = {"order_id": "1", "sku_id": 2, "order_detail": {"order_info": {"status": 30}}}
    order = decode(OrderGetRequest, {"errcode": 0, "commssion_order": body}, strict=True).commssion_order
    assert order.sku_id == "2"
    assert order.order_detail is not None
    assert order.order_detail.order_info is not None
    assert order.order_detail.order_info.order_status is OrderStatus.TO_BE_RECEIVED
    assert order.order_detail.commission_info is None
