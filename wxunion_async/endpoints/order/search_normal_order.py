"""
GET /union/promoter/order/search_normal_order.

Source: miniprogram/dev/platform-capabilities/business-capabilities/union/custom_component/api/promoter/order-info.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import JOINED, PagedRequest, in_order, must, paged_by_offset
from wxunion_async.endpoints.order._orders import PromotionInfo as PromotionInfo
from wxunion_async.units import Fen, Per10k


@paged_by_offset("order_list", "offset", total="total")
@must("offset must not be negative", lambda of: of("offset") >= 0, "offset")
@must("limit must be above 0", lambda of: of("limit") > 0, "limit")
@in_order("start_pay_time", "end_pay_time")
@in_order("start_status_update_time", "end_status_update_time")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderSearchNormalOrderRequest(PagedRequest["OrderSearchNormalOrder", "NormalOrder"]):
    """
    List one page of the orders of mini programs' own products.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/order/search_normal_order"
    dialect = "camel"
    resend = True

    offset: int = 0
    """Orders before this page, from 0."""
    limit: int = 20
    """Orders a page; the greatest number is undocumented."""
    query: str | None = None
    """A text to search for."""
    order_id: str | None = None
    """The order."""
    out_order_id: str | None = None
    """The merchant's order."""
    out_order_id_list: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """The merchant's orders; one text on the wire; left out if empty."""
    trade_no: str | None = None
    """The payment."""
    transaction_id_list: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """The payments; one text on the wire; left out if empty."""
    start_pay_time: datetime | None = None
    """Paid from then on."""
    end_pay_time: datetime | None = None
    """Paid until then."""
    commission_status: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """How far the settlement is: words as in the answer; one text on the wire; left out if empty."""
    start_status_update_time: datetime | None = None
    """Status changed from then on."""
    end_status_update_time: datetime | None = None
    """Status changed until then."""
    sort_by: str | None = None
    """What to sort by: ``SORT_BY_PAY_TIME`` by default; the other words are undocumented."""
    sort_order: str | None = None
    """In which order: ``SORT_ORDER_DESC`` by default; the other words are undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderSearchNormalOrder:
    """One page of orders; from a client's models, not the vendor's page."""

    total: int | None = None
    """Orders in all."""
    order_list: tuple[NormalOrder, ...] = ()
    """The orders of this page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NormalOrder:
    """An order of a mini program's own products; from a client's models, not the vendor's page."""

    order_info: NormalOrderInfo | None = None
    """The order."""
    product_list: tuple[NormalOrderProduct, ...] = ()
    """Its products."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NormalOrderInfo:
    """What an order is, and how far; from a client's models, not the vendor's page."""

    order_id: str
    """The order."""
    out_order_id: str | None = None
    """The merchant's order."""
    transaction_id: str | None = None
    """The payment."""
    pay_time: datetime | None = None
    """When it was paid; 0 on the wire is ``None``."""
    create_time: datetime | None = None
    """When it was made; 0 on the wire is ``None``."""
    order_price: Fen | None = None
    """Price of the order, in fen."""
    freight: Fen | None = None
    """Freight charge, in fen."""
    discounted_price: Fen | None = None
    """Amount taken off, it seems, in fen."""
    additional_price: Fen | None = None
    """Amount added, it seems, in fen."""
    additional_remarks: str | None = None
    """Remark."""
    status: int | None = None
    """A code, 20 in the sample, its values undocumented."""
    status_update_time: datetime | None = None
    """When ``status`` changed; null in the sample; 0 on the wire is ``None``."""
    path: str | None = None
    """Page of the mini program."""
    shop_info: NormalOrderShop | None = None
    """The mini program."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NormalOrderShop:
    """The mini program that an order was made in; from a client's models, not the vendor's page."""

    nickname: str | None = None
    """Its name."""
    appid: str | None = None
    """Its app id; ``appid`` on the wire, not ``appId``."""
    username: str | None = None
    """Its original id ("gh_…")."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NormalOrderProduct:
    """One product of an order, and what it earns; from a client's models, not the vendor's page."""

    product_id: int
    """The product; a string on the wire."""
    out_product_id: str | None = None
    """The merchant's product."""
    sku_id: str | None = None
    """The SKU."""
    out_sku_id: str | None = None
    """The merchant's SKU."""
    title: str | None = None
    """Title."""
    head_img: str | None = None
    """URL of the picture: one, not a list."""
    sale_price: Fen | None = None
    """Price in fen."""
    real_price: Fen | None = None
    """Price that was paid, it seems, in fen."""
    product_cnt: int | None = None
    """Pieces."""
    ratio: Per10k | None = None
    """Commission rate in 1/10,000."""
    commission_value: Fen | None = None
    """The commission, in fen."""
    commission_status: str | None = None
    """
    How far the settlement is, as a word; new words may come.

    ``COMMISSION_PAY_SUCCESS`` paid, ``COMMISSION_SHOP_WAIT_DEDUCTION`` to be settled, ``COMMISSION_PAY_CANCEL``
    cancelled; for persons also ``COMMISSION_SHOP_DEDUCTION_NOT_ENOUGH_MONEY`` the merchant lacks money,
    ``COMMISSION_PROMOTER_PAY_SUCC`` settled, ``COMMISSION_PROMOTER_PAY_FAILED`` the transfer failed. What else there is
    for companies was not seen.
    """
    commission_status_update_time: datetime | None = None
    """When ``commission_status`` changed; 0 on the wire is ``None``."""
    promotion_info: PromotionInfo | None = None
    """The promotion position that brought the order."""
