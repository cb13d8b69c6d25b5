"""The everyday jobs: each recipe runs as it stands."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wxunion_async import (
    GetBindTalentListRequest,
    GetLiveRecordListRequest,
    GetLiveRecordQrCodeRequest,
    GetProductPromotionLinkInfoRequest,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    GetPromoterRegisterAndBindStatusRequest,
    OrderGetRequest,
    OrderListGetRequest,
    PromoteProduct,
    SetSharerCommissionInfoRequest,
)
from wxunion_async.endpoints.headsupplier.order_list_get import OrderId
from wxunion_async.endpoints.promoter.get_bind_talent_list import BindTalent
from wxunion_async.testing import FakeUnionServer, Fault


def test_all_products_with_details_and_links(union: FakeUnionServer, run: Callable[..., tuple[str, str]]) -> None:
    """Every product of the plan type has a line, but for the one that fails, which is told on stderr."""
    wanted = [union.product_request(n) for n in range(0, 90, 2)]
    union.answer(
        GetPromoteProductListRequest,
        [PromoteProduct(product_id=product["product_id"], shop_appid=product["shop_appid"]) for product in wanted],
    )
    doomed = wanted[2]["product_id"]
    union.fail(
        GetPromoteProductDetailRequest, Fault(errcode=10071053), when=lambda request: request.product_id == doomed
    )
    union.answer(
        GetProductPromotionLinkInfoRequest,
        lambda request: {"short_link": f"#{request.product_id}/{request.sharer_appid}"},
    )
    out, err = run("products_with_links", "wxsharer", "1")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row[0] for row in rows] == [product["product_id"] for product in wanted if product["product_id"] != doomed]
    assert union.count(GetPromoteProductListRequest) == 3
    for product_id, title, prices, link in rows:
        assert (link, bool(title), bool(prices)) == (f"#{product_id}/wxsharer", True, True)
    assert err.startswith(f"{doomed} ")
    assert "Drop the product" in err


def test_promoter_from_registration_to_the_first_link(
    union: FakeUnionServer, run: Callable[..., tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Register, bind, rate, link: each step once, and told when the mini program has something to do."""
    steps: Iterator[dict[str, Any]] = iter(
        [
            {"bind_status": 0, "register_status": 0, "register_business_type": "R", "register_query_string": "r=1"},
            {"bind_status": 1, "register_status": 2, "sharer_appid": "wxsharer"},
        ]
    )
    union.answer(GetPromoterRegisterAndBindStatusRequest, lambda request: next(steps))
    sleep, slept = asyncio.sleep, list[float]()

    async def sleep_less(seconds: float) -> None:
        slept.append(seconds)
        await sleep(seconds / 100)

    monkeypatch.setattr(asyncio, "sleep", sleep_less)
    printed, err = run("first_link", "o1", "wxshop", "17")
    assert err == ""
    assert slept.count(2.0) == 1
    out = printed.splitlines()
    assert out[0] == "open R r=1"
    assert out[1].startswith("wxsharer ")
    (rate,) = union.requests(SetSharerCommissionInfoRequest)
    assert (rate.sharer_appid, rate.commission_ratio) == ("wxsharer", 500_000)
    (link,) = union.requests(GetProductPromotionLinkInfoRequest)
    assert (link.sharer_appid, link.shop_appid, link.product_id) == ("wxsharer", "wxshop", 17)


def test_orders_of_yesterday_can_be_resumed(union: FakeUnionServer, run: Callable[..., tuple[str, str]]) -> None:
    """An order that failed is looked up by the next run, the others are not; the sums are of all."""
    union.answer(OrderListGetRequest, [OrderId(order_id=str(n), sku_id="1") for n in range(35)])

    def order(request: OrderGetRequest) -> dict[str, Any]:
        number = int(request.order_id)
        sharer = {"sharer_info": {"sharer_appid": f"wx{number % 2}", "amount": 100 + number}} if number < 30 else {}
        ids = {"order_id": request.order_id, "sku_id": request.sku_id}
        return {"commssion_order": {**ids, "order_detail": {"commission_info": sharer}}}

    union.answer(OrderGetRequest, order)
    union.fail(OrderGetRequest, Fault(errcode=10024006), when=lambda request: request.order_id == "5")
    out, err = run("orders_of_yesterday")
    assert "OrderNotFound" in err or "10024006" in err
    assert "wx1 14" in out
    assert union.count(OrderGetRequest) == 35
    out, err = run("orders_of_yesterday")
    assert err == ""
    assert union.count(OrderGetRequest) == 36
    odd, even = sum(range(101, 130, 2)), sum(range(100, 130, 2))
    assert out.splitlines() == [
        f"wx1 15 {odd // 100}.{odd % 100:02}",
        f"wx0 15 {even // 100}.{even % 100:02}",
        "(no promoter) 5 0.00",
    ]
    span = union.requests(OrderListGetRequest)[0].create_time_range
    assert span is not None
    assert span.start_time is not None
    assert span.end_time is not None
    assert (span.end_time - span.start_time).total_seconds() == 86_399
    assert span.start_time.timestamp() % 86_400 == 57_600  # midnight in Beijing


def test_lives_of_talents_with_codes(union: FakeUnionServer, run: Callable[..., tuple[str, str]]) -> None:
    """One line for each live; a talent whose list fails is told, and so is a code that there is not."""
    union.answer(GetBindTalentListRequest, [BindTalent(talent_appid=f"wx{n}") for n in range(25)])
    union.answer(
        GetLiveRecordListRequest,
        lambda request: {
            "live_record_list": [
                {"export_id": f"{request.talent_appid}/{n}", "description": "直播", "promoter_share_link": "card"}
                for n in range(2)
            ]
        },
    )
    union.answer(GetLiveRecordQrCodeRequest, lambda request: {"qrcode_url": f"https://qr/{request.export_id}"})
    union.fail(GetLiveRecordListRequest, Fault(errcode=10024000), when=lambda request: request.talent_appid == "wx3")
    union.fail(GetLiveRecordQrCodeRequest, Fault(errcode=10071047), when=lambda request: request.export_id == "wx4/1")
    out, err = run("lives_with_codes", "wxmini", "wxsharer")
    assert err.startswith("wx3 ")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 48
    assert sorted(row["code"] for row in rows if row["code"]) == sorted(
        f"https://qr/wx{talent}/{live}"
        for talent in range(25)
        for live in range(2)
        if talent != 3 and (talent, live) != (4, 1)
    )
    assert {row["live"] for row in rows} == {"直播"}
