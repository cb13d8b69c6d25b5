"""Fixtures that every test may use, and what holds after each of them: no task, no secret, no other module is left."""

import asyncio
import contextlib
import importlib
import inspect
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from selectors import BaseSelector, SelectorKey
from typing import IO, Any, Protocol, TypeVar

import attrs
import pytest
import pytest_asyncio
from blockbuster import blockbuster_ctx
from hypothesis import settings

import wxunion_async
from wxunion_async import (
    RateLimit,
    RetryPolicy,
    Secret,
    UnionClient,
    UnionConfig,
    UnionError,
    _clock,
    _codec,
    endpoints,
)
from wxunion_async._trip import Trip
from wxunion_async.testing import Account, FakeUnionServer

T = TypeVar("T")

# What runs once in a process may be needed first where no coverage is measured: modules, and what the first request
# makes for all. The command line would run.
for _module in pkgutil.walk_packages(wxunion_async.__path__, "wxunion_async."):
    if _module.name != "wxunion_async.cli.__main__":
        with contextlib.suppress(ModuleNotFoundError):  # an extra that is not there
            importlib.import_module(_module.name)
endpoints.QuotaGetRequest("/")
_MODULES = {name: module for name, module in sys.modules.items() if name.startswith("wxunion_async")}

_TURNS_FOR_FREE = 100
_TICK = 1e-9
settings.register_profile("suite", deadline=None, max_examples=50)  # a busy machine is no finding
settings.load_profile("suite")
for _name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_name, None)  # the servers are on loopback, even where an egress proxy is named


# ── simulated time ───────────────────────────────────────────────────────────────────────────────────────────────────


class VirtualTime:
    """
    The clocks of one event loop, simulated: when nothing is ready, time jumps to the next timer.

    Both of the library's clocks run on it. ``now`` and ``wall`` may be read at any time; ``advance`` is a loop that was
    kept busy, ``set_wall`` an operator or NTP at the wall clock.
    """

    def __init__(self) -> None:
        self.now = 1_000.0
        """Seconds on the loop's clock."""
        self.turn = 0.0
        """Seconds that each turn of the loop takes."""
        self._wall_minus_now = 1_800_000_000.0 - self.now

    @property
    def wall(self) -> float:
        """Unix seconds."""
        return self.now + self._wall_minus_now

    def advance(self, seconds: float) -> None:
        """Let time pass at once, while nothing else gets its turn."""
        self.now += seconds

    def set_wall(self, unix: float) -> None:
        """Set the wall clock; the loop's clock does not notice."""
        self._wall_minus_now = unix - self.now

    @contextlib.contextmanager
    def rule(self, loop: asyncio.AbstractEventLoop) -> Generator[None, None, None]:
        """Be the clock of ``loop``, and of the library, within the block."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "time", lambda: self.now)
            patch.setattr(loop, "_selector", _VirtualSelector(self, loop._selector))  # type: ignore[attr-defined]
            patch.setattr(_clock, "wall_time", lambda: self.wall)
            yield


class _VirtualSelector:
    """Looks at the sockets as the true one does, but lets simulated time pass instead of waiting."""

    def __init__(self, time: VirtualTime, selector: BaseSelector) -> None:
        self._time = time
        self._selector = selector
        self._turns = 0

    def select(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        self._time.now += self._time.turn
        if timeout is None:
            # Only a thread or a socket can help now.
            events = self._selector.select(5)
            if not events:
                raise RuntimeError("nothing is ready, and no timer is set: the test would wait forever")
            return events
        events = self._selector.select(0)
        # On a true clock no two turns happen at the same instant; a few may here, but not without end.
        self._turns += 1
        if not events and timeout > 0:
            self._time.now += max(timeout, _TICK)
            self._turns = 0
        elif self._turns > _TURNS_FOR_FREE:
            self._time.now += _TICK
        return events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._selector, name)


@pytest_asyncio.fixture
async def virtual_time() -> AsyncIterator[VirtualTime]:
    """Simulate the time of this test's own event loop; do not mix it with sockets."""
    time = VirtualTime()
    with time.rule(asyncio.get_running_loop()):
        yield time


