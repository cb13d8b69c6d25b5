"""
One worker process: a client that shares token and limit through Redis, asked in lines on stdin.

Each answer is a JSON line. ``calls N``: make so many at once. ``go``: keep ``at_once`` callers busy from now on.
``count``: how many calls have succeeded, and what has failed. ``halt``: let them finish. ``draw SECONDS``: take permits
for so long without making calls, and tell when each came, on the machine's clock, and for how many seconds this process
stood still at most meanwhile. ``logs``: what was logged about Redis.

With ``"periods"`` the constants of those names are so many seconds: a test need not wait for a second what 0.3 s show.
"""

import asyncio
import contextlib
import gc
import json
import logging
import sys
import threading
import time
from typing import Any

import redis.asyncio

from wxunion_async import RateLimit, UnionClient, UnionConfig, UnionError
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore, _link, _token_store

PATH, WARM_UP = "/cgi-bin/openapi/quota/get", "/channels/ec/promoter/get_promote_product_detail"


class Logs(logging.Handler):
    """Keeps (level, words) of each record."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelname, record.getMessage()))


class Worker:
    """The client of this process, and its callers."""

    def __init__(
        self, client: UnionClient, limiter: RedisRateLimiter, limit: RateLimit, at_once: int, logs: Logs
    ) -> None:
        self._client = client
        self._limiter, self._limit = limiter, limit
        self._at_once = at_once
        self._logs = logs
        self._busy: list[asyncio.Task[None]] = []
        self._halted = False
        self._done = 0
        self._failed: list[str] = []

    async def _call(self) -> None:
        try:
            await self._client.quota.get(PATH)
        except UnionError as error:
            self._failed.append(f"{type(error).__name__}: {error}")
        else:
            self._done += 1

    async def _keep_calling(self) -> None:
        while not self._halted:
            await self._call()

    async def _draw(self, seconds: float) -> dict[str, Any]:
        times: list[float] = []
        stalls = [0.0]

        async def watch() -> None:
            while True:
                begin = time.monotonic()
                await asyncio.sleep(0.005)
                stalls.append(time.monotonic() - begin)

        watching = asyncio.create_task(watch())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._limiter.acquire("drawn", PATH, self._limit)
                    times.append(time.monotonic())
                    await asyncio.sleep(0)
        watching.cancel()
        return {"times": times, "stall": max(stalls)}

    def _state(self) -> dict[str, Any]:
        return {"done": self._done, "failed": self._failed[:5]}

    async def answer(self, line: str) -> dict[str, Any]:
        """Do what the line says."""
        match line.split():
            case ["calls", count]:
                await asyncio.gather(*(self._call() for _ in range(int(count))))
            case ["go"]:
                self._halted = False
                self._busy = [asyncio.create_task(self._keep_calling()) for _ in range(self._at_once)]
            case ["halt"]:
                self._halted = True
                await asyncio.gather(*self._busy)
            case ["draw", seconds]:
                return await self._draw(float(seconds))
            case ["logs"]:
                return {"logs": self._logs.lines}
            case _:
                pass
        return self._state()


async def serve(settings: dict[str, Any]) -> None:
    """Answer until stdin ends."""
    for name, seconds in settings.get("periods", {}).items():
        for module in (_link, _token_store):
            if hasattr(module, name):
                setattr(module, name, seconds)
    logs = Logs()
    logging.getLogger("wxunion_async.redis").addHandler(logs)
    logging.getLogger("wxunion_async.redis").setLevel(logging.INFO)
    rate, at_once = settings.get("rate", 100_000), settings.get("at_once", 16)
    shared = redis.asyncio.from_url(settings["redis_url"])
    limiter = RedisRateLimiter(shared, local_share=settings.get("local_share", 0.25))
    limit = RateLimit(rate, 1.0)
    config = UnionConfig(
        base_urls=(settings["base_url"],),
        call_timeout=settings.get("call_timeout", 30.0),
        rate_limits={PATH: limit, WARM_UP: RateLimit(100_000, 1.0)},
    )
    client = UnionClient(
        settings["app_id"],
        settings["app_secret"],
        config=config,
        token_store=RedisTokenStore(shared),
        rate_limiter=limiter,
    )
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    async with client:
        gc.collect()
        gc.freeze()
        worker = Worker(client, limiter, limit, at_once, logs)
        threading.Thread(target=listen, daemon=True).start()
        while line := await lines.get():
            print(json.dumps(await worker.answer(line)), flush=True)
    await limiter.aclose()
    await shared.aclose()


def main(settings: dict[str, Any]) -> None:
    """Be a worker."""
    asyncio.run(serve(settings))
