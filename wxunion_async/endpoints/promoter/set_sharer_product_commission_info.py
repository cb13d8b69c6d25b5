"""
POST /channels/ec/promoter/set_sharer_product_commission_info.

Source: doc/store/leagueheadsupplier/API/promotion/product/setsharerproductcommissioninfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, within
from wxunion_async.units import Per1M


@errcodes(10024000)
@within("commission_ratio", 100_000, 1_000_000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SetSharerProductCommissionInfoRequest(UnionRequest[None]):
    """
    Set the rate of one promoter for one product.

    No call is documented that takes the rate away again. The same request twice leaves the same state, so it is sent
    again where that may help. If the error is ambiguous, ask ``get_sharer_product_commission_info`` before you send it
    again.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/set_sharer_product_commission_info"
    resend = True

    sharer_appid: str
    """App id of the promoter."""
    product_id: int
    """The product."""
    commission_ratio: Per1M
    """Rate in 1/1,000,000, 100000 … 1000000: 10 to 100 %; the table says string, the sample has a number."""
