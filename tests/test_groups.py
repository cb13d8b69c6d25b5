"""The calls of a group: typed, documented, loaded when touched, and what mock, inspect and help make of them."""

import functools
import inspect
import subprocess
import sys
import traceback
from collections.abc import AsyncGenerator
from typing import Any, Final, cast
from unittest.mock import AsyncMock, MagicMock, create_autospec, patch

import attrs
import pytest

from wxunion_async import (
    ApplyStatus,
    GetPromoteProductListRequest,
    PlanInfo,
    PlanInfoRequest,
    PlanType,
    PromoteProduct,
    UnionClient,
    UnionRequest,
    request_classes,
)
from wxunion_async._endpoint import Group, answer_name, calls_of, endpoint, groups_of, pages, path_rule, request_name
from wxunion_async.endpoints.promoter import Promoter
from wxunion_async.endpoints.quota import Quota
from wxunion_async.endpoints.target import Target


@attrs.frozen(kw_only=True)
class EchoRequest(UnionRequest[dict[str, Any]]):
    """
    Echo.

    Raises:
        ApiError: never.
    """

    path = "/union/promoter/echo/list"

    text: str = attrs.field(kw_only=False)
    class_: str | None = None
    tags: list[str] = attrs.field(factory=list[str])
    made: int = attrs.field(init=False, default=0)


class Echo(Group):
    list: Final = endpoint(lambda: EchoRequest)


class Caller:
    """Answers with the request."""

    async def call(self, request: UnionRequest[Any], /) -> Any:
        return request


@pytest.fixture
def client() -> UnionClient:
    """Build a client that sends nothing."""
    return UnionClient("wx-app", "secret")


@pytest.mark.parametrize(
    ("path", "group", "call", "request_class", "answer"),
    [
        ("/union/promoter/target/plan_info", "target", "plan_info", "PlanInfoRequest", "PlanInfo"),
        ("/union/promoter/product/list", "product", "list", "ProductListRequest", "ProductList"),
        ("/union/open_product/list", "open_product", "list", "OpenProductListRequest", "OpenProductList"),
        ("/union/promoter/promotion/del", "promotion", "del_", "PromotionDelRequest", "PromotionDel"),
        (
            "/channels/ec/league/headsupplier/order/list/get",
            "headsupplier",
            "order_list_get",
            "OrderListGetRequest",
            "OrderList",
        ),
        ("/channels/ec/league/headsupplier/order/get", "headsupplier", "order_get", "OrderGetRequest", "Order"),
        (
            "/channels/ec/league/headsupplier/window/getall",
            "headsupplier",
            "window_getall",
            "WindowGetallRequest",
            "WindowGetall",
        ),
        ("/channels/ec/category/league/all", "category", "league_all", "CategoryLeagueAllRequest", "CategoryLeagueAll"),
        (
            "/channels/ec/promoter/get_bind_sharer_list",
            "promoter",
            "get_bind_sharer_list",
            "GetBindSharerListRequest",
            "BindSharerList",
        ),
        ("/cgi-bin/openapi/quota/get", "quota", "get", "QuotaGetRequest", "Quota"),
        ("/union/promoterx/y", "promoterx", "y", "PromoterxYRequest", "PromoterxY"),
        ("/own/call/", "own", "call", "OwnCallRequest", "OwnCall"),
    ],
)
def test_a_path_says_where_everything_is(path: str, group: str, call: str, request_class: str, answer: str) -> None:
    """A reader with the vendor's page open never has to guess."""
    assert path_rule(path) == (group, call)
    assert (request_name(path), answer_name(path)) == (request_class, answer)


@pytest.mark.parametrize("path", ["/", "/x", "/union/promoter/x", "/channels/ec/"])
def test_a_path_with_one_part_names_no_call(path: str) -> None:
    """There is a group, and a call in it."""
    with pytest.raises(ValueError, match="names no call in a group"):
        path_rule(path)


