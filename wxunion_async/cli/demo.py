"""``wxunion demo``: the library's main job from end to end, against a fake server in the same process."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import attrs
from rich.console import Console

from wxunion_async import (
    CommissionStatus,
    Fen,
    GetPromoteProductDetailRequest,
    Per1M,
    PlanInfoRequest,
    PlanType,
    ProductStatus,
    PromoteProduct,
    PromoteProductDetail,
    PromoterStatus,
    RateLimit,
    UnionClient,
    UnionConfig,
    decode,
    to_dict,
)
from wxunion_async.cli.account import environment
from wxunion_async.cli.progress import SpeedColumn, progress_bar
from wxunion_async.cli.show import answer_panel, cells_of, table
from wxunion_async.cli.words import BEIJING, FLAG, plural, print_json, whole
from wxunion_async.testing import FakeUnionServer, load_answer

__all__ = ["demo"]

_PAGE_SIZE = 20
_SHOWN = 10
_COLUMNS = ("title", "sale_price", "service_ratio", "service_fee", "stock_num")
_INTRODUCTION = """\
A fake server in this process plays the service, on {}: no account is needed, and nothing leaves this machine."""
_EXPLANATION = """\
Each account's calls share one access token. The agency's was made invalid half way, on purpose: so there is one token \
request more than there are accounts, and each call that met the dead one was sent again.

Next: wxunion calls lists what can be called, wxunion sandbox runs such a server for your own code, and \
wxunion bulk --help tells how to look up a table of products."""


@attrs.frozen(kw_only=True)
class _Offer:
    """A product that can be sold now, and what a sale of its cheapest variant earns."""

    shop_appid: str
    product_id: int
    title: str
    sale_price: Fen
    service_ratio: Per1M
    service_fee: Fen
    """Rounded down."""
    stock_num: int
    """Of all variants."""


def demo(
    *,
    products: Annotated[int, whole(1, 100_000)] = 300,
    rate: Annotated[int, whole(1, 10_000)] = 100,
    json: Annotated[bool, FLAG] = False,
) -> None:
    """
    Show the library at work, offline: a fake server, two accounts, a few hundred calls.

    A promoter reads a targeted plan, applies and is approved. An agency lists its products and looks them up
    concurrently, under a rate limit, while its access token is made invalid in the middle.

    Args:
        products: How many products to look up.
        rate: How many lookups a second are allowed.
        json: Print one JSON object instead: the vendor's names, amounts in fen, rates as on the wire.

    """
    # An egress proxy of the environment cannot reach the server in this process.
    with environment({"no_proxy": "*"}):
        asyncio.run(_demo(products, rate, as_json=json))


async def _demo(products: int, rate: int, *, as_json: bool) -> None:
    out = Console(quiet=as_json)
    async with FakeUnionServer(products=products) as server:
        _begin_today(server)
        out.print(_INTRODUCTION.format(server.base_url), end="\n\n", highlight=False)
        limits = {GetPromoteProductDetailRequest.path: RateLimit(rate, time_period=1.0)}
        config = UnionConfig(base_urls=(server.base_url,), rate_limits=limits)
        async with UnionClient(server.promoter.app_id, server.promoter.app_secret, config=config) as promoter:
            report = await _join_plan(promoter, server, out)

        async with UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as agency:
            listing = agency.promoter.iter_promote_product_list(PlanType.PUBLIC, page_size=_PAGE_SIZE)
            listed = [product async for product in listing]
            started = time.perf_counter()
            offers = await _look_up(agency, listed, server.agency.rotate)
            seconds = time.perf_counter() - started

        # One call for the plan, one to apply, two for the status, one a page, one a product.
        calls = 4 + math.ceil(len(listed) / _PAGE_SIZE) + len(listed)
        tokens = server.promoter.token_requests + server.agency.token_requests
        retries = server.count() - tokens - calls
    best = sorted(offers, key=lambda offer: (-offer.service_fee, offer.product_id))[:_SHOWN]
    out.print("Best products, by the fee of one sale:", end="\n\n")
    out.print(table({name: cells_of(offer).get(name, "") for name in _COLUMNS} for offer in best))
    speed, again = len(listed) / seconds, plural(retries, "retry", "retries")
    out.print(
        f"\n{calls:,} calls · {speed:,.0f} calls/s (limit {rate:,}) · {tokens} token requests · {retries} {again}"
    )
    out.print(_EXPLANATION, style="dim", highlight=False)
    if as_json:
        figures = {"calls": calls, "lookups": len(listed), "lookup_seconds": seconds, "rate": rate}
        figures |= {"token_requests": tokens, "retries": retries, "calls_per_second": round(speed, 1)}
        print_json(report | {"best_products": [*map(to_dict, best)], "figures": figures}, indent=2)


def _begin_today(server: FakeUnionServer) -> None:
    """Have the plan of the document's sample, which is long over, begin today."""
    sample = decode(PlanInfoRequest, load_answer("target/plan_info"))
    start = datetime.now(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    plan = attrs.evolve(sample.target_plan_info, plan_start_time=start, plan_end_time=start + timedelta(days=10))
    server.answer(PlanInfoRequest, attrs.evolve(sample, target_plan_info=plan))


async def _join_plan(promoter: UnionClient, server: FakeUnionServer, out: Console) -> dict[str, Any]:
    """Join the plan, show how it went, and return it for programs."""
    info = await promoter.target.plan_info(server.plan.invitation_url)
    await promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="我们的读者喜欢这类商品")
    applied = await promoter.target.apply_status(server.plan.plan_id)
    server.plan.approve()
    decided = await promoter.target.apply_status(server.plan.plan_id)

    out.print(answer_panel("Targeted plan", info.target_plan_info))
    ways = [status.promoter_status or PromoterStatus(0) for status in (applied, decided)]
    steps = [{"promoter_status": int(way), "means": way.name.lower()} for way in ways]
    out.print(f"Application: sent, then {steps[0]['means']}, then {steps[1]['means']} by the plan's owner.", end="\n\n")
    plan = to_dict(info.target_plan_info)
    shop, products = plan["ext_info"]["biz_basic_info"]["nickname"], [*map(to_dict, info.product_list_info)]
    return {"plan": plan | {"shop": shop, "products": products}, "application": steps}


