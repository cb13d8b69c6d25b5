"""
POST /channels/ec/promoter/get_feed_promotion_info.

Source: doc/store/leagueheadsupplier/api/sharer/video/api_getfeedpromotioninfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.promoter._feeds import FeedId as FeedId
from wxunion_async.endpoints.promoter._feeds import FeedPromotion as FeedPromotion


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetFeedPromotionInfoRequest(UnionRequest["FeedPromotionInfo"]):
    """
    Get what a mini program needs to embed a talent's videos for one promoter.

    Returns:
        One entry a video.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_feed_promotion_info"
    resend = True

    feed_list: tuple[FeedId, ...]
    """The videos, from ``get_feed_list``."""
    mini_program_appid: str
    """App id of the mini program that shows the videos; bound to the agency."""
    talent_appid: str
    """App id of the talent."""
    sharer_appid: str | None = None
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FeedPromotionInfo:
    """What a mini program needs to embed a talent's videos."""

    feed_list: tuple[FeedPromotion, ...] = ()
    """The same videos."""
