"""
The ways to make one call, and to look many products up: ours, and what people write by hand.

Ours keeps what it promises: token, line, limit, retries, secrecy. The rivals keep none of it: their token is for good.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import httpx

from benchmarks.rivals import PromoteProductDetail
from benchmarks.server import PATH, Server
from wxunion_async import Event, GetPromoteProductDetailRequest, PlanType, RateLimit, UnionClient, UnionConfig

try:
    import orjson

    loads: Callable[[bytes], Any] = orjson.loads
except ImportError:
    loads = json.loads

__all__ = ["BARE", "BULK", "BY_HAND", "CALLS", "HTTPX", "MAP", "OURS", "POOL", "client_of", "map_over", "serial"]

Call = Callable[[], Awaitable[object]]
Bulk = Callable[[int], Awaitable[None]]

UNLIMITED = RateLimit(10_000_000, 60.0, burst=1_000_000)
MOST = 300
"""How many connections anybody may have."""
IN_BULK = 32
"""How many lookups of a bulk run are under way."""


def serial() -> Iterator[int]:
    """Return product ids, no two alike."""
    return itertools.count(10_000_000_000)


def client_of(server: Server, on_event: Callable[[Event], object] | None = None) -> UnionClient:
    """Return our client, whose limit nobody meets."""
    config = UnionConfig(base_urls=(server.base_url,), default_rate_limit=UNLIMITED, max_connections=MOST)
    return UnionClient(server.app_id, server.app_secret, config=config, on_event=on_event)


def _body(product_id: int) -> dict[str, Any]:
    return {"shop_appid": "wx0123456789abcdef", "product_id": product_id, "plan_type": 1}


# ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _ours(server: Server) -> AsyncGenerator[Call, None]:
    ids = serial()
    async with client_of(server) as client:

        async def call() -> object:
            return await client.promoter.get_promote_product_detail(
                shop_appid="wx0123456789abcdef", product_id=next(ids), plan_type=PlanType.TARGETED
            )

        yield call


@asynccontextmanager
async def _by_hand(server: Server) -> AsyncGenerator[Call, None]:
    ids, url = serial(), server.base_url + PATH
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MOST)) as session:

        async def call() -> object:
            async with session.post(url, params={"access_token": "t" * 136}, json=_body(next(ids))) as response:
                answer = PromoteProductDetail.model_validate_json(await response.read())
            if answer.errcode:
                raise RuntimeError(answer.errmsg)
            return answer

        yield call


@asynccontextmanager
async def _bare(server: Server) -> AsyncGenerator[Call, None]:
    ids, url = serial(), server.base_url + PATH
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MOST)) as session:

        async def call() -> object:
            async with session.post(url, params={"access_token": "t" * 136}, json=_body(next(ids))) as response:
                return loads(await response.read())

        yield call


@asynccontextmanager
async def _httpx(server: Server) -> AsyncGenerator[Call, None]:
    ids, url = serial(), server.base_url + PATH
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=MOST), timeout=60) as client:

        async def call() -> object:
            response = await client.post(url, params={"access_token": "t" * 136}, json=_body(next(ids)))
            answer = PromoteProductDetail.model_validate_json(response.content)
            if answer.errcode:
                raise RuntimeError(answer.errmsg)
            return answer

        yield call


OURS, BY_HAND, BARE, HTTPX = "ours", "aiohttp + pydantic by hand", "bare aiohttp + orjson", "httpx + pydantic"
CALLS: Mapping[str, Callable[[Server], AbstractAsyncContextManager[Call]]] = {
    OURS: _ours,
    BY_HAND: _by_hand,
    BARE: _bare,
    HTTPX: _httpx,
}


# ── many ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def map_over(client: UnionClient, count: int, at_once: int = IN_BULK) -> None:
    """Look ``count`` products up with ``client.map``."""
    requests = (
        GetPromoteProductDetailRequest(shop_appid="wx0123456789abcdef", product_id=number, plan_type=PlanType.TARGETED)
        for number in itertools.islice(serial(), count)
    )
    found = 0
    async with client.map(requests, max_at_once=at_once) as outcomes:
        async for outcome in outcomes:
            found += outcome.unwrap().product.product_id > 0
    assert found == count


@asynccontextmanager
async def _map(server: Server) -> AsyncGenerator[Bulk, None]:
    async with client_of(server) as client:

        async def look_up(count: int) -> None:
            await map_over(client, count)

        yield look_up


@asynccontextmanager
async def _pool(server: Server) -> AsyncGenerator[Bulk, None]:
    """Workers that share an iterator; each uses its answer at once, so that nothing is handed over."""
    url = server.base_url + PATH
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MOST)) as session:

        async def look_up(count: int) -> None:
            numbers = itertools.islice(serial(), count)
            found = 0

            async def work() -> None:
                nonlocal found
                for number in numbers:
                    async with session.post(url, params={"access_token": "t" * 136}, json=_body(number)) as response:
                        answer = PromoteProductDetail.model_validate_json(await response.read())
                    if answer.errcode:
                        raise RuntimeError(answer.errmsg)
                    found += answer.product.product_id > 0

            await asyncio.gather(*(work() for _ in range(IN_BULK)))
            assert found == count

        yield look_up


MAP, POOL = "client.map", "a worker pool by hand"
BULK: Mapping[str, Callable[[Server], AbstractAsyncContextManager[Bulk]]] = {MAP: _map, POOL: _pool}
