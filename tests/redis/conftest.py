"""A real redis-server, clients of it, worker processes and a fake union server that counts, for the tests of sharing."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import redis as blocking_redis
import redis.asyncio

from tests.redis.simulated import SimulatedRedis, SimulatedServer
from wxunion_async.redis import _link

REDIS_SERVER = shutil.which("redis-server")
NO_SERVER = "there is no redis-server on PATH"
ZYGOTE = Path(__file__).with_name("zygote.py")


def pytest_report_header() -> str:
    """Say against what the tests of sharing run."""
    return f"redis: {REDIS_SERVER or 'none, so what needs one is skipped'}; redis-py {redis.__version__}"


def free_port() -> int:
    """Return a port that nobody listens on, and low enough for a cluster, which listens at it plus 10,000 as well."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 55_000:
            return port


# ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class RedisServer:
    """A redis-server in a process of its own, which a test may treat as it likes."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, copy: bool = False) -> None:
        """Begin to listen, empty or with what ``keep_copy`` has kept; return when it answers."""
        assert REDIS_SERVER is not None
        if not copy:
            (self._folder / "copy.rdb").unlink(missing_ok=True)
        settings = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self._folder, "dbfilename": "copy.rdb"}
        arguments = [text for name, value in settings.items() for text in (f"--{name}", str(value))]
        self._process = subprocess.Popen([REDIS_SERVER, *arguments, *self._options], stdout=subprocess.DEVNULL)
        for _ in range(500):
            if self._process.poll() is not None:
                raise RuntimeError(f"redis-server has ended with {self._process.returncode}")
            with contextlib.suppress(blocking_redis.ConnectionError), self.admin() as admin:
                admin.ping()
                return
            time.sleep(0.01)
        raise RuntimeError("redis-server does not answer")

    def admin(self) -> Any:
        """Connect in the blocking way, past everything that is tested."""
        return blocking_redis.Redis(port=self.port)

    def keep_copy(self) -> None:
        """Write what is there into a file that ``start`` can begin with."""
        with self.admin() as admin:
            admin.save()

    def signal(self, number: int) -> None:
        """Send a signal, as SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it, without a word to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Run a cluster of one node; it takes 2 s before it can be used."""
    if REDIS_SERVER is None:
        pytest.skip(NO_SERVER)
    server = RedisServer(tmp_path_factory.mktemp("cluster"), "--cluster-enabled", "yes")
    server.start()
    with server.admin() as admin:
        admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    yield server
    server.kill()


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory, cluster: RedisServer) -> Iterator[str]:
    """Run one Redis for all tests that do it no harm, and give its URL; the cluster gets ready meanwhile."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url
    server.kill()


PATIENCE = 5.0
"""Seconds that true Redis servers are waited for, instead of 0.2: as long as a busy machine takes."""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not take a slow Redis for down: what becomes of it then stands in ``test_link.py``."""
    monkeypatch.setattr(_link, "COMMAND_TIMEOUT", PATIENCE)


@pytest.fixture
def redis_url(shared_redis: str, patient: None) -> str:
    """Give the URL of a Redis that is empty."""
    admin: Any
    with blocking_redis.from_url(shared_redis) as admin:
        admin.flushall()
    return shared_redis


@pytest.fixture
def make_redis(tmp_path: Path, patient: None) -> Iterator[Callable[..., RedisServer]]:
    """Start Redis servers of the test's own, to kill or to pause."""
    if REDIS_SERVER is None:
        pytest.skip(NO_SERVER)
    servers: list[RedisServer] = []

    def make(*options: str) -> RedisServer:
        servers.append(RedisServer(tmp_path, *options))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def own_redis(make_redis: Callable[..., RedisServer]) -> RedisServer:
    """Start a Redis of the test's own."""
    return make_redis()


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Callable[..., Any]]:
    """Make asyncio clients, and close them: ``connect(url, decode_responses=True)``."""
    async with contextlib.AsyncExitStack() as stack:

        def make(url: str, **options: Any) -> Any:
            pool = redis.asyncio.ConnectionPool.from_url(url, **options)  # pyright: ignore[reportUnknownMemberType]
            client = redis.asyncio.Redis.from_pool(pool)
            stack.push_async_callback(client.aclose)
            return client

        yield make


