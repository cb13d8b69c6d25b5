"""The README's recipe for work over many machines: a real broker, real worker processes, one of which is killed."""

import asyncio
import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from wxunion_async import GetPromoteProductDetailRequest, PermissionDeniedError, PlanInfoRequest
from wxunion_async.testing import FakeUnionServer

RECIPE = Path(__file__).parents[1] / "recipes" / "taskiq_worker.py"
STABLE = "/cgi-bin/stable_token"
REQUESTS = int(os.environ.get("WXUNION_TEST_TASKS", "60"))
CALL_TIMEOUT = 1.4  # the broker takes up what a dead worker had taken after twice as long
AT_ONCE = 20  # at 50 a second, which is the default limit, none waits too long for his permit


class Workers:
    """The recipe, as the side that asks has it, and its two workers."""

    def __init__(self, ask: Callable[[Any], Awaitable[Any]], manager: "subprocess.Popen[bytes]") -> None:
        self.ask = ask
        self._manager = manager

    def pids(self) -> list[int]:
        """Return the process ids of the workers."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], stdout=subprocess.PIPE, text=True, check=True)
        lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        ours = [line for line in lines if int(line[1]) == self._manager.pid]
        return [int(line[0]) for line in ours if "resource_tracker" not in line[-1]]


@pytest.fixture
def manager(own_redis: Any, union_server: Any, monkeypatch: pytest.MonkeyPatch) -> "Iterator[subprocess.Popen[bytes]]":
    """Start 2 workers for the agency's account."""
    account = union_server.about["agency"]
    monkeypatch.setenv("WXUNION_APP_ID", account["app_id"])
    monkeypatch.setenv("WXUNION_APP_SECRET", account["app_secret"])
    monkeypatch.setenv("WXUNION_BASE_URL", union_server.about["base_url"])
    monkeypatch.setenv("WXUNION_REDIS_URL", own_redis.url)
    monkeypatch.setenv("WXUNION_CALL_TIMEOUT", str(CALL_TIMEOUT))
    command = [sys.executable, "-m", "taskiq", "worker", "taskiq_worker:broker", "--workers", "2"]
    manager = subprocess.Popen(
        [*command, "--log-level", "WARNING"], cwd=RECIPE.parent, stderr=subprocess.PIPE, start_new_session=True
    )
    yield manager
    manager.terminate()
    try:
        _, log = manager.communicate(timeout=15)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(manager.pid, signal.SIGKILL)
        manager.wait()
    assert not log, log.decode()


@pytest_asyncio.fixture
async def workers(manager: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workers]:
    """Load the recipe for the side that asks."""
    spec = importlib.util.spec_from_file_location("taskiq_worker", RECIPE)
    assert spec is not None
    assert spec.loader is not None
    recipe: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "taskiq_worker", recipe)
    spec.loader.exec_module(recipe)
    await recipe.broker.startup()
    yield Workers(recipe.ask, manager)
    await recipe.broker.shutdown()


async def test_killed_worker_loses_no_request_and_an_error_comes_back(workers: Workers, union_server: Any) -> None:
    """Each of them is answered; what the dead worker had taken is taken up by another, as long as traffic goes on."""
    with pytest.raises(PermissionDeniedError) as caught:  # the account is an agency's, the request in camel case
        await workers.ask(PlanInfoRequest(plan_invitation_url="https://x"))
    assert caught.value.errcode == 48001
    catalogue = FakeUnionServer()
    slowest = 0.0
    few = asyncio.Semaphore(AT_ONCE)

    async def ask(number: int) -> int:
        nonlocal slowest
        fields = catalogue.product_request(number)
        async with few:
            begin = time.monotonic()
            answer = await workers.ask(GetPromoteProductDetailRequest(**fields))
        slowest = max(slowest, time.monotonic() - begin)
        assert answer.product.product_id == fields["product_id"]
        return number

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(number)) for number in range(REQUESTS)]
        while sum(task.done() for task in asked) < REQUESTS // 3:  # noqa: ASYNC110 - the answers are in Redis
            await asyncio.sleep(0.05)
        victim = workers.pids()[0]
        union_server.ask(f"slow {GetPromoteProductDetailRequest.path} 0.6 {AT_ONCE}")
        await asyncio.sleep(0.3)
        os.kill(victim, signal.SIGKILL)
        # Traffic that does not wait for its answers: the broker may still give a request to the dead one.
        while not all(task.done() for task in asked):
            asked.append(group.create_task(ask(0)))
            await asyncio.sleep(0.25)
    assert [task.result() for task in asked[:REQUESTS]] == [*range(REQUESTS)]
    assert slowest >= 2 * CALL_TIMEOUT, "it had taken something"
    assert union_server.ask(f"count {STABLE}")["count"] == 1
    assert victim not in workers.pids()
