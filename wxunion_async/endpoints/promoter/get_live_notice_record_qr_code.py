"""
POST /channels/ec/promoter/get_live_notice_record_qr_code.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECPromoter/Live; a client's models. The vendor's page was
not read: doc/store/leagueheadsupplier/API/promotion/content/live/get_live_notice_record_qr_code.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveNoticeRecordQrCodeRequest(UnionRequest["LiveNoticeRecordQrCode"]):
    """
    Get the QR code of a live that a talent has announced, for one promoter.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_notice_record_qr_code"
    resend = True

    talent_appid: str
    """App id of the talent."""
    notice_id: str
    """The announcement, from ``get_live_notice_record_list``."""
    sharer_appid: str
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveNoticeRecordQrCode:
    """The QR code of a live that a talent has announced."""

    qrcode_url: str
    """URL of the picture."""
