"""What ``UnionClient.from_env`` reads in the environment; every complaint names the variable."""

import os
from collections.abc import Awaitable, Callable

import attrs

from wxunion_async.config import UnionConfig
from wxunion_async.protocols import RateLimiter, TokenStore

__all__ = ["at_base_url", "shared_through_redis", "variable"]


def variable(name: str) -> str:
    """Return what a variable says, which it has to."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ValueError(f"{name} is not set in the environment, or empty")
    return value


def at_base_url(config: UnionConfig, name: str) -> UnionConfig:
    """Return the config with the base URL that a variable says, if it is set."""
    url = os.environ.get(name)
    try:
        return attrs.evolve(config, base_urls=(url,)) if url else config
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def shared_through_redis(
    name: str, share: str
) -> tuple[TokenStore | None, RateLimiter | None, Callable[[], Awaitable[None]] | None]:
    """Return store, limiter and what closes their connections, if the variable ``name`` says where Redis is."""
    url = os.environ.get(name)
    if not url:
        return None, None, None
    try:
        from wxunion_async.redis import share_through
    except ImportError:
        raise ValueError(f"{name} is set, but redis is missing: pip install 'wxunion-async[redis]'") from None
    try:
        local_share = float(os.environ.get(share) or 0.25)
    except ValueError:
        local_share = -1.0
    if not 0 < local_share <= 1:
        raise ValueError(f"{share} must be a number above 0 and at most 1")
    try:
        return share_through(url, local_share)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
