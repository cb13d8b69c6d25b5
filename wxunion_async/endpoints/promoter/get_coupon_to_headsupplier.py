"""
POST /channels/ec/promoter/get_coupon_to_headsupplier.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_get_coupon_to_headsupplier.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, must, paged_by_key


@paged_by_key("list", "page_context", total="total_count")
@must("limit must be above 0", lambda of: of("limit") > 0, "limit")
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCouponToHeadsupplierRequest(PagedRequest["CouponToHeadsupplier", "PassedCoupon"]):
    """
    List one page of the coupons that this agency passed on to another one.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_coupon_to_headsupplier"
    resend = True

    to_head_supplier_appid: str = attrs.field(kw_only=False)
    """App id of the agency that got them."""
    limit: int = 20
    """Coupons a page; the greatest number is undocumented."""
    page_context: str = ""
    """``page_context`` of the page before; "" for the first page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponToHeadsupplier:
    """One page of coupons that were passed on."""

    list: tuple[PassedCoupon, ...] = ()
    """The coupons of this page."""
    page_context: str | None = None
    """What to ask the next page with; "" or absent at the end."""
    total_count: int | None = None
    """Coupons in all."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PassedCoupon:
    """A coupon that was passed on to another agency."""

    coupon_id: str
    """The coupon."""
    to_head_supplier_appid: str | None = None
    """App id of the agency that got it."""
    give_time: datetime | None = None
    """When it was passed on; 0 on the wire is ``None``."""
