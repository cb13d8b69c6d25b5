"""
POST /channels/ec/promoter/get_shop_feed_list.

Source: doc/store/leagueheadsupplier/api/sharer/video/api_getshopfeedlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, among, errcodes, paged_by_key, within
from wxunion_async.endpoints.promoter._feeds import FeedProduct as FeedProduct
from wxunion_async.enums import PromoterType
from wxunion_async.units import Fen


@errcodes(10024000)
@paged_by_key("feed_list", more="has_more")
@among("promoter_type", PromoterType.CHANNELS_ACCOUNT)
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopFeedListRequest(PagedRequest["ShopFeedList", "ShopFeed"]):
    """
    List one page of the short videos of a shop's account.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_feed_list"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: it has to be 1, a channels account."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    page_size: int = 10
    """Videos a page, 1 … 10."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopFeedList:
    """One page of the videos of a shop's account."""

    feed_list: tuple[ShopFeed, ...] = ()
    """The videos of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent means no."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopFeed:
    """A video of a shop's account."""

    export_id: str
    """The video."""
    predict_commission_amount: Fen | None = None
    """What the agency may expect, in fen."""
    product_info: FeedProduct | None = None
    """The product in it."""
