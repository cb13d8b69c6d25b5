"""Calls as arq jobs. Worker: ``arq arq_worker.WorkerSettings``; elsewhere: ``await ask(await create_pool(REDIS), request)``."""

import os
from typing import Any, TypeVar

from arq import ArqRedis, Retry
from arq.connections import RedisSettings

from wxunion_async import RateLimitedError, UnionClient, UnionError, UnionRequest

Answer = TypeVar("Answer")
REDIS = RedisSettings.from_dsn(os.environ["WXUNION_REDIS_URL"])


async def start(ctx: dict[str, Any]) -> None:
    ctx["client"] = UnionClient.from_env()  # workers share token and limits through the same Redis


async def stop(ctx: dict[str, Any]) -> None:
    await ctx["client"].aclose()


async def call(ctx: dict[str, Any], request: UnionRequest[Any]) -> Any:
    try:
        return await ctx["client"].call(request)
    except RateLimitedError as error:
        raise Retry(defer=error.retry_after) from None
    except UnionError as error:
        return error


class WorkerSettings:
    functions = (call,)
    on_startup, on_shutdown = start, stop
    redis_settings = REDIS
    max_jobs = 32
    job_timeout = 60  # seconds; above call_timeout


async def ask(pool: ArqRedis, request: UnionRequest[Answer]) -> Answer:
    """Have a worker send ``request`` and return the answer, or raise its error; arq pickles both."""
    job = await pool.enqueue_job("call", request)
    assert job is not None
    answer: Any = await job.result(timeout=120)
    if isinstance(answer, UnionError):
        raise answer
    return answer
