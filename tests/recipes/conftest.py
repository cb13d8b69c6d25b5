"""Fixtures of the recipes: an account in the environment, as in production, and a program that runs as it stands."""

import asyncio
import importlib.util
import runpy
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wxunion_async.testing import FakeUnionServer

HERE = Path(__file__).parent
REDIS_SERVER = shutil.which("redis-server")


@pytest.fixture
def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def union(union_server: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> FakeUnionServer:
    """Put an agency's account of a fake server into the environment; the library's own plugin runs the server."""
    monkeypatch.setenv("WXUNION_APP_ID", union_server.agency.app_id)
    monkeypatch.setenv("WXUNION_APP_SECRET", union_server.agency.app_secret)
    monkeypatch.setenv("WXUNION_BASE_URL", union_server.base_url)
    return union_server


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Load a recipe as a module of its name."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


class Program:
    """A recipe in a process of its own."""

    def __init__(self, name: str, *arguments: str, cwd: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / f"{name}.py"), *arguments],
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.stdin: Any = self._process.stdin
        self.stdout: Any = self._process.stdout
        self.signal = self._process.send_signal

    def end(self) -> tuple[int, str, str]:
        """Wait for its end; return its code, and what it wrote."""
        try:
            out, err = self._process.communicate(timeout=30)
        finally:
            self._process.kill()
        return self._process.returncode, out, err


@pytest.fixture
def start(union: FakeUnionServer, tmp_path: Path) -> Callable[..., Program]:
    """Start a recipe with arguments, in a folder of the test's."""

    def begin(name: str, *arguments: str) -> Program:
        return Program(name, *arguments, cwd=tmp_path)

    return begin


@pytest.fixture
def run(
    union: FakeUnionServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str]]:
    """Run a recipe as a program, in this process, from a folder of the test's; return its stdout and stderr."""

    def to_the_end(name: str, *arguments: str) -> tuple[str, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [f"{name}.py", *arguments])
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")
        out, err = capsys.readouterr()
        return out, err

    return to_the_end


@pytest.fixture
def redis_url(free_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a Redis of the test's own, and put it into the environment."""
    if REDIS_SERVER is None:
        pytest.skip("there is no redis-server on PATH")
    process = subprocess.Popen(
        [REDIS_SERVER, "--port", str(free_port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", free_port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        url = f"redis://127.0.0.1:{free_port}/0"
        monkeypatch.setenv("WXUNION_REDIS_URL", url)
        yield url
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def soon() -> Callable[[Callable[[], object]], Any]:
    """Wait until something is so, for at most five seconds."""

    async def wait(so: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not so():  # noqa: ASYNC110 - it is another thread that makes it so
                await asyncio.sleep(0.01)

    return wait
