"""
POST /channels/ec/promoter/get_cooperative_coupon_list.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_getpromotecooperativecouponlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, must, paged_by_key, within


@errcodes(10024000)
@paged_by_key("coupons", more="has_more")
@within("page_size", 1, 200)
@must(
    "from_head_supplier_appid must be left out unless is_from_head_supplier is true",
    lambda of: of("is_from_head_supplier") is True,
    "from_head_supplier_appid",
)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCooperativeCouponListRequest(PagedRequest["CooperativeCouponList", "CooperativeCoupon"]):
    """
    List one page of the coupons that shops, or other agencies, gave to this agency.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_cooperative_coupon_list"
    resend = True

    page_size: int = 200
    """Coupons a page, 1 … 200."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    shop_appid: str | None = None
    """App id of the shop whose coupons are wanted; all if absent."""
    is_from_head_supplier: bool | None = None
    """True for coupons that came from another agency."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that they came from; only with ``is_from_head_supplier`` true."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeCouponList:
    """One page of coupons."""

    coupons: tuple[CooperativeCoupon, ...] = ()
    """The coupons of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeCoupon:
    """A coupon for this agency; ``get_coupon_detail`` tells the rest."""

    coupon_id: str
    """The coupon."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that it came from; only if ``is_from_head_supplier`` was true."""
