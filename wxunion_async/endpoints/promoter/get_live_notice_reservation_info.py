"""
POST /channels/ec/promoter/get_live_notice_reservation_info.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getlivenoticereservationinfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071003, 10071030)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveNoticeReservationInfoRequest(UnionRequest["LiveNoticeReservationInfo"]):
    """
    Ask how many people reserved an announced live through one promoter.

    Raises:
        InvalidParameterError: 10024000, 10071003.
        PromoterNotFoundError: 10071030, the promoter's, or the talent's, account was not found.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_notice_reservation_info"
    resend = True

    live_notice_id: str
    """The announcement; the other calls name it ``notice_id``."""
    sharer_appid: str
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveNoticeReservationInfo:
    """How an announced live was reserved through one promoter."""

    count: int
    """People who reserved it."""
