"""
POST /channels/ec/promoter/get_coupon_short_link.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_getpromotecouponshortlink.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071003, 10071034, 10071035)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCouponShortLinkRequest(UnionRequest["CouponShortLink"]):
    """
    Make a short link of a coupon for one promoter, or for the agency.

    Raises:
        InvalidParameterError: 10024000, 10071003.
        CouponError: 10071034, the coupon could not be read; 10071035, it is not in force.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_coupon_short_link"
    resend = True

    coupon_id: str = attrs.field(kw_only=False)
    """The coupon."""
    sharer_appid: str | None = None
    """App id of the promoter; without it the link carries the agency only."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that gave the coupon to this one."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponShortLink:
    """The short link of a coupon."""

    short_link: str
    """The short link."""
