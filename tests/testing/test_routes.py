"""A route for each request class: what it checks, what a test may have it answer, and pages."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal

import attrs
import pytest

from wxunion_async import (
    DecodeError,
    Fen,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    InvalidParameterError,
    OpenIntEnum,
    PagedRequest,
    PlanInfo,
    PlanInfoRequest,
    PlanType,
    PromoteProduct,
    PromoteProductList,
    QuotaGetRequest,
    RequestPart,
    UnionClient,
    UnionRequest,
    in_order,
    needs,
    one_of,
    paged_by_key,
    paged_by_offset,
    paged_by_page,
    within,
)
from wxunion_async._endpoint import AS_NUMBER, AS_TEXT, JOINED, JSON_TEXT, YUAN, pages_of
from wxunion_async.testing import Account, FakeUnionServer, load_answer

Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]
Post = Callable[[type[UnionRequest[Any]], object], Awaitable[int]]


# ── classes of a user's own ──────────────────────────────────────────────────────────────────────────────────────────


class Colour(OpenIntEnum):
    """An enumeration of numbers."""

    RED = 1
    BLUE = 2


class Order(StrEnum):
    """An enumeration of texts."""

    UP = "up"
    DOWN = "down"


@in_order("low", "high")
@attrs.frozen(kw_only=True)
class Span(RequestPart):
    """A part with a rule of its own."""

    low: int | None = attrs.field(default=None, metadata=AS_TEXT)
    high: int | None = attrs.field(default=None, metadata=AS_TEXT)


@one_of("sharer_appid", "sharer_openid")
@needs("product_id", "shop_appid")
@within("page_size", 1, 20)
@attrs.frozen(kw_only=True)
class EverythingRequest(UnionRequest[dict[str, Any]]):
    """Every kind of field that a body can hold."""

    path = "/channels/ec/promoter/get_everything"
    resend = True

    name: str
    page_size: int = 20
    next_key: str = ""
    sharer_appid: str | None = None
    sharer_openid: str | None = None
    product_id: int | None = None
    shop_appid: str | None = None
    price: Fen | None = None
    simple: bool | None = None
    ratio: float | None = None
    colour: Colour | None = None
    order: Order | None = None
    kind: Literal["a", "b"] | None = None
    since: datetime | None = None
    tags: tuple[str, ...] = ()
    spans: list[Span] = attrs.field(factory=list[Span])
    span: Span | None = None
    extra: dict[str, Any] | None = None
    anything: Any = None
    from_: str | None = None
    flow_id: str | None = attrs.field(default=None, metadata=AS_NUMBER)
    is_new: bool | None = attrs.field(default=None, metadata=AS_NUMBER)


WHOLE = EverythingRequest(
    name="n",
    page_size=3,
    next_key="k",
    sharer_openid="o",
    product_id=7,
    shop_appid="wx1",
    price=Fen(5),
    simple=False,
    ratio=2,
    colour=Colour.BLUE,
    order=Order.DOWN,
    kind="b",
    since=datetime(2026, 5, 1, 8, tzinfo=UTC),
    tags=("x", "y"),
    spans=[Span(low=1), Span(high=2)],
    span=Span(low=1, high=1),
    extra={"a": [1]},
    anything={"b": None},
    from_="f",
    flow_id="1234567890123456789",
    is_new=True,
)


@attrs.frozen(kw_only=True)
class QueryRequest(UnionRequest[dict[str, Any]]):
    """Every kind of field that a query can hold."""

    path = "/union/promoter/product/search"
    method = "GET"
    dialect = "camel"
    resend = True

    shop_name: str
    max_price: int | None = None
    has_coupon: bool | None = None
    ratio: float | None = None
    colour: Colour | None = None
    order: Order | None = None
    product_ids: tuple[int, ...] = attrs.field(default=(), metadata=JOINED)
    span: Span | None = attrs.field(default=None, metadata=JSON_TEXT)
    spans: tuple[Span, ...] = attrs.field(default=(), metadata=JSON_TEXT)
    start_time: datetime | None = None


ASKED = QueryRequest(
    shop_name="茶 & +",
    max_price=5,
    has_coupon=True,
    ratio=0.5,
    colour=Colour.RED,
    order=Order.UP,
    product_ids=(1, 2),
    span=Span(low=1),
    spans=(Span(high=3), Span()),
    start_time=datetime(2026, 5, 1, 8, tzinfo=UTC),
)


async def sent(client: UnionClient, request: UnionRequest[Any]) -> Any:
    """Send a request value and return its answer."""
    return await client.call(request)


@pytest.fixture
def post(call: Call, server: FakeUnionServer, stable_token: Ask) -> Post:
    """Send a raw body to the path of a class and give the errcode."""

    async def post(request: type[UnionRequest[Any]], body: object) -> int:
        answer = await call(request.path, token=await stable_token(server.both), body=body)
        return int(answer["errcode"])

    return post


# ── requests, as their classes declare them ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("request_value", [WHOLE, EverythingRequest(name="n", sharer_appid="a")])
async def test_a_body_of_any_kind_comes_back_as_the_value_that_was_sent(
    server: FakeUnionServer, agency: UnionClient, request_value: EverythingRequest
) -> None:
    """Reading is the fake's own, so that the client's writing is put to the proof."""
    server.register(EverythingRequest)
    assert await sent(agency, request_value) == {"errcode": 0, "errmsg": "ok"}
    assert server.requests(EverythingRequest) == [request_value]


async def test_a_query_of_any_kind_is_read_as_the_value_that_was_meant(
    call: Call, server: FakeUnionServer, stable_token: Ask
) -> None:
    """In a query all is text, and each kind has its own way to be."""
    server.register(QueryRequest)
    token = await stable_token(server.promoter)
    query = {
        "shopName": "茶 & +",
        "maxPrice": "5",
        "hasCoupon": "true",
        "ratio": "0.5",
        "colour": "1",
        "order": "up",
        "productIds": "1,2",
        "span": '{"low": "1"}',
        "spans": '[{"high": "3"}, {}]',
        "startTime": "1777622400",
    }
    assert (await call(QueryRequest.path, token=token, query=query))["errcode"] == 0
    assert (await call(QueryRequest.path, token=token, query={"shopName": "n"}))["errcode"] == 0
    assert server.requests(QueryRequest) == [ASKED, QueryRequest(shop_name="n")]


async def test_a_query_of_any_kind_comes_back_as_the_value_that_was_sent(
    server: FakeUnionServer, promoter: UnionClient
) -> None:
    """As for a body."""
    server.register(QueryRequest)
    await sent(promoter, ASKED)
    assert server.requests(QueryRequest) == [ASKED]


GOOD = {"name": "n", "sharer_appid": "a"}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": None},
        {"name": 1},
        {"page_size": "3"},
        {"page_size": True},
        {"page_size": 3.0},
        {"page_size": 21},
        {"page_size": None},
        {"page_size": 10**30},
        {"product_id": "7", "shop_appid": "wx1"},
        {"product_id": 7},
        {"sharer_openid": "o"},
        {"simple": 1},
        {"ratio": "2"},
        {"colour": 3},
        {"order": "sideways"},
        {"kind": "c"},
        {"since": "2026-05-01"},
        {"since": -1},
        {"since": 10**15},
        {"tags": "x"},
        {"tags": [1]},
        {"tags": {}},
        {"spans": [{"low": 1}]},
        {"span": []},
        {"span": {"low": "one"}},
        {"span": {"low": "2", "high": "1"}},
        {"extra": []},
        {"flow_id": "1"},
        {"is_new": True},
        {"is_new": 2},
    ],
)
async def test_a_body_that_the_class_does_not_declare_is_10024000(
    server: FakeUnionServer, post: Post, changes: dict[str, Any]
) -> None:
    """What the client refuses before any I/O, the vendor would refuse too; nothing else of the body is wrong."""
    server.register(EverythingRequest)
    assert await post(EverythingRequest, GOOD) == 0
    assert await post(EverythingRequest, {**GOOD, **changes}) == 10024000
    assert len(server.requests(EverythingRequest)) == 1  # the class has no value for the other
    assert server.count(EverythingRequest) == 2


async def test_unknown_keys_and_empty_optional_texts_are_passed_over(server: FakeUnionServer, post: Post) -> None:
    """So does the vendor."""
    server.register(EverythingRequest)
    assert await post(EverythingRequest, {**GOOD, "nonsense": 1, "sharer_openid": "", "from": "f"}) == 0
    assert server.requests(EverythingRequest) == [EverythingRequest(name="n", sharer_appid="a", from_="f")]


@pytest.mark.parametrize(
    "query",
    [
        {"maxPrice": "5"},
        {"shopName": "n", "maxPrice": "five"},
        {"shopName": "n", "maxPrice": "9" * 5000},
        {"shopName": "n", "hasCoupon": "yes"},
        {"shopName": "n", "productIds": "1,two"},
        {"shopName": "n", "span": "{"},
        {"shopName": "n", "span": "[" * 200_000},
    ],
)
async def test_a_query_that_the_class_does_not_declare_is_40097(
    call: Call, server: FakeUnionServer, stable_token: Ask, query: dict[str, str]
) -> None:
    """The promoter account's calls have an errcode of their own for it."""
    server.register(QueryRequest)
    if len(str(query)) > 100_000:  # longer than the line of a request may be: it is read from a record
        assert server.requests(QueryRequest) == []
        return
    answer = await call(QueryRequest.path, token=await stable_token(server.promoter), query=query)
    assert answer["errcode"] == 40097


