"""Product details and lists, computed from the index."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async.testing import Account, FakeUnionServer, load_answer

Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]
Promoter = Callable[..., Awaitable[dict[str, Any]]]

DETAIL = "get_promote_product_detail"
LIST = "get_promote_product_list"


@pytest.fixture
def promoter(call: Call, server: FakeUnionServer, stable_token: Ask) -> Promoter:
    """Call promoter/<name> with the agency's token."""

    async def send(name: str, **body: object) -> dict[str, Any]:
        return await call(f"/channels/ec/promoter/{name}", token=await stable_token(server.agency), body=body)

    return send


async def test_a_detail_is_a_whole_answer(promoter: Promoter, server: FakeUnionServer) -> None:
    """Whatever a client reads out of the documents' sample is there for each product."""
    answer = await promoter(DETAIL, **server.product_request(17))
    sample = load_answer("promoter/get_promote_product_detail")
    info = answer["product"]["product_info"]
    assert answer["errcode"] == "0"
    assert answer["product"]["product_id"] == 10_000_000_017
    assert info["title"] == "四川花椒 1kg 第17号"
    assert sample["product"].keys() <= answer["product"].keys()
    assert sample["product"]["product_info"].keys() <= info.keys()
    assert sample["product"]["product_info"]["skus"][0].keys() <= info["skus"][0].keys()
    assert sample["product"]["commission_info"].keys() == answer["product"]["commission_info"].keys()
    assert answer["product"]["head_supplier_info"].keys() == {"head_supplier_appid", "name"}
    assert "publish_coupons" not in answer


async def test_products_differ(promoter: Promoter, server: FakeUnionServer) -> None:
    """A mix-up of two answers in a bulk lookup has to show."""
    answers = [await promoter(DETAIL, **server.product_request(index)) for index in range(30)]
    infos = [answer["product"]["product_info"] for answer in answers]
    assert len({info["title"] for info in infos}) == 30
    assert len({info["skus"][0]["sale_price"] for info in infos}) == 30
    assert {len(info["skus"]) for info in infos} == {1, 2, 3, 4}
    assert {answer["product"]["commission_info"]["status"] for answer in answers} == {1, 2, 3, 5}
    assert answers[7] == await promoter(DETAIL, **server.product_request(7))


async def test_coupons_come_when_asked_for(promoter: Promoter, server: FakeUnionServer) -> None:
    """Some products have none: an empty list, not an absent one."""
    with_both = await promoter(DETAIL, **server.product_request(15), get_available_coupon=True)
    without = await promoter(DETAIL, **server.product_request(1), get_available_coupon=True)
    assert with_both["publish_coupons"] == [{"coupon_id": "90000015"}]
    assert with_both["cooperative_coupons"] == [{"coupon_id": "80000015"}]
    assert (without["publish_coupons"], without["cooperative_coupons"]) == ([], [])


async def test_the_documents_product_is_served(promoter: Promoter) -> None:
    """The sample's own ids lead to the sample."""
    answer = await promoter(DETAIL, shop_appid="test", product_id=12345, plan_type=1)
    assert answer == load_answer("promoter/get_promote_product_detail")


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"product_id": "10000000000"}, 10024000),
        ({"product_id": True}, 10024000),
        ({"get_available_coupon": 1}, 10024000),
        ({"shop_appid": None}, 10024000),
        ({"plan_type": 5}, 10024000),
        ({"plan_type": "1"}, 10024000),
        ({"plan_type": True}, 10024000),
        ({"plan_type": 3}, 10071048),
        ({"plan_type": 4, "head_supplier_appid": ""}, 10071048),
        ({"plan_type": 4, "head_supplier_appid": "wx1"}, 0),
        ({"product_id": 9_999_999_999}, 10024004),
        ({"product_id": 10_000_000_030}, 10024004),
        ({"shop_appid": "wx0000000000000000"}, 10071033),
    ],
)
async def test_a_wrong_detail_request_has_its_errcode(
    promoter: Promoter, server: FakeUnionServer, changes: dict[str, Any], errcode: int
) -> None:
    """The documented errcodes; above all a product id sent as text is refused."""
    answer = await promoter(DETAIL, **{**server.product_request(0), **changes})
    assert int(answer["errcode"]) == errcode


