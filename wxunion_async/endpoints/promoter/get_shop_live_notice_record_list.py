"""
POST /channels/ec/promoter/get_shop_live_notice_record_list.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getshoplivenoticerecordlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, also, among, errcodes
from wxunion_async.endpoints.promoter._lives import LiveNotice as LiveNotice
from wxunion_async.enums import PromoterType


@errcodes(10024000, 10071047, 10071048, 10071049, 10071055)
@among("promoter_type", PromoterType.CHANNELS_ACCOUNT)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopLiveNoticeRecordListRequest(UnionRequest["ShopLiveNoticeRecordList"]):
    """
    List the lives that an account of a shop has announced.

    Returns:
        All announcements; the list is not paged.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        NoCooperationError: 10071047, there is no such cooperation with the shop.
        FeatureClosedError: 10071049, the promoter function is switched off.
        ApiError: 10071055, the id of the shop's account is wrong.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_live_notice_record_list"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: it has to be 1, a channels account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveNoticeRecordList:
    """The lives that an account of a shop has announced."""

    live_notice_record_list: tuple[LiveNotice, ...] = attrs.field(default=(), metadata=also("live_record_list"))
    """The announcements; as ``live_record_list`` too, from a client's models, not the vendor's page."""