async def test_a_broken_need_is_10071048_where_the_class_lists_it(server: FakeUnionServer, post: Post) -> None:
    """As the document says of a plan type of an agency without the head supplier."""
    body = {**server.product_request(0), "plan_type": 3}
    assert await post(GetPromoteProductDetailRequest, body) == 10071048


@pytest.mark.parametrize(
    ("content_type", "errcode"),
    [("application/json; charset=utf-8", 0), ("application/x-www-form-urlencoded", 47001), ("text/plain", 47001)],
)
async def test_a_body_has_to_be_called_json(
    server: FakeUnionServer, session: Any, stable_token: Ask, content_type: str, errcode: int
) -> None:
    """A form is what the vendor cannot read, and some HTTP clients send one by default."""
    params = {"access_token": await stable_token(server.agency)}
    body = b'{"cgi_path": "/cgi-bin/token"}'
    headers = {"Content-Type": content_type}
    async with session.post(QuotaGetRequest.path, params=params, data=body, headers=headers) as response:
        assert (await response.json())["errcode"] == errcode


# ── what a test has answered ─────────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_may_be_a_value(server: FakeUnionServer, promoter: UnionClient) -> None:
    """Writing is the fake's own, too; what the client makes of it is the value again."""
    answer = await promoter.target.plan_info(server.plan.invitation_url)
    changed = attrs.evolve(answer, target_plan_info=attrs.evolve(answer.target_plan_info, plan_name="另一个"))
    server.answer(PlanInfoRequest, changed)
    assert await promoter.target.plan_info("https://any.url") == changed


