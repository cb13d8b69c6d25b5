"""``wxunion demo``: the library's main job from end to end, against a fake server in the same process."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import attrs
from rich.console import Console

from wxunion_async import (
    GetPromoteProductDetailRequest,
    PlanInfoRequest,
    PlanType,
    PromoteProduct,
    RateLimit,
    UnionClient,
    UnionConfig,
    decode,
)
from wxunion_async.cli import report
from wxunion_async.cli.account import environment
from wxunion_async.cli.progress import progress_bar
from wxunion_async.cli.words import BEIJING, FLAG, print_json, whole
from wxunion_async.testing import FakeUnionServer, load_answer

__all__ = ["demo"]

_PAGE_SIZE = 20
_SHOWN = 10
_INTRODUCTION = """\
A fake server in this process plays the service, on {}: no account is needed, and nothing leaves this machine."""
_EXPLANATION = """\
Each account's calls share one access token. The agency's was made invalid half way, on purpose: so there is one token \
request more than there are accounts, and each call that met the dead one was sent again.

Next: wxunion calls lists what can be called, wxunion sandbox runs such a server for your own code, and \
wxunion bulk --help tells how to look up a table of products."""


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
            membership = await _join_plan(promoter, server)
        out.print(report.plan_panel(membership))
        out.print()

        async with UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as agency:
            listing = agency.promoter.iter_promote_product_list(PlanType.PUBLIC, page_size=_PAGE_SIZE)
            listed = [product async for product in listing]
            started = time.perf_counter()
            offers = await _look_up(agency, listed, server.agency.rotate)
            lookup_seconds = time.perf_counter() - started

        # One call for the plan, one to apply, two for the status, one a page, one a product.
        calls = 4 + math.ceil(len(listed) / _PAGE_SIZE) + len(listed)
        token_requests = server.promoter.token_requests + server.agency.token_requests
        figures = report.Figures(
            calls=calls,
            lookups=len(listed),
            lookup_seconds=lookup_seconds,
            rate=rate,
            token_requests=token_requests,
            retries=server.count() - token_requests - calls,
        )
    best = report.best(offers, _SHOWN)
    out.print(report.offers_table(best))
    out.print()
    out.print(report.figures_line(figures))
    out.print(_EXPLANATION, style="dim", highlight=False)
    if as_json:
        print_json(report.to_json(membership, best, figures), indent=2)


def _begin_today(server: FakeUnionServer) -> None:
    """Have the plan of the document's sample, which is long over, begin today."""
    sample = decode(PlanInfoRequest, load_answer("target/plan_info"))
    start = datetime.now(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    plan = attrs.evolve(sample.target_plan_info, plan_start_time=start, plan_end_time=start + timedelta(days=10))
    server.answer(PlanInfoRequest, attrs.evolve(sample, target_plan_info=plan))


async def _join_plan(promoter: UnionClient, server: FakeUnionServer) -> report.Membership:
    info = await promoter.target.plan_info(server.plan.invitation_url)
    await promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="我们的读者喜欢这类商品")
    applied = await promoter.target.apply_status(server.plan.plan_id)
    server.plan.approve()
    decided = await promoter.target.apply_status(server.plan.plan_id)
    return report.Membership(info=info, applied=applied, decided=decided)


async def _look_up(
    agency: UnionClient, listed: Sequence[PromoteProduct], at_half: Callable[[], None]
) -> list[report.Offer]:
    """Look up all products with a progress bar, and keep what can be sold; do ``at_half`` when half is under way."""

    def requests() -> Iterator[GetPromoteProductDetailRequest]:
        for number, product in enumerate(listed):
            if number == len(listed) // 2:
                at_half()
            yield GetPromoteProductDetailRequest(
                shop_appid=product.shop_appid, product_id=product.product_id, plan_type=PlanType.PUBLIC
            )

    offers: list[report.Offer] = []
    with progress_bar() as progress:
        task = progress.add_task("Looking up products", total=len(listed))
        async with agency.map(requests()) as outcomes:
            async for outcome in outcomes:
                offer = report.offer_of(outcome.unwrap())
                offers += [] if offer is None else [offer]
                progress.advance(task)
    if not progress.disable:
        progress.console.print()
    return offers
