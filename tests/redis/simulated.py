"""
A Redis in simulated time: our own scripts run by Lua over a dictionary, on a clock that a test moves.

What a real one does is tested on a real one; this is for arithmetic over minutes and for many processes.
"""

import asyncio
import functools
import importlib
from typing import Any

import redis.asyncio

lua: Any = importlib.import_module("lupa.lua51")


@functools.cache
def _runtime() -> Any:
    # One for all servers: to make it takes longer than most tests, and our scripts keep nothing in it.
    return lua.LuaRuntime(unpack_returned_tuples=True, encoding="latin-1")


@functools.cache
def _compiled(script: str) -> Any:
    return _runtime().execute(f"return function(redis, KEYS, ARGV) {script} end")


class SimulatedServer:
    """The keys, and a clock of its own that runs with the test's; ``clock`` is how far ahead of it, in seconds."""

    def __init__(self, time: Any) -> None:
        self._clock = time
        self.clock = 1_700_000_000.0
        self.data: dict[str, Any] = {}
        self.ends: dict[str, float] = {}
        self.calls = 0
        self.trouble: Exception | None = None
        """What every command gets as its answer, if set."""
        self.writes: Exception | None = None
        """What a script gets that writes, if set."""
        self.hung: asyncio.Event | None = None
        """No command is carried out before this is set."""
        self._table = _runtime().table_from
        self._redis = _runtime().table(call=self._call)

    def now(self) -> float:
        """Return Unix seconds by this server's clock."""
        return float(self._clock.now + self.clock)

    def run(self, script: str, keys: list[str], args: list[str]) -> Any:
        """Carry out a script and return its answer as bytes, as redis-py does."""
        self.calls += 1
        if self.writes is not None and ("'SET'" in script or "'HSET'" in script):
            raise self.writes
        return _answer(_compiled(script)(self._redis, self._table(keys), self._table(args)))

    def _call(self, name: str, key: str = "", *args: Any) -> Any:
        if self.ends.get(key, self.now()) < self.now():
            self._del(key)
        return getattr(self, f"_{name.lower()}")(key, *(str(arg) for arg in args))

    def _time(self, key: str) -> Any:
        return self._table([str(int(self.now())), str(int(self.now() % 1 * 1e6))])

    def _get(self, key: str) -> Any:
        return self.data.get(key, False)

    def _set(self, key: str, value: str, *options: str) -> Any:
        if "NX" in options and key in self.data:
            return False
        self.data[key] = value
        self._pexpire(key, options[-1])
        return "OK"

    def _del(self, key: str) -> int:
        self.ends.pop(key, None)
        return int(self.data.pop(key, None) is not None)

    def _pttl(self, key: str) -> int:
        return round((self.ends[key] - self.now()) * 1000) if key in self.ends else -1 if key in self.data else -2

    def _pexpire(self, key: str, milliseconds: str) -> int:
        self.ends[key] = self.now() + float(milliseconds) / 1000
        return 1

    def _hset(self, key: str, *pairs: str) -> int:
        self.data.setdefault(key, {}).update(zip(pairs[::2], pairs[1::2], strict=True))
        return 1

    def _hdel(self, key: str, field: str) -> int:
        return int(self.data[key].pop(field, None) is not None)

    def _hmget(self, key: str, *fields: str) -> Any:
        return self._table([self.data.get(key, {}).get(field, False) for field in fields])

    def _hgetall(self, key: str) -> Any:
        return self._table([text for pair in self.data.get(key, {}).items() for text in pair])


def _answer(value: Any) -> Any:
    if lua.lua_type(value) == "table":
        return [_answer(value[index]) for index in range(1, len(value) + 1)]
    if value is False or value is None:
        return None
    return value.encode() if isinstance(value, str) else int(value)


class NoConnection(redis.asyncio.Connection):
    """Opens nothing: what fails here fails in the commands."""

    async def connect(self) -> None:
        """Be there."""


@functools.cache
def _settings() -> dict[str, Any]:
    # redis-py reads its own version from the disk for each client that is not given a pool.
    return redis.asyncio.Redis().connection_pool.connection_kwargs


class SimulatedRedis(redis.asyncio.Redis):
    """One process' client: each command takes ``trip`` seconds, the half of it on the way there."""

    def __init__(self, server: SimulatedServer, trip: float = 0.0005) -> None:
        pool = redis.asyncio.ConnectionPool(NoConnection, **_settings())
        super().__init__(connection_pool=pool)  # pyright: ignore[reportUnknownMemberType]
        self.server = server
        self.trip = trip
        self.texts: dict[str, str] = {}
        self.commands = 0
        self.frozen = False
        """This process does not run: nothing of it goes there."""
        self.stubborn = False
        """It tries again for ever, as redis-py does by default for seconds."""
        self.lost_answers = 0
        """How many answers of scripts get lost."""
        self.asked: list[str] = []
        """The scripts that were called, in order."""

    def register_script(self, script: Any) -> Any:
        """Remember what the script's name in a command stands for."""
        registered = super().register_script(script)
        self.texts[registered.sha] = script
        return registered

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Go there, have it carried out, and come back."""
        self.commands += 1
        await asyncio.sleep(self.trip / 2)
        while self.frozen:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        if self.server.hung is not None:
            await self.server.hung.wait()
        try:
            if self.server.trouble is not None:
                raise self.server.trouble
        except Exception:
            if self.stubborn:
                await asyncio.sleep(1e6)
            raise
        answer: Any = "OK"
        if args[0] == "EVALSHA":
            _, sha, count, *rest = args
            self.asked.append(self.texts[sha])
            words = [_word(item) for item in rest]
            answer = self.server.run(self.texts[sha], words[:count], words[count:])
            if self.lost_answers:
                self.lost_answers -= 1
                await asyncio.Event().wait()
        await asyncio.sleep(self.trip / 2)
        return answer


def _word(item: Any) -> str:
    return item.decode("latin-1") if isinstance(item, bytes) else repr(item) if isinstance(item, float) else str(item)
