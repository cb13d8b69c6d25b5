"""Store and limiter at once, for a client from the environment."""

import contextlib
from collections.abc import Awaitable, Callable

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from wxunion_async.redis._limiter import RedisRateLimiter
from wxunion_async.redis._token_store import RedisTokenStore

__all__ = ["share_through"]


def share_through(
    url: str, local_share: float = 0.25
) -> tuple[RedisTokenStore, RedisRateLimiter, Callable[[], Awaitable[None]]]:
    """
    Return a store and a limiter over a Redis client of their own, and what closes it.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``, as redis-py takes it.
        local_share: as for ``RedisRateLimiter``.

    Raises:
        TypeError, ValueError: an argument is wrong; the message does not show the URL, since it may hold a password.

    """
    client: redis.asyncio.Redis | None = None
    with contextlib.suppress(ValueError):
        # Once more and at once: a connection that the server has given up while it was idle is no outage.
        client = redis.asyncio.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=Retry(NoBackoff(), 1)
        )
    if client is None:
        raise ValueError("this is no redis://, rediss:// or unix:// URL")
    connected, store, limiter = client, RedisTokenStore(client), RedisRateLimiter(client, local_share=local_share)

    async def close() -> None:
        await limiter.aclose()
        await store.aclose()
        await connected.aclose()

    return store, limiter, close
