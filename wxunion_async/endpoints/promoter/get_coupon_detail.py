"""
POST /channels/ec/promoter/get_coupon_detail.

Source: doc/channels/API/leagueheadsupplier/promotion/content/coupon/getcoupondetail.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.enums import OpenIntEnum
from wxunion_async.units import Fen, Per10k


@errcodes(10024000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetCouponDetailRequest(UnionRequest["CouponDetailAnswer"]):
    """
    Look up what a coupon is worth, for what, and how many are left.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_coupon_detail"
    resend = True

    coupon_id: str = attrs.field(kw_only=False)
    """The coupon."""
    from_head_supplier_appid: str | None = None
    """App id of the agency that it came from; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponDetailAnswer:
    """A coupon in detail."""

    coupon: Coupon
    """The coupon; the table says an array of objects, the sample has one object."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Coupon:
    """A shop's coupon."""

    coupon_id: str
    """The coupon."""
    shop_appid: str | None = None
    """App id of the shop. In the table, not in the sample."""
    type: CouponType | None = None
    """What it does to a price."""
    status: CouponStatus | None = None
    """Whether it is in force."""
    create_time: datetime | None = None
    """When it was created; 0 on the wire is ``None``."""
    update_time: datetime | None = None
    """When it was changed last; 0 on the wire is ``None``."""
    is_can_up: bool | None = None
    """Whether its value can grow; from a client's models, not the vendor's page."""
    can_up_times: int | None = None
    """The greatest factor by which it can grow; from a client's models, not the vendor's page."""
    discount_limit: Fen | None = None
    """The greatest reduction, in fen; from a client's models, not the vendor's page."""
    coupon_info: CouponInfo | None = None
    """What it grants."""
    stock_info: StockInfo | None = None
    """How many there are."""


class CouponType(OpenIntEnum):
    """What a coupon does to a price; from a client's models, not the vendor's page."""

    PRODUCT_CONDITIONAL_DISCOUNT = 1
    """A product's: a share of the price taken off, on a condition."""
    PRODUCT_CONDITIONAL_REDUCTION = 2
    """A product's: an amount taken off, on a condition."""
    PRODUCT_DISCOUNT = 3
    """A product's: a share of the price taken off."""
    PRODUCT_REDUCTION = 4
    """A product's: an amount taken off."""
    SHOP_CONDITIONAL_DISCOUNT = 101
    """The whole shop's: a share of the price taken off, on a condition."""
    SHOP_CONDITIONAL_REDUCTION = 102
    """The whole shop's: an amount taken off, on a condition."""
    SHOP_DISCOUNT = 103
    """The whole shop's: a share of the price taken off."""
    SHOP_REDUCTION = 104
    """The whole shop's: an amount taken off."""


class CouponStatus(OpenIntEnum):
    """Whether a coupon is in force; from a client's models, not the vendor's page."""

    INITIAL = 1
    """Not yet in force."""
    EFFECTIVE = 2
    """In force."""
    VOID = 4
    """Void."""
    DELETED = 5
    """Deleted."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponInfo:
    """What a coupon grants."""

    name: str | None = None
    """Its name."""
    valid_info: ValidInfo | None = None
    """When it is valid."""
    discount_info: DiscountInfo | None = None
    """What it takes off."""
    ext_info: ExtInfo | None = None
    """When it takes effect, and more."""
    promote_info: PromoteInfo | None = None
    """Where it is promoted."""
    receive_info: ReceiveInfo | None = None
    """When and how often it may be taken."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ValidInfo:
    """When a coupon is valid."""

    valid_type: ValidType | None = None
    """How the time is given."""
    valid_day_num: int | None = None
    """In days, from when it was received; only with valid type 2."""
    start_time: datetime | None = None
    """Begin; only with valid type 1; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End; only with valid type 1; 0 on the wire is ``None``."""


class ValidType(OpenIntEnum):
    """How the time in which a coupon is valid is given."""

    PERIOD = 1
    """By its begin and its end."""
    DAYS = 2
    """By a number of days after it was received."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiscountInfo:
    """What a coupon takes off."""

    discount_num: Per10k | None = None
    """The price to pay, in 1/10,000 of the full one: 5100 is 5.1折, 51 % of the price."""
    discount_fee: Fen | None = None
    """Amount taken off, in fen."""
    discount_condition: DiscountCondition | None = None
    """What the purchase has to be like."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiscountCondition:
    """What a purchase has to be like for a coupon to count."""

    product_cnt: int | None = None
    """Pieces to buy."""
    product_price: Fen | None = None
    """Amount to buy for, in fen."""
    product_ids: tuple[int, ...] = ()
    """The products that it counts for; strings on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ExtInfo:
    """When a coupon takes effect, and more."""

    valid_time: datetime | None = None
    """When it takes effect; 0 on the wire is ``None``."""
    invalid_time: datetime | None = None
    """When it ends; 0 on the wire is ``None``."""
    jump_product_id: str | None = None
    """The product shown after it is received; a number on the wire; from a client's models, not the vendor's page."""
    notes: str | None = None
    """Remark; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteInfo:
    """Where a coupon is promoted."""

    promote_type: PromoteType | None = None
    """Where; from a client's models, not the vendor's page."""


class PromoteType(OpenIntEnum):
    """Where a coupon is promoted; from a client's models, not the vendor's page."""

    IN_SHOP = 1
    """Inside the shop."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ReceiveInfo:
    """When and how often a coupon may be taken."""

    start_time: datetime | None = None
    """Begin; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End; 0 on the wire is ``None``."""
    limit_num_one_person: int | None = None
    """Coupons a person."""
    total_num: int | None = None
    """Coupons in all."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class StockInfo:
    """How many coupons there are."""

    issued_num: int | None = None
    """Coupons left, by the table, although the name says issued."""
    receive_num: int | None = None
    """Coupons received and not yet used."""
    used_num: int | None = None
    """Coupons used."""
