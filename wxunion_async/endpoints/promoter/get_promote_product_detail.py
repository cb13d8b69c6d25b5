"""
POST /channels/ec/promoter/get_promote_product_detail.

Source: get-promote-product-detail.txt, sections 2 (request), 3 (answer), 4 (enumerations), 6 (sample), 7 (errcodes).
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import OR_OBJECT, UnionRequest, also, errcodes, needs
from wxunion_async.enums import OpenIntEnum, PlanType
from wxunion_async.units import Fen, Per1M


@errcodes(10024000, 10024003, 10024004, 10071033, 10071048, 10071053)
@needs("plan_type", "head_supplier_appid", when=(PlanType.AGENCY_TARGETED, PlanType.AGENCY_ORDINARY))
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPromoteProductDetailRequest(UnionRequest["PromoteProductDetail"]):
    """
    Look up one product to promote.

    Returns:
        The product, and its coupons if they were asked for.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        InvalidAppIdError: 10024003, 10071033: the shop's app id.
        ProductNotFoundError: 10024004.
        ProductNotListedError: 10071053, the product is not on the shelf.

    .. versionadded:: 0.1.0

    """

    path = "/channels/ec/promoter/get_promote_product_detail"
    resend = True

    shop_appid: str
    """App id of the shop that sells the product."""
    product_id: int
    """The product; a number on the wire."""
    plan_type: PlanType
    """The kind of plan that the product is promoted by."""
    get_available_coupon: bool | None = None
    """True to get the coupons too; left out by default."""
    head_supplier_appid: str | None = None
    """App id of the head supplier; plan types 3 and 4 need it, and 1 has been seen to."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteProductDetail:
    """A product to promote, with the coupons for it."""

    product: Product
    """The product."""
    publish_coupons: tuple[Coupon, ...] = attrs.field(default=(), metadata=also("public_coupons"))
    """Public coupons of agencies; only if asked for; comes as ``public_coupons`` too."""
    cooperative_coupons: tuple[Coupon, ...] = ()
    """Targeted coupons of agencies; only if asked for."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Product:
    """A product and the terms of its promotion."""

    shop_appid: str
    """App id of the shop."""
    product_id: int
    """The product; the table says string, the sample has a number."""
    product_info: ProductInfo
    """The product as its shop presents it."""
    product_promotion_link: str | None = None
    """What an embedded product card must carry, else the sale is attributed to nobody; "" for none."""
    commission_info: CommissionInfo | None = None
    """What a promotion earns, and when."""
    head_supplier_info: HeadSupplierInfo | None = None
    """The agency that supplies it. In the table, not in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductInfo:
    """A product as its shop presents it."""

    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle; "" or absent if the shop gave none."""
    head_imgs: tuple[str, ...] = ()
    """URLs of the main pictures, at most 9."""
    desc_info: DescInfo | None = None
    """The description."""
    cats: tuple[ProductCategory, ...] = ()
    """Categories in the old tree of three levels, which the vendor is giving up."""
    cats_v2: tuple[ProductCategory, ...] = ()
    """Categories in the new tree."""
    skus: tuple[Sku, ...] = ()
    """The variants."""
    product_promotion_link: str | None = None
    """What a jump from a mini program to the shop must carry for the commission. In the table, not in the sample."""
    status: ProductStatus | None = None
    """The state of the product in its shop. In the table, not in the sample."""
    express_info: ExpressInfo | None = None
    """How it is sent. In the sample, not in the table."""
    extra_service: ExtraService | None = None
    """What the shop grants. In the sample, not in the table."""
    statistical_data: StatisticalData | None = None
    """How it sells. In the sample, not in the table."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DescInfo:
    """The description of a product."""

    imgs: tuple[str, ...] = ()
    """URLs of pictures, at most 20."""
    desc: str | None = None
    """Text; "" or absent if the shop gave none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductCategory:
    """One category of a product."""

    cat_id: str | None = None
    """The category."""
    cat_name: str | None = None
    """Its name. In the table, not in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Sku:
    """One variant of a product."""

    sku_id: str | None = None
    """The SKU."""
    thumb_img: str | None = None
    """URL of a small picture; "" or absent if the shop gave none."""
    sale_price: Fen | None = None
    """Price in fen."""
    stock_num: int | None = None
    """Pieces in stock."""
    sku_attrs: tuple[SkuAttr, ...] = attrs.field(default=(), metadata=OR_OBJECT)
    """Attributes; the table says one object, the sample has an array, and both are read."""
    sku_deliver_info: SkuDeliverInfo | None = None
    """When it is delivered. In the table, not in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuAttr:
    """One attribute of a SKU."""

    attr_key: str | None = None
    """Name of the attribute."""
    attr_value: str | None = None
    """Value: several choices are separated by "；" or ";", a number and its unit by one space ("18 kg")."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuDeliverInfo:
    """When a SKU is delivered."""

    stock_type: StockType | None = None
    """In stock or a presale; the vendor's default is in stock."""
    full_payment_presale_delivery_type: PresaleDeliveryType | None = None
    """From when the delivery time counts; only with ``stock_type`` 1."""
    presale_begin_time: datetime | None = None
    """Begin of the presale; only with delivery type 1; 0 on the wire is ``None``."""
    presale_end_time: datetime | None = None
    """End of the presale; only with delivery type 1; 0 on the wire is ``None``."""
    full_payment_presale_delivery_time: int | None = None
    """In days, from the payment or the end of the presale; only with ``stock_type`` 1."""


