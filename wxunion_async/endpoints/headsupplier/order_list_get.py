"""
POST /channels/ec/league/headsupplier/order/list/get.

Source: doc/store/leagueheadsupplier/api/order/api_getorderlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, one_of, paged_by_key, within
from wxunion_async.endpoints.headsupplier._orders import OrderId as OrderId
from wxunion_async.endpoints.headsupplier._times import TimeSpan as TimeSpan


@errcodes(10024000, 10024001, 10024003)
@paged_by_key("list", more="has_more")
@one_of("create_time_range", "update_time_range", unless="order_id")
@within("page_size", 1, 30)
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderListGetRequest(PagedRequest["OrderList", "OrderId"]):
    """
    List one page of the agency's commission orders in a span of time: one entry is one SKU of one order.

    The list has ids only: each entry takes one ``order_get``. The longest span is not documented.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024001, ``finder_id`` is not valid.
        InvalidAppIdError: 10024003.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/order/list/get"
    resend = True

    page_size: int = 30
    """Entries a page, 1 … 30."""
    next_key: str | None = None
    """``next_key`` of the page before; left out for the first page."""
    create_time_range: TimeSpan | None = None
    """When the commission order was created."""
    update_time_range: TimeSpan | None = None
    """When the commission order was last changed."""
    order_id: str | None = None
    """One order; the vendor then ignores all other filters."""
    sharer_appid: str | None = None
    """App id of the promoter, or of a talent's platform account, that brought the order."""
    appid: str | None = None
    """App id of the shop."""
    finder_id: str | None = None
    """A channels account by its old id."""
    openfinderid: str | None = None
    """A channels account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderList:
    """One page of commission orders."""

    list: tuple[OrderId, ...] = ()
    """The orders of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent in the sample of a last page."""
