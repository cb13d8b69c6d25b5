"""Calls as tasks. Workers: ``taskiq worker taskiq_worker:broker --workers 3``; elsewhere: ``await ask(request)``."""

import os
import pickle
import re
from base64 import b64decode, b64encode
from typing import Any, TypeVar

from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

import wxunion_async
from wxunion_async import UnionClient, UnionConfig, UnionError, UnionRequest, decode, encode

Answer = TypeVar("Answer")
REDIS_URL = os.environ["WXUNION_REDIS_URL"]
CALL_TIMEOUT = float(os.environ.get("WXUNION_CALL_TIMEOUT", "30"))
results: RedisAsyncResultBackend[Any] = RedisAsyncResultBackend(REDIS_URL, result_ex_time=3600)
# What a worker has taken and not finished by then, another one takes up; it may be done twice, but is not forgotten.
broker = RedisStreamBroker(
    REDIS_URL,
    idle_timeout=round(2000 * CALL_TIMEOUT),
    unacknowledged_lock_timeout=10,
    consumer_id="0",
    xread_count=10,
    maxlen=1_000_000,
).with_result_backend(results)


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    """Give each worker process one client; all of them share token and limits through Redis."""
    state.client = UnionClient.from_env(config=UnionConfig(call_timeout=CALL_TIMEOUT))


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def stop(state: TaskiqState) -> None:
    """Close it, and its connections to Redis."""
    await state.client.aclose()


@broker.task
async def call(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Send the request of the class ``name`` with these fields, in wire form, and return the answer in wire form."""
    named = {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key): value for key, value in fields.items()}
    request: UnionRequest[Any] = getattr(wxunion_async, name)(**named)
    try:
        return {"answer": encode(await broker.state.client.call(request))}
    except UnionError as error:
        return {"error": b64encode(pickle.dumps(error)).decode()}


async def ask(request: UnionRequest[Answer]) -> Answer:
    """Have a worker send ``request``; raises its error, and ``TaskiqResultTimeoutError`` when nothing has come back."""
    task = await call.kiq(type(request).__name__, encode(request))
    result = (await task.wait_result(timeout=5 * CALL_TIMEOUT)).return_value
    if "error" in result:
        raise pickle.loads(b64decode(result["error"]))
    return decode(type(request), result["answer"])
