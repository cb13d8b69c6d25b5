"""The business codes of the family, in one table: a code means the same on every path."""

from collections.abc import Mapping
from types import MappingProxyType

from wxunion_async.errors import (
    AlreadyAppliedError,
    ApiError,
    ApplyReasonTooLongError,
    CouponError,
    FeatureClosedError,
    InvalidAppIdError,
    InvalidParameterError,
    NoCooperationError,
    NotAppliedError,
    NotBoundError,
    OpenIdNotBoundError,
    OrderNotFoundError,
    PlanExpiredError,
    PlanNotFoundError,
    ProductNotFoundError,
    ProductNotListedError,
    PromoterNotFoundError,
)

__all__ = ["business_errcodes"]

_BUSINESS = {
    202001: PlanExpiredError,
    202002: PlanNotFoundError,
    202004: AlreadyAppliedError,
    202005: NotAppliedError,
    202006: ApplyReasonTooLongError,
    10024000: InvalidParameterError,
    10071003: InvalidParameterError,
    10071048: InvalidParameterError,
    10024003: InvalidAppIdError,
    10071033: InvalidAppIdError,
    10024004: ProductNotFoundError,
    10071053: ProductNotListedError,
    10071029: NotBoundError,
    10071058: NotBoundError,
    10071056: OpenIdNotBoundError,
    10071030: PromoterNotFoundError,
    10071049: FeatureClosedError,
    10071034: CouponError,
    10071035: CouponError,
    10024007: NoCooperationError,
    10071047: NoCooperationError,
    10024006: OrderNotFoundError,
}


def business_errcodes(*errcodes: int) -> Mapping[int, type[ApiError]]:
    """
    Return errcode → class for the business codes that one endpoint documents, for ``UnionRequest.errcodes``.

    A code that has no class of its own is an ``ApiError``.
    """
    return MappingProxyType({errcode: _BUSINESS.get(errcode, ApiError) for errcode in errcodes})
