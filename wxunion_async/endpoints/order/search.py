"""
GET /union/promoter/order/search.

Source: doc/ministore/union/access-guidelines/promoter/api/order/order-info (its first part), and clients' models.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import AS_NUMBER, PagedRequest, errcodes, in_order, must, paged_by_page, within
from wxunion_async.endpoints.order._orders import PromotedOrder as PromotedOrder


@errcodes(200001)
@paged_by_page("order_list", total="total_num")
@must("page must be above 0", lambda of: of("page") > 0, "page")
@within("page_size", 1, 200)
@in_order("start_timestamp", "end_timestamp")
@in_order("start_commission_update_time", "end_commission_update_time")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderSearchRequest(PagedRequest["OrderSearch", "PromotedOrder"]):
    """
    List one page of the orders of some time, by payment or by settlement.

    Request and answer are from clients' models, not the vendor's page.

    Raises:
        ApiError: 200001, a system error; from a single report, where the app id was wrong.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/order/search"
    dialect = "camel"
    resend = True

    page: int = 1
    """The page, from 1."""
    page_size: int = 200
    """Orders a page, 1 … 200."""
    start_timestamp: datetime | None = None
    """Paid from then on."""
    end_timestamp: datetime | None = None
    """Paid until then."""
    commission_status: str | None = None
    """How far the settlement is: ``SETTLEMENT_PENDING``, ``SETTLEMENT_SUCCESS`` or ``SETTLEMENT_CANCELED``."""
    sort_by_commission_update_time: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """True to sort and filter by the change of the commission's status; 1 or 0 on the wire."""
    start_commission_update_time: datetime | None = None
    """Commission's status changed from then on."""
    end_commission_update_time: datetime | None = None
    """Commission's status changed until then."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderSearch:
    """One page of orders."""

    order_list: tuple[PromotedOrder, ...] = ()
    """The orders of this page."""
    page_size: int | None = None
    """Orders a page."""
    total_num: int | None = None
    """Orders in all."""
