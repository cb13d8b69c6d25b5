"""
POST /channels/ec/promoter/get_coupon_qr_code.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_getpromotecouponqrcode.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071056)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCouponQrCodeRequest(UnionRequest["CouponQrCode"]):
    """
    Make a QR code of a coupon for one promoter, or for the agency.

    Raises:
        InvalidParameterError: 10024000.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_coupon_qr_code"
    resend = True

    coupon_id: str = attrs.field(kw_only=False)
    """The coupon."""
    sharer_appid: str | None = None
    """App id of the promoter; without it the code carries the agency only."""
    sharer_openid: str | None = None
    """Openid of the promoter; in an older sample only; from a client's models, not the vendor's page."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that gave the coupon to this one; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponQrCode:
    """The QR code of a coupon."""

    qrcode_url: str
    """URL of the picture."""
