"""The recipes for workers: real processes, real brokers, signals; and metrics as Prometheus reads them."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from wxunion_async import GetPromoteProductDetailRequest, PlanInfoRequest
from wxunion_async.testing import FakeUnionServer, Fault

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DETAIL = GetPromoteProductDetailRequest.path
OLDER = ROOT / ".venv-arq" / "bin" / "python"
"""An environment with arq, which wants a redis below 6: ``python3 -m venv .venv-arq``, then pip install -e . arq."""


def lookups(union: FakeUnionServer, count: int) -> list[tuple[str, int]]:
    """Return the ids of products."""
    products = [union.product_request(index) for index in range(count)]
    return [(product["shop_appid"], product["product_id"]) for product in products]


@contextlib.contextmanager
def running(*command: str, **more: Any) -> Generator["subprocess.Popen[str]"]:
    """Run a program within the block, then ask it to end."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **more
    )
    try:
        yield process
        process.terminate()
        process.communicate(timeout=20)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_worker_lets_what_is_under_way_end(
    union: FakeUnionServer, start: Callable[..., Any], signum: signal.Signals
) -> None:
    """Each line that was read has its outcome; nothing after the signal is read."""
    ids = lookups(union, 8)
    union.fail(DETAIL, Fault(delay=0.3), times=None)
    worker = start("worker")
    for shop, product in ids:
        print(shop, product, file=worker.stdin, flush=True)
    deadline = time.monotonic() + 10
    while union.count(DETAIL) < len(ids) and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.signal(signum)
    code, out, err = worker.end()
    assert (code, err) == (0, "")
    outcomes = [json.loads(line) for line in out.splitlines()]
    assert sorted(outcome["request"]["product_id"] for outcome in outcomes) == sorted(product for _, product in ids)
    assert all(outcome["value"]["product"]["product_info"]["title"] for outcome in outcomes)


def test_worker_ends_with_its_input(
    union: FakeUnionServer, run: Callable[..., tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a filter in a pipe; an item that fails is an outcome."""
    (shop, product), other = lookups(union, 2)
    union.fail(DETAIL, Fault(errcode=10071053), when=lambda request: request.product_id == product)
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stdin:
        print(shop, product, file=stdin)
        print(*other, file=stdin)
    monkeypatch.setattr(sys, "stdin", os.fdopen(reader))
    out, err = run("worker")
    assert err == ""
    errors = {line["request"]["product_id"]: line.get("error") for line in map(json.loads, out.splitlines())}
    assert errors[product]["type"] == "ProductNotListedError"
    assert errors[other[1]] is None


def test_celery(union: FakeUnionServer, tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real worker with two processes: one client each, and answers that come back as JSON."""
    shutil.copy(HERE / "celery_tasks.py", tmp_path)
    monkeypatch.setenv("CELERY_BROKER_URL", redis_url)
    monkeypatch.setenv("CELERY_RESULT_BACKEND", redis_url)
    shop, product = lookups(union, 1)[0]
    ask = (
        "from celery_tasks import look_up\n"
        f"results = [look_up.delay({shop!r}, {product}) for _ in range(3)]\n"
        "print([result.get(timeout=20)['product']['product_id'] for result in results])\n"
    )
    worker = ("-m", "celery", "-A", "celery_tasks", "worker", "--concurrency", "2", "--loglevel", "WARNING")
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with running(sys.executable, *worker, *alone, cwd=tmp_path):
        done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == f"{[product] * 3}\n", done.stderr
    assert union.count(DETAIL) == 3


def test_sync_code_shares_one_client(union: FakeUnionServer, recipe: Callable[[str], Any], monkeypatch: Any) -> None:
    """Threads of one process have one token and one limit; a loop of one's own is told what to do instead."""
    monkeypatch.setenv("CELERY_BROKER_URL", "memory://")
    monkeypatch.setenv("CELERY_RESULT_BACKEND", "cache+memory://")
    module = recipe("celery_tasks")
    shared = module.Union()
    request = GetPromoteProductDetailRequest(**union.product_request(0))
    threads = [threading.Thread(target=lambda: shared.run(shared.agency.call(request))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert union.count(DETAIL) == 8
    assert union.count("/cgi-bin/stable_token") == 1
    with pytest.raises(
        RuntimeError, match="another event loop: make one client per event loop, or run all calls in one"
    ):
        asyncio.run(shared.agency.call(request))
    shared.run(shared.agency.aclose())


@pytest.mark.skipif(not OLDER.exists(), reason=f"arq wants an older redis: make {OLDER.parents[1].name} for it")
def test_arq(union: FakeUnionServer, redis_url: str) -> None:
    """A real worker, with the redis that arq pins; answers and errors come back as they are."""
    shop, product = lookups(union, 1)[0]
    program = (
        "import asyncio, arq_worker\n"
        "from arq import create_pool\n"
        "from wxunion_async import *\n"
        "async def main():\n"
        "    pool = await create_pool(arq_worker.REDIS)\n"
        f"    request = GetPromoteProductDetailRequest(shop_appid={shop!r}, product_id={product}, plan_type=1)\n"
        "    print((await arq_worker.ask(pool, request)).product.product_id)\n"
        "    try:\n"
        "        await arq_worker.ask(pool, PlanInfoRequest(plan_invitation_url='https://x'))\n"
        "    except PermissionDeniedError as error:\n"
        "        print(error.errcode)\n"
        "    await pool.aclose()\n"
        "asyncio.run(main())\n"
    )
    with running(str(OLDER), "-m", "arq", "arq_worker.WorkerSettings", cwd=HERE):
        done = subprocess.run([OLDER, "-c", program], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.stdout == f"{product}\n48001\n", done.stderr
    assert union.count(PlanInfoRequest) == 1


def test_prometheus_reads_the_metrics(
    union: FakeUnionServer, start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    """Over HTTP, beside the program's own work."""
    monkeypatch.setenv("METRICS_PORT", str(free_port))
    program = start("prometheus_metrics")
    assert "calls left today" in program.stdout.readline()
    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    assert 'wxunion_client_call_duration_seconds_count{http_request_method="POST"' in text
    assert "wxunion_client_token_refreshes_total{" in text
    assert union.agency.app_secret not in text
    program.signal(signal.SIGKILL)
    program.end()