async def test_an_unlisted_product_is_10071053(promoter: Promoter, server: FakeUnionServer) -> None:
    """Products go off sale while a lookup runs."""
    request = server.product_request(3)
    server.unlisted.add(request["product_id"])
    assert (await promoter(DETAIL, **request))["errcode"] == 10071053
    server.unlisted.clear()
    assert (await promoter(DETAIL, **request))["errcode"] == "0"


async def walk(promoter: Promoter, **body: object) -> list[list[dict[str, Any]]]:
    """Read all pages of a list."""
    pages: list[list[dict[str, Any]]] = []
    key = ""
    while True:
        answer = await promoter(LIST, next_key=key, **body)
        pages.append(answer["product_list"])
        key = answer["next_key"]
        if not key:
            return pages


async def test_pages_hold_every_product_once(promoter: Promoter, server: FakeUnionServer) -> None:
    """Items of the list are requests for details."""
    pages = await walk(promoter, plan_type=1, page_size=20)
    assert [len(page) for page in pages] == [20, 10]
    items = [item for page in pages for item in page]
    assert [item["product_id"] for item in items] == [10_000_000_000 + index for index in range(30)]
    assert [item["shop_appid"] for item in items] == [
        server.product_request(index)["shop_appid"] for index in range(30)
    ]
    assert items[0].keys() == load_answer("promoter/get_promote_product_list")["product_list"][0].keys()


async def test_the_last_full_page_has_no_next_key(promoter: Promoter) -> None:
    """A page that ends with the catalogue must not lead to an empty one."""
    assert [len(page) for page in await walk(promoter, plan_type=2, page_size=15)] == [15, 15]


async def test_the_first_page_needs_no_key(promoter: Promoter) -> None:
    """An absent next_key and an empty one are the same."""
    absent = await promoter(LIST, plan_type=1, page_size=1)
    assert absent == await promoter(LIST, plan_type=1, page_size=1, next_key="")
    assert absent["errcode"] == "0"


async def test_a_keyword_filters_kinds(promoter: Promoter, server: FakeUnionServer) -> None:
    """Keys of a filtered list go on inside the filter."""
    pages = await walk(promoter, plan_type=1, page_size=3, keyword="茶")
    assert [[item["product_id"] - 10_000_000_000 for item in page] for page in pages] == [[0, 8, 16], [24]]
    assert await walk(promoter, plan_type=1, page_size=3, keyword="没有") == [[]]


@pytest.mark.parametrize(
    "changes",
    [
        {"page_size": 0},
        {"page_size": 21},
        {"page_size": "20"},
        {"page_size": None},
        {"plan_type": 3},
        {"plan_type": "1"},
        {"plan_type": None},
        {"keyword": 1},
        {"next_key": "茶"},
        {"next_key": 7},
        {"next_key": "bmV4dA+/-1=="},
        {"next_key": "bmV4dA+/=="},
        {"next_key": "bmV4dA+/1"},
        {"next_key": "bmV4dA+/1==\n"},
    ],
)
async def test_a_wrong_list_request_is_10024000(promoter: Promoter, changes: dict[str, Any]) -> None:
    """A key is taken only as it was given out."""
    assert (await promoter(LIST, **{"plan_type": 1, "page_size": 20, **changes}))["errcode"] == 10024000


async def test_an_empty_catalogue_has_one_empty_page(promoter: Promoter, server: FakeUnionServer) -> None:
    """A shop without products is an ordinary answer."""
    server._catalogue.products = 0  # pyright: ignore[reportPrivateUsage]
    assert await walk(promoter, plan_type=1, page_size=20) == [[]]


@pytest.mark.parametrize("index", [-1, 30])
def test_a_product_beyond_the_catalogue_is_an_index_error(server: FakeUnionServer, index: int) -> None:
    """A negative index would quietly ask for another product."""
    with pytest.raises(IndexError, match="of 30"):
        server.product_request(index)
