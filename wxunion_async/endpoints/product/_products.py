"""A product of a shop, as ``product.list`` and ``product.select`` answer it, and what both may ask of it."""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import AS_NUMBER, RequestPart
from wxunion_async.endpoints._union_products import ProductDescription
from wxunion_async.enums import OpenIntEnum
from wxunion_async.units import Fen, Per10k

__all__ = ["UnionProduct", "WantedAddress", "WantedShipping"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionProduct:
    """A product of a shop and the terms of its promotion."""

    product_id: int
    """The product; a string on the wire."""
    product: UnionProductData | None = None
    """The product itself."""
    league_ex_info: UnionCommission | None = None
    """What a promotion of it earns."""
    shop_info: UnionShop | None = None
    """The shop that sells it."""
    coupon_info: UnionCoupon | None = None
    """The union coupon for it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionProductData:
    """A product of a shop."""

    product_id: int | None = None
    """The product again; a string on the wire."""
    status: int | None = None
    """A code, 5 in a client's sample, its values undocumented; from a client's models, not the vendor's page."""
    info: UnionProductInfo | None = None
    """The product as its shop presents it."""
    skus: tuple[UnionSku, ...] = ()
    """The variants."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionProductInfo:
    """A product as its shop presents it."""

    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle."""
    head_img: tuple[str, ...] = ()
    """URLs of the main pictures."""
    category: tuple[UnionCategory, ...] = ()
    """Its categories."""
    brand: str | None = None
    """Name of the brand; "" for none."""
    brand_id: str | None = None
    """The brand."""
    model: str | None = None
    """Model; "" for none."""
    detail: ProductDescription | None = None
    """The description."""
    param: tuple[UnionParameter, ...] = ()
    """Its parameters."""
    min_price: Fen | None = None
    """The lowest price, in fen."""
    discount_price: Fen | None = None
    """The price with the coupon, in fen; from a client's models, not the vendor's page."""
    total_stock_num: int | None = None
    """Pieces in stock; a string in the sample of ``target.plan_info``."""
    total_sold_num: int | None = None
    """Pieces sold so far."""
    total_order_num: int | None = None
    """Orders so far."""
    express_info: UnionExpressInfo | None = None
    """How it is sent. In the sample of ``product.list``, not in that of ``product.select``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCategory:
    """One category of a product."""

    cat_id: str | None = None
    """The category."""
    name: str | None = None
    """Its name; "" is possible."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionParameter:
    """One parameter of a product."""

    key: str | None = None
    """Its name."""
    value: str | None = None
    """Its value."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionExpressInfo:
    """How a product is sent."""

    template_id: str | None = None
    """The shop's template of freight charges. In the sample only."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionSku:
    """One variant of a product."""

    sku_id: str | None = None
    """The SKU."""
    status: int | None = None
    """A code, 5 in a client's sample, its values undocumented; from a client's models, not the vendor's page."""
    product_sku_info: UnionSkuInfo | None = None
    """Picture, prices and stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionSkuInfo:
    """Picture, prices and stock of a SKU."""

    thumb_img: str | None = None
    """URL of a small picture."""
    sku_code: str | None = None
    """The shop's own code for it. In the sample only."""
    sale_price: Fen | None = None
    """Price in fen."""
    market_price: Fen | None = None
    """Price elsewhere, in fen."""
    stock_info: UnionStock | None = None
    """The stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionStock:
    """The stock of a SKU."""

    stock_num: int | None = None
    """Pieces in stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCommission:
    """What a promotion of a product earns."""

    has_commission: bool | None = None
    """Whether there is a commission; 1 or 0 on the wire."""
    commission_ratio: Per10k | None = None
    """Rate in 1/10,000."""
    commission_value: Fen | None = None
    """Commission in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionShop:
    """The shop that sells a product."""

    app_id: str | None = None
    """App id of the shop; absent in the sample."""
    name: str | None = None
    """Its name."""
    username: str | None = None
    """Its original id, "gh_…"; from a client's models, not the vendor's page."""
    head_img_url: str | None = None
    """URL of its picture."""
    shipping_methods: ShippingMethods | None = None
    """How it delivers; from a client's models, not the vendor's page."""
    address_list: tuple[ShopAddress, ...] = ()
    """
    Where it delivers from; only with delivery in the same city or pick-up.

    From a client's models, not the vendor's page.
    """
    same_city_template: SameCityTemplate | None = None
    """
    How far it delivers in the same city; only with that method.

    From a client's models, not the vendor's page.
    """
    freight_template: FreightTemplate | None = None
    """Where it does not send to; only with express. From a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShippingMethods:
    """How a shop delivers, or for which methods an address counts."""

    express: bool | None = None
    """By express; 1 or 0 on the wire."""
    same_city: bool | None = None
    """In the same city; 1 or 0 on the wire."""
    pickup: bool | None = None
    """The buyer may fetch it; 1 or 0 on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopAddress:
    """A place that a shop delivers from."""

    address_info: Region | None = None
    """Where it is."""
    address_type: ShippingMethods | None = None
    """For which methods it counts."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Region:
    """A region, by the names of its three levels."""

    province_name: str | None = None
    """Province."""
    city_name: str | None = None
    """City."""
    county_name: str | None = None
    """County."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SameCityTemplate:
    """How far a shop delivers in the same city."""

    deliver_scope_type: DeliverScopeType | None = None
    """How that is given."""
    scope: str | None = None
    """How far; text of an undocumented form."""
    region: Region | None = None
    """In which region."""


class DeliverScopeType(OpenIntEnum):
    """How it is given how far a shop delivers in the same city."""

    BY_DISTANCE = 0
    """By distance."""
    BY_REGION = 1
    """By region."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FreightTemplate:
    """The terms of a shop's deliveries by express."""

    not_send_area: NotSendArea | None = None
    """Where it does not send to."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NotSendArea:
    """Where a shop does not send to."""

    address_info_list: tuple[Region, ...] = ()
    """The regions."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCoupon:
    """The union coupon for a product."""

    has_coupon: bool | None = None
    """Whether there is a coupon; 1 or 0 on the wire."""
    coupon_id: str | None = None
    """The coupon."""
    coupon_detail: UnionCouponDetail | None = None
    """The coupon in detail."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCouponDetail:
    """A union coupon in detail, as ``target.plan_info`` has it, too."""

    rest_num: int | None = None
    """Coupons left."""
    type: int | None = None
    """The kind of coupon; a code, its values undocumented."""
    discount_info: UnionDiscount | None = None
    """What it takes off."""
    valid_info: UnionCouponValidity | None = None
    """When it is valid."""
    receive_info: UnionCouponReceipt | None = None
    """When and how often it may be taken."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionDiscount:
    """What a coupon takes off."""

    discount_condition: UnionDiscountCondition | None = None
    """What the purchase has to be like."""
    discount_num: Per10k | None = None
    """What is left to pay, in 1/10,000 of the price: 5100 means 51 %."""
    discount_fee: Fen | None = None
    """Amount taken off, in fen; a string with one client, a number with another."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionDiscountCondition:
    """What a purchase has to be like for a coupon to count."""

    product_ids: tuple[int, ...] = ()
    """The products that it counts for; strings on the wire."""
    product_cnt: int | None = None
    """Pieces to buy; a string with one client, a number with another."""
    product_price: Fen | None = None
    """Amount to buy for, in fen; a string with one client, a number with another."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCouponValidity:
    """When a coupon is valid."""

    valid_type: CouponValidType | None = None
    """How the time is given."""
    valid_day_num: int | None = None
    """In days; for valid type 2."""
    start_time: datetime | None = None
    """Begin, for valid type 1; a string on the wire, where 0 is ``None``."""
    end_time: datetime | None = None
    """End, for valid type 1; a string on the wire, where 0 is ``None``."""


class CouponValidType(OpenIntEnum):
    """How the time in which a coupon is valid is given."""

    PERIOD = 1
    """By its begin and its end."""
    DAYS = 2
    """By a number of days."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionCouponReceipt:
    """When and how often a coupon may be taken."""

    start_time: datetime | None = None
    """Begin; a string on the wire, where 0 is ``None``."""
    end_time: datetime | None = None
    """End; a string on the wire, where 0 is ``None``."""
    limit_num_one_person: int | None = None
    """Coupons a person."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WantedShipping(RequestPart):
    """Ways of delivery that are asked for."""

    express: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """By express."""
    same_city: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """In the same city; ``sameCity`` on the wire, though one client writes ``same_city``."""
    pickup: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """The buyer may fetch it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WantedAddress(RequestPart):
    """A place of delivery that is asked for."""

    address_info: WantedRegion | None = None
    """Where it is."""
    address_type: WantedShipping | None = None
    """For which ways of delivery."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WantedRegion(RequestPart):
    """A region that is asked for, by the names of its three levels."""

    province_name: str | None = None
    """Province."""
    city_name: str | None = None
    """City."""
    county_name: str | None = None
    """County."""
