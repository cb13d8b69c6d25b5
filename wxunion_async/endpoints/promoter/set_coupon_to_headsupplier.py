"""
POST /channels/ec/promoter/set_coupon_to_headsupplier.

Source: doc/store/leagueheadsupplier/api/sharer/coupon/api_set_coupon_to_headsupplier.
"""

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10071003)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SetCouponToHeadsupplierRequest(UnionRequest[None]):
    """
    Pass a coupon that a shop gave to this agency on to another agency. This cannot be undone.

    What a second request does is not documented. If the error is ambiguous, ask ``get_coupon_to_headsupplier`` before
    you send it again.

    Raises:
        InvalidParameterError: 10024000, 10071003.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/set_coupon_to_headsupplier"

    to_head_supplier_appid: str
    """App id of the agency that gets it."""
    coupon_id: str
    """A coupon of ``get_cooperative_coupon_list`` that came from a shop."""
