"""client.headsupplier.cooperativeitem_list_get."""

from wxunion_async._codec import decode
from wxunion_async.endpoints.headsupplier.cooperativeitem_list_get import CooperativeItem, CooperativeitemListGetRequest


def test_the_cooperation_has_two_names() -> None:
    """The table calls it ``cooperative_item_id``, the sample ``id``; older versions have the product as text."""
    answer = decode(CooperativeitemListGetRequest, {"errcode": 0, "list": [{"product_id": "1", "id": 700120034}]})
    assert answer.list == (CooperativeItem(product_id=1, cooperative_item_id="700120034"),)
