"""
Mixed load for as long as one likes, against a service that fails at random: is all of it explained, and memory flat?

Run ``python -m benchmarks soak --minutes N``. The service is a process of its own (``benchmarks.soak_service``): two
hosts before one fake server, of which one is down, deaf or well at a time; 3 % of the requests fail in eight ways, and
the tokens are rotated. The load: single calls of both accounts, some of them cancelled, writes, pages, and a bulk run.
Where a redis-server is in PATH, the agency's client has token and limit in it; it is killed and started empty, too.
"""

import argparse
import asyncio
import contextlib
import gc
import itertools
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from wxunion_async import (
    AlreadyAppliedError,
    DeadlineExceededError,
    DecodeError,
    GetPromoteProductDetailRequest,
    HttpStatusError,
    PlanType,
    RateLimit,
    RateLimitedError,
    RetryPolicy,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionClient,
    UnionConfig,
    UnionError,
)
from wxunion_async.redis import share_through

__all__ = ["Look", "draw", "main", "soak"]

EXPLAINED = (
    AlreadyAppliedError,  # the plan is applied for again and again
    DeadlineExceededError,
    DecodeError,
    HttpStatusError,
    RateLimitedError,
    SystemBusyError,
    TokenError,
    TransportError,
)
"""What the service's faults may come to when attempts, budget and time are used up."""
GROWTH = 0.05
"""Share by which memory may be larger in the last third than in the second."""
LIMIT = RateLimit(100, 1.0)


@attrs.frozen
class Look:
    """How things stand at one moment."""

    seconds: float
    calls: int
    errors: int
    mib: float
    """Resident memory."""
    blocks: int
    """Blocks that Python has allocated: what grows is a leak of ours, and no habit of the allocator's."""
    connections: int
    tasks: int


class Load:
    """Everything that is done to the two clients, and what came of it."""

    def __init__(self, promoter: UnionClient, agency: UnionClient, about: dict[str, Any], seed: int) -> None:
        self.promoter = promoter
        self.agency = agency
        self._about = about
        self._random = random.Random(seed)
        self.calls = 0
        self.errors: Counter[str] = Counter()
        self.unexplained: list[str] = []
        self.stopped = False

    def tasks(self) -> list[asyncio.Task[None]]:
        """Begin."""
        work = [self._single] * 12 + [self._impatient] * 4 + [self._write] * 2 + [self._pages] * 2
        return [asyncio.create_task(self._work(one)) for one in work] + [asyncio.create_task(self._bulk())]

    async def _work(self, one: Callable[[], Awaitable[object]]) -> None:
        while not self.stopped:
            await self._settle(one())
            await asyncio.sleep(self._random.random() * 0.02)

    async def _settle(self, call: Awaitable[object]) -> None:
        self.calls += 1
        try:
            await call
        except Exception as error:  # noqa: BLE001 - all of it is counted, and what is not explained is told
            self._note(error)

    def _note(self, error: Exception) -> None:
        self.errors[type(error).__name__] += 1
        if not isinstance(error, (*EXPLAINED, TimeoutError)) and len(self.unexplained) < 20:
            self.unexplained.append(repr(error))

    def _request(self) -> GetPromoteProductDetailRequest:
        return GetPromoteProductDetailRequest(**self._random.choice(self._about["products"]))

    async def _single(self) -> None:
        if self._random.random() < 0.5:
            await self.promoter.target.plan_info(self._about["invitation_url"])
        else:
            await self._look_up(self._request())

    async def _look_up(self, request: GetPromoteProductDetailRequest) -> None:
        answer = await self.agency.call(request)
        if answer.product.product_id != request.product_id:
            raise AssertionError(f"asked for {request.product_id}, got {answer.product.product_id}")

    async def _impatient(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._random.random() * 0.05):
                await self._single()

    async def _write(self) -> None:
        await self.promoter.target.apply_target(plan_id=self._about["plan_id"], apply_reason="soak")

    async def _pages(self) -> None:
        async for _ in _first(self.agency.promoter.iter_promote_product_list(PlanType.TARGETED, page_size=20), 60):
            pass

    async def _bulk(self) -> None:
        while not self.stopped:
            requests = itertools.takewhile(lambda _: not self.stopped, self._requests())
            async with self.agency.map(requests, max_at_once=8) as outcomes:
                try:
                    async for outcome in outcomes:
                        self.calls += 1
                        if outcome.error is not None:
                            self._note(outcome.error)
                        elif outcome.unwrap().product.product_id != outcome.request.product_id:
                            self.unexplained.append(f"outcome {outcome.index} has another's answer")
                except UnionError as error:  # a token that is refused twice stops a run
                    self._note(error)

    def _requests(self) -> Iterator[GetPromoteProductDetailRequest]:
        while True:
            yield self._request()


async def _first(items: AsyncGenerator[Any, None], most: int) -> AsyncGenerator[Any, None]:
    """Yield at most so many, and close what they come from."""
    async with contextlib.aclosing(items):
        async for item in items:
            yield item
            most -= 1
            if not most:
                return


def _mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _look(load: Load, since: float) -> Look:
    gc.collect()
    stats = load.promoter.stats(), load.agency.stats()
    return Look(
        seconds=time.monotonic() - since,
        calls=load.calls,
        errors=load.errors.total(),
        mib=_mib(),
        blocks=sys.getallocatedblocks(),
        connections=sum(one.open_connections for one in stats),
        tasks=len(asyncio.all_tasks()),
    )


