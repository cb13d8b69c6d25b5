"""
POST /channels/ec/league/headsupplier/shop/get.

Source: a word-for-word copy of the vendor's page in handsomegyr/wechat, …/Headsupplier.php; for the request, whose table
is that of another call, its sample and fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.headsupplier._shops import ShopBaseInfo as ShopBaseInfo
from wxunion_async.endpoints.headsupplier._shops import ShopStatus as ShopStatus
from wxunion_async.units import Fen


@errcodes(10024000, 10024007)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopGetRequest(UnionRequest["Shop"]):
    """
    Look up one cooperating shop with its figures.

    Raises:
        InvalidParameterError: 10024000.
        NoCooperationError: 10024007.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/shop/get"
    resend = True

    appid: str = attrs.field(kw_only=False)
    """App id of the shop; from the sample, the table names ``page_size`` instead."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Shop:
    """One cooperating shop."""

    shop_detail: ShopDetail
    """The shop; from the sample, the table names ``shop_list`` instead."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopDetail:
    """A shop that cooperates with the agency, and its figures."""

    base_info: ShopBaseInfo
    """Who it is."""
    data_info: ShopData | None = None
    """The figures of the cooperation."""
    status: ShopStatus | None = None
    """How far the cooperation is."""
    approved_time: datetime | None = None
    """Begin of the cooperation; 0 on the wire is ``None``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopData:
    """The figures of a cooperation."""

    gmv: Fen | None = None
    """Sales in fen."""
    product_number: int | None = None
    """Products so far."""
    product_number_today: int | None = None
    """Products that are new today."""
    product_number_sold_today: int | None = None
    """Products sold today."""
    settle_amount: Fen | None = None
    """Service fee that is settled, in fen."""
    unsettle_amount: Fen | None = None
    """Service fee that is expected, in fen."""
