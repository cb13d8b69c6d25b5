"""Scripted misbehaviour, over a real socket."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from wxunion_async import GetPromoteProductDetailRequest, QuotaGetRequest
from wxunion_async.testing import Account, FakeUnionServer, Fault

Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]

DETAIL = "/channels/ec/promoter/get_promote_product_detail"
QUOTA = "/cgi-bin/openapi/quota/get"
APPLY = "/union/promoter/target/apply_target"


async def errcode(call: Call, path: str = QUOTA) -> int:
    """Call a path, by default one by a wrong method: 43002."""
    code: int = (await call(path))["errcode"]
    return code


async def test_faults_are_met_in_the_order_given(call: Call, server: FakeUnionServer) -> None:
    """A script of failures is what a test of retries consists of."""
    server.fail(QUOTA, Fault(errcode=-1), Fault(errcode=45011), times=2)
    server.fail(QUOTA, Fault(errcode=45009))
    assert [await errcode(call) for _ in range(6)] == [-1, -1, 45011, 45011, 45009, 43002]


async def test_a_fault_for_any_path_comes_after_the_paths_own(call: Call, server: FakeUnionServer) -> None:
    """`"*"` meets token paths too, and paths that the server does not know."""
    server.fail("*", Fault(errcode=-1), times=2)
    server.fail(QUOTA, Fault(errcode=45011))
    codes = [await errcode(call), await errcode(call), await errcode(call, "/cgi-bin/token"), await errcode(call)]
    assert codes == [45011, -1, -1, 43002]


async def test_a_lasting_fault_ends_when_healed(call: Call, server: FakeUnionServer) -> None:
    """An outage has no number of requests."""
    server.fail(QUOTA, Fault(errcode=-1), times=None)
    server.fail("*", Fault(errcode=48001), times=None)
    assert [await errcode(call) for _ in range(3)] == [-1, -1, -1]
    server.heal(QUOTA)
    server.heal("/never-failed")
    assert await errcode(call) == 48001
    server.heal()
    assert await errcode(call) == 43002


async def test_a_random_share_is_repeatable(call: Call, server: FakeUnionServer) -> None:
    """A soak test has to fail the same way twice; scripted faults come first."""
    seen: list[list[int]] = []
    for path in (QUOTA, "*"):
        server.fail(path, Fault(errcode=-1), Fault(errcode=45011), share=0.5, seed=7)
        server.fail(QUOTA, Fault(errcode=45009))
        seen.append([await errcode(call) for _ in range(40)])
        server.heal()
    assert seen[0] == seen[1]
    assert seen[0][0] == 45009
    assert set(seen[0][1:]) == {-1, 45011, 43002}
    assert 8 < seen[0].count(43002) < 32


async def test_a_fault_may_be_meant_for_certain_requests(
    call: Call, server: FakeUnionServer, stable_token: Ask
) -> None:
    """One product must fail, the others not; only what it is meant for is counted."""
    token = await stable_token(server.agency)
    doomed = server.product_request(2)["product_id"]
    server.fail(
        GetPromoteProductDetailRequest, Fault(errcode=-1), times=2, when=lambda request: request.product_id == doomed
    )
    server.fail(DETAIL, Fault(errcode=45011))
    seen: list[int] = []
    for index in (0, 2, 1, 2, 2):
        answer = await call(DETAIL, token=token, body=server.product_request(index))
        seen.append(int(answer["errcode"]))
    assert seen == [45011, -1, 0, -1, 0]


async def test_a_fault_for_certain_requests_may_last_or_meet_a_share(
    call: Call, server: FakeUnionServer, stable_token: Ask
) -> None:
    """``times=None`` and ``share`` mean what they mean elsewhere; what is no request of the class is let through."""
    token = await stable_token(server.agency)
    server.fail(DETAIL, Fault(errcode=-1), times=None, when=lambda request: request.plan_type == 1)
    server.fail("*", Fault(errcode=45009), share=1, when=lambda request: request == QuotaGetRequest(QUOTA))
    for body in (server.product_request(0), server.product_request(1)):
        assert (await call(DETAIL, token=token, body=body))["errcode"] == -1
    assert int((await call(DETAIL, token=token, body={**server.product_request(0), "plan_type": 2}))["errcode"]) == 0
    assert (await call(DETAIL, token=token, body={"plan_type": 1}))["errcode"] == 10024000
    assert (await call(DETAIL, token=token, body=[1]))["errcode"] == 47001
    assert (await call("/nowhere", token=token))["errcode"] == 40066
    assert (await call(QUOTA, token=token, body={"cgi_path": QUOTA}))["errcode"] == 45009
    assert (await call(QUOTA, token=token, body={"cgi_path": DETAIL}))["errcode"] == 0
    server.heal(GetPromoteProductDetailRequest)
    assert int((await call(DETAIL, token=token, body=server.product_request(0)))["errcode"]) == 0


def test_a_condition_needs_a_request_to_be_asked_of(server: FakeUnionServer) -> None:
    """A token call has no request class: the fault would meet nobody."""
    with pytest.raises(ValueError, match="when: /cgi-bin/token has no request class"):
        server.fail("/cgi-bin/token", Fault(errcode=-1), when=lambda _: True)


async def test_a_status_alone_is_an_html_page(session: aiohttp.ClientSession, server: FakeUnionServer) -> None:
    """So do gateways answer, and clients must not try to read it as JSON."""
    server.fail(QUOTA, Fault(status=502, headers={"Retry-After": "3"}))
    async with session.get(QUOTA) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert response.headers["Retry-After"] == "3"
        assert "<h1>502</h1>" in await response.text()


async def test_a_raw_body_is_sent_as_it_is(session: aiohttp.ClientSession, server: FakeUnionServer) -> None:
    """Invalid UTF-8, control characters and JSON as text/plain have been seen in the field."""
    server.fail(QUOTA, Fault(body=b'{"errcode": 0, "x": "\xff\x01"}'))
    server.fail(QUOTA, Fault(body="推客", headers={"content-type": "text/plain"}))
    async with session.get(QUOTA) as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        assert await response.read() == b'{"errcode": 0, "x": "\xff\x01"}'
    async with session.get(QUOTA) as response:
        assert response.headers.getall("Content-Type") == ["text/plain"]
        assert await response.read() == "推客".encode()


async def test_an_errcode_may_have_words_and_a_status(session: aiohttp.ClientSession, server: FakeUnionServer) -> None:
    """An errcode that the server does not know is worded "error"."""
    server.fail(QUOTA, Fault(errcode=61007, status=403), Fault(errcode=-1, errmsg="busy"))
    async with session.get(QUOTA) as response:
        assert response.status == 403
        assert (await response.json())["errmsg"].startswith("error rid: ")
    async with session.get(QUOTA) as response:
        assert (await response.json())["errmsg"].startswith("busy rid: ")


async def test_headers_alone_go_on_top_of_the_ordinary_answer(
    session: aiohttp.ClientSession, server: FakeUnionServer
) -> None:
    """A client that paces itself by the answer's `Date` can be shown any time."""
    server.fail(QUOTA, Fault(headers={"Date": "Mon, 01 Sep 2025 00:00:30 GMT"}))
    async with session.get(QUOTA) as response:
        assert response.headers.getall("Date") == ["Mon, 01 Sep 2025 00:00:30 GMT"]
        assert (await response.json())["errcode"] == 43002


