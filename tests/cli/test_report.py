"""What the demo shows, from answers in which the vendor left things out."""

from typing import Any

import pytest
from rich.console import Console, RenderableType

from wxunion_async import (
    ApplyStatusRequest,
    Fen,
    GetPromoteProductDetailRequest,
    Per1M,
    PlanInfoRequest,
    PromoteProductDetail,
    decode,
)
from wxunion_async.cli.report import (
    Figures,
    Membership,
    Offer,
    best,
    figures_line,
    offer_of,
    offers_table,
    plan_panel,
    to_json,
)
from wxunion_async.testing import load_answer


def shown(what: RenderableType) -> str:
    """Return what is printed on 80 columns."""
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def detail(**changes: Any) -> PromoteProductDetail:
    """Return a product that can be sold, with changes; ``None`` stands for an absent value."""
    info: dict[str, Any] = {
        "title": "高山蜂蜜",
        "status": 5,
        "skus": [{"sale_price": 1999, "stock_num": 3}, {"sale_price": 999, "stock_num": 2}, {}],
    }
    commission_info = changes.pop("commission_info", {"status": 1, "service_ratio": 70_000})
    product = {
        "shop_appid": "wx1",
        "product_id": 7,
        "product_info": info | changes,
        "commission_info": commission_info,
    }
    return decode(GetPromoteProductDetailRequest, {"product": product})


def offer(product_id: int, sale_price: int = 1000, service_ratio: int = 100_000) -> Offer:
    """Return an offer."""
    return Offer(
        shop_appid="wx1",
        product_id=product_id,
        title=f"商品{product_id}",
        sale_price=Fen(sale_price),
        service_ratio=Per1M(service_ratio),
        stock_num=1234,
    )


def figures(**changes: Any) -> Figures:
    """Return the figures of a run, with changes."""
    usual: dict[str, Any] = {
        "calls": 319,
        "lookups": 300,
        "lookup_seconds": 3.0,
        "rate": 100,
        "token_requests": 3,
        "retries": 2,
    }
    return Figures(**(usual | changes))


def membership(plan: dict[str, Any], products: tuple[dict[str, Any], ...] = (), **status: Any) -> Membership:
    """Return a membership whose answers hold so much only."""
    info = decode(PlanInfoRequest, {"targetPlanInfo": {"planId": "19"} | plan, "productListInfo": list(products)})
    application = decode(ApplyStatusRequest, {"data": {"planId": "19"} | status})
    return Membership(info=info, applied=application, decided=application)


def test_an_offer_has_the_lowest_price_and_the_whole_stock() -> None:
    """A product is sold in variants; a table has one line for it."""
    assert offer_of(detail()) == Offer(
        shop_appid="wx1",
        product_id=7,
        title="高山蜂蜜",
        sale_price=Fen(999),
        service_ratio=Per1M(70_000),
        stock_num=5,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"commission_info": None},
        {"commission_info": {"status": 1}},
        {"commission_info": {"status": 2, "service_ratio": 70_000}},
        {"commission_info": {"service_ratio": 70_000}},
        {"status": 11},
        {"status": None},
        {"skus": []},
        {"skus": [{"stock_num": 1}]},
        {"skus": [{"sale_price": 999, "stock_num": 0}]},
        {"skus": [{"sale_price": 999}]},
    ],
)
def test_what_cannot_be_sold_is_no_offer(changes: dict[str, Any]) -> None:
    """A table of the best products must not send a promoter to an empty shelf; nothing absent is taken for good."""
    assert offer_of(detail(**changes)) is None


def test_a_product_without_a_title_is_an_offer() -> None:
    """The title is optional on the wire."""
    found = offer_of(detail(title=None))
    assert found is not None
    assert found.title == ""


def test_the_best_earn_the_most_for_one_sale() -> None:
    """A high rate on a small price is worth less than a fair rate on a big one; equals keep one order in every run."""
    offers = [offer(3), offer(1), offer(4, sale_price=100, service_ratio=500_000), offer(2, sale_price=5000)]
    assert [found.product_id for found in best(offers, 3)] == [2, 1, 3]


def test_money_is_in_yuan_and_rates_in_per_cent() -> None:
    """Fen and millionths are for the wire."""
    line = shown(offers_table([offer(1, sale_price=123_405, service_ratio=70_000)])).splitlines()[-1]
    assert line.split() == ["商品1", "1,234.05", "7.00", "86.38", "1,234"]


def test_an_empty_table_says_why() -> None:
    """A heading above nothing looks like a fault."""
    assert "no product is on sale" in shown(offers_table([]))


def test_the_figures_are_one_line() -> None:
    """It is the line to compare runs by."""
    assert shown(figures_line(figures())) == "319 calls · 100 calls/s (limit 100) · 3 token requests · 2 retries\n"
    few = figures(calls=1, token_requests=1, retries=1)
    assert shown(figures_line(few)) == "1 call · 100 calls/s (limit 100) · 1 token request · 1 retry\n"


def test_the_panel_shows_plan_and_application() -> None:
    """The days are Beijing's, as the plan's owner set them: the sample begins at 00:00 there."""
    known = Membership(
        info=decode(PlanInfoRequest, load_answer("target/plan_info")),
        applied=decode(ApplyStatusRequest, {"data": {"planId": "19", "promoterStatus": 1}}),
        decided=decode(ApplyStatusRequest, {"data": {"planId": "19", "promoterStatus": 2}}),
    )
    panel = shown(plan_panel(known))
    for words in ("TEST定向计划CR", "猪腩肉小商店", "effective, from 2021-08-18 to 2021-08-28", "commission 7.00 %"):
        assert words in panel
    assert "sent, then pending, then agreed by the plan's owner" in panel


@pytest.mark.parametrize("ext_info", [None, "text", {}, {"bizBasicInfo": {}}])
def test_the_panel_bears_what_the_vendor_left_out(ext_info: object) -> None:
    """All but the ids is optional; what is absent is called unknown, never invented."""
    known = membership({"extInfo": ext_info}, ({"planId": "19", "productId": "7"},))
    panel = shown(plan_panel(known))
    for words in ("Plan         19 ", "Shop         unknown", "unknown, from an unknown day", "7, commission unknown"):
        assert words in panel


def test_an_unlisted_status_is_shown_by_its_number() -> None:
    """The vendor adds statuses without notice."""
    assert "sent, then unknown 77" in shown(plan_panel(membership({}, promoterStatus=77)))


def test_text_of_the_vendor_is_no_markup() -> None:
    """A shop may call its plan "[bold]"."""
    assert "[bold]" in shown(plan_panel(membership({"planName": "[bold]"})))


def test_machines_get_the_wire_s_units() -> None:
    """Fen are exact, and absent values are null."""
    report = to_json(membership({}), [offer(1)], figures())
    assert report["plan"]["plan_start_time"] is None
    assert report["best_products"][0]["sale_price"] == 1000
    assert report["best_products"][0]["service_fee"] == 100
    assert report["figures"]["calls_per_second"] == 100.0
