"""
POST /channels/ec/league/headsupplier/secondheadsupplieritem/update.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/SecondHeadSupplierItem; a client's
models. The vendor's page was not read:
doc/store/leagueheadsupplier/api/opentalent/getshop/api_update_secondheadsupplier_item.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_NUMBER, UnionRequest, one_of
from wxunion_async.endpoints.headsupplier._items import cooperative_item_is_a_number
from wxunion_async.units import Per1M


@one_of("cooperative_item_id", "head_supplier_item_link")
@cooperative_item_is_a_number
@attrs.frozen(kw_only=True, weakref_slot=False)
class SecondheadsupplieritemUpdateRequest(UnionRequest[None]):
    """
    Change or end the offer of a product to other agencies that help to sell it (帮卖).

    If the error is ambiguous, look at the agency's offers on the vendor's site before you send it again: the call that
    lists them, secondheadsupplieritem/getlist, is known by its name only.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/secondheadsupplieritem/update"

    cooperative_item_id: str | None = attrs.field(default=None, metadata=AS_NUMBER)
    """The cooperation, from ``cooperativeitem_list_get``; a number on the wire."""
    head_supplier_item_link: str | None = None
    """The link of the cooperation."""
    plan_type: int
    """The kind of plan; a code, its values undocumented."""
    update_type: int
    """What to do; a code, its values undocumented."""
    service_ratio: Per1M | None = None
    """New rate for the helping agency in 1/1,000,000, it seems."""
    to_head_supplier_appid: str | None = None
    """App id of the agency, for a targeted plan."""
