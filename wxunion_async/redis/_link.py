"""Is Redis there? What all stores and limiters over one Redis client know of its health, and how they talk to it."""

import asyncio
import logging
import math
import weakref
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import redis.asyncio
from redis import exceptions
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from wxunion_async import _clock
from wxunion_async.events import StoreDownEvent, StoreUpEvent
from wxunion_async.redis import _scripts

__all__ = ["PROBE_INTERVAL", "Access", "Client", "DownError", "Link", "Watcher"]

T = TypeVar("T")
Watcher = Callable[[StoreDownEvent | StoreUpEvent], object]
Client = redis.asyncio.Redis | redis.asyncio.RedisCluster

_logger = logging.getLogger("wxunion_async.redis")

COMMAND_TIMEOUT = 0.2
PROBE_INTERVAL = 1.0
_STEPS = 4
_LIFE = 2.0
_SETTLE = 2.0  # so long another process may take to notice that Redis is back: a probe's interval and what it takes
_TELL_AGAIN = 600.0
_SOUND_AFTER = 60.0  # an outage this long after the last one is a new one


class DownError(Exception):
    """Redis did not answer, or did not a moment ago."""


Begin = Callable[[], asyncio.Task[tuple[T] | str | None]]
"""Begins a command in a task of its own, which ends with the answer, the reason why there is none, or ``None``."""

_NO_ANSWER = f"silent: no answer within {COMMAND_TIMEOUT:g} s"

_REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (exceptions.AuthenticationError, "", "wrong or missing password"),
    (exceptions.NoPermissionError, "", "this user has no permission"),
    (exceptions.ReadOnlyError, "", "it is a read-only replica"),
    (exceptions.OutOfMemoryError, "", "it has no memory left (maxmemory)"),
    (exceptions.MaxConnectionsError, "", "the client may open no more connections"),
    (exceptions.ResponseError, "The user executing the script", "this user has no permission"),
    (exceptions.ResponseError, "unknown command", "a command is unknown there"),
    (exceptions.ResponseError, "MISCONF", "it cannot write to its disk"),
    (exceptions.ResponseError, "WRONGTYPE", "another kind of value is stored under a key of ours"),
)
"""The kind of an error, how its text begins, and what that means."""


def _reason(error: BaseException) -> str:
    """Say why Redis cannot be used. Never in its own words: it quotes the arguments of a command, and one is the token."""
    for kind, beginning, reason in _REASONS:
        if isinstance(error, kind) and str(error).startswith(beginning):
            return f"refused: {reason}"
    return f"{'refused' if isinstance(error, exceptions.ResponseError) else 'silent'}: {type(error).__name__}"


async def _outcome(command: Callable[..., Awaitable[T]], *args: object) -> tuple[T] | str | None:
    """Return the answer or the reason why there is none; ``None`` if somebody has cancelled it."""
    begun = _clock.monotonic()
    try:
        return (await command(*args),)
    except asyncio.CancelledError as error:
        # redis-py tries again for seconds, a wrong password too; what it has caught stands behind the cancellation.
        behind = error.__context__
        if isinstance(behind, (exceptions.RedisError, OSError)):
            return _reason(behind)
        return _NO_ANSWER if _clock.monotonic() >= begun + _LIFE else None
    except Exception as error:  # noqa: BLE001 - whatever Redis does, no call shall fail of it
        return _reason(error)


