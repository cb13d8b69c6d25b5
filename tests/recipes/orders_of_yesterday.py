"""Yesterday's orders with details, in a database of the day, and sums per promoter; run it again to resume."""

import asyncio
import sqlite3
import sys
from datetime import datetime, timedelta, timezone

from wxunion_async import Fen, OrderGetRequest, UnionClient, fen_to_yuan
from wxunion_async.endpoints.headsupplier.order_list_get import TimeSpan

TODAY = datetime.now(timezone(timedelta(hours=8))).replace(hour=0, minute=0, second=0, microsecond=0)
SPAN = TimeSpan(start_time=TODAY - timedelta(days=1), end_time=TODAY - timedelta(seconds=1))
DB = sqlite3.connect(f"orders-before-{TODAY:%Y-%m-%d}.db", isolation_level=None)
DB.execute("CREATE TABLE IF NOT EXISTS orders (order_id, sku_id, sharer, fen, PRIMARY KEY (order_id, sku_id))")


async def main() -> None:
    known = {*DB.execute("SELECT order_id, sku_id FROM orders")}
    async with UnionClient.from_env() as agency:
        missing = (
            OrderGetRequest(order_id=item.order_id, sku_id=item.sku_id)
            async for item in agency.headsupplier.iter_order_list(create_time_range=SPAN)
            if (item.order_id, item.sku_id) not in known
        )
        async with agency.map(missing) as outcomes:
            async for outcome in outcomes:
                if outcome.error:
                    print(outcome.error, outcome.error.advice, file=sys.stderr)
                    continue
                order, detail = outcome.request, outcome.unwrap().commssion_order.order_detail
                sharer = detail and detail.commission_info and detail.commission_info.sharer_info
                share = (sharer.sharer_appid, sharer.amount) if sharer else (None, None)
                DB.execute("INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?)", (order.order_id, order.sku_id, *share))
    for sharer, orders, fen in DB.execute("SELECT sharer, count(*), sum(fen) FROM orders GROUP BY 1 ORDER BY 3 DESC"):
        print(sharer or "(no promoter)", orders, fen_to_yuan(Fen(fen or 0)))


asyncio.run(main())
DB.close()