async def test_an_answer_may_be_a_body(server: FakeUnionServer, agency: UnionClient) -> None:
    """In wire form; errcode 0 is added, another one is what the client then raises."""
    server.answer(GetPromoteProductDetailRequest, load_answer("promoter/get_promote_product_detail"))
    detail = await agency.promoter.get_promote_product_detail(
        shop_appid="any", product_id=1, plan_type=PlanType.TARGETED
    )
    assert detail.product.shop_appid == "test"
    server.answer(GetPromoteProductDetailRequest, {"errcode": 10024000, "errmsg": "no"})
    with pytest.raises(InvalidParameterError):
        await agency.promoter.get_promote_product_detail(shop_appid="any", product_id=1, plan_type=PlanType.TARGETED)
    assert [record.errcode for record in server.requests[-2:]] == [0, 10024000]


async def test_an_answer_may_be_a_function_of_the_request(server: FakeUnionServer, agency: UnionClient) -> None:
    """It gets the value that the client sent, and may look at the server meanwhile."""

    def answer(request: GetPromoteProductListRequest) -> PromoteProductList:
        assert server.count(GetPromoteProductListRequest) == 1
        product = PromoteProduct(product_id=request.page_size, shop_appid=str(request.keyword))
        return PromoteProductList(product_list=(product,))

    server.answer(GetPromoteProductListRequest, answer)
    page = await agency.promoter.get_promote_product_list(PlanType.PUBLIC, page_size=3, keyword="茶")
    assert page.product_list == (PromoteProduct(product_id=3, shop_appid="茶"),)


async def test_a_wrong_request_gets_no_scripted_answer(server: FakeUnionServer, post: Post) -> None:
    """Else a test would pass with a request that the vendor turns down."""
    server.answer(GetPromoteProductListRequest, PromoteProductList())
    assert await post(GetPromoteProductListRequest, {"plan_type": 3, "page_size": 1}) == 10024000
    assert await post(GetPromoteProductListRequest, {"plan_type": 1, "page_size": 1}) == 0


