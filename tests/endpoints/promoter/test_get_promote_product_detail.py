"""client.promoter.get_promote_product_detail."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.promoter import Promoter
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    CommissionStatus,
    Coupon,
    GetPromoteProductDetailRequest,
    HeadSupplierInfo,
    PresaleDeliveryType,
    Product,
    ProductInfo,
    ProductStatus,
    PromoteProductDetail,
    SkuAttr,
    StockType,
)
from wxunion_async.enums import PlanType
from wxunion_async.errors import (
    ApiError,
    DecodeError,
    InvalidAppIdError,
    InvalidParameterError,
    ProductNotFoundError,
    ProductNotListedError,
)
from wxunion_async.testing import load_answer

NAME = "promoter/get_promote_product_detail"


def detail_with(**info: Any) -> PromoteProductDetail:
    """Return the sample's answer with other content in ``product_info``."""
    body: dict[str, Any] = copy.deepcopy(load_answer(NAME))
    body["product"]["product_info"] |= info
    answer = decode(GetPromoteProductDetailRequest, body, strict=True)
    assert decode(GetPromoteProductDetailRequest, encode(answer)) == answer
    return answer


def request(**fields: Any) -> GetPromoteProductDetailRequest:
    """Return a valid request with other fields."""
    valid: dict[str, Any] = {"shop_appid": "wx1", "product_id": 1, "plan_type": 1}
    return GetPromoteProductDetailRequest(**valid | fields)


def test_every_leaf_of_the_sample_is_kept(read_sample: Callable[..., Any]) -> None:
    """The sample holds parts that the tables lack, and its errcode is a string."""
    answer: PromoteProductDetail = read_sample(GetPromoteProductDetailRequest, NAME)
    product = answer.product
    assert product.product_id == 12345
    assert product.product_info.skus[0].sale_price == 500
    assert product.product_info.skus[0].sku_attrs == (SkuAttr(attr_key="产地", attr_value="四川成都"),)
    assert product.commission_info is not None
    assert product.commission_info.status is CommissionStatus.LISTED
    assert answer.publish_coupons == ()


def test_what_only_the_tables_name_is_modelled() -> None:
    """Status, old categories, delivery and head supplier are documented, though the sample lacks them."""
    deliver = {"stock_type": 1, "full_payment_presale_delivery_type": 1, "presale_begin_time": 1, "presale_end_time": 0}
    info = detail_with(
        status=5,
        cats=[{"cat_id": "1", "cat_name": "x"}],
        product_promotion_link="link",
        skus=[{"sku_id": "1", "sku_deliver_info": deliver | {"full_payment_presale_delivery_time": 3}}],
    ).product.product_info
    assert info.status is ProductStatus.LISTED
    assert info.cats[0].cat_name == "x"
    found = info.skus[0].sku_deliver_info
    assert found is not None
    assert found.stock_type is StockType.FULL_PAYMENT_PRESALE
    assert found.full_payment_presale_delivery_type is PresaleDeliveryType.AFTER_PRESALE
    assert found.presale_end_time is None
    assert found.full_payment_presale_delivery_time == 3


def test_the_head_supplier_and_the_coupons() -> None:
    """They come only for some plans and only if asked for."""
    body: dict[str, Any] = copy.deepcopy(load_answer(NAME))
    body["product"]["head_supplier_info"] = {"head_supplier_appid": "wx2", "name": "n"}
    body["cooperative_coupons"] = [{"coupon_id": 7}]
    answer = decode(GetPromoteProductDetailRequest, body, strict=True)
    assert answer.product.head_supplier_info == HeadSupplierInfo(head_supplier_appid="wx2", name="n")
    assert answer.cooperative_coupons == (Coupon(coupon_id="7"),)


@pytest.mark.parametrize("name", ["publish_coupons", "public_coupons"])
def test_public_coupons_come_under_two_names(name: str) -> None:
    """The vendor's page says one, another client's models the other; the encoding has the vendor's."""
    body = load_answer(NAME) | {name: [{"coupon_id": "1"}]}
    answer = decode(GetPromoteProductDetailRequest, body, strict=True)
    assert answer.publish_coupons == (Coupon(coupon_id="1"),)
    assert encode(answer)["publish_coupons"] == [{"coupon_id": "1"}]


