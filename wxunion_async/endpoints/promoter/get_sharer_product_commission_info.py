"""
POST /channels/ec/promoter/get_sharer_product_commission_info.

Source: doc/store/leagueheadsupplier/api/sharer/getshop/api_getsharerproductcommissioninfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.units import Per1M


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetSharerProductCommissionInfoRequest(UnionRequest["SharerProductCommissionInfo"]):
    """
    Look up the rate of one promoter for one product.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_sharer_product_commission_info"
    resend = True

    sharer_appid: str
    """App id of the promoter."""
    product_id: int
    """The product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SharerProductCommissionInfo:
    """The rate of one promoter for one product."""

    is_set: bool | None = None
    """Whether a rate was set for this product."""
    commission_ratio: Per1M | None = None
    """Rate in 1/1,000,000; an older table says string, and the sample has 10, below the documented 100000."""
