"""What commission orders and orders of shops' own products share."""

from __future__ import annotations

import attrs

from wxunion_async.enums import OpenIntEnum
from wxunion_async.units import Fen

__all__ = ["Buyer", "OrderId", "OrderProduct", "OrderStatus"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderId:
    """The ids of one SKU of one order, as ``order_get`` and ``clue_get`` take them."""

    order_id: str
    """The order, 16 to 19 digits; of own products the table says number, the sample has a string."""
    sku_id: str
    """The SKU; the table says number, the sample has a string."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderProduct:
    """What was bought."""

    product_id: int | None = None
    """The product; a string on the wire."""
    thumb_img: str | None = None
    """URL of the SKU's picture."""
    title: str | None = None
    """Title."""
    actual_payment: Fen | None = None
    """What was paid, in fen; the amount that a commission is counted on."""


class OrderStatus(OpenIntEnum):
    """The state of an order."""

    TO_BE_PAID = 10
    """待付款: not paid."""
    TO_BE_SENT = 20
    """待发货: paid, not sent."""
    PARTLY_SENT = 21
    """部分发货: partly sent."""
    TO_BE_RECEIVED = 30
    """待收货: sent, not received."""
    DONE = 100
    """完成: done."""
    RETURNED = 200
    """全部商品售后之后，订单取消: cancelled after all goods were returned."""
    CANCELLED = 250
    """未付款用户主动取消或超时未付款订单自动取消: cancelled before payment."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Buyer:
    """Who bought it."""

    open_id: str | None = None
    """Openid of the buyer."""
    union_id: str | None = None
    """Unionid of the buyer."""
