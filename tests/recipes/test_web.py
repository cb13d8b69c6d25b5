"""
The recipes for web frameworks: the frameworks themselves, and what they answer.

They are imported by the tests that need them, since each takes longer than all other modules of tests together.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from wxunion_async import GetPromoteProductDetailRequest, decode, to_dict
from wxunion_async.testing import FakeUnionServer, Fault, load_answer

DETAIL = GetPromoteProductDetailRequest.path
BUSY = Fault(errcode=-1, headers={"Retry-After": "3600"})  # too long to wait for, so that it is told at once


def path_of(union: FakeUnionServer, index: int) -> str:
    """Return the URL path of a product."""
    product = union.product_request(index)
    return f"/products/{product['shop_appid']}/{product['product_id']}"


def check(get: Callable[[str], Any], union: FakeUnionServer) -> None:
    """Look up products, one of them gone, one of them when the service is down."""
    answer = get(path_of(union, 0))
    assert answer.status_code == 200
    assert answer.json()["product"]["product_id"] == union.product_request(0)["product_id"]
    assert answer.json()["product"]["product_info"]["skus"][0]["sale_price"] > 0
    assert get(path_of(union, 0)).json() == answer.json()
    union.fail(DETAIL, Fault(errcode=10024004), Fault(errcode=10024000))
    gone, refused = get(path_of(union, 1)), get(path_of(union, 1))
    assert (gone.status_code, gone.json()["error"]) == (404, "ProductNotFoundError")
    assert (refused.status_code, refused.json()["advice"]) == (502, "Check the arguments.")
    union.fail(DETAIL, BUSY)
    busy = get(path_of(union, 1))
    assert (busy.status_code, busy.json()["error"]) == (503, "SystemBusyError")
    assert union.count("/cgi-bin/stable_token") == 1


def test_fastapi(union: FakeUnionServer, recipe: Callable[[str], Any]) -> None:
    """Its ``TestClient`` runs the app in a loop of its own, in which the client is made."""
    from fastapi.testclient import TestClient

    with TestClient(recipe("fastapi_app").app) as client:
        check(client.get, union)


def test_fastapi_takes_another_client_in_tests(union: FakeUnionServer, recipe: Callable[[str], Any]) -> None:
    """The dependency is what a test of one's own replaces."""
    from fastapi.testclient import TestClient

    app = recipe("fastapi_app")
    detail = decode(GetPromoteProductDetailRequest, load_answer("promoter/get_promote_product_detail"))

    class Promoter:
        async def get_promote_product_detail(self, **fields: Any) -> Any:
            return detail

    class Agency:
        promoter = Promoter()

    app.app.dependency_overrides[app.agency_of] = Agency
    with TestClient(app.app) as client:
        assert client.get("/products/wx1/1").json() == to_dict(detail)
    assert union.count() == 0


async def test_fastapi_cancels_the_call_of_a_browser_that_has_gone(
    union: FakeUnionServer, recipe: Callable[[str], Any], soon: Any
) -> None:
    """Nobody waits for the answer, so nothing is held for it; the app is driven as an ASGI server drives it."""
    app = recipe("fastapi_app").app
    union.fail(DETAIL, Fault(delay=60), times=None)
    gone = asyncio.Event()
    body_read = False

    async def receive() -> dict[str, Any]:
        nonlocal body_read
        if not body_read:
            body_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    path = path_of(union, 0)
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    async with app.router.lifespan_context(app):
        request = asyncio.create_task(app(scope, receive, send))
        await soon(lambda: union.count(DETAIL))
        assert app.state.agency.stats().under_way == 1
        gone.set()
        await request
        await soon(lambda: not app.state.agency.stats().under_way)


async def test_aiohttp(union: FakeUnionServer, recipe: Callable[[str], Any], soon: Any) -> None:
    """Over a real socket; who hangs up cancels the call."""
    module = recipe("aiohttp_app")
    app = module.make_app()
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:

            async def get(path: str) -> tuple[int, Any]:
                async with session.get(path) as answer:
                    return answer.status, await answer.json()

            status, body = await get(path_of(union, 0))
            assert (status, body["product"]["product_id"]) == (200, union.product_request(0)["product_id"])
            union.fail(DETAIL, Fault(errcode=10024004))
            assert await get(path_of(union, 1)) == (
                404,
                {"error": "ProductNotFoundError", "advice": "Drop the product, or check its id."},
            )
            union.fail(DETAIL, BUSY)
            assert (await get(path_of(union, 1)))[0] == 503
            union.fail(DETAIL, Fault(delay=60), times=None)
            before = union.count(DETAIL)
            browser = asyncio.create_task(get(path_of(union, 2)))
            await soon(lambda: union.count(DETAIL) == before + 1)
            browser.cancel()
            await soon(lambda: not app[module.AGENCY].stats().under_way)
    finally:
        await runner.cleanup()


def test_litestar(union: FakeUnionServer, recipe: Callable[[str], Any]) -> None:
    """It returns an answer as it is."""
    from litestar.testing import TestClient

    with TestClient(recipe("litestar_app").app) as client:
        check(client.get, union)