class Link:
    """
    The health of one Redis client's server.

    Whoever asks waits 200 ms at most; the command itself has 2 s to end, since opening a connection takes several
    trips. Redis is down once nothing has been answered meanwhile, or a command was refused.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = False
        self._answered_at = -math.inf
        self._down_at: float | None = None
        self._probe: asyncio.Task[Any] | None = None
        self._probe_at = -math.inf
        self._back_at = -math.inf
        self._told: dict[str, float] = {}
        self._watchers: Counter[Watcher] = Counter()
        self.outage = -math.inf
        """When the last outage began, on our clock."""

    def bind(self) -> asyncio.AbstractEventLoop:
        """Belong to the running event loop from now on, as the connections of the Redis client do."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            raise RuntimeError("this Redis client belongs to another event loop: make one per event loop")
        return loop

    async def run(self, command: Begin[T], probe: Begin[object]) -> T:
        """
        Return what ``command`` answers; at first, and while Redis is down, only after ``probe``, once a second.

        Args:
            command: begins a command in a task of its own.
            probe: the same for what shows that Redis can be used.

        Raises:
            DownError: Redis does not answer, refuses, or did so a moment ago.
            RuntimeError: the Redis client belongs to another event loop.

        """
        self.bind()
        if not self._up:
            await self._probed(probe)
        begun, task = _clock.monotonic(), command()
        # In steps: when it is this process that was stuck, the answer may be there, and only has to be read.
        for _ in range(_STEPS):
            if not task.done():
                await asyncio.wait((task,), timeout=COMMAND_TIMEOUT / _STEPS)
        outcome = task.result() if task.done() and not task.cancelled() else None
        if isinstance(outcome, tuple):
            self._answered_at = _clock.monotonic()
            return outcome[0]
        if outcome is not None:
            self._went_down(outcome)
        elif not task.done() and self._answered_at <= begun:
            self._went_down(_NO_ANSWER)
        raise DownError  # else it was cancelled by somebody, or others are answered: Redis is not to blame

    def prod(self, probe: Begin[object]) -> bool:
        """Begin to find out whether Redis can be used, if it is time; return whether that was so."""
        if self._probe is not None or _clock.monotonic() < self._probe_at:
            return False
        self._probe_at = _clock.monotonic() + PROBE_INTERVAL
        self._probe = probe()
        self._probe.add_done_callback(self._probe_ended)
        return True

    async def _probed(self, probe: Begin[object]) -> None:
        # At first all wait for it; later nobody waits for what somebody else is waiting for already.
        if (not self.prod(probe) and self._down_at is not None) or self._probe is None:
            raise DownError
        # Its end is told to us first: callbacks are called in the order in which they were added.
        await asyncio.wait((self._probe,), timeout=COMMAND_TIMEOUT)
        if not self._up:
            raise DownError

    def _probe_ended(self, probe: "asyncio.Task[Any]") -> None:
        self._probe = None
        outcome = None if probe.cancelled() else probe.result()
        if isinstance(outcome, tuple):
            # Nothing else ends an outage: not an answer on its way since before, nor a command that only reads.
            self._came_back()
        elif outcome is not None:
            self._went_down(outcome)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell when Redis goes and when it is back, until what is returned is called; once, if told to do so twice."""
        self._watchers[watcher] += 1
        return lambda: self._watchers.subtract((watcher,))

    def _tell(self, event: StoreDownEvent | StoreUpEvent) -> None:
        for watcher in +self._watchers:
            self.bind().call_soon(watcher, event)

    def down_for(self) -> float:
        """Return for how many seconds Redis has been down; 0.0 when it is not."""
        return 0.0 if self._down_at is None else _clock.monotonic() - self._down_at

    def probe_in(self) -> float:
        """Return in how many seconds it makes sense to try again, while Redis is down."""
        return max(0.0, self._probe_at - _clock.monotonic()) if self._probe is None else COMMAND_TIMEOUT

    def steady(self) -> bool:
        """Say whether Redis is there, and no other process can still take it for down, which it was a moment ago."""
        return self._down_at is None and _clock.monotonic() >= self._back_at + _SETTLE

    def _went_down(self, reason: str) -> None:
        now = _clock.monotonic()
        self._up = False
        if self._down_at is None:
            if now - self._back_at >= _SOUND_AFTER:
                self._told.clear()
            self._down_at = self.outage = now
            self._tell(StoreDownEvent(reason=reason))
            self._probe_at = now + PROBE_INTERVAL
        # Whatever keeps an answer from coming is told as one.
        kind = "silent" if reason.startswith("silent") else reason
        if now - self._told.get(kind, -math.inf) >= _TELL_AGAIN:
            self._told[kind] = now
            _logger.warning("Redis cannot be used (%s): this process goes on by itself", reason)

    def _came_back(self) -> None:
        self._up = True
        if self._down_at is not None:
            self._down_at, self._back_at = None, _clock.monotonic()
            seconds = self._back_at - self.outage
            self._tell(StoreUpEvent(seconds=seconds))
            if max(self._told.values(), default=-math.inf) >= self.outage:
                _logger.info("Redis can be used again, after %.1f s", seconds)


_links: "weakref.WeakKeyDictionary[Client, Link]" = weakref.WeakKeyDictionary()


class Access:
    """
    One Redis client as a store or a limiter uses it: keys with a prefix, scripts, and the client's health.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    """

    def __init__(self, client: Client, prefix: str, scripts: Sequence[str]) -> None:
        if not isinstance(client, (redis.asyncio.Redis, redis.asyncio.RedisCluster)):
            kind = type(client)
            raise TypeError(f"redis must be a redis.asyncio client, not {kind.__module__}.{kind.__name__}")
        if not isinstance(prefix, str):
            raise TypeError(f"prefix must be a str, not {type(prefix).__name__}")
        if not prefix or set("{}") & set(prefix):
            raise ValueError(f"prefix must not be empty or hold a brace, not {prefix!r}")
        self.prefix = prefix
        self.link = _links.setdefault(client, Link())
        self._client = client
        self._scripts = {text: client.register_script(text) for text in (*scripts, _scripts.PROBE)}
        self._commands: set[asyncio.Task[Any]] = set()

    def key(self, app_id: str, *parts: str) -> str:
        """Return the key of something of this app; all keys of an app are on one node of a cluster."""
        return ":".join((self.prefix, f"{{{app_id}}}", *parts))

    async def call(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        """
        Return what one of ``_scripts`` answers.

        Raises:
            DownError: Redis is down; what was to be done may have been done all the same.

        """
        return await self.link.run(
            lambda: self._begin(self._scripts[script], keys, args),
            lambda: self._begin(self._find_out, keys[0]),
        )

    def prod(self, key: str) -> None:
        """Begin to find out whether Redis can be used again, if it is time; with something beside this key."""
        self.link.prod(lambda: self._begin(self._find_out, key))

    async def _find_out(self, key: str) -> object:
        pool = getattr(self._client, "connection_pool", None)
        if isinstance(pool, redis.asyncio.ConnectionPool):
            # A connection of our own first: the client's may try again for seconds before they say what is wrong.
            kind: Any = pool.connection_class
            connection = kind(**{**pool.connection_kwargs, "retry": Retry(NoBackoff(), 0)})
            try:
                await connection.connect()
            finally:
                await connection.disconnect(nowait=True)
        # All of them: after a restart none is known, and finding that out one by one takes trips.
        for text in self._scripts:
            await self._client.script_load(text)
        return await self._scripts[_scripts.PROBE](keys=[f"{key}:probe"])

    def _begin(self, command: Callable[..., Awaitable[T]], *args: object) -> asyncio.Task[tuple[T] | str | None]:
        # In a task of its own: on Python 3.11 redis-py can swallow a cancellation. And whoever is cancelled does not
        # break the connection: the command ends by itself. Its coroutine is made in there: a task that is cancelled
        # before its first turn would never await it.
        loop = asyncio.get_running_loop()
        task = loop.create_task(_outcome(command, *args), name="wxunion_async redis")
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)
        loop.call_later(_LIFE, self._end, task)
        return task

    def _end(self, task: "asyncio.Task[Any]") -> None:
        if not task.done():
            task.cancel()
            asyncio.get_running_loop().call_later(COMMAND_TIMEOUT, self._end, task)  # should it be swallowed

    async def drain(self) -> None:
        """Wait for the commands under way, 200 ms at most; then end them."""
        under_way = set(self._commands)
        while under_way:
            _, under_way = await asyncio.wait(under_way, timeout=COMMAND_TIMEOUT)
            for task in under_way:
                task.cancel()
