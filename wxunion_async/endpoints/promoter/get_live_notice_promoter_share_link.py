"""
POST /channels/ec/promoter/get_live_notice_promoter_share_link.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getlivenoticepromotersharelink.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071030, 10071048)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetLiveNoticePromoterShareLinkRequest(UnionRequest["LiveNoticePromoterShareLink"]):
    """
    Get the parameter for reserving a talent's announced live from a mini program.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        PromoterNotFoundError: 10071030, the promoter's, or the talent's, account was not found.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_live_notice_promoter_share_link"
    resend = True

    talent_appid: str
    """App id of the talent."""
    notice_id: str
    """The announcement, from ``get_live_notice_record_list``."""
    mini_program_appid: str
    """App id of the mini program that reserves it; bound to the agency."""
    sharer_appid: str
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveNoticePromoterShareLink:
    """The parameter for reserving a talent's announced live."""

    promoter_share_link: str
    """The parameter; it carries the promoter."""