async def test_the_date_can_run_ahead(session: aiohttp.ClientSession, server: FakeUnionServer) -> None:
    """Client and vendor do not share a clock."""
    server.date_offset += 3600.0
    async with session.get(QUOTA) as ahead:
        later = parsedate_to_datetime(ahead.headers["Date"])
    server.date_offset = 0.0
    async with session.get(QUOTA) as response:
        now = parsedate_to_datetime(response.headers["Date"])
    assert 3595 <= (later - now).total_seconds() <= 3601


async def test_echo_repeats_token_and_secret(call: Call, server: FakeUnionServer) -> None:
    """The proof that a client hides them has to contain them, from the query and from the body."""
    server.fail("*", Fault(errcode=40001, echo=True), times=None)
    assert (
        "access_token=71_abc secret=s3cret rid:"
        in (await call(QUOTA, query={"secret": "s3cret"}, token="71_abc"))["errmsg"]
    )
    assert "latest secret=s3cret rid:" in (await call("/cgi-bin/stable_token", body={"secret": "s3cret"}))["errmsg"]
    assert "latest rid:" in (await call(QUOTA))["errmsg"]


async def test_a_reset_drops_the_connection_before_any_byte(call: Call, server: FakeUnionServer) -> None:
    """RST and not FIN: the client sees ECONNRESET; the record says that nothing was answered."""
    server.fail(QUOTA, Fault(reset=True), times=2)
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await call(QUOTA, body={})
    assert (server.requests[-1].status, server.requests[-1].errcode) == (None, None)


