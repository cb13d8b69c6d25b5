"""Calls as tasks. Workers: ``taskiq worker taskiq_worker:broker --workers 3``; elsewhere: ``await ask(request)``."""

import os
import pickle
from base64 import b64decode, b64encode
from typing import Any, TypeVar

from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

from wxunion_async import UnionClient, UnionConfig, UnionError, UnionRequest

Answer = TypeVar("Answer")
URL = os.environ["WXUNION_REDIS_URL"]
TIMEOUT = float(os.environ.get("WXUNION_CALL_TIMEOUT", "30"))
# What a worker has taken and not finished by then, another one takes up; it may be done twice, but is not forgotten.
broker = RedisStreamBroker(
    URL,
    idle_timeout=round(2000 * TIMEOUT),
    unacknowledged_lock_timeout=10,
    consumer_id="0",
    xread_count=10,
    maxlen=10**6,
).with_result_backend(RedisAsyncResultBackend(URL, result_ex_time=3600))


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    state.client = UnionClient.from_env(config=UnionConfig(call_timeout=TIMEOUT))  # shares token and limits


broker.add_event_handler(TaskiqEvents.WORKER_SHUTDOWN, lambda state: state.client.aclose())


@broker.task
async def call(pickled: str) -> str:  # so only your own processes may write to this Redis
    try:
        answer = await broker.state.client.call(pickle.loads(b64decode(pickled)))
    except UnionError as error:
        answer = error
    return b64encode(pickle.dumps(answer)).decode()


async def ask(request: UnionRequest[Answer]) -> Answer:
    task = await call.kiq(b64encode(pickle.dumps(request)).decode())
    answer: Any = pickle.loads(b64decode((await task.wait_result(timeout=5 * TIMEOUT)).return_value))
    if isinstance(answer, UnionError):
        raise answer
    return answer  # type: ignore[no-any-return]
