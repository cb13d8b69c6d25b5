"""
POST /channels/ec/league/headsupplier/liveprotection/getqrcode.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/LiveProtection; a client's models. Of the
vendor's page only the index entry was read: doc/store/leagueheadsupplier/api/sharer/live.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveprotectionGetqrcodeRequest(UnionRequest["LiveprotectionGetqrcode"]):
    """
    Get the QR code by which a talent reports a large live for protection.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/liveprotection/getqrcode"
    resend = True


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveprotectionGetqrcode:
    """The QR code by which a talent reports a large live."""

    qrcode_url: str
    """URL of the picture."""
