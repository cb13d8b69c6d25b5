"""
POST /channels/ec/promoter/get_shop_live_record_qr_code.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECPromoter/Live; a client's models. The vendor's page was
not read: doc/store/leagueheadsupplier/API/promotion/content/live/get_shop_live_record_qr_code.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.enums import PromoterType


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopLiveRecordQrCodeRequest(UnionRequest["ShopLiveRecordQrCode"]):
    """
    Get the QR code of a shop's live for one promoter.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_live_record_qr_code"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    export_id: str
    """The live, from ``get_shop_live_record_list``."""
    sharer_appid: str
    """App id of the promoter."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: 1, a channels account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveRecordQrCode:
    """The QR code of a shop's live."""

    qrcode_url: str
    """URL of the picture."""
