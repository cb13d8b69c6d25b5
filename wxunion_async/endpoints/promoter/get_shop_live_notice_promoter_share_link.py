"""
POST /channels/ec/promoter/get_shop_live_notice_promoter_share_link.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getshoplivenoticepromotersharelink.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, among, errcodes
from wxunion_async.enums import PromoterType


@errcodes(10024000, 10071048)
@among("promoter_type", PromoterType.CHANNELS_ACCOUNT)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopLiveNoticePromoterShareLinkRequest(UnionRequest["ShopLiveNoticePromoterShareLink"]):
    """
    Get the parameter for reserving a shop's announced live from a mini program.

    Raises:
        InvalidParameterError: 10024000, 10071048.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_live_notice_promoter_share_link"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    notice_id: str
    """The announcement, from ``get_shop_live_notice_record_list``."""
    sharer_appid: str
    """App id of the promoter."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: it has to be 1, a channels account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveNoticePromoterShareLink:
    """The parameter for reserving a shop's announced live."""

    promoter_share_link: str
    """The parameter; it carries the promoter."""
