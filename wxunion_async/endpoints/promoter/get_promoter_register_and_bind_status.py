"""
POST /channels/ec/promoter/get_promoter_register_and_bind_status.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_getpromoterregisterandbindstatus.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, one_of
from wxunion_async.enums import OpenIntEnum


@errcodes(10024000, 10071056)
@one_of("sharer_openid", "sharer_appid")
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPromoterRegisterAndBindStatusRequest(UnionRequest["PromoterRegisterAndBindStatus"]):
    """
    Ask whether a person is registered as a promoter and bound to this agency, and what starts either.

    The mini program passes business type and query string to ``wx.openBusinessView``, with ``extraData`` of
    ``commissionType`` (a ``CommissionType``), ``commissionRatio`` (100000 … 1000000; 1 when the agency pays) and
    ``headSupplierAppid``. Ask again afterwards, or wait for the event ``promoter_bind_result``.

    Raises:
        InvalidParameterError: 10024000.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_promoter_register_and_bind_status"
    resend = True

    is_simple_register: bool = attrs.field(kw_only=False)
    """
    True: no merchant account is asked for, and only the agency itself can pay the commission.

    False: the promoter opens a merchant account, and the platform can pay.
    """
    sharer_openid: str | None = None
    """Openid in the mini program that is bound to the agency; this or ``sharer_appid``."""
    sharer_appid: str | None = None
    """App id of the promoter; this or ``sharer_openid``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoterRegisterAndBindStatus:
    """How far registration and binding are, and what the mini program needs to start either."""

    bind_status: BindStatus | None = None
    """Whether the promoter is bound to this agency."""
    register_status: RegisterStatus | None = None
    """How far the registration is."""
    register_business_type: str | None = None
    """``businessType`` of the registration; only with register status 0 or 1."""
    register_query_string: str | None = None
    """``queryString`` of the registration; only with register status 0 or 1."""
    bind_business_type: str | None = None
    """``businessType`` of the binding; only with bind status 0."""
    bind_query_string: str | None = None
    """``queryString`` of the binding; only with bind status 0."""
    sharer_appid: str | None = None
    """App id of the promoter, once bound; "" before; absent in the sample."""


class BindStatus(OpenIntEnum):
    """Whether a promoter is bound to this agency."""

    NOT_BOUND = 0
    """Not bound."""
    BOUND = 1
    """Bound."""


class RegisterStatus(OpenIntEnum):
    """How far a person's registration as a promoter is."""

    NOT_REGISTERED = 0
    """Not registered."""
    UNDER_WAY = 1
    """Under way."""
    REGISTERED = 2
    """Registered."""
    REAL_NAME_MISSING = 3
    """The real-name verification of WeChat Pay is missing, and has to come first."""
