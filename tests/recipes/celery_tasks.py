"""
Celery, and any other sync code: one event loop in a thread, and in it one client for the whole process.

Worker: ``celery -A celery_tasks worker``; elsewhere: ``look_up.delay("wx…", 10000000001).get()``.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown

from wxunion_async import PlanType, UnionClient, to_dict

T = TypeVar("T")
app = Celery("union", broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_RESULT_BACKEND"])


class Union:
    """One client, and the loop that it lives in; to be made in each process, after the fork."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.agency = UnionClient.from_env()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Return what ``call`` returns; any thread may ask, and all share token, limits and connections."""
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()


@worker_process_init.connect
def start(**_: Any) -> None:
    app.union = Union()


@worker_process_shutdown.connect
def stop(**_: Any) -> None:
    app.union.run(app.union.agency.aclose())


@app.task
def look_up(shop_appid: str, product_id: int) -> Any:
    call = app.union.agency.promoter.get_promote_product_detail
    return to_dict(app.union.run(call(shop_appid=shop_appid, product_id=product_id, plan_type=PlanType.PUBLIC)))
