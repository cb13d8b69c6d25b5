"""
A plain worker: ids on stdin ("wx… 10000000001" a line), outcomes as JSON Lines on stdout.

SIGTERM and Ctrl-C: no more is read, and what is under way comes to its end.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator

from wxunion_async import GetPromoteProductDetailRequest, PlanType, UnionClient, to_dict


async def requests() -> AsyncIterator[GetPromoteProductDetailRequest]:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        shop_appid, product_id = line.decode().split()
        yield GetPromoteProductDetailRequest(
            shop_appid=shop_appid, product_id=int(product_id), plan_type=PlanType.PUBLIC
        )


async def main() -> None:
    async with UnionClient.from_env() as agency, agency.map(requests(), max_at_once=32) as outcomes:
        for signum in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(signum, outcomes.stop)
        async for outcome in outcomes:
            print(json.dumps(to_dict(outcome), ensure_ascii=False), flush=True)


asyncio.run(main())