class RunVirtually(Protocol):
    """See the fixture ``run_virtually``."""

    def __call__(self, scenario: Callable[[VirtualTime], Coroutine[Any, Any, T]], /) -> T:
        """Run ``scenario`` to its end and return what it returns."""
        ...


@pytest.fixture(scope="session")
def run_virtually() -> RunVirtually:
    """Run a scenario in a new event loop with simulated time; for property tests, which need many."""

    def run(scenario: Callable[[VirtualTime], Coroutine[Any, Any, T]], /) -> T:
        async def main() -> T:
            time = VirtualTime()
            with time.rule(asyncio.get_running_loop()):
                result = await scenario(time)
                await _assert_no_task_left()
                return result

        return asyncio.run(main())

    return run


# ── a server, and clients for it ─────────────────────────────────────────────────────────────────────────────────────


@pytest_asyncio.fixture
async def make_server() -> AsyncIterator[Callable[..., Any]]:
    """Start fake servers with settings of their own; the test awaits it with those of ``FakeUnionServer``."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(**settings: Any) -> FakeUnionServer:
            return await stack.enter_async_context(FakeUnionServer(**settings))

        yield make


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeUnionServer]:
    """Run a fake server for one test."""
    async with FakeUnionServer() as server:
        yield server


class MakeClient(Protocol):
    """See the fixture ``make_client``."""

    def __call__(self, account: Account, /, **settings: Any) -> UnionClient:
        """Return a client that the fixture closes."""
        ...


@pytest_asyncio.fixture
async def make_client(server: FakeUnionServer) -> AsyncIterator[MakeClient]:
    """
    Build clients for ``server``, and close them: ``make_client(server.agency, call_timeout=2.0, token_store=store)``.

    A keyword is a field of ``UnionConfig``, else an argument of ``UnionClient``. A test does not wait unless it wants
    to: without others, the limit is 100,000 a second and there is no pause between attempts.
    """
    async with contextlib.AsyncExitStack() as stack:

        def make(account: Account, /, **settings: Any) -> UnionClient:
            fields = {name: settings.pop(name) for name in attrs.fields_dict(UnionConfig) if name in settings}
            fields.setdefault("base_urls", (server.base_url,))
            fields.setdefault("default_rate_limit", RateLimit(100_000, 1.0))
            fields.setdefault("retry", RetryPolicy(base_delay=0.0))
            config = settings.pop("config", None) or UnionConfig(**fields)
            client = UnionClient(account.app_id, account.app_secret, config=config, **settings)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def promoter(server: FakeUnionServer, make_client: MakeClient) -> UnionClient:
    """Be the union promoter account's client of ``server``, with the settings of ``make_client``."""
    return make_client(server.promoter)


@pytest.fixture
def agency(server: FakeUnionServer, make_client: MakeClient) -> UnionClient:
    """Be the agency account's client of ``server``, with the settings of ``make_client``."""
    return make_client(server.agency)


# ── where coverage is measured ───────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _no_trace() -> Generator[None, None, None]:
    trace, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)
        threading.settrace(of_threads)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the workers of xdist measure by themselves, and not from their first line on: this process loads all, too."""
    if session.config.pluginmanager.has_plugin("dsession"):
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Do not trace the loading of test modules: the library's are loaded."""
    with _no_trace():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Do not trace what only hands out the tests to the workers of xdist."""
    with _no_trace() if session.config.pluginmanager.has_plugin("dsession") else contextlib.nullcontext():
        return (yield)


@pytest.fixture(autouse=True)
def _untraced(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Generator[None, None, None]:
    """
    Measure no coverage in a test that is marked so, nor in the processes that it starts.

    Nor in those of commands, programs and workers, whose lines run in other tests: they are timed, and some are killed.
    """
    untraced = request.node.get_closest_marker("untraced")
    if untraced or request.path.parent.name in ("cli", "recipes", "redis"):
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            monkeypatch.delenv(name)
    with _no_trace() if untraced else contextlib.nullcontext():
        yield


# ── tests that need the machine for themselves ───────────────────────────────────────────────────────────────────────


def _alone(item: pytest.Item | None) -> bool:
    return item is not None and item.get_closest_marker("alone") is not None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that are marked ``alone``, one behind the other, so that the others wait for them once."""
    items.sort(key=lambda item: not _alone(item))