def test_the_attributes_of_a_sku_may_be_one_object() -> None:
    """The table says object, the sample has an array."""
    info = detail_with(skus=[{"sku_attrs": {"attr_key": "k", "attr_value": "v"}}]).product.product_info
    assert info.skus[0].sku_attrs == (SkuAttr(attr_key="k", attr_value="v"),)


def test_an_undocumented_status_is_kept() -> None:
    """The vendor adds values before it documents them; a number is better than an error."""
    status = detail_with(status=99).product.product_info.status
    assert isinstance(status, ProductStatus)
    assert status == 99


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        (("product",), "product"),
        (("product", "shop_appid"), "product.shop_appid"),
        (("product", "product_id"), "product.product_id"),
        (("product", "product_info"), "product.product_info"),
    ],
)
def test_what_names_the_product_is_required(missing: tuple[str, ...], path: str) -> None:
    """An answer without it is an error with its place."""
    body: Any = copy.deepcopy(load_answer(NAME))
    parent = body
    for step in missing[:-1]:
        parent = parent[step]
    del parent[missing[-1]]
    with pytest.raises(DecodeError, match="a required value is missing") as caught:
        decode(GetPromoteProductDetailRequest, body)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (10024000, InvalidParameterError),
        (10024003, InvalidAppIdError),
        (10024004, ProductNotFoundError),
        (10071033, InvalidAppIdError),
        (10071048, InvalidParameterError),
        (10071053, ProductNotListedError),
    ],
)
def test_documented_errcodes_have_classes(errcode: int, error: type[ApiError]) -> None:
    """A caller branches on the class."""
    with pytest.raises(error, match=str(errcode)):
        decode(GetPromoteProductDetailRequest, {"errcode": errcode})


def test_the_request_in_wire_form() -> None:
    """The id must be a number, the plan type its number, and what was not given is left out."""
    assert encode(request(product_id="12", plan_type=PlanType.PUBLIC)) == {
        "shop_appid": "wx1",
        "product_id": 12,
        "plan_type": 2,
    }
    wire = encode(request(get_available_coupon=False))
    assert wire["get_available_coupon"] is False
    assert type(wire["plan_type"]) is int


@pytest.mark.parametrize("plan_type", [3, 4])
def test_agency_plans_need_the_head_supplier(plan_type: int) -> None:
    """The document says so; the service would only answer "parameter error"."""
    with pytest.raises(ValueError, match="head_supplier_appid is missing"):
        request(plan_type=plan_type)
    assert request(plan_type=plan_type, head_supplier_appid="wx2").head_supplier_appid == "wx2"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"product_id": -1}, "product_id must not be negative"),
        ({"product_id": True}, "product_id must be an int"),
        ({"product_id": 1.0}, "product_id must be an int"),
        ({"plan_type": 5}, "plan_type must be one of 1, 2, 3, 4, not 5"),
        ({"shop_appid": ""}, "shop_appid must not be empty"),
        ({"head_supplier_appid": ""}, "head_supplier_appid must not be empty"),
        ({"get_available_coupon": 1}, "get_available_coupon must be a bool"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O, and says which argument it was."""
    with pytest.raises((TypeError, ValueError), match=message):
        request(**fields)


async def test_the_call_takes_names_only(make_caller: Callable[..., Any]) -> None:
    """It is the request with another spelling."""
    wanted = PromoteProductDetail(product=Product(shop_appid="wx1", product_id=1, product_info=ProductInfo()))
    caller = make_caller(wanted)
    detail = await Promoter(caller).get_promote_product_detail(
        shop_appid="wx1",
        product_id=1,
        plan_type=PlanType.AGENCY_TARGETED,
        get_available_coupon=True,
        head_supplier_appid="wx2",
    )
    assert detail is wanted
    assert caller.requests == [request(plan_type=3, get_available_coupon=True, head_supplier_appid="wx2")]
    assert caller.requests[0].resend
