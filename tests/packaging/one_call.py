"""
One call with one extra: ``python one_call.py redis``, in an environment that has no other; ``bare`` has none at all.

What the extra is for is used, not only imported, and what is missing is told by name.
"""

import asyncio
import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wxunion_async import UnionClient
from wxunion_async.testing import FakeUnionServer

MODULES = {"redis": "redis", "speed": "orjson", "cli": "cyclopts", "otel": "opentelemetry"}
WATCHED = "/cgi-bin/token"
COMMAND = Path(sys.executable).with_name("wxunion")


async def call(**plug_ins: Any) -> None:
    """Make one call with the account of the environment."""
    async with UnionClient.from_env(**plug_ins) as client:
        assert (await client.quota.get(WATCHED)).quota.used == 0


def bare() -> None:
    """Every name of the root can be had, the call works, and who wants an extra is told which."""
    names: dict[str, Any] = {}
    exec("from wxunion_async import *", names)
    assert "UnionClient" in names
    asyncio.run(call())
    with contextlib.suppress(ValueError):
        os.environ["WXUNION_REDIS_URL"] = "redis://127.0.0.1"
        UnionClient.from_env()
        raise SystemExit("redis was not missed")
    command = subprocess.run([COMMAND], capture_output=True, text=True, check=False)
    assert (command.returncode, command.stdout) == (2, "")
    assert command.stderr == "the command line needs the extra: pip install 'wxunion-async[cli]'\n"


def redis() -> None:
    """The token is in Redis, if there is one here; the call works all the same if there is none."""
    found = shutil.which("redis-server")
    socket = Path("redis.sock").absolute()
    os.environ["WXUNION_REDIS_URL"] = f"unix://{socket}"
    if found is None:
        asyncio.run(call())
        return
    from redis import Redis

    options = ("--port", "0", "--unixsocket", str(socket), "--save", "")
    with subprocess.Popen((found, *options), stdout=subprocess.DEVNULL) as server:
        try:
            while not socket.exists():
                time.sleep(0.01)
            asyncio.run(call())
            with Redis(unix_socket_path=str(socket)) as link:
                assert link.exists(f"wxunion:{{{os.environ['WXUNION_APP_ID']}}}:token")
        finally:
            server.terminate()


def speed() -> None:
    """Under uvloop, and with orjson beneath."""
    import uvloop

    uvloop.run(call())
    assert "orjson" in sys.modules


def cli() -> None:
    """A command of the shell prints the answer."""
    command = subprocess.run([COMMAND, "quota", "get", WATCHED], capture_output=True, text=True, check=False)
    assert command.returncode == 0, command.stderr
    assert "used" in command.stdout


def otel() -> None:
    """The API alone: events go in, and nothing comes out where nobody collects."""
    from wxunion_async.integrations.otel import OpenTelemetry

    asyncio.run(call(on_event=OpenTelemetry()))


def main(extra: str) -> None:
    """Look whether the environment is what it should be, and make the call."""
    there = {name for name, module in MODULES.items() if importlib.util.find_spec(module)}
    assert there == {extra} - {"bare"}, there
    steps: dict[str, Callable[[], object]]
    steps = {"bare": bare, "redis": redis, "speed": speed, "cli": cli, "otel": otel}
    with FakeUnionServer() as server:
        os.environ["WXUNION_APP_ID"] = server.both.app_id
        os.environ["WXUNION_APP_SECRET"] = server.both.app_secret
        os.environ["WXUNION_BASE_URL"] = server.base_url
        os.environ["no_proxy"] = "127.0.0.1"
        steps[extra]()
        assert server.count() >= 2  # the token and the call


main(sys.argv[1])
