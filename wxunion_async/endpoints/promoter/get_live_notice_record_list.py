"""
POST /channels/ec/promoter/get_live_notice_record_list.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getlivenoticerecordlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.promoter._lives import LiveNotice as LiveNotice


@errcodes(10024000, 10071047, 10071048, 10071049)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveNoticeRecordListRequest(UnionRequest["LiveNoticeRecordList"]):
    """
    List the lives that a talent has announced.

    Returns:
        All announcements; the list is not paged.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        NoCooperationError: 10071047, there is no such cooperation with the talent.
        FeatureClosedError: 10071049, the promoter function is switched off.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_notice_record_list"
    resend = True

    talent_appid: str = attrs.field(kw_only=False)
    """App id of the talent."""
    mini_program_appid: str | None = None
    """App id of the mini program; required by an older page, gone from the newer one."""
    sharer_appid: str | None = None
    """App id of the promoter; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveNoticeRecordList:
    """The lives that a talent has announced."""

    live_notice_record_list: tuple[LiveNotice, ...] = ()
    """The announcements."""
