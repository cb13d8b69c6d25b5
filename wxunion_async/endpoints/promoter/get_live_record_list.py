"""
POST /channels/ec/promoter/get_live_record_list.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getliverecordlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.promoter._lives import LiveRecord as LiveRecord


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveRecordListRequest(UnionRequest["LiveRecordList"]):
    """
    List what a talent is streaming now, with the parameter for the embedded card.

    Returns:
        All lives that are on; the list is not paged.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_record_list"
    resend = True

    talent_appid: str
    """App id of the talent."""
    mini_program_appid: str
    """App id of the mini program that shows the lives; bound to the agency."""
    sharer_appid: str | None = None
    """App id of the promoter whom the parameter is for."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveRecordList:
    """What a talent is streaming now."""

    live_record_list: tuple[LiveRecord, ...] = ()
    """The lives."""
