"""
Many lookups through ``client.map``: how fast, beside a loop written by hand, and in how much memory.

Run ``python -m benchmarks.bulk``. The fake server is a process of its own; so is each measurement of memory.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp

from benchmarks.call import PATH, UNLIMITED, Server
from wxunion_async import GetPromoteProductDetailRequest, PlanType, UnionClient, UnionConfig, encode

__all__ = ["main", "peak", "peaks", "rows"]

ROUNDS = 7
LOOKUPS = 3_000
AT_ONCE = 32
FEW, MANY = 1_000, 100_000


def _requests(count: int) -> Iterator[GetPromoteProductDetailRequest]:
    for _ in range(count):
        yield GetPromoteProductDetailRequest(shop_appid="test", product_id=12345, plan_type=PlanType.TARGETED)


async def _map(client: UnionClient, count: int) -> int:
    found = 0
    async with client.map(_requests(count), max_at_once=AT_ONCE) as outcomes:
        async for outcome in outcomes:
            found += outcome.unwrap().product.product_id == 12345
    return found


async def _by_hand(session: aiohttp.ClientSession, url: str, token: str, count: int) -> int:
    """Do what one writes without a library: no retries, no rate limit, a token for the day, a dict for an answer."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def look_up(request: GetPromoteProductDetailRequest) -> int:
        async with gate, session.post(url, params={"access_token": token}, json=encode(request)) as response:
            answer = json.loads(await response.read())
        if int(answer.get("errcode", 0)):
            raise RuntimeError(answer)
        return int(answer["product"]["product_id"])

    return sum(number == 12345 for number in await asyncio.gather(*map(look_up, _requests(count))))


async def _token_of(session: aiohttp.ClientSession, server: Server) -> str:
    body = {"grant_type": "client_credential", "appid": server.app_id, "secret": server.app_secret}
    async with session.post(f"{server.base_url}/cgi-bin/stable_token", json=body) as response:
        return str((await response.json(content_type=None))["access_token"])


async def _timed(loop: Callable[[], Awaitable[int]]) -> float:
    """Return the microseconds a lookup takes."""
    started = time.perf_counter()
    assert await loop() == LOOKUPS
    return (time.perf_counter() - started) / LOOKUPS * 1e6


async def _measure() -> list[tuple[float, float]]:
    server = await Server.start()
    config = UnionConfig(base_urls=(server.base_url,), default_rate_limit=UNLIMITED)
    times: list[tuple[float, float]] = []
    async with (
        UnionClient(server.app_id, server.app_secret, config=config) as client,
        aiohttp.ClientSession() as session,
    ):
        token, url = await _token_of(session, server), server.base_url + PATH
        for _ in range(ROUNDS + 1):
            ours = await _timed(lambda: _map(client, LOOKUPS))
            times.append((ours, await _timed(lambda: _by_hand(session, url, token, LOOKUPS))))
    await server.stop()
    return times[1:]  # one round to warm up


def rows() -> list[tuple[str, float, float, float]]:
    """Return (name, our µs, the rival's µs, ratio) of one lookup; medians of interleaved rounds."""
    times = asyncio.run(_measure())
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return [("bulk lookup / Semaphore + gather by hand", ours, theirs, statistics.median(a / b for a, b in times))]


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def peaks() -> dict[int, float]:
    """Return number of lookups → peak memory of a process that makes them, in MiB."""
    return asyncio.run(_peaks())


async def _peaks() -> dict[int, float]:
    server = await Server.start()
    found: dict[int, float] = {}
    for count in (FEW, MANY):
        argv = ["-m", "benchmarks.bulk", str(count), server.base_url, server.app_id, server.app_secret]
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, *argv], check=True, capture_output=True, text=True
        )
        found[count] = float(done.stdout)
    await server.stop()
    return found


async def _look_up(count: int, base_url: str, app_id: str, app_secret: str) -> None:
    config = UnionConfig(base_urls=(base_url,), default_rate_limit=UNLIMITED)
    async with UnionClient(app_id, app_secret, config=config) as client:
        assert await _map(client, count) == count


def peak() -> float:
    """Return the peak memory of this process in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands the parent's peak on in ru_maxrss
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # macOS counts bytes


def main() -> None:
    """Print speed and memory."""
    if sys.argv[1:]:
        asyncio.run(_look_up(int(sys.argv[1]), *sys.argv[2:]))
        print(peak())
        return
    for name, ours, theirs, ratio in rows():
        print(f"{name}: {1e6 / ours:,.0f}/s against {1e6 / theirs:,.0f}/s, time ratio {ratio:.2f}")
    memory = peaks()
    for count, mebibytes in memory.items():
        print(f"peak memory of {count:,} lookups: {mebibytes:.1f} MiB")
    print(f"difference: {memory[MANY] - memory[FEW]:.1f} MiB")


if __name__ == "__main__":
    main()
