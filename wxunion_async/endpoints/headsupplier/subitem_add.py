"""
POST /channels/ec/league/headsupplier/subitem/add.

Source: doc/store/leagueheadsupplier/API/addsubitem.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_NUMBER, UnionRequest, errcodes, one_of, within
from wxunion_async.endpoints.headsupplier._items import cooperative_item_is_a_number
from wxunion_async.units import Per1M


@errcodes(10024000, 10024025, 10024026, 10024027)
@one_of("ratio", "ratio_ext")
@within("ratio", 0, 90)
@within("ratio_ext", 0, 1_000_000)
@cooperative_item_is_a_number
@attrs.frozen(kw_only=True, weakref_slot=False)
class SubitemAddRequest(UnionRequest["SubitemAdd"]):
    """
    Set a talents' commission for a cooperation, which gets a link of its own.

    A second request gets 10024026. If the error is ambiguous, ask ``subitem_list_get`` for the rate before you send it
    again.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024025, the plan is not listed; 10024026, there is a sub-plan with that rate; 10024027, the rate is
            beyond the limit.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/subitem/add"

    cooperative_item_id: str = attrs.field(metadata=AS_NUMBER)
    """The cooperation, from ``cooperativeitem_add`` or ``cooperativeitem_list_get``; a number on the wire."""
    ratio: int | None = None
    """Rate in whole per cent, 0 … 90."""
    ratio_ext: Per1M | None = None
    """Rate in 1/1,000,000, 0 … 1000000: 10000 is 1 %."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubitemAdd:
    """The sub-plan that was made."""

    sub_item_id: str
    """The sub-plan; a number on the wire."""
