"""What a user of the client meets first: calls, views, arguments, the environment, event loops."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import attrs
import pytest

from wxunion_async import (
    ApiError,
    ApplyStatusRequest,
    CallFinishedEvent,
    ClientClosedError,
    DecodeError,
    DriftEvent,
    Event,
    GetPromoteProductDetailRequest,
    PermissionDeniedError,
    PlanInfoRequest,
    PlanType,
    PromoterStatus,
    RetryPolicy,
    TokenRefreshedEvent,
    UnionClient,
    UnionConfig,
    UnionError,
    UnionRequest,
    decode,
)
from wxunion_async.testing import FakeUnionServer, Fault

if TYPE_CHECKING:
    from .conftest import MakeClient

STATUS = "/union/promoter/target/apply_status"
DETAIL = "/channels/ec/promoter/get_promote_product_detail"
LIST = "/channels/ec/promoter/get_promote_product_list"


async def test_an_application_goes_from_pending_to_agreed(promoter: UnionClient, server: FakeUnionServer) -> None:
    """The promoter's whole way, over a real socket."""
    info = await promoter.target.plan_info(server.plan.invitation_url)
    assert info.target_plan_info.plan_name == "TEST定向计划CR"
    await promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="推客申请加入原因")
    status = await promoter.target.apply_status(server.plan.plan_id)
    assert status.promoter_status is PromoterStatus.PENDING
    assert status.apply_reason == "推客申请加入原因"
    server.plan.approve()
    assert (await promoter.target.apply_status(server.plan.plan_id)).promoter_status is PromoterStatus.AGREED


async def test_the_agency_walks_the_list_and_looks_products_up(agency: UnionClient, server: FakeUnionServer) -> None:
    """The agency's way: every page, then the detail, with the ids as they came."""
    items = [item async for item in agency.promoter.iter_promote_product_list(PlanType.TARGETED)]
    assert len(items) == 1000
    assert server.count(LIST) == 50
    detail = await agency.promoter.get_promote_product_detail(
        shop_appid=items[7].shop_appid, product_id=items[7].product_id, plan_type=PlanType.TARGETED
    )
    assert detail.product.product_id == items[7].product_id
    quota = await agency.quota.get(DETAIL)
    assert quota.quota.used is not None


async def test_a_request_value_gives_the_same_as_the_method(promoter: UnionClient, server: FakeUnionServer) -> None:
    """The method is a short way to the value; there is one mechanism."""
    request = PlanInfoRequest(plan_invitation_url=server.plan.invitation_url)
    assert await promoter.call(request) == await promoter.target.plan_info(server.plan.invitation_url)


async def test_what_base64_holds_survives_the_query(promoter: UnionClient, server: FakeUnionServer) -> None:
    """A plan id with +, / and = must arrive as it is, or the vendor finds no plan."""
    with pytest.raises(ApiError):
        await promoter.target.apply_status("a+b/c=&?%20 推#")
    assert server.requests[-1].query == {"planId": "a+b/c=&?%20 推#"}


async def test_a_body_is_plain_utf8_json(promoter: UnionClient, server: FakeUnionServer) -> None:
    """The service refuses ASCII escapes (40033) and wants application/json."""
    await promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="推\U0001f600")
    assert server.requests[-1].body == {"planId": server.plan.plan_id, "applyReason": "推\U0001f600"}
    assert server.requests[-1].headers["Content-Type"] == "application/json"


@attrs.frozen(kw_only=True)
class OurStatusRequest(UnionRequest[dict[str, Any]]):
    """A user's own request, whose answer is the body as it is."""

    method = "GET"
    path = STATUS
    dialect = "camel"
    plan_id: str
    dry: bool | None = None


@attrs.frozen
class OurStatus:
    """A user's own answer."""

    plan_id: str
    apply_reason: str = "none"


@attrs.frozen(kw_only=True)
class OurTypedRequest(UnionRequest[OurStatus]):
    """A user's own request with a typed answer."""

    method = "GET"
    path = STATUS
    dialect = "camel"
    answer_key = "data"
    plan_id: str


async def test_a_users_own_request_class_is_sent_like_ours(promoter: UnionClient, server: FakeUnionServer) -> None:
    """An endpoint that the library does not know must not need a release of ours."""
    await promoter.target.apply_target(plan_id=server.plan.plan_id, apply_reason="why")
    body = await promoter.call(OurStatusRequest(plan_id=server.plan.plan_id, dry=True))
    assert body["data"]["promoterStatus"] == 1
    assert server.requests[-1].query["dry"] == "true"
    answer = await promoter.call(OurTypedRequest(plan_id=server.plan.plan_id))
    assert answer.apply_reason == "why"


