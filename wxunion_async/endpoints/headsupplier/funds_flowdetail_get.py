"""
POST /channels/ec/league/headsupplier/funds/flowdetail/get.

Source: doc/store/leagueheadsupplier/API/getfundsflowdeatail.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.headsupplier._funds import FundsType as FundsType
from wxunion_async.units import Fen


@errcodes(10024000, 10024008)
@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsFlowdetailGetRequest(UnionRequest["FundsFlowdetail"]):
    """
    Look up one entry of the agency's account.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024008, there is no such entry.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/funds/flowdetail/get"
    resend = True

    flow_id: str = attrs.field(kw_only=False)
    """The entry, from ``funds_flowlist_get``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsFlowdetail:
    """One entry of the agency's account."""

    funds_flow: FundsFlow
    """The entry."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsFlow:
    """One entry of the agency's account: money that came or went."""

    flow_id: str
    """The entry."""
    funds_type: FundsType | None = None
    """The kind of entry."""
    flow_type: int | None = None
    """A code, its values undocumented; from a client's models, not the vendor's page."""
    amount: Fen | None = None
    """Amount in fen."""
    balance: Fen | None = None
    """Balance in fen."""
    bookkeeping_time: str | None = None
    """Text, "2023-02-11 15:45:39", in Beijing time, it seems; no Unix seconds, and so no instant."""
    remark: str | None = None
    """Remark."""
    order_id: str | None = None
    """The order."""
    withdraw_id: str | None = None
    """The withdrawal."""
