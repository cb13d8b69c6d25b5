"""GET /union/promoter/target/plan_info."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from wxunion_async._endpoint import Group, UnionRequest
from wxunion_async.enums import OpenIntEnum
from wxunion_async.errors import PlanNotFoundError
from wxunion_async.units import Fen, Per10k

__all__ = [
    "BizBasicInfo",
    "CouponDetail",
    "CouponInfo",
    "DiscountCondition",
    "DiscountInfo",
    "ExtInfo",
    "GroupbuyInfo",
    "LeagueExInfo",
    "PlanCategory",
    "PlanExpressInfo",
    "PlanInfo",
    "PlanInfoRequest",
    "PlanProduct",
    "PlanProductDescription",
    "PlanProductDetail",
    "PlanSku",
    "PlanStatus",
    "ProductSkuInfo",
    "ReceiveInfo",
    "ServiceDesc",
    "SkuIdList",
    "SkuList",
    "SkuPrice",
    "SnapshotInfo",
    "SpuLimited",
    "StockInfo",
    "TargetPlanInfo",
    "ValidInfo",
    "ValidType",
    "plan_info",
]


class PlanStatus(OpenIntEnum):
    """
    Whether a targeted plan is in force.

    Source: targeted-plan-interface.txt, section 1, enumeration of planStatus.
    """

    NOT_YET_EFFECTIVE = 0
    """Not yet in force."""
    EFFECTIVE = 1
    """In force."""
    INVALID = 2
    """No longer in force."""


class ValidType(OpenIntEnum):
    """
    How the time in which a coupon is valid is given.

    Source: targeted-plan-interface.txt, section 1, structure of validInfo.
    """

    PERIOD = 1
    """By its begin and its end."""
    DAYS = 2
    """By a number of days."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BizBasicInfo:
    """
    The shop that a targeted plan belongs to.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    headimgurl: str | None = None
    """URL of the shop's picture."""
    nickname: str | None = None
    """The shop's name."""
    appid: str | None = None
    """The shop's app id."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ExtInfo:
    """
    More about a targeted plan.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    biz_basic_info: BizBasicInfo | None = None
    """The shop."""
    data: dict[str, Any] | None = None
    """An object of undocumented content, as it is; empty in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class TargetPlanInfo:
    """
    A targeted plan.

    Source: targeted-plan-interface.txt, section 1, structure of targetPlanInfo.
    """

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


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanCategory:
    """
    One category of a product in a targeted plan.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo.
    """

    cat_id: str | None = None
    """The category; the table says object, the sample has a string."""
    name: str | None = None
    """Its name."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanProductDescription:
    """
    The description of a product in a targeted plan.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo, and its sample.
    """

    detail_img: tuple[str, ...] = ()
    """URLs of pictures."""
    detail_videos: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    detail_video_info: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    desc: str | None = None
    """Text; "" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class StockInfo:
    """
    The stock of a SKU.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo.
    """

    stock_num: int | None = None
    """Pieces in stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductSkuInfo:
    """
    Picture, prices and stock of a SKU.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo.
    """

    thumb_img: str | None = None
    """URL of a small picture."""
    sale_price: Fen | None = None
    """Price in fen; the table's "object" and "points" are mistranslations."""
    market_price: Fen | None = None
    """Price elsewhere, in fen; the table's "object" and "per cent" are mistranslations."""
    stock_info: StockInfo | None = None
    """The stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanSku:
    """
    One variant of a product in a targeted plan.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo.
    """

    sku_id: str | None = None
    """The SKU."""
    product_sku_info: ProductSkuInfo | None = None
    """Picture, prices and stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuIdList:
    """
    The ids of a product's SKUs.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    sku_ids: tuple[str, ...] = ()
    """The SKUs."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuPrice:
    """
    A SKU and its price.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    sku_id: str | None = None
    """The SKU."""
    price: Fen | None = None
    """Price in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SkuList:
    """
    The prices of a product's SKUs.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    sku_info: tuple[SkuPrice, ...] = ()
    """Each SKU and its price."""
    min_price: Fen | None = None
    """The lowest price, in fen."""
    max_price: Fen | None = None
    """The highest price, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ServiceDesc:
    """
    The service that comes with a product.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    service_list: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""
    desc: str | None = None
    """Text; "" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanExpressInfo:
    """
    How a product in a targeted plan is sent.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    template_id: str | None = None
    """The shop's template of freight charges."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SnapshotInfo:
    """
    The snapshot of a product.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    snapshot_id: str | None = None
    """The snapshot; "0" for none."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SpuLimited:
    """
    How many pieces one person may buy.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    period_type: int | None = None
    """A code, 0 in the sample, its values undocumented."""
    limited_buy_num: int | None = None
    """Pieces a person; 0 in the sample, presumably for no limit."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class GroupbuyInfo:
    """
    Group purchases of a product.

    Source: targeted-plan-interface.txt, section 1, sample.
    """

    sku_list: tuple[Any, ...] = ()
    """Undocumented, as it is; empty in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanProductDetail:
    """
    A product in a targeted plan as its shop presents it.

    Source: targeted-plan-interface.txt, section 1, structure of productDetailInfo, and its sample.
    """

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
class LeagueExInfo:
    """
    What a promotion of the product earns.

    Source: targeted-plan-interface.txt, section 1, structure of leagueExInfo.
    """

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
class DiscountCondition:
    """
    What a purchase has to be like for a coupon to count.

    Source: targeted-plan-interface.txt, section 1, structure of discountInfo.
    """

    product_ids: tuple[int, ...] = ()
    """The products that it counts for; strings in the table."""
    product_cnt: int | None = None
    """Pieces to buy."""
    product_price: Fen | None = None
    """Amount to buy for, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class DiscountInfo:
    """
    What a coupon takes off.

    Source: targeted-plan-interface.txt, section 1, structure of discountInfo.
    """

    discount_condition: DiscountCondition | None = None
    """What the purchase has to be like."""
    discount_num: int | None = None
    """In 1/1,000 of 折 (a tenth of the price): 5100 is 5.1折, which means to pay 51 % of the price."""
    discount_fee: Fen | None = None
    """Amount taken off, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ValidInfo:
    """
    When a coupon is valid.

    Source: targeted-plan-interface.txt, section 1, structure of validInfo.
    """

    valid_type: ValidType | None = None
    """How the time is given."""
    valid_day_num: int | None = None
    """In days; for valid type 2."""
    start_time: datetime | None = None
    """Begin, for valid type 1; a string in the table; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End, for valid type 1; a string in the table; 0 on the wire is ``None``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ReceiveInfo:
    """
    When and how often a coupon may be taken.

    Source: targeted-plan-interface.txt, section 1, structure of receiveInfo.
    """

    start_time: datetime | None = None
    """Begin; a string in the table; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End; a string in the table; 0 on the wire is ``None``."""
    limit_num_one_person: int | None = None
    """Coupons a person."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CouponDetail:
    """
    A union coupon in detail.

    Source: targeted-plan-interface.txt, section 1, structure of couponDetail.
    """

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
class CouponInfo:
    """
    The union coupon for a product.

    Source: targeted-plan-interface.txt, section 1, structure of couponInfo, and its sample.
    """

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
class PlanProduct:
    """
    A product in a targeted plan and the terms of its promotion.

    Source: targeted-plan-interface.txt, section 1, structure of productListInfo.
    """

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
class PlanInfo:
    """
    A targeted plan and its products.

    Source: targeted-plan-interface.txt, section 1.
    """

    target_plan_info: TargetPlanInfo
    """The plan."""
    product_list_info: tuple[PlanProduct, ...] = ()
    """Its products; no more than 10 have been seen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlanInfoRequest(UnionRequest[PlanInfo]):
    """
    Ask for the targeted plan of an invitation URL.

    Source: targeted-plan-interface.txt, section 1.
    """

    method = "GET"
    path = "/union/promoter/target/plan_info"
    dialect = "camel"
    resend = True
    errcodes = MappingProxyType({202002: PlanNotFoundError})

    plan_invitation_url: str
    """The invitation URL; passed on untouched."""


async def plan_info(group: Group, plan_invitation_url: str) -> PlanInfo:
    """
    Find out about the targeted plan of an invitation URL.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.target``.
        plan_invitation_url: the invitation URL; passed on untouched.

    Returns:
        The plan and its products (no more than 10 have been seen).

    Raises:
        PlanNotFoundError: 202002.

    Source:
        targeted-plan-interface.txt, section 1.

    .. versionadded:: 0.1.0

    """
    return await group.call(PlanInfoRequest(plan_invitation_url=plan_invitation_url))
