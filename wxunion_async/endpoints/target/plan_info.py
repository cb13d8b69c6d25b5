"""
GET /union/promoter/target/plan_info.

Source: targeted-plan-interface.txt, section 1, its tables and its sample.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.enums import OpenIntEnum
from wxunion_async.units import Fen, Per10k


@errcodes(202002)
@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanInfoRequest(UnionRequest["PlanInfo"]):
    """
    Find out about the targeted plan of an invitation URL.

    Returns:
        The plan and its products (no more than 10 have been seen).

    Raises:
        PlanNotFoundError: 202002.

    .. versionadded:: 0.1.0

    """

    method = "GET"
    path = "/union/promoter/target/plan_info"
    dialect = "camel"
    resend = True

    plan_invitation_url: str = attrs.field(kw_only=False)
    """The invitation URL; passed on untouched."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanInfo:
    """A targeted plan and its products."""

    target_plan_info: TargetPlanInfo
    """The plan."""
    product_list_info: tuple[PlanProduct, ...] = ()
    """Its products; no more than 10 have been seen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class TargetPlanInfo:
    """A targeted plan."""

    plan_id: str
    """The plan, as a decimal string; other than the base64 text that requests take."""
    plan_status: PlanStatus | None = None
    """Whether it is in force; the table says string, the sample has a number."""
    plan_name: str | None = None
    """Its name."""
    plan_desc: str | None = None
    """Its description."""
    plan_start_time: datetime | None = None
    """Its begin; 0 on the wire is ``None``."""
    plan_end_time: datetime | None = None
    """Its end; 0 on the wire is ``None``."""
    ext_info: ExtInfo | str | None = None
    """About the shop; the table says string, the sample has an object, and each is kept as it comes."""


class PlanStatus(OpenIntEnum):
    """Whether a targeted plan is in force."""

    NOT_YET_EFFECTIVE = 0
    """Not yet in force."""
    EFFECTIVE = 1
    """In force."""
    INVALID = 2
    """No longer in force."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ExtInfo:
    """More about a targeted plan."""

    biz_basic_info: BizBasicInfo | None = None
    """The shop."""
    data: dict[str, Any] | None = None
    """An object of undocumented content, as it is; empty in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BizBasicInfo:
    """The shop that a targeted plan belongs to."""

    headimgurl: str | None = None
    """URL of the shop's picture."""
    nickname: str | None = None
    """The shop's name."""
    appid: str | None = None
    """The shop's app id."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanProduct:
    """A product in a targeted plan and the terms of its promotion."""

    plan_id: str
    """The plan, as a decimal string."""
    product_id: int
    """The product; a string on the wire."""
    product_status: int | None = None
    """A code, 1 in the sample, its values undocumented."""
    commission_ratio: Per10k | None = None
    """Rate in 1/10,000."""
    product_detail_info: PlanProductDetail | None = None
    """The product as its shop presents it."""
    league_ex_info: LeagueExInfo | None = None
    """What a promotion earns."""
    coupon_info: CouponInfo | None = None
    """The coupon for it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanProductDetail:
    """A product in a targeted plan as its shop presents it."""

    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle; "" for none."""
    head_img: tuple[str, ...] = ()
    """URLs of the main pictures."""
    category: tuple[PlanCategory, ...] = ()
    """Categories, from the widest to the narrowest."""
    brand: str | None = None
    """Name of the brand. In the table, not in the sample."""
    brand_id: str | None = None
    """The brand; "2100000000" in the sample."""
    model: str | None = None
    """Model; "" for none."""
    detail: PlanProductDescription | None = None
    """The description."""
    param: tuple[Any, ...] = ()
    """Parameters of an undocumented form, as they are; empty in the sample."""
    min_price: Fen | None = None
    """The lowest price, in fen. In the table; the sample has it in ``sku_list``."""
    total_stock_num: int | None = None
    """Pieces in stock; the table says number, the sample has a string."""
    total_sold_num: int | None = None
    """Pieces sold so far; the table says number, the sample has a string."""
    skus: tuple[PlanSku, ...] = ()
    """The variants. In the table; the sample has ``sku_id_list`` and ``sku_list`` instead."""
    attr: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    shopcat_id: tuple[str, ...] = ()
    """The shop's own categories; empty in the sample. In the sample, not in the table."""
    qualification_url: tuple[str, ...] = ()
    """URLs of certificates; empty in the sample. In the sample, not in the table."""
    third_category_histories: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    head_video_info: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    labels: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    sku_id_list: SkuIdList | None = None
    """The ids of the SKUs. In the sample, not in the table."""
    sku_list: SkuList | None = None
    """The prices of the SKUs. In the sample, not in the table."""
    listing_time: datetime | None = None
    """When it was put on the shelf; a string in the sample; 0 on the wire is ``None``."""
    service_desc: ServiceDesc | None = None
    """The service that comes with it. In the sample, not in the table."""
    express_info: PlanExpressInfo | None = None
    """How it is sent. In the sample, not in the table."""
    appid_for_media: str | None = None
    """App id of the shop, it seems. In the sample, not in the table."""
    snapshot_info: SnapshotInfo | None = None
    """The snapshot. In the sample, not in the table."""
    total_order_num: int | None = None
    """Orders so far; a string in the sample."""
    total_visit_num: int | None = None
    """Visits so far; a string in the sample."""
    upload_source: int | None = None
    """A code, 5 in the sample, its values undocumented."""
    spu_limited: SpuLimited | None = None
    """How many pieces one person may buy. In the sample, not in the table."""
    origin_upload_source: int | None = None
    """A code, 1 in the sample, its values undocumented."""
    groupbuy_info: GroupbuyInfo | None = None
    """Group purchases. In the sample, not in the table."""
    virtual_type: int | None = None
    """A code, 0 in the sample, its values undocumented."""
    product_type: int | None = None
    """A code, 1 in the sample, its values undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanCategory:
    """One category of a product in a targeted plan."""

    cat_id: str | None = None
    """The category; the table says object, the sample has a string."""
    name: str | None = None
    """Its name."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanProductDescription:
    """The description of a product in a targeted plan."""

    detail_img: tuple[str, ...] = ()
    """URLs of pictures."""
    detail_videos: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    detail_video_info: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    desc: str | None = None
    """Text; "" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanSku:
    """One variant of a product in a targeted plan."""

    sku_id: str | None = None
    """The SKU."""
    product_sku_info: ProductSkuInfo | None = None
    """Picture, prices and stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductSkuInfo:
    """Picture, prices and stock of a SKU."""

    thumb_img: str | None = None
    """URL of a small picture."""
    sale_price: Fen | None = None
    """Price in fen; the table's "object" and "points" are mistranslations."""
    market_price: Fen | None = None
    """Price elsewhere, in fen; the table's "object" and "per cent" are mistranslations."""
    stock_info: StockInfo | None = None
    """The stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class StockInfo:
    """The stock of a SKU."""

    stock_num: int | None = None
    """Pieces in stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuIdList:
    """The ids of a product's SKUs."""

    sku_ids: tuple[str, ...] = ()
    """The SKUs."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuList:
    """The prices of a product's SKUs."""

    sku_info: tuple[SkuPrice, ...] = ()
    """Each SKU and its price."""
    min_price: Fen | None = None
    """The lowest price, in fen."""
    max_price: Fen | None = None
    """The highest price, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuPrice:
    """A SKU and its price."""

    sku_id: str | None = None
    """The SKU."""
    price: Fen | None = None
    """Price in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ServiceDesc:
    """The service that comes with a product."""

    service_list: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    desc: str | None = None
    """Text; "" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanExpressInfo:
    """How a product in a targeted plan is sent."""

    template_id: str | None = None
    """The shop's template of freight charges."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SnapshotInfo:
    """The snapshot of a product."""

    snapshot_id: str | None = None
    """The snapshot; "0" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SpuLimited:
    """How many pieces one person may buy."""

    period_type: int | None = None
    """A code, 0 in the sample, its values undocumented."""
    limited_buy_num: int | None = None
    """Pieces a person; 0 in the sample, presumably for no limit."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class GroupbuyInfo:
    """Group purchases of a product."""

    sku_list: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LeagueExInfo:
    """What a promotion of the product earns."""

    has_commission: bool | None = None
    """Whether there is a commission; 1 or 0 on the wire."""
    commission_ratio: Per10k | None = None
    """Rate in 1/10,000; the table's "one thousandth of a million" is a mistranslation."""
    commission_value: Fen | None = None
    """Commission on the lowest price in fen, rounded down."""
    ban_bizuin: int | None = None
    """A code, 0 in the sample, its values undocumented. In the sample, not in the table."""
    ban_category: int | None = None
    """A code, 0 in the sample, its values undocumented. In the sample, not in the table."""
    ban_product: int | None = None
    """A code, 0 in the sample, its values undocumented. In the sample, not in the table."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponInfo:
    """The union coupon for a product."""

    has_coupon: bool | None = None
    """Whether there is a coupon; 1 or 0 on the wire."""
    coupon_id: str | None = None
    """The coupon; "0" for none."""
    coupon_detail: CouponDetail | None = None
    """The coupon in detail. In the table, not in the sample."""
    all_coupon_ids: tuple[str, ...] = ()
    """All coupons; empty in the sample. In the sample, not in the table."""
    discount: Fen | None = None
    """Amount taken off, in fen; 0 for none, a string in the sample. In the sample, not in the table."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponDetail:
    """A union coupon in detail."""

    rest_num: int | None = None
    """Coupons left."""
    type: int | None = None
    """The kind of coupon; a code, its values undocumented."""
    discount_info: DiscountInfo | None = None
    """What it takes off."""
    valid_info: ValidInfo | None = None
    """When it is valid."""
    receive_info: ReceiveInfo | None = None
    """When and how often it may be taken."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiscountInfo:
    """What a coupon takes off."""

    discount_condition: DiscountCondition | None = None
    """What the purchase has to be like."""
    discount_num: int | None = None
    """In 1/1,000 of 折 (a tenth of the price): 5100 is 5.1折, which means to pay 51 % of the price."""
    discount_fee: Fen | None = None
    """Amount taken off, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiscountCondition:
    """What a purchase has to be like for a coupon to count."""

    product_ids: tuple[int, ...] = ()
    """The products that it counts for; strings in the table."""
    product_cnt: int | None = None
    """Pieces to buy."""
    product_price: Fen | None = None
    """Amount to buy for, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ValidInfo:
    """When a coupon is valid."""

    valid_type: ValidType | None = None
    """How the time is given."""
    valid_day_num: int | None = None
    """In days; for valid type 2."""
    start_time: datetime | None = None
    """Begin, for valid type 1; a string in the table; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End, for valid type 1; a string in the table; 0 on the wire is ``None``."""


class ValidType(OpenIntEnum):
    """How the time in which a coupon is valid is given."""

    PERIOD = 1
    """By its begin and its end."""
    DAYS = 2
    """By a number of days."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ReceiveInfo:
    """When and how often a coupon may be taken."""

    start_time: datetime | None = None
    """Begin; a string in the table; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End; a string in the table; 0 on the wire is ``None``."""
    limit_num_one_person: int | None = None
    """Coupons a person."""