# ── a Redis in simulated time ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def simulated(virtual_time: Any) -> SimulatedServer:
    """Run a Redis on the clock of this test."""
    return SimulatedServer(virtual_time)


@pytest.fixture
def client(simulated: SimulatedServer) -> SimulatedRedis:
    """Be one process' client of it."""
    return SimulatedRedis(simulated)


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Zygote:
    """Makes processes by forking one that has everything loaded."""

    def __init__(self) -> None:
        self._told, told = socket.socketpair()
        # No coverage is measured in these processes: they are timed, and some are killed.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        command = [sys.executable, str(ZYGOTE), str(told.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[told.fileno()], env=environment)
        told.close()

    def fork(self, role: str, *settings: Any) -> "Talk":
        """Begin a process: ``"worker"`` with its settings, or ``"union"``."""
        (its_stdin, stdin), (stdout, its_stdout) = os.pipe(), os.pipe()
        socket.send_fds(self._told, [json.dumps([role, *settings]).encode()], [its_stdin, its_stdout])
        os.close(its_stdin)
        os.close(its_stdout)
        return Talk(int(self._told.recv(100)), stdin, stdout)

    def close(self) -> None:
        """End it."""
        self._told.close()
        self._process.wait(10)


class Talk:
    """A process that is spoken to in lines, and answers each with one JSON line."""

    def __init__(self, pid: int, stdin: int, stdout: int) -> None:
        self.pid = pid
        self._stdin, self._stdout = os.fdopen(stdin, "w"), os.fdopen(stdout)
        self.about: dict[str, Any] = {}

    def send(self, line: str) -> None:
        """Say something; the answer is for ``read``."""
        self._stdin.write(f"{line}\n")
        self._stdin.flush()

    def read(self) -> dict[str, Any]:
        """Wait for an answer."""
        line = self._stdout.readline()
        assert line, "the process has ended"
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, answer
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        """Say something and wait for the answer."""
        self.send(line)
        return self.read()

    def signal(self, number: int) -> None:
        """Send a signal, as SIGSTOP; to one that has ended it is nothing."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def close(self) -> None:
        """End its input, which ends the process too, in 10 s at most."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        if not select.select([self._stdout], [], [], 10)[0]:
            self.signal(signal.SIGKILL)
        self._stdout.read()
        self._stdout.close()


class Crowd:
    """Worker processes, all asked at once; they may still be starting then."""

    def __init__(self, workers: list[Talk]) -> None:
        self.workers = workers

    def ask(self, line: str) -> list[dict[str, Any]]:
        """Say the same to all and return their answers."""
        for worker in self.workers:
            worker.send(line)
        return [worker.read() for worker in self.workers]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Load once what all processes of these tests need."""
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def union_server(zygote: Zygote) -> Iterator[Talk]:
    """Run a fake union server in a process of its own; ``.about`` has its address and the accounts."""
    server = zygote.fork("union")
    server.about = server.read()
    yield server
    server.close()


@pytest.fixture
def crowd(zygote: Zygote, union_server: Any) -> Iterator[Callable[..., Crowd]]:
    """Start worker processes: ``crowd(4, redis_url=…, rate=200)``; see ``worker.py`` for what they can be asked."""
    started: list[Talk] = []

    def start(count: int, **settings: Any) -> Crowd:
        settings["periods"] = {"COMMAND_TIMEOUT": PATIENCE, **settings.get("periods", {})}
        about = {"base_url": union_server.about["base_url"], **union_server.about["agency"], **settings}
        begun = Crowd([zygote.fork("worker", about) for _ in range(count)])
        started.extend(begun.workers)
        return begun

    yield start
    for worker in started:
        worker.close()
