"""
POST /channels/ec/promoter/get_shop_feed_promotion_info.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECPromoter/Feed; a client's models. The vendor's page was
not read: doc/store/leagueheadsupplier/API/promotion/content/video/get_shop_feed_promotion_info.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.promoter._feeds import FeedId as FeedId
from wxunion_async.endpoints.promoter._feeds import FeedPromotion as FeedPromotion
from wxunion_async.enums import PromoterType


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopFeedPromotionInfoRequest(UnionRequest["ShopFeedPromotionInfo"]):
    """
    Get what a mini program needs to embed a shop's videos for one promoter.

    Returns:
        One entry a video.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_feed_promotion_info"
    resend = True

    feed_list: tuple[FeedId, ...]
    """The videos, from ``get_shop_feed_list``."""
    mini_program_appid: str
    """App id of the mini program that shows the videos; bound to the agency."""
    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: 1, a channels account."""
    sharer_appid: str | None = None
    """App id of the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopFeedPromotionInfo:
    """What a mini program needs to embed a shop's videos."""

    feed_list: tuple[FeedPromotion, ...] = ()
    """The same videos."""
