"""client.target.plan_info."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.target import Target
from wxunion_async.endpoints.target.plan_info import (
    CouponDetail,
    DiscountCondition,
    DiscountInfo,
    ExtInfo,
    PlanInfo,
    PlanInfoRequest,
    PlanProductDetail,
    PlanSku,
    PlanStatus,
    ProductSkuInfo,
    ReceiveInfo,
    StockInfo,
    TargetPlanInfo,
    ValidInfo,
    ValidType,
)
from wxunion_async.errors import DecodeError, PlanNotFoundError
from wxunion_async.testing import load_answer
from wxunion_async.units import Fen

# What the document's tables name and its sample lacks.
TABLES: dict[str, Any] = {
    "brand": "牌",
    "minPrice": 110,
    "skus": [
        {
            "skuId": "77255098",
            "productSkuInfo": {
                "thumbImg": "https://test.com/0",
                "salePrice": 110,
                "marketPrice": 120,
                "stockInfo": {"stockNum": 128},
            },
        }
    ],
}
COUPON: dict[str, Any] = {
    "restNum": 5,
    "type": 2,
    "discountInfo": {
        "discountCondition": {"productIds": ["37610006"], "productCnt": 2, "productPrice": 500},
        "discountNum": 5100,
        "discountFee": 100,
    },
    "validInfo": {"validType": 1, "validDayNum": 0, "startTime": "1629216000", "endTime": "1630166399"},
    "receiveInfo": {"startTime": "1629216000", "endTime": "0", "limitNumOnePerson": 1},
}


def test_every_leaf_of_the_sample_is_kept(read_sample: Callable[..., Any]) -> None:
    """The sample holds far more than the tables; a model that lacks a part would lose it without a word."""
    answer: PlanInfo = read_sample(PlanInfoRequest, "target/plan_info")
    plan, (product,) = answer.target_plan_info, answer.product_list_info
    assert plan.plan_id == "1964112935262240768"
    assert plan.plan_status is PlanStatus.EFFECTIVE
    assert plan.plan_start_time == datetime(2021, 8, 17, 16, tzinfo=UTC)
    assert isinstance(plan.ext_info, ExtInfo)
    assert plan.ext_info.data == {}
    assert product.product_id == 37610006
    assert product.league_ex_info is not None
    assert product.league_ex_info.has_commission is True
    assert product.coupon_info is not None
    assert product.coupon_info.has_coupon is False
    assert product.coupon_info.coupon_id == "0"
    detail = product.product_detail_info
    assert detail is not None
    assert detail.total_stock_num == 128
    assert detail.listing_time == datetime(2021, 7, 13, 13, 12, 23, tzinfo=UTC)


def test_what_only_the_tables_name_is_modelled() -> None:
    """The sample has no skus and no coupon detail, and both are documented."""
    body = copy.deepcopy(load_answer("target/plan_info"))
    product: Any = body["productListInfo"][0]
    product["productDetailInfo"] |= TABLES
    product["couponInfo"]["couponDetail"] = COUPON
    answer = decode(PlanInfoRequest, body, strict=True)
    detail, coupon = answer.product_list_info[0].product_detail_info, answer.product_list_info[0].coupon_info
    assert detail is not None
    assert coupon is not None
    assert (detail.brand, detail.min_price) == ("牌", 110)
    assert detail.skus == (
        PlanSku(
            sku_id="77255098",
            product_sku_info=ProductSkuInfo(
                thumb_img="https://test.com/0",
                sale_price=Fen(110),
                market_price=Fen(120),
                stock_info=StockInfo(stock_num=128),
            ),
        ),
    )
    begin = datetime(2021, 8, 17, 16, tzinfo=UTC)
    assert coupon.coupon_detail == CouponDetail(
        rest_num=5,
        type=2,
        discount_info=DiscountInfo(
            discount_condition=DiscountCondition(product_ids=(37610006,), product_cnt=2, product_price=Fen(500)),
            discount_num=5100,
            discount_fee=Fen(100),
        ),
        valid_info=ValidInfo(
            valid_type=ValidType.PERIOD,
            valid_day_num=0,
            start_time=begin,
            end_time=datetime(2021, 8, 28, 15, 59, 59, tzinfo=UTC),
        ),
        receive_info=ReceiveInfo(start_time=begin, end_time=None, limit_num_one_person=1),
    )
    assert decode(PlanInfoRequest, encode(answer)) == answer


def test_ext_info_may_be_the_text_of_the_table() -> None:
    """The table says string, the sample has an object: both are kept as they come."""
    answer = decode(PlanInfoRequest, {"targetPlanInfo": {"planId": "1", "extInfo": "text"}})
    assert answer == PlanInfo(target_plan_info=TargetPlanInfo(plan_id="1", ext_info="text"))
    assert encode(answer) == {"targetPlanInfo": {"planId": "1", "extInfo": "text"}}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"errcode": 0}, "targetPlanInfo"),
        ({"targetPlanInfo": {}}, "targetPlanInfo.planId"),
        ({"targetPlanInfo": {"planId": "1"}, "productListInfo": [{"planId": "1"}]}, r"productListInfo[0].productId"),
    ],
)
def test_what_names_the_plan_and_its_products_is_required(body: dict[str, Any], path: str) -> None:
    """An answer without them is of no use, so it is an error with its place and not a value full of ``None``."""
    with pytest.raises(DecodeError, match="a required value is missing") as caught:
        decode(PlanInfoRequest, body)
    assert caught.value.path == path


def test_everything_else_may_be_absent() -> None:
    """The vendor leaves things out; what is absent is ``None`` or ``()``, never an invented 0."""
    answer = decode(PlanInfoRequest, {"targetPlanInfo": {"planId": "1"}})
    assert answer.product_list_info == ()
    assert answer.target_plan_info.plan_status is None
    assert PlanProductDetail().skus == ()


def test_202002_is_a_plan_that_does_not_exist() -> None:
    """The document's only errcode has a class of its own."""
    with pytest.raises(PlanNotFoundError, match="errcode 202002: gone"):
        decode(PlanInfoRequest, {"errcode": 202002, "errmsg": "gone"})


def test_the_request_in_wire_form() -> None:
    """The name on the wire is the vendor's, and the URL is untouched."""
    assert encode(PlanInfoRequest(plan_invitation_url="https://a/b?c=d+e%2F")) == {
        "planInvitationUrl": "https://a/b?c=d+e%2F"
    }


async def test_the_call_takes_the_url_positionally(make_caller: Callable[..., Any]) -> None:
    """With one required field, nobody wants to write its name."""
    wanted = PlanInfo(target_plan_info=TargetPlanInfo(plan_id="1"))
    caller = make_caller(wanted, wanted)
    assert await Target(caller).plan_info("https://a") is wanted
    assert await Target(caller).plan_info(plan_invitation_url="https://a") is wanted
    assert caller.requests == [PlanInfoRequest(plan_invitation_url="https://a")] * 2
