"""
POST /channels/ec/promoter/get_shop_live_record_list.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getshopliverecordlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, among, errcodes
from wxunion_async.endpoints.promoter._lives import LiveRecord as LiveRecord
from wxunion_async.enums import PromoterType


@errcodes(10024000)
@among("promoter_type", PromoterType.CHANNELS_ACCOUNT)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopLiveRecordListRequest(UnionRequest["ShopLiveRecordList"]):
    """
    List what an account of a shop is streaming now, with the parameter for the embedded card.

    Returns:
        All lives that are on; the list is not paged.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_live_record_list"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    mini_program_appid: str
    """App id of the mini program that shows the lives; bound to the agency."""
    sharer_appid: str
    """App id of the promoter whom the parameter is for; required in the table, absent in the sample."""
    promoter_type: PromoterType = PromoterType.CHANNELS_ACCOUNT
    """The kind of that account: it has to be 1, a channels account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopLiveRecordList:
    """What an account of a shop is streaming now."""

    live_record_list: tuple[LiveRecord, ...] = ()
    """The lives."""
