"""
A table of many lines through ``wxunion bulk``: lines a second and peak memory, beside what people write instead.

Run ``python -m benchmarks.cli [LINES]``. The rivals are a loop with aiohttp over a table (of pandas, where it is
installed, else of the csv module), which keeps neither a limit nor what is done, and one process a line, as by xargs.
Each measurement is a process of its own, and so is the fake server.
"""

import asyncio
import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.bulk import peak
from benchmarks.call import PATH, Server

__all__ = ["main"]

LINES = 20_000
PROCESSES = 5
AT_ONCE = 32
HEADER = "shop_appid,product_id,plan_type"


def _write_table(lines: int) -> None:
    with open("in.csv", "w") as file:
        file.write(f"{HEADER}\n")
        file.writelines("test,12345,1\n" for _ in range(lines))


def _measured(argv: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds that a process takes, and its peak memory in MiB, which it prints at its end."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return time.perf_counter() - started, float(done.stdout.split()[-1])


def _rows() -> Iterator[dict[str, Any]]:
    if importlib.util.find_spec("pandas") is None:
        with open("in.csv", newline="") as file:
            yield from csv.DictReader(file)
        return
    pandas: Any = importlib.import_module("pandas")
    yield from pandas.read_csv("in.csv").to_dict("records")


async def _loop(url: str, app_id: str, app_secret: str) -> list[dict[str, Any]]:
    """Do what one writes for a table: all answers in a list, for a file at the end."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:
        body = {"grant_type": "client_credential", "appid": app_id, "secret": app_secret}
        async with session.post(f"{url}/cgi-bin/stable_token", json=body) as response:
            token = (await response.json(content_type=None))["access_token"]

        async def look_up(row: dict[str, Any]) -> dict[str, Any]:
            fields = {name: value if name == "shop_appid" else int(value) for name, value in row.items()}
            async with gate, session.post(url + PATH, params={"access_token": token}, json=fields) as response:
                answer: dict[str, Any] = await response.json(content_type=None)
            return {**row, "value": answer}

        return await asyncio.gather(*map(look_up, _rows()))


def _compare(server: Server, lines: int) -> None:
    environment = os.environ | {
        "WXUNION_APP_ID": server.app_id,
        "WXUNION_APP_SECRET": server.app_secret,
        "WXUNION_BASE_URL": server.base_url,
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = ["-m", "benchmarks.cli", "--bulk", "in.csv", "--rate", "1000000", "--max-at-once", str(AT_ONCE), "-o"]
    _write_table(lines)
    runs = {
        "wxunion bulk, JSON Lines": [*command, "out.jsonl"],
        "wxunion bulk, all done before": [*command, "out.jsonl"],
        "wxunion bulk, CSV": [*command, "out.csv"],
        "a loop with aiohttp": ["-m", "benchmarks.cli", "--loop", server.base_url, server.app_id, server.app_secret],
    }
    for name, argv in runs.items():
        seconds, memory = _measured(argv, environment)
        print(f"{name:<32} {lines / seconds:>9,.0f} lines/s {memory:>8.1f} MiB", flush=True)
    started = time.perf_counter()
    for _ in range(PROCESSES):
        argv = ["-m", "wxunion_async.cli", "promoter", "get-promote-product-detail", "test", "12345", "1", "--json"]
        subprocess.run([sys.executable, *argv], check=True, stdout=subprocess.DEVNULL, env=environment)
    print(f"{'one process a line':<32} {PROCESSES / (time.perf_counter() - started):>9,.1f} lines/s", flush=True)


async def _main(lines: int) -> None:
    server = await Server.start()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        await asyncio.to_thread(_compare, server, lines)
        os.chdir("/")
    await server.stop()


def main() -> None:
    """Print a line for each way; or go one of them, and print the peak memory."""
    match sys.argv[1:]:
        case ["--bulk", *argv]:
            from wxunion_async.cli import main as command

            assert command(["bulk", *argv]) == 0
            print(peak())
        case ["--loop", url, app_id, app_secret]:
            with open("loop.jsonl", "w", encoding="utf-8") as file:
                file.writelines(
                    json.dumps(record, ensure_ascii=False) + "\n"
                    for record in asyncio.run(_loop(url, app_id, app_secret))
                )
            print(peak())
        case argv:
            asyncio.run(_main(int(argv[0]) if argv else LINES))


if __name__ == "__main__":
    main()
