"""
A typed user's program; mypy and pyright check it with the rest, and tests/test_typed_user.py runs it.

Where it is wrong on purpose, an "ignore" stands: a checker that finds nothing wrong there complains about it.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from typing import Any, Generic, TypeVar, assert_type

import attrs

from wxunion_async import (
    ApplyStatus,
    ApplyStatusRequest,
    ApplyTargetRequest,
    Fen,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    Outcome,
    PagedRequest,
    PlanInfo,
    PlanInfoRequest,
    PlanType,
    PromoteProduct,
    PromoteProductDetail,
    PromoteProductList,
    PromoterStatus,
    Quota,
    RateLimitedError,
    UnionClient,
    UnionConfig,
    UnionRequest,
    decode,
    paged_by_key,
    to_dict,
)

T = TypeVar("T")


@attrs.frozen
class Ours:
    """A user's own answer."""

    plan_id: str


@attrs.frozen(kw_only=True)
class OursRequest(UnionRequest[Ours]):
    """A user's own request."""

    method = "GET"
    path = "/union/promoter/target/apply_status"
    dialect = "camel"
    answer_key = "data"
    plan_id: str


@attrs.frozen(kw_only=True)
class RawRequest(UnionRequest[dict[str, Any]]):
    """The same, with the body as it is."""

    method = "GET"
    path = "/union/promoter/target/apply_status"
    dialect = "camel"
    plan_id: str


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """A user's page of anything."""

    product_list: tuple[T, ...] = ()
    next_key: str | None = None


@attrs.frozen(kw_only=True)
class Thing:
    """What a user is interested in."""

    product_id: int


@paged_by_key("product_list")
@attrs.frozen(kw_only=True)
class ThingsRequest(PagedRequest[Page[Thing], Thing]):
    """A user's own list, with a generic answer."""

    path = "/channels/ec/promoter/get_promote_product_list"
    resend = True
    plan_type: PlanType = attrs.field(kw_only=False)
    page_size: int = 20
    next_key: str = ""


async def promote(client: UnionClient, url: str, plan_id: str) -> PlanInfo:
    """Use each form of a promoter's call."""
    info = await client.call(PlanInfoRequest(plan_invitation_url=url))
    assert_type(info, PlanInfo)
    assert_type(await client.target.plan_info(url), PlanInfo)
    assert_type(await client.call(ApplyTargetRequest(plan_id=plan_id, apply_reason="r")), None)
    assert_type(client.with_options(), UnionClient)
    status = await client.with_options(call_timeout=5).target.apply_status(plan_id)
    assert_type(status, ApplyStatus)
    assert_type(status.promoter_status, PromoterStatus | None)
    assert_type(await client.call(OursRequest(plan_id=plan_id)), Ours)
    assert_type(await client.call(RawRequest(plan_id=plan_id)), dict[str, Any])
    assert_type(decode(ApplyStatusRequest, b'{"data": {"planId": "1"}}'), ApplyStatus)
    return info


async def sell(client: UnionClient) -> list[Fen | None]:
    """Use each form of an agency's call."""
    prices: list[Fen | None] = []
    page = await client.promoter.get_promote_product_list(PlanType.PUBLIC, page_size=2)
    assert_type(page, PromoteProductList)
    async for item in client.promoter.iter_promote_product_list(PlanType.PUBLIC):
        assert_type(item, PromoteProduct)
        break
    for item in page.product_list:
        request = GetPromoteProductDetailRequest(
            shop_appid=item.shop_appid, product_id=item.product_id, plan_type=PlanType.TARGETED
        )
        detail = await client.call(request)
        assert_type(detail, PromoteProductDetail)
        prices.extend(sku.sale_price for sku in detail.product.product_info.skus)
    requests = [GetPromoteProductListRequest(PlanType.PUBLIC, page_size=size) for size in (1, 2)]
    async with client.map(requests) as outcomes:
        async for outcome in outcomes:
            assert_type(outcome.request.page_size, int)
            assert_type(outcome.value, PromoteProductList | None)
            assert_type(outcome.unwrap(), PromoteProductList)
            if isinstance(outcome.error, RateLimitedError):
                assert_type(outcome.error.retry_after, float)
    assert_type([outcome.value for outcome in await client.gather(requests)], list[PromoteProductList | None])
    assert_type(Outcome(index=0, request=requests[0], value=page).unwrap(), PromoteProductList)
    assert_type(await client.quota.get("/channels/ec/promoter/get_promote_product_list"), Quota)
    return prices


async def be_generic(client: UnionClient) -> int:
    """Use a generic answer, and pages of it."""
    things = await client.call(ThingsRequest(PlanType.PUBLIC, page_size=3))
    assert_type(things, Page[Thing])
    assert_type(things.product_list[0].product_id, int)
    async for answer in client.pages(ThingsRequest(PlanType.PUBLIC, page_size=1)):
        assert_type(answer, Page[Thing])
        assert_type(to_dict(answer), dict[str, Any])
        break
    return things.product_list[0].product_id


async def be_wrong(client: UnionClient) -> None:
    """What a checker has to find; never run."""
    await client.target.plan_info()  # type: ignore[call-arg]
    await client.target.plan_info(5)  # type: ignore[arg-type]
    await client.target.apply_target("p", "r")  # type: ignore[call-arg]
    client.pages(PlanInfoRequest(plan_invitation_url="x"))  # type: ignore[arg-type]
    await client.target.plan_inof("x")  # type: ignore[attr-defined]
    await client.targte.plan_info("x")  # type: ignore[attr-defined]
    client.promoter.iter_promote_product_list(PlanType.PUBLIC, size=1)  # type: ignore[call-arg]
    wrong: int = await client.target.plan_info("x")  # type: ignore[assignment]
    del wrong
    GetPromoteProductListRequest(plan_type="x")  # type: ignore[arg-type]
    UnionConfig(base_urls=("https://a.example",) * 2)
    UnionConfig(base_urls=["https://a.example"])
    UnionConfig(base_urls=5)  # type: ignore[arg-type]
    UnionConfig(rate_limits={"/a": 5})  # type: ignore[dict-item]
    print((await client.call(ThingsRequest(PlanType.PUBLIC))).nextkey)  # type: ignore[attr-defined]