@attrs.frozen(kw_only=True)
class Keyed:
    """An answer under a key of its own, with what is written otherwise than it is read."""

    is_open: bool
    colour: Colour
    at: datetime | None = None
    span: tuple[Span, ...] = ()
    extra: dict[str, Any] | None = None
    gone: str | None = None
    price: Fen | None = attrs.field(default=None, metadata=YUAN)
    refund: Fen | None = attrs.field(default=None, metadata=YUAN)


@attrs.frozen(kw_only=True)
class KeyedRequest(UnionRequest[Keyed]):
    """A request whose class refuses more than it declares."""

    path = "/union/promoter/open_account/keyed"
    dialect = "camel"
    answer_key: ClassVar[str | None] = "data"

    name: str

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.name == "no":
            raise ValueError("name must not be no")
        if self.name == "never":
            raise TypeError("name must not be never")


async def test_a_class_of_ones_own_is_served_once_it_has_an_answer(
    server: FakeUnionServer, promoter: UnionClient, post: Post
) -> None:
    """Account family, method, fields: all follows from the class."""
    value = Keyed(
        is_open=True,
        colour=Colour.RED,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        span=(Span(low=3),),
        extra={"x": 1},
        price=Fen(20),
        refund=Fen(-105),
    )
    assert await post(KeyedRequest, {"name": "n"}) == 40066
    server.answer(KeyedRequest, lambda _: value)
    assert await promoter.call(KeyedRequest(name="n")) == value
    assert await post(KeyedRequest, {"name": "no"}) == 40097
    assert await post(KeyedRequest, {"name": "never"}) == 40097
    assert await post(KeyedRequest, {}) == 40097
    assert server.requests(KeyedRequest) == [KeyedRequest(name="n"), KeyedRequest(name="n")]
    server.answer(KeyedRequest, None)
    with pytest.raises(DecodeError, match="data"):
        await promoter.call(KeyedRequest(name="n"))


def test_a_class_whose_answer_has_fields_needs_one(server: FakeUnionServer) -> None:
    """An errcode of 0 alone would fail in the client, far from the mistake."""
    with pytest.raises(ValueError, match="KeyedRequest has no sample answer"):
        server.register(KeyedRequest)


async def test_a_class_of_ones_own_at_a_known_path_declares_what_is_checked(
    server: FakeUnionServer, agency: UnionClient
) -> None:
    """A user's variant of an endpoint: its sample is that of the path."""

    @attrs.frozen(kw_only=True)
    class OurQuotaRequest(UnionRequest[dict[str, Any]]):
        path = "/cgi-bin/openapi/quota/get"
        our_path: str

    server.register(OurQuotaRequest)
    server.register(OurQuotaRequest)
    assert await agency.call(OurQuotaRequest(our_path="x")) == load_answer("quota/get")
    assert server.requests(OurQuotaRequest) == [OurQuotaRequest(our_path="x")]


