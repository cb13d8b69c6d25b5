"""client.promoter.get_promote_product_list and its iterator."""

from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.promoter import Promoter
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    Category,
    GetPromoteProductListRequest,
    PromoteProduct,
    PromoteProductList,
    Range,
    SpuItemCondition,
)
from wxunion_async.enums import PlanType
from wxunion_async.errors import ApiError, DecodeError, InvalidAppIdError, InvalidParameterError

NAME = "promoter/get_promote_product_list"


def product(number: int) -> PromoteProduct:
    """Return the product with this id."""
    return PromoteProduct(product_id=number, shop_appid="wx1")


def page(*numbers: int, next_key: str | None = None) -> PromoteProductList:
    """Return a page of products."""
    return PromoteProductList(product_list=tuple(map(product, numbers)), next_key=next_key)


def test_every_leaf_of_the_sample_is_kept(read_sample: Callable[..., Any]) -> None:
    """The ids of each product are what get_promote_product_detail takes."""
    answer: PromoteProductList = read_sample(GetPromoteProductListRequest, NAME)
    assert answer.product_list[0].product_id == 10000000017
    assert answer.next_key == "MTAwMDAwMDAwMTk="


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"product_list": [{"shop_appid": "wx1"}]}, "product_list[0].product_id"),
        ({"product_list": [{"product_id": 1}]}, "product_list[0].shop_appid"),
    ],
)
def test_the_ids_are_required(body: dict[str, Any], path: str) -> None:
    """A product that cannot be looked up is of no use."""
    with pytest.raises(DecodeError, match="product_list") as caught:
        decode(GetPromoteProductListRequest, body)
    assert caught.value.path == path


@pytest.mark.parametrize("body", [{"errcode": 0}, {"errcode": 0, "product_list": None, "next_key": ""}])
def test_a_page_without_a_list_holds_no_products(body: dict[str, Any]) -> None:
    """That is how the vendor says that nothing was found, on the first page and on the last."""
    assert decode(GetPromoteProductListRequest, body).product_list == ()


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (10024000, InvalidParameterError),
        (10024003, InvalidAppIdError),
        (10071033, InvalidAppIdError),
        (10071048, InvalidParameterError),
    ],
)
def test_business_codes_mean_the_same_as_for_the_detail(errcode: int, error: type[ApiError]) -> None:
    """The page has no table of its own."""
    with pytest.raises(error, match=str(errcode)):
        decode(GetPromoteProductListRequest, {"errcode": errcode})


def test_the_request_in_wire_form() -> None:
    """Ranges go out as text, and what was not given is left out, but for the page size and the key."""
    assert encode(GetPromoteProductListRequest(plan_type=PlanType.PUBLIC)) == {
        "plan_type": 2,
        "page_size": 20,
        "next_key": "",
    }
    full = GetPromoteProductListRequest(
        plan_type=PlanType.TARGETED,
        page_size=5,
        next_key="k",
        keyword="猫",
        category=Category(category_id="1", category_name="n", category_ids_1=("1", "2")),
        spu_item_condition=SpuItemCondition(
            selling_price_range=Range(min=100, max=900),
            monthly_sales_range=Range(min=1),
            service_fee_rate_range=Range(max=7000),
            commission_rate_range=Range(min=0, max=0),
            promote_time_range=Range(),
            flags=("a",),
        ),
        shop_appid="wx1",
    )
    assert encode(full) == {
        "plan_type": 1,
        "page_size": 5,
        "next_key": "k",
        "keyword": "猫",
        "category": {"category_id": "1", "category_name": "n", "category_ids_1": ["1", "2"]},
        "spu_item_condition": {
            "selling_price_range": {"min": "100", "max": "900"},
            "monthly_sales_range": {"min": "1"},
            "service_fee_rate_range": {"max": "7000"},
            "commission_rate_range": {"min": "0", "max": "0"},
            "promote_time_range": {},
            "flags": ["a"],
        },
        "shop_appid": "wx1",
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"plan_type": 3}, "plan_type must be 1 or 2, not 3"),
        ({"plan_type": 1, "page_size": 0}, "page_size must be in 1 … 20, not 0"),
        ({"plan_type": 1, "page_size": 21}, "page_size must be in 1 … 20, not 21"),
        ({"plan_type": 1, "keyword": ""}, "keyword must not be empty"),
        ({"plan_type": 1, "category": {"category_id": ""}}, "category category_id must not be empty"),
        ({"plan_type": 1, "spu_item_condition": {"flags": "ab"}}, "spu_item_condition flags must be a list or a tuple"),
        (
            {"plan_type": 1, "spu_item_condition": {"selling_price_range": {"min": 2, "max": 1}}},
            "selling_price_range min must not be above max",
        ),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O, and says which argument it was."""
    with pytest.raises((TypeError, ValueError), match=message):
        GetPromoteProductListRequest(**fields)


async def test_the_call_takes_the_plan_type_positionally(make_caller: Callable[..., Any]) -> None:
    """It is the only required field."""
    caller = make_caller(page(1))
    assert await Promoter(caller).get_promote_product_list(PlanType.PUBLIC, keyword="猫") == page(1)
    assert caller.requests == [GetPromoteProductListRequest(plan_type=PlanType.PUBLIC, keyword="猫")]
    assert caller.requests[0].resend


@pytest.mark.parametrize("end", ["", None, "b"])
async def test_the_iterator_ends_on_an_empty_or_repeated_key(make_caller: Callable[..., Any], end: str | None) -> None:
    """A server that repeats a key, the first one included, must not keep a program busy for ever."""
    caller = make_caller(page(1, 2, next_key="a"), page(next_key="b"), page(3, next_key=end))
    found = [product async for product in Promoter(caller).iter_promote_product_list(PlanType.TARGETED, keyword="猫")]
    assert found == [product(1), product(2), product(3)]
    assert [request.next_key for request in caller.requests] == ["", "a", "b"]
    assert {request.keyword for request in caller.requests} == {"猫"}


async def test_the_iterator_resumes_where_it_is_told_to(make_caller: Callable[..., Any]) -> None:
    """The key given counts as used: a server that answers with it again has come full circle."""
    caller = make_caller(page(7, next_key="k"))
    pages = Promoter(caller).iter_promote_product_list(PlanType.TARGETED, next_key="k", page_size=5)
    assert [product async for product in pages] == [product(7)]
    assert [(request.next_key, request.page_size) for request in caller.requests] == [("k", 5)]


async def test_a_page_is_fetched_only_when_it_is_needed(make_caller: Callable[..., Any]) -> None:
    """Who leaves after the first product has paid for one page."""
    caller = make_caller(page(1, 2, next_key="a"))
    products = Promoter(caller).iter_promote_product_list(PlanType.TARGETED)
    assert await anext(products) == product(1)
    await products.aclose()
    assert len(caller.requests) == 1
