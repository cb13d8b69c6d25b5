"""
POST /channels/ec/league/headsupplier/cooperativeitem/list/get.

Source: doc/store/leagueheadsupplier/API/getcooperativeitemlist.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, RequestPart, also, errcodes, in_order, paged_by_key, within
from wxunion_async.endpoints.headsupplier._items import TalentCommissionType as TalentCommissionType


@errcodes(10024000)
@paged_by_key("list")
@within("page_size", 1, 20)
@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeitemListGetRequest(PagedRequest["CooperativeitemList", "CooperativeItem"]):
    """
    List one page of the products that the agency took over from the selection.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/cooperativeitem/list/get"
    resend = True

    commission_type: TalentCommissionType = attrs.field(kw_only=False)
    """Who sets the talents' commission."""
    page_size: int = 20
    """Products a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    listing_time_range: ListingTimeRange | None = None
    """When the product was listed."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeitemList:
    """One page of the products that the agency took over."""

    list: tuple[CooperativeItem, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeItem:
    """A product that the agency took over; its shop is not told here."""

    product_id: int
    """The product; a string in older versions of the page."""
    cooperative_item_id: str = attrs.field(metadata=also("id"))
    """The cooperation, a number on the wire; ``id`` in the sample, and both are read."""
    head_supplier_item_link: str | None = None
    """Its link, "weixinstorehs/…", as ``item_promotiondetail_get`` takes it."""


@in_order("min", "max")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ListingTimeRange(RequestPart):
    """A span of time; an end that is left out is open."""

    min: datetime | None = None
    """Begin; Unix seconds on the wire."""
    max: datetime | None = None
    """End; Unix seconds on the wire."""