class StockType(OpenIntEnum):
    """Whether a SKU is in stock."""

    IN_STOCK = 0
    """现货: in stock (the vendor's default)."""
    FULL_PAYMENT_PRESALE = 1
    """全款预售: paid in full before it is in stock."""


class PresaleDeliveryType(OpenIntEnum):
    """From when the delivery time of a presale counts."""

    AFTER_PAYMENT = 0
    """付款后n天发货: from the payment."""
    AFTER_PRESALE = 1
    """预售结束后n天发货: from the end of the presale."""


class ProductStatus(OpenIntEnum):
    """The state of a product in its shop."""

    INITIAL = 0
    """初始值: never listed."""
    LISTED = 5
    """上架: on the shelf."""
    IN_RECYCLE_BIN = 6
    """回收站: in the recycle bin."""
    DELETED = 9
    """彻底删除: deleted for good."""
    UNLISTED_BY_SHOP = 11
    """自主下架: taken off the shelf by the shop."""
    UNLISTED_FOR_VIOLATION = 13
    """违规下架/风控系统下架: taken off the shelf for a violation or by risk control."""
    UNLISTED_FOR_DEPOSIT = 14
    """保证金不足下架: taken off the shelf because the shop's deposit is too small."""
    UNLISTED_FOR_BRAND = 15
    """品牌过期下架: taken off the shelf because the brand's licence ended."""
    BANNED = 20
    """商品被封禁: banned."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ExpressInfo:
    """How a product is sent."""

    send_time: str | None = None
    """Text of an undocumented form; "" for none."""
    address_info: AddressInfo | None = None
    """Where it is sent from."""
    shipping_method: str | None = None
    """A word such as ``NO_FREE``; the other words are undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class AddressInfo:
    """Where a product is sent from."""

    postal_code: str | None = None
    """Postal code; "" for none."""
    province_name: str | None = None
    """Province; "" for none."""
    city_name: str | None = None
    """City; "" for none."""
    county_name: str | None = None
    """County; "" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ExtraService:
    """What the shop grants with a product."""

    seven_day_return: int | None = None
    """Return within seven days; a code, 0 in the sample, its values undocumented."""
    pay_after_use: int | None = None
    """Pay after use; a code, 0 in the sample, its values undocumented."""
    freight_insurance: int | None = None
    """Insurance of the freight; a code, 0 in the sample, its values undocumented."""
    fake_one_pay_three: int | None = None
    """Threefold refund for a fake; a code, 0 in the sample, its values undocumented."""
    damage_guarantee: int | None = None
    """Refund for damage; a code, 0 in the sample, its values undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class StatisticalData:
    """How a product sells."""

    good_ratio: int | None = None
    """Share of good reviews; the unit is undocumented."""
    sales_in_30_days: int | None = None
    """Pieces sold in 30 days."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionInfo:
    """What a promotion of the product earns, and when."""

    status: CommissionStatus | None = None
    """Whether it may be promoted; the table says string, the sample has a number."""
    service_ratio: Per1M | None = None
    """Service rate in 1/1,000,000."""
    start_time: datetime | None = None
    """Begin of the cooperation; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End of the cooperation; 0 on the wire is ``None``."""
    normal_commission_info: NormalCommissionInfo | None = None
    """The commission of an ordinary plan. In the sample, not in the table."""


class CommissionStatus(OpenIntEnum):
    """Whether a product may be promoted."""

    LISTED = 1
    """已上架推广: promoters may promote it."""
    UNLISTED = 2
    """已下架推广: the plan was taken down by the merchant, or the product is no longer valid."""
    AWAITING_SELECTION = 3
    """待选品: not yet in the agency's list of products; promoters may promote it."""
    REMOVED = 5
    """已清退: the plan was taken down under a rule of the union."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NormalCommissionInfo:
    """The commission of an ordinary plan."""

    ratio: Per1M | None = None
    """Rate in 1/1,000,000; inferred from an object of this name in another call's document."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class HeadSupplierInfo:
    """The agency that supplies the product."""

    head_supplier_appid: str | None = None
    """App id of the head supplier."""
    name: str | None = None
    """Its name."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Coupon:
    """An agency's coupon for the product."""

    coupon_id: str | None = None
    """The coupon."""
