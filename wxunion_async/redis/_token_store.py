"""One token for every process: where it is kept, and who may fetch the next one."""

import asyncio
import contextlib
import math
import secrets
from collections.abc import AsyncGenerator, Callable

import redis.asyncio

from wxunion_async import _clock
from wxunion_async._token import MemoryTokenStore
from wxunion_async.protocols import AccessToken
from wxunion_async.redis import _scripts
from wxunion_async.redis._link import PROBE_INTERVAL, Access, DownError, Watcher

__all__ = ["RedisTokenStore"]

_LEASE = 3.0  # what a killed holder costs the others; longer than a loop or a machine is usually stuck
_RENEW = 0.75
_FIRST_POLL, _LAST_POLL = 0.02, 0.25
_DIRECT_AFTER = 1.0  # a Redis that answers the second question is not down, and a token request less is spent
_FIRST_DIRECT, _LAST_DIRECT = 60.0, 480.0


class RedisTokenStore:
    """
    Shares one token over every process that uses the same Redis and prefix.

    One token request for all of them and each expiry: whoever fetches holds a lease of 3 s, which he renews; whoever
    has lost it does not save. While Redis is down each process goes on with the token at hand; if it needs one, it
    fetches it directly, one caller at a time, once a minute at first and ever more seldom.

    Args:
        redis: a client of redis-py's asyncio side, with either setting of ``decode_responses``; never closed here.
        prefix: of the keys, which are ``<prefix>:{<app id>}:token`` and ``…:lease``.

    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.

    .. versionadded:: 0.1.0

    """

    def __init__(self, redis: "redis.asyncio.Redis | redis.asyncio.RedisCluster", prefix: str = "wxunion") -> None:
        self._access = Access(
            redis, prefix, (_scripts.LOAD, _scripts.SAVE, _scripts.LEASE, _scripts.COMPARE_AND_DELETE)
        )
        self._local = MemoryTokenStore()
        self._marks: dict[str, str] = {}
        self._direct: dict[str, _Direct] = {}

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._access.prefix!r})"

    async def load(self, app_id: str) -> AccessToken | None:
        """Return the shared token, or ``None``; while Redis is down, the one that this process has saved last."""
        asked, key = _clock.wall_time(), self._access.key(app_id, "token")
        try:
            found = await self._access.call(_scripts.LOAD, [key])
        except DownError:
            return await self._local.load(app_id)
        if not found:
            return None
        raw, life = bytes.fromhex(_text(found[0])), int(found[1]) / 1000
        with contextlib.suppress(ValueError):  # empty, or no text: somebody else has written it
            token = AccessToken(raw.decode(), asked + life)
            return token if life > 0 else None
        await self._delete_if(key, raw)
        return None

    async def save(self, app_id: str, token: AccessToken) -> None:
        """Share the token, unless the stored one ends later, or the lease that it was fetched under is lost."""
        life = math.floor((token.expires_at - _clock.wall_time()) * 1000)
        if life <= 0:
            return
        keys = [self._access.key(app_id, "token"), self._access.key(app_id, "lease")]
        kept = True
        with contextlib.suppress(DownError):
            args: list[str | bytes | float] = [token.value.encode(), life, self._marks.get(app_id, "")]
            kept = bool(await self._access.call(_scripts.SAVE, keys, args))
        if kept:
            await self._local.save(app_id, token)

    async def discard(self, app_id: str, value: str) -> None:
        """Forget the token if it still is the one with this value."""
        await self._local.discard(app_id, value)
        await self._delete_if(self._access.key(app_id, "token"), value.encode())

    async def _delete_if(self, key: str, value: bytes) -> None:
        with contextlib.suppress(DownError):
            await self._access.call(_scripts.COMPARE_AND_DELETE, [key], [value])

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """
        Have ``watcher`` told when Redis goes and when it is back, by a ``StoreDownEvent`` and a ``StoreUpEvent``.

        One who watches several stores and limiters over one Redis client is told once. Call what is returned to end it.
        """
        return self._access.link.watch(watcher)

    async def aclose(self) -> None:
        """End what is under way, in 200 ms at most. The Redis client stays open, and so does the store."""
        await self._access.drain()

    # ── the lease ────────────────────────────────────────────────────────────────────────────────────────────────────
    # redis-py's own Lock knows its mark only once the answer to its claim is there: a claim whose answer was lost could
    # neither be recognised nor given back, nor could ``save`` show the mark. Nor does it look at our health of Redis.

    @contextlib.asynccontextmanager
    async def lease(self, app_id: str, seconds: float) -> AsyncGenerator[None]:
        """Wait for the sole right to fetch; it ends 3 s after its holder has died, or by itself after ``seconds``."""
        key, mark = self._access.key(app_id, "lease"), secrets.token_hex(8)
        # One of this process at a time, with Redis and without.
        async with self._local.lease(app_id, seconds):
            renewing: asyncio.Task[None] | None = None
            gained: bool | None = None
            try:
                gained = await self._gain(app_id, key, mark, seconds)
                if gained:
                    self._marks[app_id] = mark
                    renewing = asyncio.create_task(self._renew(key, mark, seconds), name="wxunion_async lease")
                yield
            finally:
                self._marks.pop(app_id, None)
                try:
                    if renewing is not None:
                        renewing.cancel()
                        await asyncio.wait((renewing,))
                    if gained is None:
                        await self._access.drain()  # the claim under way may still be carried out
                finally:
                    await self._delete_if(key, mark.encode())

    async def _gain(self, app_id: str, key: str, mark: str, seconds: float) -> bool:
        """Return true once the lease is held; false gives leave to fetch without it, since Redis is down."""
        poll = _FIRST_POLL
        while True:
            try:
                if await self._lease(key, mark, seconds, "claim"):
                    return True
                wait = poll * (0.5 + secrets.randbelow(1000) / 1000)
                poll = min(2 * poll, _LAST_POLL)
            except DownError:
                wait = self._direct_wait(app_id)
                if wait <= 0:
                    return False
            await asyncio.sleep(wait)

    async def _lease(self, key: str, mark: str, seconds: float, how: str) -> bool:
        return bool(await self._access.call(_scripts.LEASE, [key], [mark, math.ceil(min(seconds, _LEASE) * 1000), how]))

    async def _renew(self, key: str, mark: str, seconds: float) -> None:
        """Keep the lease for so many seconds in all; it is left alone once it is another's."""
        ends_at, held = _clock.monotonic() + seconds, True
        while held and (left := ends_at - _clock.monotonic() - _RENEW) > 0:
            await asyncio.sleep(_RENEW)
            with contextlib.suppress(DownError):  # it may still answer in time
                held = await self._lease(key, mark, left, "renew")

    def _direct_wait(self, app_id: str) -> float:
        """Return how many seconds to wait before asking Redis again; 0.0 gives leave to fetch without it, once."""
        direct = self._direct.setdefault(app_id, _Direct())
        wait = max(_DIRECT_AFTER - self._access.link.down_for(), direct.wait())
        if wait <= 0:
            direct.take()
            return 0.0
        return min(wait, PROBE_INTERVAL)


class _Direct:
    """How often one process may fetch a token without a lease, whatever Redis does: the token quota is limited."""

    def __init__(self) -> None:
        self._next_at = -math.inf
        self._pause = _FIRST_DIRECT

    def wait(self) -> float:
        return self._next_at - _clock.monotonic()

    def take(self) -> None:
        if -self.wait() > _LAST_DIRECT:
            self._pause = _FIRST_DIRECT
        self._next_at = _clock.monotonic() + self._pause
        self._pause = min(2 * self._pause, _LAST_DIRECT)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
