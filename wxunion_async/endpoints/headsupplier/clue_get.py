"""
POST /channels/ec/league/headsupplier/clue/get.

Source: doc/store/leagueheadsupplier/api/sharer/clue/api_getclue; what is below ``clue_detail`` comes from a client's
models, fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/Clue.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.headsupplier._orders import Buyer as Buyer
from wxunion_async.endpoints.headsupplier._orders import OrderProduct as OrderProduct
from wxunion_async.endpoints.headsupplier._orders import OrderStatus as OrderStatus


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueGetRequest(UnionRequest["Clue"]):
    """
    Look up one order of a shop's own product that was sold in promoted content.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/clue/get"
    resend = True

    order_id: str
    """The order, from ``clue_list_get``."""
    sku_id: str
    """The SKU, from ``clue_list_get``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Clue:
    """One order of a shop's own product."""

    commssion_clue: CommissionClue
    """The order; spelt so by the vendor."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionClue:
    """One SKU of one order; no commission flows."""

    order_id: str
    """The order."""
    sku_id: str
    """The SKU; the table says number, the sample has a string."""
    create_time: datetime | None = None
    """When it was created; 0 on the wire is ``None``."""
    update_time: datetime | None = None
    """When it was last changed; 0 on the wire is ``None``."""
    status: int | None = None
    """A code, 20 in the sample, its values undocumented. In the sample, not in the table."""
    clue_detail: ClueDetail | None = None
    """What was bought, and from whom; its content is from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueDetail:
    """What was bought, by whom, and who shared it."""

    shop_info: ClueShop | None = None
    """The shop."""
    product_info: OrderProduct | None = None
    """What was bought."""
    order_info: ClueOrderInfo | None = None
    """The order in the shop."""
    sharer_info: ClueSharer | None = None
    """The promoter that shared it."""
    buyer_info: Buyer | None = None
    """Who bought it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueShop:
    """The shop of an order."""

    appid: str | None = None
    """App id of the shop."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueOrderInfo:
    """The order in the shop."""

    status: OrderStatus | None = None
    """The state of the order."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueSharer:
    """The promoter that shared an order."""

    sharer_appid: str | None = None
    """App id of the promoter."""
    nickname: str | None = None
    """Nickname."""
    opensharerid: str | None = None
    """The promoter."""
