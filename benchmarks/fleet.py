"""
A fleet of processes under one limit and one token, each as far from Redis as it likes, through a bad day.

Each process is a whole client behind a proxy of its own that delays what goes to Redis and back. They join, are killed
and frozen, Redis is restarted, and half of them get a lower limit; what the service saw is printed for each phase.
Needs a ``redis-server`` on PATH: ``python -m benchmarks.fleet [--processes 8] [--rate 100] [--seconds 6]``.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import redis.asyncio

from wxunion_async import DeadlineExceededError, RateLimit, UnionClient, UnionConfig, UnionError
from wxunion_async.redis import RedisRateLimiter, RedisTokenStore
from wxunion_async.testing import FakeUnionServer

PATH, STABLE = "/cgi-bin/openapi/quota/get", "/cgi-bin/stable_token"
DELAYS = (0.0, 0.005, 0.02, 0.05)
"""Seconds to Redis, and as long back; the processes have them in turn."""
PATIENCE = 2.0
WINDOW = 0.95
SETTLE = 2.0
"""Seconds between a change and the phase that it begins."""

Answers = Callable[[str], Awaitable[dict[str, Any]]]

# ── the roles, each a process that answers lines with JSON ───────────────────────────────────────────────────────────


async def _answer_lines(answer: Answers) -> None:
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    threading.Thread(target=listen, daemon=True).start()
    while line := await lines.get():
        print(json.dumps(await answer(line.strip())), flush=True)


async def _serve() -> None:
    gc.disable()  # the ruler must not stand still
    async with FakeUnionServer() as server:
        account = server.agency

        async def answer(line: str) -> dict[str, Any]:
            if line == "who":
                return {"base_url": server.base_url, "app_id": account.app_id, "app_secret": account.app_secret}
            if line == "rotate":
                account.rotate()
            seen = {"calls": server.count(PATH), "tokens": server.count(STABLE), "peak": server.peak(PATH, WINDOW)}
            server.reset_record()
            return seen

        await _answer_lines(answer)


async def _delaying_proxy(port: int, delay: float) -> int:
    """Listen on a free port for Redis at ``port``, and return it."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def deliver() -> None:
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(due - loop.time())
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        delivering = asyncio.create_task(deliver())
        data = b"."
        while data:
            try:
                data = await reader.read(65536)
            except OSError:
                data = b""
            under_way.put_nowait((loop.time() + delay, data))
        with contextlib.suppress(OSError):
            await delivering

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(carry(reader, back), carry(there, writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    return int(server.sockets[0].getsockname()[1])


async def _work(settings: dict[str, Any]) -> None:
    port = await _delaying_proxy(settings["redis"], settings["delay"])
    shared = redis.asyncio.Redis(port=port)
    limiter = RedisRateLimiter(shared, local_share=settings["share"])
    config = UnionConfig(base_urls=(settings["base_url"],), rate_limits={PATH: RateLimit(settings["rate"], 1.0)})
    done = failed = given_up = 0

    async def call(client: UnionClient) -> None:
        nonlocal done, failed, given_up
        while True:
            try:
                await client.with_options(call_timeout=PATIENCE).quota.get(PATH)
                done += 1
            except DeadlineExceededError:
                given_up += 1  # demand is above the limit
            except UnionError as error:
                failed += 1
                print(f"failed: {error}", file=sys.stderr)

    async def answer(line: str) -> dict[str, Any]:
        nonlocal done, failed, given_up
        seen = {"done": done, "failed": failed, "given up": given_up}
        done = failed = given_up = 0
        return seen

    account = (settings["app_id"], settings["app_secret"])
    store = RedisTokenStore(shared)
    async with UnionClient(*account, config=config, token_store=store, rate_limiter=limiter) as client:
        await client.token()
        callers = [asyncio.create_task(call(client)) for _ in range(settings["callers"])]
        await _answer_lines(answer)
        for caller in callers:
            caller.cancel()
    await limiter.aclose()
    await shared.aclose()


# ── the fleet ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Process:
    def __init__(self, role: str, **settings: Any) -> None:
        command = [sys.executable, "-m", "benchmarks.fleet", "--role", role, json.dumps(settings)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line: str) -> dict[str, Any]:
        """Say something and wait for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.communicate()


class _Fleet:
    def __init__(self, processes: int, rate: int, seconds: float) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self._rate, self._seconds, self._full = rate, seconds, processes
        self._service = _Process("service")
        self._who = self._service.ask("who")
        self._redis: subprocess.Popen[bytes] | None = None
        self.workers: list[_Process] = []

    def start_redis(self) -> None:
        """Start it empty."""
        command = ["redis-server", "--port", str(self._port), "--save", ""]
        self._redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop_redis(self) -> None:
        """Kill it."""
        assert self._redis is not None
        self._redis.kill()
        self._redis.wait()

    def join(self, count: int, rate: int | None = None) -> None:
        """Start so many processes."""
        for _ in range(count):
            settings = {"redis": self._port, "delay": DELAYS[len(self.workers) % len(DELAYS)], "share": 1 / self._full}
            callers = max(2, round(2 * PATIENCE * self._rate / self._full))  # twice what the limit lets through
            self.workers.append(
                _Process("worker", **settings, **self._who, rate=rate or self._rate, callers=min(callers, 200))
            )
        for worker in self.workers:
            worker.ask("begin")  # it has started

    def phase(self, name: str, *, rate: int | None = None, settle: float = SETTLE, rotate: bool = False) -> None:
        """Look at the fleet for some seconds, and print what was seen."""
        rate = rate or self._rate
        time.sleep(settle)
        self._service.ask("begin")
        for worker in self.workers:
            worker.ask("begin")
        begin = time.monotonic()
        if rotate:
            self._service.ask("rotate")
        time.sleep(self._seconds)
        seconds, seen = time.monotonic() - begin, self._service.ask("phase")
        mine = [worker.ask("phase") for worker in self.workers]
        done = [own["done"] for own in mine]
        share, fair = seen["calls"] / (rate * seconds), min(done) / max(*done, 1)
        given_up, failed = (sum(own[what] for own in mine) for what in ("given up", "failed"))
        peak = f"{seen['peak']} of {rate}"
        print(
            f"{name:<34} {share:>7.1%} {peak:>12} {fair:>7.1%} {seen['tokens']:>7} {given_up:>8} {failed:>7}",
            flush=True,
        )

    def close(self) -> None:
        """End everything."""
        for process in (*self.workers, self._service):
            process.end()
        self.stop_redis()

    def run(self) -> None:
        """Go through the day."""
        few, rate = max(1, self._full // 4), self._rate
        self.start_redis()
        self.join(self._full - few)
        self.phase(f"{self._full - few} processes")
        self.join(few)
        self.phase(f"{few} more joined")
        self.phase("the token is revoked", rotate=True)
        for _ in range(few):
            self.workers.pop(0).end()
        self.phase(f"{few} were killed", settle=0.5)
        frozen, self.workers = self.workers[:few], self.workers[few:]
        for worker in frozen:
            worker.process.send_signal(signal.SIGSTOP)
        self.phase(f"{few} are frozen", settle=0.5)
        for worker in frozen:
            worker.process.send_signal(signal.SIGCONT)
        self.workers += frozen
        self.phase("they go on")
        self.join(few)
        self.phase("as many as before")
        self.stop_redis()
        self.phase("Redis is down", settle=0.0)
        self.start_redis()
        self.phase("Redis is back, empty", settle=0.0)
        self.phase("and later")
        half = self.workers[: len(self.workers) // 2]
        for worker in half:
            self.workers.remove(worker)
            worker.end()
        self.join(len(half), rate // 2)
        self.phase("half of them have half the limit", rate=rate // 2)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--rate", type=int, default=100, help="permits a second of the shared limit")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each phase")
    parser.add_argument("--role", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        role, settings = options.role
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve() if role == "service" else _work(json.loads(settings)))
        return
    print(f"{'phase':<34} {'used':>7} {'peak 0.95 s':>12} {'fair':>7} {'tokens':>7} {'gave up':>8} {'failed':>7}")
    fleet = _Fleet(options.processes, options.rate, options.seconds)
    try:
        fleet.run()
    finally:
        fleet.close()


if __name__ == "__main__":
    main()
