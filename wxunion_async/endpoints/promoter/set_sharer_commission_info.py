"""
POST /channels/ec/promoter/set_sharer_commission_info.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_setsharercommissioninfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, must
from wxunion_async.enums import CommissionType
from wxunion_async.units import Per1M


@errcodes(10024000, 10071003, 10071029)
@must(
    "commission_ratio must be in 100000 … 1000000 for commission_type 0",
    lambda of: of("commission_type") != CommissionType.PLATFORM or 100_000 <= of("commission_ratio") <= 1_000_000,
    "commission_ratio",
)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SetSharerCommissionInfoRequest(UnionRequest[None]):
    """
    Set who pays one promoter, and at which rate.

    The same request twice leaves the same state, so it is sent again where that may help. If the error is ambiguous,
    ask ``get_bind_sharer_list`` with the promoter's app id before you send it again.

    Raises:
        InvalidParameterError: 10024000, 10071003.
        NotBoundError: 10071029, the promoter is not bound to this agency.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/set_sharer_commission_info"
    resend = True

    sharer_appid: str
    """App id of the promoter."""
    commission_type: CommissionType
    """Who pays the promoter."""
    commission_ratio: Per1M
    """Rate for commission type 0 in 1/1,000,000: 100000 … 1000000, 10 to 100 %; an older page ends at 900000."""
