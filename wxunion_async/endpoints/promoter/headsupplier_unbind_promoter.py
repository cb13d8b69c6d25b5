"""
POST /channels/ec/promoter/headsupplier_unbind_promoter.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_mmecpromoter_headsupplier_unbind_promoter.
"""

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10071003, 10071058, done=10071058)
@attrs.frozen(kw_only=True, weakref_slot=False)
class HeadsupplierUnbindPromoterRequest(UnionRequest[None]):
    """
    End the cooperation with one promoter.

    A request that may have arrived although no answer came is sent again; 10071058 then means that it is done. If the
    error is ambiguous, ask ``get_bind_sharer_list`` with the promoter's app id before you send it again.

    Raises:
        InvalidParameterError: 10071003.
        NotBoundError: 10071058 on the first send: the promoter is not bound to this agency.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/headsupplier_unbind_promoter"

    sharer_appid: str
    """App id of the promoter."""
