"""
The limit on the wire: a fake server in a process of its own counts what really arrives, and when.

The upper bound holds in every run. The share that is used may be spoilt by a busy machine, which takes the processor
away for longer than a burst lasts: so it is looked for in a few stretches of steady state, one of which has to have it.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from wxunion_async import RateLimit, RetryPolicy, UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer

pytestmark = pytest.mark.untraced

PATH, WARM_UP = "/cgi-bin/openapi/quota/get", "/channels/ec/promoter/get_promote_product_detail"
STABLE = "/cgi-bin/stable_token"
STRETCHES = 30

# The server of the command line, with two more questions: "slow PATH SECONDS TIMES" and "reset".
SERVER = """
import asyncio
from wxunion_async.testing import FakeUnionServer, Fault, __main__ as control

known = control.answer_question

def answer_question(server, line):
    match line.split():
        case ["slow", path, seconds, times]:
            server.fail(path, Fault(delay=float(seconds)), times=int(times))
        case ["reset"]:
            server.reset_record()
        case _:
            return known(server, line)
    return {}

control.answer_question = answer_question
asyncio.run(control.serve(FakeUnionServer(), until_eof=True))
"""


class Remote:
    """A fake server in another process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.about = self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def _ask(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        answer = self._read()
        assert "error" not in answer
        return answer

    async def ask(self, question: str) -> dict[str, Any]:
        """Ask without keeping the client's loop busy."""
        return await asyncio.to_thread(self._ask, question)


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    """Run one server for all tests of this file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Remote(process)
        process.communicate(timeout=10)


class Load:
    """Workers that make one call after the other, as fast as the client lets them."""

    def __init__(self, client: UnionClient, remote: Remote, rate: int) -> None:
        self._client = client
        self._remote = remote
        self._rate = rate
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = False

    async def _work(self) -> None:
        while not self._stopped:
            await self._client.quota.get(PATH)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(min(200, self._rate // 2))]

    async def stop(self) -> None:
        """End the workers; raises what one of them has met."""
        self._stopped = True
        outcomes = await asyncio.gather(*self._tasks, return_exceptions=True)
        for error in filter(None, outcomes):
            raise error

    async def sent(self) -> int:
        return int((await self._remote.ask(f"count {PATH}"))["count"])

    async def share(self, seconds: float) -> float:
        """Return the share of the limit that was used, at best, in stretches of so many seconds."""
        best = 0.0
        for _ in range(STRETCHES):
            before, begin = await self.sent(), time.monotonic()
            await asyncio.sleep(seconds)
            after, end = await self.sent(), time.monotonic()
            best = max(best, (after - before) / (self._rate * (end - begin)))
            if best >= 0.95:
                break
        return best

    async def assert_limit_kept(self) -> None:
        """Look at everything that has arrived in this test."""
        peak = (await self._remote.ask(f"peak {PATH} 0.95"))["peak"]
        assert peak <= self._rate


@contextmanager
def undisturbed() -> Generator[None, None, None]:
    """Leave out what is none of the client's: to search the heap of the other tests takes longer than a burst lasts."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@asynccontextmanager
async def loaded(remote: Remote, rate: int, connections: int = 100) -> AsyncGenerator[Load, None]:
    """Open all connections, then begin with the load."""
    await remote.ask("reset")
    config = UnionConfig(
        base_urls=(remote.about["base_url"],),
        max_connections=connections,
        rate_limits={PATH: RateLimit(rate, 1.0), WARM_UP: RateLimit(100_000, 1.0)},
        retry=RetryPolicy(max_attempts=1),
    )
    with undisturbed():
        async with UnionClient(**remote.about["agency"], config=config) as client:
            product = FakeUnionServer().product_request(0)
            await remote.ask(f"slow {WARM_UP} 0.3 {connections}")
            await asyncio.gather(*(client.promoter.get_promote_product_detail(**product) for _ in range(connections)))
            load = Load(client, remote, rate)
            load.start()
            try:
                yield load
            finally:
                await load.stop()
                await load.assert_limit_kept()


async def test_limit_is_kept_and_used(remote: Remote) -> None:
    """Never more than the limit in 0.95 s as the server sees it, and at least 95 % of what was paid for."""
    async with loaded(remote, 50) as load:
        await asyncio.sleep(0.5)
        assert await load.share(1.5) >= 0.95


@pytest.mark.alone
async def test_permits_do_not_pile_up_while_a_token_is_fetched(remote: Remote) -> None:
    """All workers wait 1 s for the new token; whoever took his permit before would send with all others at once."""
    async with loaded(remote, 500) as load:
        await remote.ask(f"slow {STABLE} 1 1")
        await remote.ask("rotate agency")
        await asyncio.sleep(0.5)
        before = await load.sent()
        await asyncio.sleep(0.3)
        assert await load.sent() == before, "nothing is sent without a token"
        await asyncio.sleep(0.4)
        assert await load.share(1.0) >= 0.95


@pytest.mark.alone
async def test_permits_do_not_pile_up_while_the_pool_stalls(remote: Remote) -> None:
    """Every connection waits a second for its answer; whoever took his permit before he had one would come on top."""
    async with loaded(remote, 2000, connections=40) as load:
        await remote.ask(f"slow {PATH} 1 40")
        await asyncio.sleep(0.5)
        before = await load.sent()
        await asyncio.sleep(0.3)
        assert await load.sent() == before, "there is no connection to send on"
        await asyncio.sleep(0.7)
        assert await load.share(1.0) >= 0.95
