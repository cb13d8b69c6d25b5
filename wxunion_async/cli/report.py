"""What ``wxunion demo`` found out, and how it looks: panel, table and line for people, one object for machines."""

from collections.abc import Iterable
from typing import Any

import attrs
from rich.box import SIMPLE_HEAD
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from wxunion_async import (
    ApplyStatus,
    CommissionStatus,
    ExtInfo,
    Fen,
    Per1M,
    PlanInfo,
    ProductStatus,
    PromoteProductDetail,
)
from wxunion_async.cli.words import day, percent, plural, text, word, yuan

__all__ = [
    "Figures",
    "Membership",
    "Offer",
    "best",
    "figures_line",
    "offer_of",
    "offers_table",
    "plan_panel",
    "to_json",
]


@attrs.frozen(kw_only=True)
class Membership:
    """A targeted plan, and a promoter's way into it."""

    info: PlanInfo
    applied: ApplyStatus
    """The application before the plan's owner looked at it."""
    decided: ApplyStatus
    """The application afterwards."""

    @property
    def shop(self) -> str | None:
        """The name of the plan's shop."""
        ext_info = self.info.target_plan_info.ext_info
        found = ext_info.biz_basic_info if isinstance(ext_info, ExtInfo) else None
        return found.nickname if found else None


@attrs.frozen(kw_only=True)
class Offer:
    """A product that can be sold now, and what a sale earns."""

    shop_appid: str
    product_id: int
    title: str
    sale_price: Fen
    """In fen, of the cheapest variant."""
    service_ratio: Per1M
    """Service rate in 1/1,000,000."""
    stock_num: int
    """Pieces in stock, of all variants."""

    @property
    def service_fee(self) -> Fen:
        """The service fee of one sale in fen, rounded down."""
        return Fen(self.sale_price * self.service_ratio // 1_000_000)


def offer_of(detail: PromoteProductDetail) -> Offer | None:
    """Return what there is to sell; ``None`` if it is off the shelf, out of stock, or without a price or a rate."""
    product = detail.product
    info, commission = product.product_info, product.commission_info
    prices = [sku.sale_price for sku in info.skus if sku.sale_price is not None]
    stock_num = sum(sku.stock_num or 0 for sku in info.skus)
    if commission is None or commission.service_ratio is None or not prices or not stock_num:
        return None
    if info.status != ProductStatus.LISTED or commission.status != CommissionStatus.LISTED:
        return None
    return Offer(
        shop_appid=product.shop_appid,
        product_id=product.product_id,
        title=info.title or "",
        sale_price=min(prices),
        service_ratio=commission.service_ratio,
        stock_num=stock_num,
    )


def best(offers: Iterable[Offer], count: int) -> list[Offer]:
    """Return the offers that earn the most for one sale, the best first."""
    return sorted(offers, key=lambda offer: (-offer.service_fee, offer.product_id))[:count]


@attrs.frozen(kw_only=True)
class Figures:
    """What the run took."""

    calls: int
    lookups: int
    """Calls for a product's details."""
    lookup_seconds: float
    rate: int
    """The limit that the lookups kept to, in calls a second."""
    token_requests: int
    retries: int
    """Requests that the server saw beyond one a call; token requests are not among them."""

    @property
    def calls_per_second(self) -> float:
        """The speed of the lookups."""
        return self.lookups / self.lookup_seconds


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def plan_panel(membership: Membership) -> Panel:
    """Show the plan, and how the application went."""
    plan = membership.info.target_plan_info
    ways = [word(status.promoter_status) for status in (membership.applied, membership.decided)]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("Plan", text(plan.plan_name or plan.plan_id, style="bold"))
    grid.add_row("Shop", text(membership.shop or "unknown"))
    grid.add_row("Status", f"{word(plan.plan_status)}, from {day(plan.plan_start_time)} to {day(plan.plan_end_time)}")
    for product in membership.info.product_list_info:
        detail = product.product_detail_info
        title = (detail.title if detail else None) or str(product.product_id)
        grid.add_row("Product", text(f"{title}, commission {percent(product.commission_ratio, 10_000)}"))
    grid.add_row("Application", f"sent, then {ways[0]}, then {ways[1]} by the plan's owner")
    return Panel(grid, title="Targeted plan", title_align="left", border_style="cyan")


def offers_table(offers: Iterable[Offer]) -> Table:
    """Show offers, one a line."""
    title = "Best products, by the fee of one sale"
    table = Table(box=SIMPLE_HEAD, show_edge=False, expand=True, title=title, title_justify="left")
    table.add_column("Title", ratio=1, min_width=12, no_wrap=True, overflow="ellipsis")
    for heading in ("Price, yuan", "Service fee, %", "Fee, yuan", "Stock"):
        table.add_column(heading, justify="right", no_wrap=True)
    for offer in offers:
        rate, fee = percent(offer.service_ratio, 1_000_000).removesuffix(" %"), Text(yuan(offer.service_fee), "green")
        table.add_row(text(offer.title), yuan(offer.sale_price), rate, fee, f"{offer.stock_num:,}")
    if not table.row_count:
        table.add_row(Text("no product is on sale", style="dim"))
    return table


def figures_line(figures: Figures) -> Text:
    """Tell in one line what the run took."""
    parts = (
        (f"{figures.calls:,}", plural(figures.calls, "call")),
        (f"{figures.calls_per_second:,.0f} calls/s", f"(limit {figures.rate:,})"),
        (f"{figures.token_requests:,}", plural(figures.token_requests, "token request")),
        (f"{figures.retries:,}", plural(figures.retries, "retry", "retries")),
    )
    return Text(" · ").join(Text.assemble((value, "bold"), f" {what}") for value, what in parts)


# ── for machines ─────────────────────────────────────────────────────────────────────────────────────────────────────


def to_json(membership: Membership, offers: Iterable[Offer], figures: Figures) -> dict[str, Any]:
    """Return all of it as a JSON-ready dict: the vendor's names, amounts in fen, rates as on the wire."""
    plan = membership.info.target_plan_info
    names = ("plan_id", "plan_name", "plan_status", "plan_start_time", "plan_end_time")
    told: dict[str, Any] = {name: getattr(plan, name) for name in names}
    for name in names[3:]:
        told[name] = told[name] and told[name].isoformat()
    told["shop"] = membership.shop
    told["products"] = [
        {"product_id": product.product_id, "commission_ratio": product.commission_ratio}
        for product in membership.info.product_list_info
    ]
    ways = [status.promoter_status for status in (membership.applied, membership.decided)]
    return {
        "plan": told,
        "application": [{"promoter_status": status, "means": word(status)} for status in ways],
        "best_products": [{**attrs.asdict(offer), "service_fee": offer.service_fee} for offer in offers],
        "figures": {**attrs.asdict(figures), "calls_per_second": round(figures.calls_per_second, 1)},
    }
