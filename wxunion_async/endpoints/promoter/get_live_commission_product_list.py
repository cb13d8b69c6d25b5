"""
POST /channels/ec/promoter/get_live_commission_product_list.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getlivecommissionproductlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.units import Fen


@errcodes(10024000)
@paged_by_key("product_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveCommissionProductListRequest(PagedRequest["LiveCommissionProductList", "LiveProduct"]):
    """
    List one page of the products in a talent's live that earn commission.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_commission_product_list"
    resend = True

    talent_appid: str = attrs.field(kw_only=False)
    """App id of the talent."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    page_size: int = 10
    """Products a page, 1 … 10."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveCommissionProductList:
    """One page of the products in a talent's live."""

    product_list: tuple[LiveProduct, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent means no."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveProduct:
    """A product in a talent's live."""

    product_id: int
    """The product."""
    product_name: str | None = None
    """Its name."""
    product_img_url: str | None = None
    """URL of its picture."""
    product_price: Fen | None = None
    """Its price, in fen."""
    predict_commission_amount: Fen | None = None
    """What the agency may expect, in fen."""