async def test_a_nested_value_cannot_go_into_a_query(promoter: UnionClient, server: FakeUnionServer) -> None:
    """There is no agreed way to write one, so it must not be sent in some way."""

    @attrs.frozen(kw_only=True)
    class Nested(UnionRequest[None]):
        method = "GET"
        path = STATUS
        ids: tuple[str, ...]

    with pytest.raises(TypeError, match="ids cannot go into a query"):
        await promoter.call(Nested(ids=("a",)))
    assert server.count() == 0


async def test_only_a_request_value_can_be_called(promoter: UnionClient) -> None:
    """A dict or a class would fail much later, with words about something else."""
    for wrong in ({"plan_id": "1"}, ApplyStatusRequest):
        with pytest.raises(TypeError, match="request must be a UnionRequest"):
            await promoter.call(wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"shop_appid": "", "product_id": 1, "plan_type": 1}, ValueError, "shop_appid"),
        ({"shop_appid": "wx", "product_id": 1.5, "plan_type": 1}, TypeError, "product_id"),
        ({"shop_appid": "wx", "product_id": 1, "plan_type": 3}, ValueError, "head_supplier_appid"),
        ({"shop_appid": "wx", "product_id": 1, "plan_type": 9}, ValueError, "plan_type"),
    ],
)
async def test_a_wrong_argument_is_named_before_any_io(
    agency: UnionClient, server: FakeUnionServer, arguments: dict[str, Any], error: type[Exception], named: str
) -> None:
    """A typo costs no quota and no token."""
    with pytest.raises(error, match=named):
        await agency.promoter.get_promote_product_detail(**arguments)
    assert server.count() == 0


async def test_the_wrong_family_is_told_so(promoter: UnionClient) -> None:
    """48001 is final: no refresh, no retry."""
    with pytest.raises(PermissionDeniedError) as caught:
        await promoter.promoter.get_promote_product_detail(shop_appid="wx", product_id=1, plan_type=PlanType.PUBLIC)
    assert (caught.value.errcode, caught.value.attempts, caught.value.retryable) == (48001, 1, False)
    assert caught.value.endpoint == DETAIL
    assert caught.value.request == GetPromoteProductDetailRequest(
        shop_appid="wx", product_id=1, plan_type=PlanType.PUBLIC
    )
    assert caught.value.rid


async def test_drift_is_an_event_and_strict_decoding_an_error(make: "MakeClient", server: FakeUnionServer) -> None:
    """The user chooses whether a drifting optional value stops him."""
    events: list[Event] = []
    body = json.dumps({"errcode": 0, "data": {"planId": "1", "applyReason": [1]}})
    server.fail(STATUS, Fault(body=body), times=2)
    client = await make(on_event=events.append)
    assert (await client.target.apply_status("1")).apply_reason is None
    assert DriftEvent(endpoint=STATUS, path="data.applyReason", found="array") in events
    assert [type(event) for event in events] == [TokenRefreshedEvent, DriftEvent, CallFinishedEvent]
    strict = await make(config=UnionConfig(strict_decoding=True))
    with pytest.raises(DecodeError, match=r"data\.applyReason") as caught:
        await strict.target.apply_status("1")
    assert caught.value.path == "data.applyReason"
    assert caught.value.body == body


async def test_a_failing_event_handler_harms_no_call(
    make: "MakeClient", server: FakeUnionServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in the user's metrics must not take the shop down."""

    def handler(event: Event) -> None:
        raise RuntimeError("metrics are down")

    client = await make(on_event=handler)
    await client.target.plan_info(server.plan.invitation_url)
    assert "on_event failed" in caplog.text


async def test_a_view_shares_everything_but_its_options(promoter: UnionClient, server: FakeUnionServer) -> None:
    """A hurried call must not cost a second token or a second limit."""
    hurried = promoter.with_options(call_timeout=0.2, retry=RetryPolicy(max_attempts=1))
    await promoter.target.plan_info(server.plan.invitation_url)
    await hurried.target.plan_info(server.plan.invitation_url)
    assert server.promoter.token_requests == 1
    server.fail(STATUS, Fault(status=502), times=2)
    with pytest.raises(UnionError) as caught:
        await hurried.target.apply_status(server.plan.plan_id)
    assert caught.value.attempts == 1
    assert isinstance(hurried, UnionClient)
    await hurried.aclose()
    await promoter.target.plan_info(server.plan.invitation_url)
    with pytest.raises(ValueError, match="call_timeout must be positive"):
        promoter.with_options(call_timeout=0)
    with pytest.raises(TypeError, match="retry"):
        promoter.with_options(retry=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_reprs_show_the_app_and_no_more(promoter: UnionClient, server: FakeUnionServer) -> None:
    """A client in a debugger or a log is recognisable."""
    assert repr(promoter) == f"UnionClient({server.promoter.app_id!r})"
    assert repr(promoter.with_options()) == f"UnionClient({server.promoter.app_id!r})"


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        (("", "secret"), ValueError, "app_id must not be empty"),
        (("wx", " "), ValueError, "app_secret must not be empty"),
        ((1, "secret"), TypeError, "app_id must be a str"),
        (("wx", None), TypeError, "app_secret must be a str"),
    ],
)
def test_wrong_credentials_are_named(arguments: tuple[Any, Any], error: type[Exception], named: str) -> None:
    """A missing setting is found when the client is built."""
    with pytest.raises(error, match=named):
        UnionClient(*arguments)


