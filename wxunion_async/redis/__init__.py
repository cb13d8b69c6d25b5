"""
One token and one limit for many processes, shared through Redis (extra ``redis``).

When Redis is down or slow, calls go on: with the token at hand, and with a share of the limit that each process keeps
to by itself. No command is waited for longer than 200 ms. ``README.md`` beside this file tells what it costs.
"""

from wxunion_async.redis._limiter import RedisRateLimiter
from wxunion_async.redis._share_through import share_through
from wxunion_async.redis._token_store import RedisTokenStore

__all__ = ["RedisRateLimiter", "RedisTokenStore", "share_through"]