if sys.platform != "win32":
    import fcntl

    _room: IO[str] | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
        """Let no other worker of xdist run a test beside one that is marked ``alone``, nor between two of them."""
        global _room
        if _room is None:
            _room = open(item.config.rootpath / "pyproject.toml")  # noqa: SIM115 - it may be held for the next test
            # Whoever waits for the room keeps the door shut, so that those who come later do not go before him.
            with open(__file__) as door:
                fcntl.flock(door, fcntl.LOCK_EX)
                fcntl.flock(_room, fcntl.LOCK_EX if _alone(item) else fcntl.LOCK_SH)
        try:
            return (yield)
        finally:
            if not (_alone(item) and _alone(nextitem)):
                _room.close()
                _room = None


# ── what no test may leave behind ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(autouse=True, scope="module")
def _nothing_blocks(request: pytest.FixtureRequest) -> Generator[None, None, None]:
    """Fail a test of whole calls in which the library reads a file, sleeps or looks a name up while the loop waits."""
    if request.path.parent.name not in ("client", "matrix", "redis"):
        yield
        return
    others = ["wxunion_async.cli", "wxunion_async.testing"]
    with blockbuster_ctx("wxunion_async", excluded_modules=others) as blocking:
        for function in blocking.functions.values():
            function.can_block_in("redis/utils.py", "get_lib_version")  # redis-py's own, once a connection
        yield


async def _assert_no_task_left() -> None:
    left: set[asyncio.Task[Any]] = set()
    for _ in range(3):  # a task that was cancelled a moment ago needs a turn to end
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            return
        await asyncio.sleep(0)
    pytest.fail(f"tasks are left over: {sorted(task.get_name() for task in left)}")


@pytest_asyncio.fixture
async def _no_task_left_in_loop() -> AsyncIterator[None]:
    yield
    await _assert_no_task_left()


@pytest.fixture(autouse=True)
def _no_task_left(request: pytest.FixtureRequest) -> None:
    """Fail a test that leaves a task behind, after all its other fixtures are gone."""
    function = getattr(request.node, "obj", None)
    if inspect.iscoroutinefunction(function):
        request.getfixturevalue("_no_task_left_in_loop")


_SHORT = 8
"""Shorter texts, as tests like to name their tokens, are found everywhere."""


class _Kept:
    """What one test has made of secrets and met of errors."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.errors: list[UnionError] = []

    def assert_nothing_shows(self, captured: list[tuple[str, str, str]]) -> None:
        """Look for the secrets in what was printed and logged, and in the texts of errors."""
        shown = {f"{what} of the {when}": text for when, what, text in captured}
        for error in self.errors:
            links = (error, error.__cause__, error.__context__, getattr(error, "last", None))
            shown[f"a {type(error).__name__}"] = " ".join(f"{link} {link!r} {vars(link)}" for link in links if link)
        for place, text in shown.items():
            for secret in self.secrets:
                assert secret not in text, f"a token, secret or password shows in {place}"

    def assert_same_modules(self) -> None:
        """Look for modules that were loaded anew: their classes are others than those that were there before."""
        others = [name for name, module in _MODULES.items() if sys.modules.get(name) is not module]
        assert not others, f"replaced for all tests that follow: {others}"


_kept = _Kept()
_init_secret: Callable[[Secret, str], None] = Secret.__init__
_trip: Any = Trip
_secret: Any = Secret
_tell: Callable[[Trip[Any], UnionError], None] = _trip._tell


def _keep_secret(secret: Secret, value: str) -> None:
    _init_secret(secret, value)
    if len(value) >= _SHORT:
        _kept.secrets.add(value)


def _keep_error(trip: Trip[Any], error: UnionError) -> None:
    _tell(trip, error)
    _kept.errors.append(error)


_secret.__init__ = _keep_secret
_trip._tell = _keep_error


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Begin anew before any fixture does: with no secret, no drift reported, and Ctrl-C as in a terminal."""
    global _kept
    _kept = _Kept()
    _codec._reported.clear()
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's & has it ignored, and so has a command that ran
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Look when all fixtures of the test are gone."""
    yield
    kept = _kept
    try:
        kept.assert_same_modules()
        kept.assert_nothing_shows(item._report_sections)
    finally:
        kept.errors.clear()
