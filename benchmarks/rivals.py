"""
What somebody would write by hand with pydantic for the two answers: the same fields and instants, no more.

Lists are lists, statuses plain numbers, and no validator is in Python: it is as quick as pydantic gets.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

__all__ = ["PlanInfo", "PromoteProductDetail"]


class _Category(BaseModel):
    cat_id: str | None = None
    cat_name: str | None = None


class _SkuAttr(BaseModel):
    attr_key: str | None = None
    attr_value: str | None = None


class _SkuDeliverInfo(BaseModel):
    stock_type: int | None = None
    full_payment_presale_delivery_type: int | None = None
    presale_begin_time: datetime | None = None
    presale_end_time: datetime | None = None
    full_payment_presale_delivery_time: int | None = None


class _Sku(BaseModel):
    sku_id: str | None = None
    thumb_img: str | None = None
    sale_price: int | None = None
    stock_num: int | None = None
    sku_attrs: list[_SkuAttr] = []
    sku_deliver_info: _SkuDeliverInfo | None = None


class _DescInfo(BaseModel):
    imgs: list[str] = []
    desc: str | None = None


class _AddressInfo(BaseModel):
    postal_code: str | None = None
    province_name: str | None = None
    city_name: str | None = None
    county_name: str | None = None


class _ExpressInfo(BaseModel):
    send_time: str | None = None
    address_info: _AddressInfo | None = None
    shipping_method: str | None = None


class _ExtraService(BaseModel):
    seven_day_return: int | None = None
    pay_after_use: int | None = None
    freight_insurance: int | None = None
    fake_one_pay_three: int | None = None
    damage_guarantee: int | None = None


class _StatisticalData(BaseModel):
    good_ratio: int | None = None
    sales_in_30_days: int | None = None


class _ProductInfo(BaseModel):
    title: str | None = None
    sub_title: str | None = None
    head_imgs: list[str] = []
    desc_info: _DescInfo | None = None
    cats: list[_Category] = []
    cats_v2: list[_Category] = []
    skus: list[_Sku] = []
    product_promotion_link: str | None = None
    status: int | None = None
    express_info: _ExpressInfo | None = None
    extra_service: _ExtraService | None = None
    statistical_data: _StatisticalData | None = None


class _Ratio(BaseModel):
    ratio: int | None = None


class _CommissionInfo(BaseModel):
    status: int | None = None
    service_ratio: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    normal_commission_info: _Ratio | None = None


class _HeadSupplierInfo(BaseModel):
    head_supplier_appid: str | None = None
    name: str | None = None


class _Product(BaseModel):
    shop_appid: str
    product_id: int
    product_info: _ProductInfo
    product_promotion_link: str | None = None
    commission_info: _CommissionInfo | None = None
    head_supplier_info: _HeadSupplierInfo | None = None


class _Coupon(BaseModel):
    coupon_id: str | None = None


class PromoteProductDetail(BaseModel):
    """An answer of get_promote_product_detail, envelope included."""

    errcode: int = 0
    errmsg: str | None = None
    product: _Product
    publish_coupons: list[_Coupon] = []
    cooperative_coupons: list[_Coupon] = []


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class _BizBasicInfo(_Camel):
    headimgurl: str | None = None
    nickname: str | None = None
    appid: str | None = None


class _ExtInfo(_Camel):
    biz_basic_info: _BizBasicInfo | None = None
    data: dict[str, Any] | None = None


class _TargetPlanInfo(_Camel):
    plan_id: str
    plan_status: int | None = None
    plan_name: str | None = None
    plan_desc: str | None = None
    plan_start_time: datetime | None = None
    plan_end_time: datetime | None = None
    ext_info: _ExtInfo | str | None = None


class _PlanCategory(_Camel):
    cat_id: str | None = None
    name: str | None = None


class _Detail(_Camel):
    detail_img: list[str] = []
    detail_videos: list[Any] = []
    detail_video_info: list[Any] = []
    desc: str | None = None


class _StockInfo(_Camel):
    stock_num: int | None = None


class _ProductSkuInfo(_Camel):
    thumb_img: str | None = None
    sale_price: int | None = None
    market_price: int | None = None
    stock_info: _StockInfo | None = None


class _PlanSku(_Camel):
    sku_id: str | None = None
    product_sku_info: _ProductSkuInfo | None = None


class _SkuIdList(_Camel):
    sku_ids: list[str] = []


class _SkuPrice(_Camel):
    sku_id: str | None = None
    price: int | None = None


class _SkuList(_Camel):
    sku_info: list[_SkuPrice] = []
    min_price: int | None = None
    max_price: int | None = None


class _ServiceDesc(_Camel):
    service_list: list[Any] = []
    desc: str | None = None


class _PlanExpressInfo(_Camel):
    template_id: str | None = None


class _SnapshotInfo(_Camel):
    snapshot_id: str | None = None


class _SpuLimited(_Camel):
    period_type: int | None = None
    limited_buy_num: int | None = None


class _GroupbuyInfo(_Camel):
    sku_list: list[Any] = []


class _PlanProductDetail(_Camel):
    title: str | None = None
    sub_title: str | None = None
    head_img: list[str] = []
    category: list[_PlanCategory] = []
    brand: str | None = None
    brand_id: str | None = None
    model: str | None = None
    detail: _Detail | None = None
    param: list[Any] = []
    min_price: int | None = None
    total_stock_num: int | None = None
    total_sold_num: int | None = None
    skus: list[_PlanSku] = []
    attr: list[Any] = []
    shopcat_id: list[str] = []
    qualification_url: list[str] = []
    third_category_histories: list[Any] = []
    head_video_info: list[Any] = []
    labels: list[Any] = []
    sku_id_list: _SkuIdList | None = None
    sku_list: _SkuList | None = None
    listing_time: datetime | None = None
    service_desc: _ServiceDesc | None = None
    express_info: _PlanExpressInfo | None = None
    appid_for_media: str | None = None
    snapshot_info: _SnapshotInfo | None = None
    total_order_num: int | None = None
    total_visit_num: int | None = None
    upload_source: int | None = None
    spu_limited: _SpuLimited | None = None
    origin_upload_source: int | None = None
    groupbuy_info: _GroupbuyInfo | None = None
    virtual_type: int | None = None
    product_type: int | None = None


class _LeagueExInfo(_Camel):
    has_commission: bool | None = None
    commission_ratio: int | None = None
    commission_value: int | None = None
    ban_bizuin: int | None = None
    ban_category: int | None = None
    ban_product: int | None = None


class _DiscountCondition(_Camel):
    product_ids: list[int] = []
    product_cnt: int | None = None
    product_price: int | None = None


class _DiscountInfo(_Camel):
    discount_condition: _DiscountCondition | None = None
    discount_num: int | None = None
    discount_fee: int | None = None


class _ValidInfo(_Camel):
    valid_type: int | None = None
    valid_day_num: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None


class _ReceiveInfo(_Camel):
    start_time: datetime | None = None
    end_time: datetime | None = None
    limit_num_one_person: int | None = None


class _CouponDetail(_Camel):
    rest_num: int | None = None
    type: int | None = None
    discount_info: _DiscountInfo | None = None
    valid_info: _ValidInfo | None = None
    receive_info: _ReceiveInfo | None = None


class _CouponInfo(_Camel):
    has_coupon: bool | None = None
    coupon_id: str | None = None
    coupon_detail: _CouponDetail | None = None
    all_coupon_ids: list[str] = []
    discount: int | None = None


class _PlanProduct(_Camel):
    plan_id: str
    product_id: int
    product_status: int | None = None
    commission_ratio: int | None = None
    product_detail_info: _PlanProductDetail | None = None
    league_ex_info: _LeagueExInfo | None = None
    coupon_info: _CouponInfo | None = None


class PlanInfo(_Camel):
    """An answer of plan_info, envelope included."""

    errcode: int = 0
    errmsg: str | None = None
    target_plan_info: _TargetPlanInfo
    product_list_info: list[_PlanProduct] = Field(default=[])