async def _look_up(agency: UnionClient, listed: Sequence[PromoteProduct], at_half: Callable[[], None]) -> list[_Offer]:
    """Look up all products with a progress bar, and keep what can be sold; do ``at_half`` when half is under way."""

    def requests() -> Iterator[GetPromoteProductDetailRequest]:
        for number, product in enumerate(listed):
            if number == len(listed) // 2:
                at_half()
            yield GetPromoteProductDetailRequest(
                shop_appid=product.shop_appid, product_id=product.product_id, plan_type=PlanType.PUBLIC
            )

    offers: list[_Offer] = []
    with progress_bar(SpeedColumn()) as progress:
        task = progress.add_task("Looking up products", total=len(listed))
        async with agency.map(requests()) as outcomes:
            async for outcome in outcomes:
                offers += _offers(outcome.unwrap())
                progress.advance(task)
    if not progress.disable:
        progress.console.print()
    return offers


def _offers(detail: PromoteProductDetail) -> Iterator[_Offer]:
    """Yield what there is to sell: nothing off the shelf, out of stock, or without a price or a rate."""
    product = detail.product
    info, commission = product.product_info, product.commission_info
    prices = [sku.sale_price for sku in info.skus if sku.sale_price is not None]
    stock_num = sum(sku.stock_num or 0 for sku in info.skus)
    if commission is None or commission.service_ratio is None or not prices or not stock_num:
        return
    if info.status == ProductStatus.LISTED and commission.status == CommissionStatus.LISTED:
        yield _Offer(
            shop_appid=product.shop_appid,
            product_id=product.product_id,
            title=info.title or "",
            sale_price=min(prices),
            service_ratio=commission.service_ratio,
            service_fee=Fen(min(prices) * commission.service_ratio // 1_000_000),
            stock_num=stock_num,
        )
