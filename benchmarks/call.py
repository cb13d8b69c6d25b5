"""A whole call over a real socket, against the same call written by hand."""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import attrs
import orjson

from benchmarks.rivals import PromoteProductDetail
from wxunion_async import PlanType, RateLimit, UnionClient, UnionConfig

PATH = "/channels/ec/promoter/get_promote_product_detail"
UNLIMITED = RateLimit(10_000_000, 60.0, burst=1_000_000)
ROUNDS = 15
CALLS = 300
AT_ONCE = 10


@attrs.frozen
class Server:
    """The fake server in a process of its own, so that its work is not counted."""

    base_url: str
    app_id: str
    app_secret: str
    process: asyncio.subprocess.Process

    @classmethod
    async def start(cls) -> "Server":
        """Run it until its standard input ends."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wxunion_async.testing", "--until-eof", stdin=-1, stdout=-1
        )
        assert process.stdout is not None
        told = json.loads(await process.stdout.readline())
        return cls(told["base_url"], told["agency"]["app_id"], told["agency"]["app_secret"], process)

    async def stop(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    """Return the microseconds a call takes, with ``AT_ONCE`` of them under way."""

    async def some() -> None:
        for _ in range(CALLS // AT_ONCE):
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return (time.perf_counter() - started) / CALLS * 1e6


async def _token(session: aiohttp.ClientSession, server: Server) -> str:
    body = {"grant_type": "client_credential", "appid": server.app_id, "secret": server.app_secret}
    async with session.post(f"{server.base_url}/cgi-bin/stable_token", json=body) as response:
        return str((await response.json(content_type=None))["access_token"])


async def measure() -> list[tuple[str, float, float, float]]:
    """Return (name, our µs, the rival's µs, ratio) for each rival; medians of interleaved rounds."""
    server = await Server.start()
    config = UnionConfig(base_urls=(server.base_url,), default_rate_limit=UNLIMITED)
    async with (
        UnionClient(server.app_id, server.app_secret, config=config) as client,
        aiohttp.ClientSession() as session,
    ):
        token = await _token(session, server)
        url = server.base_url + PATH
        body: dict[str, Any] = {"shop_appid": "test", "product_id": 12345, "plan_type": 1}

        async def ours() -> object:
            return await client.promoter.get_promote_product_detail(
                shop_appid="test", product_id=12345, plan_type=PlanType.TARGETED
            )

        async def by_hand() -> object:
            async with session.post(url, params={"access_token": token}, json=body) as response:
                answer = PromoteProductDetail.model_validate_json(await response.read())
            if answer.errcode:
                raise RuntimeError
            return answer

        async def bare() -> object:
            async with session.post(url, params={"access_token": token}, json=body) as response:
                return orjson.loads(await response.read())

        contestants = {"ours": ours, "aiohttp + pydantic by hand": by_hand, "bare aiohttp + orjson": bare}
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for round_number in range(ROUNDS + 2):
            for name, call in contestants.items():
                took = await _timed(call)
                if round_number >= 2:  # two rounds to warm up
                    times[name].append(took)
    await server.stop()
    return [
        (
            f"call / {name}",
            statistics.median(times["ours"]),
            statistics.median(times[name]),
            statistics.median(a / b for a, b in zip(times["ours"], times[name], strict=True)),
        )
        for name in contestants
        if name != "ours"
    ]


def rows() -> list[tuple[str, float, float, float]]:
    """Return the table's rows."""
    return asyncio.run(measure())
