"""
POST /channels/ec/promoter/get_coupon_promoter_share_link.

Source: doc/store/leagueheadsupplier/API/promotion/content/coupon/getcouponpromotersharelink.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCouponPromoterShareLinkRequest(UnionRequest["CouponPromoterShareLink"]):
    """
    Get what a coupon in a mini program must carry for one promoter, or for the agency.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_coupon_promoter_share_link"
    resend = True

    coupon_id: str = attrs.field(kw_only=False)
    """The coupon."""
    sharer_appid: str | None = None
    """App id of the promoter; without it the parameter carries the agency only."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that gave the coupon to this one; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponPromoterShareLink:
    """What a coupon in a mini program must carry."""

    promoter_share_link: str
    """The parameter; does not expire."""
