"""
POST /channels/ec/promoter/get_shop_live_commission_product_list.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECPromoter/Live; a client's models. The vendor's page was
not read: doc/store/leagueheadsupplier/API/promotion/content/live/get_shop_live_commission_product_list.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.enums import PromoterType
from wxunion_async.units import Fen, Per1M


@errcodes(10024000)
@paged_by_key("product_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopLiveCommissionProductListRequest(PagedRequest["ShopLiveCommissionProductList", "ShopLiveProduct"]):
    """
    List one page of a shop's own products in its live that earn commission.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_live_commission_product_list"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: 1, a channels account."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    page_size: int = 10
    """Products a page, 1 … 10."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveCommissionProductList:
    """One page of a shop's own products in its live."""

    product_list: tuple[ShopLiveProduct, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent means no."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveProduct:
    """A product of a shop in its live."""

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
    commission_rate: Per1M | None = None
    """Rate in 1/1,000,000; inferred from 1000000 in a client's sample, whose comment says 1/10,000."""