@pytest.mark.parametrize("wrong", [{"config": {}}, {"on_event": "print"}])
def test_wrong_settings_are_named(wrong: dict[str, Any]) -> None:
    """The same for what is passed beside the credentials."""
    with pytest.raises(TypeError, match=next(iter(wrong))):
        UnionClient("wx", "secret", **wrong)


async def test_from_env_reads_its_prefix(server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two accounts in one process need two prefixes."""
    monkeypatch.setenv("SHOP_APP_ID", server.agency.app_id)
    monkeypatch.setenv("SHOP_APP_SECRET", server.agency.app_secret)
    monkeypatch.setenv("SHOP_BASE_URL", server.base_url + "/")
    async with UnionClient.from_env("SHOP") as client:
        assert (await client.quota.get(DETAIL)).quota.used == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"WXUNION_APP_ID": None}, "WXUNION_APP_ID is not set"),
        ({"WXUNION_APP_SECRET": " "}, "WXUNION_APP_SECRET is not set"),
        ({"WXUNION_BASE_URL": "ftp://x"}, "WXUNION_BASE_URL: base_urls"),
    ],
)
def test_from_env_names_what_is_missing(
    changes: dict[str, str | None], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is all that an operator sees."""
    monkeypatch.delenv("WXUNION_BASE_URL", raising=False)
    for name, value in {"WXUNION_APP_ID": "wx", "WXUNION_APP_SECRET": "s", **changes}.items():
        monkeypatch.delenv(name) if value is None and name in changes and name in __import__("os").environ else None
        if value is not None:
            monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=named):
        UnionClient.from_env()


def test_a_client_belongs_to_the_loop_of_its_first_await(monkeypatch: pytest.MonkeyPatch) -> None:
    """Built before any loop runs, used in one; a second loop would share locks and sockets that it cannot."""

    async def use(client: UnionClient, server: FakeUnionServer) -> None:
        async with server:
            await client.target.plan_info(server.plan.invitation_url)

    async def close(client: UnionClient) -> None:
        await client.aclose()

    server = FakeUnionServer(port=0)
    asyncio.run(_start_and_stop(server))
    account = server.promoter
    client = UnionClient(
        account.app_id, account.app_secret, config=UnionConfig(base_urls=(server.base_url,)), session=None
    )

    async def first() -> None:
        await use(client, server)
        # Its sockets are closed here, in its own loop, so that the second one has nothing to warn of.
        await client._session.transport.aclose()

    asyncio.run(first())
    with pytest.raises(RuntimeError, match="event loop"):
        asyncio.run(use(client, server))
    with pytest.raises(RuntimeError, match="event loop"):
        asyncio.run(close(client))


async def _start_and_stop(server: FakeUnionServer) -> None:
    async with server:
        pass


async def test_a_closed_session_of_the_user_is_named(make: "MakeClient", server: FakeUnionServer) -> None:
    """Retrying on it would only waste the caller's time."""
    session = aiohttp.ClientSession()
    client = await make(session=session)
    await client.target.plan_info(server.plan.invitation_url)
    await session.close()
    with pytest.raises(ClientClosedError, match="session that the client was given"):
        await client.target.plan_info(server.plan.invitation_url)


@attrs.frozen(kw_only=True)
class RawPlanInfo(UnionRequest[dict[str, Any]]):
    """The same call, its answer as it is."""

    method = PlanInfoRequest.method
    path = PlanInfoRequest.path
    dialect = PlanInfoRequest.dialect
    plan_invitation_url: str


async def test_a_large_answer_may_be_read_beside_the_loop(make: "MakeClient", server: FakeUnionServer) -> None:
    """Five megabytes of plan would hold the event loop for 0.15 s."""
    client = await make()
    answer = await client.call(RawPlanInfo(plan_invitation_url=server.plan.invitation_url))
    read = await asyncio.to_thread(decode, PlanInfoRequest, answer)
    assert read == await client.target.plan_info(server.plan.invitation_url)