@contextlib.asynccontextmanager
async def _shared(over: asyncio.Event, seed: int) -> AsyncGenerator[dict[str, Any], None]:
    """Return a store and a limiter over a Redis that is killed now and then; nothing where there is none."""
    server = shutil.which("redis-server")
    if server is None:
        yield {}
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])

    async def run() -> None:
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            command = [server, "--port", str(port), "--save", "", "--dir", folder, "--loglevel", "warning"]
            while not over.is_set():
                process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
                try:
                    await _wait(over, chance.uniform(10, 30))
                finally:
                    process.kill()
                    await process.wait()
                await _wait(over, chance.uniform(0.5, 4))

    running = asyncio.create_task(run())
    await asyncio.sleep(0.5)
    store, limiter, close = share_through(f"redis://127.0.0.1:{port}/0", local_share=1.0)
    try:
        yield {"token_store": store, "rate_limiter": limiter}
    finally:
        await close()
        await running


async def _wait(over: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()


async def soak(about: dict[str, Any], minutes: float, seed: int) -> tuple[list[Look], Load, list[str]]:
    """Keep up the load, print how things stand, and return the looks, the load, and what is left when it is over."""
    config = UnionConfig(
        base_urls=tuple(about["hosts"]),
        call_timeout=10,
        attempt_timeout=1,
        max_connections=20,
        default_rate_limit=LIMIT,
        retry=RetryPolicy(base_delay=0.05, max_delay=0.5),
    )
    looks: list[Look] = []
    over = asyncio.Event()
    async with (
        _shared(over, seed) as shared,
        UnionClient(**about["promoter"], config=config) as promoter,
        UnionClient(**about["agency"], config=config, **shared) as agency,
    ):
        load = Load(promoter, agency, about, seed)
        tasks = load.tasks()
        since, every = time.monotonic(), max(1.0, minutes * 60 / 60)
        print(f"{'s':>6} {'calls':>9} {'errors':>7} {'MiB':>7} {'blocks':>9} {'connections':>11} {'tasks':>6}")
        while time.monotonic() - since < minutes * 60:
            await asyncio.sleep(every)
            looks.append(look := _look(load, since))
            print(
                f"{look.seconds:>6.0f} {look.calls:>9,} {look.errors:>7,} {look.mib:>7.1f} {look.blocks:>9,}"
                f" {look.connections:>11} {look.tasks:>6}",
                flush=True,
            )
        load.stopped = True
        over.set()
        await asyncio.gather(*tasks)
        left = [f"{one.stats().under_way} calls under way" for one in (promoter, agency) if one.stats().under_way]
    left += [f"the task {task.get_name()}" for task in asyncio.all_tasks() - {asyncio.current_task()}]
    left += [
        f"{one.stats().open_connections} connections" for one in (promoter, agency) if one.stats().open_connections
    ]
    return looks, load, left


def growth(looks: Sequence[Look]) -> float:
    """Return the share by which the last third has more blocks than the second; the first is for warming up."""
    third = len(looks) // 3
    before, after = (statistics.median(look.blocks for look in part) for part in (looks[third:-third], looks[-third:]))
    return after / before - 1


def draw(looks: Sequence[Look]) -> str:
    """Return memory, connections and tasks over time as SVG, each in a strip of its own."""
    width, height, last = 720, 120, looks[-1].seconds
    parts: list[str] = []
    for row, name in enumerate(("mib", "connections", "tasks")):
        values: list[float] = [getattr(look, name) for look in looks]
        top, bottom = max(values) or 1, height * (row + 1) - 10
        points = " ".join(
            f"{look.seconds / last * width:.0f},{bottom - value / top * (height - 30):.0f}"
            for look, value in zip(looks, values, strict=True)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="black"/>')
        parts.append(f'<text x="4" y="{height * row + 14}" font-size="12">{name}, at most {top:,.0f}</text>')
    size = f'width="{width}" height="{3 * height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>\n'


def main(argv: Sequence[str] | None = None) -> int:
    """Soak; return 0 if every error is explained, nothing is left over, and memory is flat."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw memory, connections and tasks over time")
    options = parser.parse_args(argv)
    command = [sys.executable, "-m", "benchmarks.soak_service", str(options.seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        about = json.loads(service.stdout.readline())
        looks, load, left = asyncio.run(soak(about, options.minutes, options.seed))
        told, _ = service.communicate()
    peak = json.loads(told)["peak"]
    if peak["lookups"] > LIMIT.max_rate:
        load.unexplained.append(f"{peak['lookups']} lookups in {peak['seconds']} s")
    print(f"{load.calls:,} calls; errors: {dict(load.errors.most_common())}")
    print(f"the service: {told.strip()}")
    grown = growth(looks) if len(looks) >= 6 else 0.0
    print(f"blocks in the last third: {grown:+.1%} of the second; left over: {left or 'nothing'}")
    for text in load.unexplained:
        print(f"unexplained: {text}")
    if options.plot:
        options.plot.write_text(draw(looks), encoding="utf-8")
    return int(bool(load.unexplained or left or grown > GROWTH))


if __name__ == "__main__":
    sys.exit(main())
