"""
POST /channels/ec/promoter/get_live_record_qr_code.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getliverecordqrcode.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071003, 10071047, 10071048)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveRecordQrCodeRequest(UnionRequest["LiveRecordQrCode"]):
    """
    Get the QR code of a talent's live for one promoter.

    Raises:
        InvalidParameterError: 10024000, 10071003, 10071048.
        NoCooperationError: 10071047, there is no such cooperation with the talent.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_record_qr_code"
    resend = True

    talent_appid: str
    """App id of the talent."""
    export_id: str
    """The live, from ``get_live_record_list``."""
    sharer_appid: str
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveRecordQrCode:
    """The QR code of a talent's live."""

    qrcode_url: str
    """URL of the picture."""