@pytest.mark.parametrize(
    ("request_class", "answer", "words"),
    [
        (PlanInfoRequest, PlanInfo, "answer: must be of <class 'wxunion_async.endpoints.target.plan_info.PlanInfo'>"),
        (PlanInfoRequest, PromoteProductList(), "answer: must be of .*PlanInfo.* not PromoteProductList"),
        (PlanInfoRequest, [1], "answer: must be of .* not list"),
        (PlanInfoRequest, "text", "answer: must be of .* not str"),
        ("/union/promoter/target/plan_info", None, "request: must be a request class with a path"),
        (PlanInfo, None, "request: must be a request class with a path"),
        (UnionRequest, None, "request: must be a request class with a path"),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused(
    server: FakeUnionServer, request_class: Any, answer: Any, words: str
) -> None:
    """The mistake is told where it is made."""
    with pytest.raises(TypeError, match=words):
        server.answer(request_class, answer)


def test_a_coroutine_function_is_refused(server: FakeUnionServer) -> None:
    """A late answer is a fault with a delay; a coroutine would never be awaited."""

    async def answer(_: PlanInfoRequest) -> None: ...

    with pytest.raises(TypeError, match="not a coroutine function"):
        server.answer(PlanInfoRequest, answer)


def test_a_class_that_nobody_serves_is_a_value_error(server: FakeUnionServer) -> None:
    """An empty list would say that nothing was sent."""
    with pytest.raises(ValueError, match="'/union/promoter/open_account/keyed' is served by nobody"):
        server.requests(KeyedRequest)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Numbers:
    """A page of any style."""

    numbers: tuple[int, ...] = ()
    next_key: str | None = None
    next_offset: int | None = None
    has_more: bool | None = None
    total: int | None = None


@paged_by_key("numbers")
@attrs.frozen(kw_only=True)
class KeyRequest(PagedRequest[Numbers, int]):
    """next_key alone."""

    path = "/channels/ec/promoter/numbers_by_key"
    resend = True
    next_key: str = ""
    page_size: int = 2


@paged_by_key("numbers", more="has_more")
@attrs.frozen(kw_only=True)
class MoreRequest(PagedRequest[Numbers, int]):
    """next_key that is left out first, and has_more; under a key."""

    path = "/channels/ec/league/numbers/by_more"
    resend = True
    answer_key: ClassVar[str | None] = "data"
    next_key: str | None = None
    page_size: int = 2


@paged_by_key("numbers", "page_context", following="next_key", total="total")
@attrs.frozen(kw_only=True)
class ContextRequest(PagedRequest[Numbers, int]):
    """page_context and total, limit as the size."""

    path = "/channels/ec/promoter/numbers_by_context"
    resend = True
    page_context: str = ""
    limit: int = 2


@paged_by_key("numbers", "offset", following="next_offset", more="has_more")
@attrs.frozen(kw_only=True)
class WindowRequest(PagedRequest[Numbers, int]):
    """offset, next_offset and has_more."""

    path = "/channels/ec/league/numbers/by_window"
    resend = True
    offset: int = 0
    page_size: int = 2


@paged_by_offset("numbers", "from_")
@attrs.frozen(kw_only=True)
class OffsetRequest(PagedRequest[Numbers, int]):
    """from, limit and total, in a query."""

    path = "/union/promoter/numbers/by_offset"
    method = "GET"
    dialect = "camel"
    resend = True
    from_: int = attrs.field(default=0, metadata=AS_TEXT)
    limit: int = attrs.field(default=2, metadata=AS_TEXT)


@paged_by_page("numbers", size="size", more="has_more", key="next_key")
@attrs.frozen(kw_only=True)
class PageRequest(PagedRequest[Numbers, int]):
    """page with next_key beside it."""

    path = "/channels/ec/league/numbers/by_page"
    resend = True
    page: int = 1
    size: int = 2
    next_key: str | None = None


@paged_by_page("numbers", total="total")
@attrs.frozen(kw_only=True)
class TotalRequest(PagedRequest[Numbers, int]):
    """page, pageSize and a total."""

    path = "/union/promoter/numbers/by_total"
    dialect = "camel"
    resend = True
    page: int = 1
    page_size: int = 2


STYLES = (KeyRequest, MoreRequest, ContextRequest, WindowRequest, OffsetRequest, PageRequest, TotalRequest)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [0, 1, 4, 5])
async def test_pages_of_every_style_hold_each_item_once(
    server: FakeUnionServer,
    make_client: Callable[..., UnionClient],
    style: type[PagedRequest[Numbers, int]],
    count: int,
) -> None:
    """A list that was given is the whole; the client's loop ends where the style says, with no page too many."""
    client = make_client(server.both)
    server.answer(style, list(range(count)))
    pages = [page.numbers async for page in pages_of(client.call, style())]
    assert [number for page in pages for number in page] == list(range(count))
    assert server.count(style) == max(1, -(-count // 2))
    assert server.requests(style)[0] == style()


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (KeyRequest, {"next_key": "6"}),
        (WindowRequest, {"offset": -1}),
        (PageRequest, {"page": 0}),
        (TotalRequest, {"page": 9, "pageSize": 2}),
    ],
)
async def test_a_page_out_of_range_is_no_page_from_the_end(
    server: FakeUnionServer, post: Post, style: type[PagedRequest[Numbers, int]], body: dict[str, Any]
) -> None:
    """A key that was never given out is a wrong parameter; a number counts from the first."""
    server.answer(style, [1, 2, 3])
    assert await post(style, body) == (10024000 if style is KeyRequest else 0)


@paged_by_key("numbers")
@attrs.frozen(kw_only=True)
class WholeRequest(PagedRequest[Numbers, int]):
    """A list whose pages have a size of the vendor's choice."""

    path = "/channels/ec/promoter/all_numbers"
    resend = True
    next_key: str = ""


async def test_a_list_is_one_page_where_no_size_is_named(server: FakeUnionServer, agency: UnionClient) -> None:
    """All of it, then, and no second page."""
    server.answer(WholeRequest, [1, 2, 3])
    assert [page.numbers async for page in pages_of(agency.call, WholeRequest())] == [(1, 2, 3)]
