"""
POST /channels/ec/promoter/get_public_coupon_list.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_getpromotepublishcouponlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within


@errcodes(10024000)
@paged_by_key("coupons", more="has_more")
@within("page_size", 1, 200)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPublicCouponListRequest(PagedRequest["PublicCouponList", "PublicCoupon"]):
    """
    List one page of the coupons that shops offer to every agency.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_public_coupon_list"
    resend = True

    page_size: int = 200
    """Coupons a page, 1 … 200."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    shop_appid: str | None = None
    """App id of the shop whose coupons are wanted; all if absent."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PublicCouponList:
    """One page of coupons."""

    coupons: tuple[PublicCoupon, ...] = ()
    """The coupons of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PublicCoupon:
    """A coupon for every agency; ``get_coupon_detail`` tells the rest."""

    coupon_id: str
    """The coupon."""
