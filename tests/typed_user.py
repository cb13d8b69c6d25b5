"""A typed user's program; mypy and pyright check it with the rest, and tests/test_typed_user.py runs it."""

from typing import Any, assert_type

import attrs

from wxunion_async import (
    ApplyStatus,
    ApplyStatusRequest,
    ApplyTargetRequest,
    Fen,
    GetPromoteProductDetailRequest,
    PlanInfo,
    PlanInfoRequest,
    PlanType,
    PromoteProduct,
    PromoteProductDetail,
    PromoteProductList,
    PromoterStatus,
    Quota,
    UnionClient,
    UnionRequest,
    decode,
)


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


async def promote(client: UnionClient, url: str, plan_id: str) -> PlanInfo:
    """Use each form of a promoter's call."""
    info = await client.call(PlanInfoRequest(plan_invitation_url=url))
    assert_type(info, PlanInfo)
    assert_type(await client.target.plan_info(url), PlanInfo)
    assert_type(await client.call(ApplyTargetRequest(plan_id=plan_id, apply_reason="r")), None)
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
    assert_type(await client.quota.get("/channels/ec/promoter/get_promote_product_list"), Quota)
    return prices
