"""
POST /channels/ec/league/headsupplier/funds/balance/get.

Source: a word-for-word copy of the vendor's page in handsomegyr/wechat, …/Headsupplier.php; also Wechat-Group/WxJava.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.units import Fen


@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsBalanceGetRequest(UnionRequest["FundsBalance"]):
    """
    Ask for the agency's money.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/funds/balance/get"
    resend = True


@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsBalance:
    """The agency's money."""

    available_amount: Fen | None = None
    """What can be withdrawn, in fen."""
    pending_amount: Fen | None = None
    """What is yet to be settled, in fen."""