async def test_a_call_takes_what_the_request_takes() -> None:
    """Positional where the request is, names and defaults alike."""
    echo = Echo(Caller())
    assert cast("Any", await echo.list("a", tags=["b"])) == EchoRequest("a", tags=["b"])
    assert cast("Any", await echo.list(text="a", class_="c")) == EchoRequest(text="a", class_="c")
    with pytest.raises(TypeError, match="positional"):
        await echo.list("a", "b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="unexpected keyword argument 'made'"):
        await echo.list("a", made=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(ValueError, match="text must not be empty"):
        await echo.list("")


def test_a_call_tells_what_it_is(client: UnionClient) -> None:
    """``help``, ``inspect`` and whoever wraps it see real parameters, docstring and answer."""
    call = client.target.plan_info
    assert inspect.iscoroutinefunction(call)
    assert str(inspect.signature(call)).startswith("(plan_invitation_url: str) -> ")
    assert inspect.signature(call).return_annotation is PlanInfo
    assert [*inspect.signature(Target.plan_info).parameters] == ["self", "plan_invitation_url"]
    assert call.__doc__ == PlanInfoRequest.__doc__
    assert (call.__name__, call.__module__) == ("plan_info", "wxunion_async.endpoints.target")
    assert call.__qualname__ == "Target.plan_info"
    assert "Find out about the targeted plan" in (inspect.getdoc(call) or "")
    wrapped = functools.wraps(call)(lambda *args: None)
    assert [*inspect.signature(wrapped).parameters] == ["plan_invitation_url"]
    parameters = inspect.signature(client.promoter.get_promote_product_list).parameters
    assert parameters["plan_type"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert (parameters["page_size"].kind, parameters["page_size"].default) == (inspect.Parameter.KEYWORD_ONLY, 20)
    assert inspect.signature(Echo.list).parameters["tags"].default == []


def test_an_iterator_tells_what_it_yields(client: UnionClient) -> None:
    """It is an async generator, made by a plain call."""
    call = client.promoter.iter_promote_product_list
    assert not inspect.iscoroutinefunction(call)
    assert inspect.signature(call).return_annotation == AsyncGenerator[PromoteProduct, None]


def test_an_iterator_refuses_wrong_arguments_at_the_call(client: UnionClient) -> None:
    """Its first item may be asked for far away from there."""
    with pytest.raises(ValueError, match="page_size must be in 1 … 20, not 21"):
        client.promoter.iter_promote_product_list(PlanType.PUBLIC, page_size=21)


async def test_a_traceback_shows_the_line_of_the_call() -> None:
    """What is generated has a source, so that nobody reads ``<string>``."""
    with pytest.raises(ValueError, match="text must not be empty") as caught:
        await Echo(Caller()).list("")
    lines = "".join(traceback.format_tb(caught.tb))
    assert "<wxunion_async Echo.list>" in lines
    assert "return await self._caller.call(EchoRequest(" in lines


async def test_a_call_can_be_mocked(client: UnionClient) -> None:
    """A user's tests replace one call, or the whole client."""
    with patch.object(client.promoter, "get_promote_product_detail") as mocked:
        assert isinstance(mocked, AsyncMock)
        mocked.return_value = 1
        assert (
            cast(
                "Any",
                await client.promoter.get_promote_product_detail(
                    shop_appid="1", product_id=1, plan_type=PlanType.PUBLIC
                ),
            )
            == 1
        )
    assert not isinstance(client.promoter.get_promote_product_detail, AsyncMock)
    with patch.object(Target, "plan_info", AsyncMock(return_value=2)):
        assert cast("Any", await client.target.plan_info("x")) == 2
    with patch.object(client, "call", AsyncMock(return_value=3)):
        assert cast("Any", await client.target.plan_info("x")) == 3


@pytest.mark.parametrize(
    "make", [lambda: create_autospec(UnionClient, instance=True), lambda: create_autospec(UnionClient)("a", "b")]
)
async def test_autospec_knows_groups_and_calls(make: Any) -> None:
    """A misspelt call or argument fails in the user's test, not in production."""
    mocked = make()
    mocked.target.plan_info.return_value = "plan"
    assert await mocked.target.plan_info("https://x") == "plan"
    with pytest.raises(TypeError, match="missing a required argument"):
        mocked.target.apply_target(plan_id="1")
    with pytest.raises(AttributeError, match="plan_inof"):
        mocked.target.plan_inof("x")
    with pytest.raises(AttributeError, match="targte"):
        _ = mocked.targte


async def test_autospec_of_what_is_there(client: UnionClient) -> None:
    """Of a client, of a group, and a plain mock with a spec."""
    group = create_autospec(client.promoter)
    group.get_promote_product_list.return_value = "page"
    assert await group.get_promote_product_list(PlanType.PUBLIC) == "page"
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        group.get_promote_product_list(PlanType.PUBLIC, size=1)
    with pytest.raises(TypeError, match="missing a required argument"):
        create_autospec(client).quota.get()
    assert MagicMock(spec=UnionClient).promoter


def test_groups_are_made_on_first_use_and_kept(client: UnionClient) -> None:
    """The class gives the group's class, so that tools see the calls."""
    assert UnionClient.target is Target
    assert "target" not in vars(client)
    assert isinstance(client.target, Target)
    assert client.target is client.target
    assert client.target is not UnionClient("wx", "s").target
    assert {*groups_of(UnionClient)} >= {Target, Promoter, Quota}


def test_a_client_with_other_options_has_groups_of_its_own(client: UnionClient) -> None:
    """One that was used before must not go on answering for the other."""
    before = client.target
    other = client.with_options(call_timeout=1)
    assert other.target is not before
    assert client.target is before


def test_calls_of_a_group_are_on_record() -> None:
    """Touched or not, iterators left out, those of a base included."""

    class More(Echo):
        other: Final = endpoint(lambda: PlanInfoRequest)
        iter_products: Final = pages(lambda: GetPromoteProductListRequest)

    assert dict(calls_of(More)) == {"list": EchoRequest, "other": PlanInfoRequest}
    assert More.list is Echo.list
    assert list(calls_of(Group)) == []


def test_only_a_request_class_makes_a_call() -> None:
    """A slip in a group is found with the first touch, and says where."""

    class Wrong(Group):
        status: Final = endpoint(lambda: cast("Any", ApplyStatus))
        iter_plans: Final = pages(lambda: cast("Any", PlanInfoRequest))

    with pytest.raises(TypeError, match=r"Wrong\.status must name a subclass of UnionRequest"):
        _ = Wrong.status
    with pytest.raises(TypeError, match=r"Wrong\.iter_plans must name a subclass of PagedRequest"):
        _ = Wrong.iter_plans


def test_request_classes_are_those_in_groups() -> None:
    """One of each call of a client."""
    assert {cls.__name__ for cls in request_classes()} >= {"PlanInfoRequest", "QuotaGetRequest"}
    assert EchoRequest not in request_classes()
    assert len(set(request_classes())) == len(request_classes())


@pytest.mark.untraced
def test_a_touch_loads_one_endpoint_and_no_other() -> None:
    """With a hundred endpoints, loading a group's neighbours would block the loop for a tenth of a second."""
    program = (
        "import sys, wxunion_async as w\n"
        "loaded = lambda: sorted(n for n in sys.modules if n.startswith('wxunion_async.endpoints.') and n.count('.') == 3)\n"
        "assert 'wxunion_async.client' not in sys.modules\n"
        "client = w.UnionClient('a', 'b')\n"
        "client.target, client.promoter, client.quota\n"
        "print(loaded())\n"
        "client.target.apply_target\n"
        "print(loaded())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "['wxunion_async.endpoints.target.apply_target']"]
