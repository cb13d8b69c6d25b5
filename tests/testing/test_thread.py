"""A server in a thread of its own: sync tests, other loops, many threads."""

import asyncio
import json
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from wxunion_async import GetPromoteProductDetailRequest, PlanInfoRequest, PromoterStatus, UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer, Fault

DETAIL = "/channels/ec/promoter/get_promote_product_detail"


def fetch(server: FakeUnionServer, path: str, body: object = None, **query: str) -> dict[str, Any]:
    """Send one request without an event loop."""
    url = f"{server.base_url}{path}?{urlencode(query)}"
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def token(server: FakeUnionServer) -> str:
    """Get a token of the account that may call everything."""
    account = server.both
    answer = fetch(
        server, "/cgi-bin/token", grant_type="client_credential", appid=account.app_id, secret=account.app_secret
    )
    value: str = answer["access_token"]
    return value


def client_of(server: FakeUnionServer) -> UnionClient:
    """Build a client for the account that may call everything."""
    config = UnionConfig(base_urls=(server.base_url,))
    return UnionClient(server.both.app_id, server.both.app_secret, config=config)


def test_a_sync_test_has_all_of_the_server() -> None:
    """Scripts, record, plan and accounts are the same as in a loop."""
    with FakeUnionServer(products=3) as server:
        value = token(server)
        server.fail(GetPromoteProductDetailRequest, Fault(errcode=-1), when=lambda request: request.product_id % 2 == 1)
        server.answer(PlanInfoRequest, {"targetPlanInfo": {"planId": "1"}})
        errcodes = [
            int(fetch(server, DETAIL, server.product_request(index), access_token=value)["errcode"])
            for index in (0, 1, 1)
        ]
        assert errcodes == [0, -1, 0]
        answer = fetch(server, PlanInfoRequest.path, planInvitationUrl="x", access_token=value)
        assert answer["targetPlanInfo"] == {"planId": "1"}
        body = {"planId": server.plan.plan_id, "applyReason": "r"}
        assert fetch(server, "/union/promoter/target/apply_target", body, access_token=value)["errcode"] == 0
        server.plan.approve()
        server.both.rotate()
        status = fetch(server, "/union/promoter/target/apply_status", access_token=value, planId=server.plan.plan_id)
        assert status["errcode"] == 40001
        status = fetch(
            server, "/union/promoter/target/apply_status", access_token=token(server), planId=server.plan.plan_id
        )
        assert status["data"]["promoterStatus"] == PromoterStatus.AGREED
        assert server.count(GetPromoteProductDetailRequest) == server.peak(GetPromoteProductDetailRequest, 60) == 3
        assert [request.product_id for request in server.requests(GetPromoteProductDetailRequest)] == [
            server.product_request(index)["product_id"] for index in (0, 1, 1)
        ]
        assert "listening on" in repr(server)
    assert "not listening" in repr(server)


def test_its_thread_ends_with_the_block() -> None:
    """A test run must not gather threads, whatever happened in the block."""
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="mine"), FakeUnionServer():
        raise RuntimeError("mine")
    assert threading.active_count() == before


def test_it_may_be_entered_again() -> None:
    """On the same port, in another thread."""
    server = FakeUnionServer()
    with server:
        first = server.base_url
    with server:
        assert server.base_url == first
        assert fetch(server, "/a")["errcode"] == 40066


def test_what_keeps_it_from_listening_is_raised_where_it_was_entered() -> None:
    """And leaves no thread."""
    with FakeUnionServer() as server:
        second = FakeUnionServer(port=int(server.base_url.rpartition(":")[2]))
        with pytest.raises(OSError, match="in use"):
            second.__enter__()
        with pytest.raises(RuntimeError, match="listening already"):
            server.__enter__()
        assert fetch(server, "/a")["errcode"] == 40066
    second.__exit__()


async def test_an_outage_can_be_played_from_another_loop() -> None:
    """``aclose`` and ``start`` work where the server lives, whoever awaits them."""
    with FakeUnionServer() as server:
        async with client_of(server) as client:
            request = PlanInfoRequest(server.plan.invitation_url)
            await client.call(request)
            await server.aclose()
            call = asyncio.create_task(client.call(request))
            await asyncio.sleep(0.05)
            await server.start()
            assert (await call).target_plan_info
        assert server.requests(PlanInfoRequest) == [request, request]


async def test_every_loop_may_talk_to_it() -> None:
    """Clients of two loops at once, as with a session-wide loop beside one of the test."""

    async def call() -> None:
        async with client_of(server) as client:
            await client.target.plan_info(server.plan.invitation_url)

    with FakeUnionServer() as server:
        await asyncio.gather(asyncio.to_thread(asyncio.run, call()), call())
        assert server.count(PlanInfoRequest) == 2


def test_many_threads_script_count_and_rotate_while_it_serves() -> None:
    """Whoever reads the record while it grows gets a whole one, and no fault is met twice or lost."""
    rounds = 25
    with FakeUnionServer() as server, ThreadPoolExecutor(8) as pool:
        value = token(server)

        def work(number: int) -> list[int]:
            errcodes: list[int] = []
            for _ in range(rounds):
                server.fail(DETAIL, Fault(errcode=-1))
                errcodes.append(
                    int(fetch(server, DETAIL, server.product_request(number), access_token=value)["errcode"])
                )
                assert server.peak(DETAIL, 60) <= server.count(DETAIL)
                assert all(record.path for record in server.requests)
                server.agency.rotate()
                server.plan.reset()
            return errcodes

        errcodes = [errcode for errcodes in pool.map(work, range(8)) for errcode in errcodes]
        assert errcodes == [-1] * 8 * rounds
        assert server.count(DETAIL) == len(server.requests(GetPromoteProductDetailRequest)) == 8 * rounds


def test_a_function_that_answers_may_wait_for_the_test() -> None:
    """It holds no lock: the test scripts and counts meanwhile, and lets it go on."""
    go_on = threading.Event()

    def answer(_: PlanInfoRequest) -> dict[str, Any]:
        assert go_on.wait(5)
        return {"targetPlanInfo": {"planId": "late"}}

    with FakeUnionServer() as server, ThreadPoolExecutor(1) as pool:
        value = token(server)
        server.answer(PlanInfoRequest, answer)
        answered = pool.submit(fetch, server, PlanInfoRequest.path, planInvitationUrl="x", access_token=value)
        while not server.count(PlanInfoRequest):
            time.sleep(0.001)
        server.fail("*", Fault(errcode=-1))
        go_on.set()
        assert answered.result()["targetPlanInfo"] == {"planId": "late"}