async def test_a_truncated_answer_promises_more_than_it_sends(call: Call, server: FakeUnionServer) -> None:
    """The ordinary answer is cut unless the fault has one of its own."""
    server.fail(QUOTA, Fault(truncate=True), Fault(truncate=True, body=b"0123456789"))
    with pytest.raises(aiohttp.ClientPayloadError, match="Not enough data"):
        await call(QUOTA, body={})
    with pytest.raises(aiohttp.ClientPayloadError, match="received 5 of 10"):
        await call(QUOTA, body={})
    assert server.requests[0].errcode == 41001


async def test_after_does_the_work_and_loses_the_answer(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """The ambiguous failure: the application counts although the client sees an error."""
    token = await stable_token(server.promoter)
    body = {"planId": server.plan.plan_id, "applyReason": "okok"}
    server.fail(APPLY, Fault(reset=True), Fault(reset=True, after=True))
    applications: list[int] = []
    for _ in range(2):
        with pytest.raises(aiohttp.ClientOSError):
            await call(APPLY, token=token, body=body)
        applications.append(server.plan.applications)
    assert applications == [0, 1]
    assert (await call(APPLY, token=token, body=body))["errcode"] == 202004


async def test_a_truncated_answer_has_done_its_work(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """There is no ordinary answer without the work."""
    token = await stable_token(server.promoter)
    server.fail(APPLY, Fault(truncate=True))
    with pytest.raises(aiohttp.ClientPayloadError):
        await call(APPLY, token=token, body={"planId": server.plan.plan_id, "applyReason": "okok"})
    assert server.plan.applications == 1


async def test_a_delay_comes_before_the_ordinary_answer(call: Call, server: FakeUnionServer) -> None:
    """Slow is not wrong; with `after` the work is done at once and only the answer is late."""
    loop = asyncio.get_running_loop()
    server.fail(QUOTA, Fault(delay=0.05), Fault(delay=0.05, after=True))
    for _ in range(2):
        begin = loop.time()
        assert await errcode(call) == 43002
        assert loop.time() - begin >= 0.05


async def test_after_and_delay_do_the_work_at_once(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """A client's timeout that hits such a call has to treat it as done perhaps."""
    token = await stable_token(server.promoter)
    server.fail(APPLY, Fault(delay=60, after=True))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await call(APPLY, token=token, body={"planId": server.plan.plan_id, "applyReason": "okok"})
    assert server.plan.applications == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "a fault needs one of"),
        ({"after": True}, "a fault needs one of"),
        ({"status": 199}, "status: 199"),
        ({"status": 600}, "status: 600"),
        ({"delay": -1}, "delay: -1"),
        ({"delay": float("nan")}, "delay: nan"),
        ({"errcode": 0}, "errcode: 0"),
        ({"status": 500, "errmsg": "busy"}, "only with errcode"),
        ({"status": 500, "echo": True}, "only with errcode"),
        ({"errcode": -1, "body": b"x"}, "body: not with errcode"),
        ({"reset": True, "status": 502}, "reset: not with an answer"),
        ({"reset": True, "headers": {"a": "b"}}, "reset: not with an answer"),
        ({"reset": True, "truncate": True}, "reset: not with an answer"),
    ],
)
def test_a_fault_that_contradicts_itself_is_refused(fields: dict[str, Any], words: str) -> None:
    """A fault that silently does something else than was meant proves nothing."""
    with pytest.raises(ValueError, match=words):
        Fault(**fields)


def test_a_fault_is_a_value() -> None:
    """Equal faults compare equal, and text bodies are the same as their UTF-8."""
    assert Fault(body="推客") == Fault(body="推客".encode())
    with pytest.raises(AttributeError):
        Fault(delay=1).delay = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "faults", "options", "words"),
    [
        ("nowhere", [Fault(reset=True)], {}, "path: 'nowhere' is served by nobody"),
        ("/union/promoter/target/plan_inf", [Fault(reset=True)], {}, "plan_inf' is served by nobody"),
        (QUOTA, [], {}, "faults: none"),
        (QUOTA, [Fault(reset=True)], {"times": 0}, "times: 0"),
        (QUOTA, [Fault(reset=True), Fault(delay=1)], {"times": None}, "times: None is for one fault"),
        (QUOTA, [Fault(reset=True)], {"share": 0}, "share: 0"),
        (QUOTA, [Fault(reset=True)], {"share": 1.1}, "share: 1.1"),
        ("nowhere", [Fault(reset=True)], {"share": 0.5}, "path: 'nowhere'"),
    ],
)
def test_a_script_that_cannot_be_met_is_refused(
    server: FakeUnionServer, path: str, faults: list[Fault], options: dict[str, Any], words: str
) -> None:
    """The mistake is told where it is made."""
    with pytest.raises(ValueError, match=words):
        server.fail(path, *faults, **options)
