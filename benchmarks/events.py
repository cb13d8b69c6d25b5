"""
What it costs to be watched: ``python -m benchmarks.events``; µs of the processor a call, 32 at once.

Who listens pays for his events and what he does with them. Where nobody does there are a few comparisons with ``None``:
the second line is the first once more, and what differs between the two is chance.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider

from benchmarks.call import AT_ONCE, many_calls
from benchmarks.figures import best_of
from benchmarks.server import Server
from benchmarks.ways import client_of, serial
from wxunion_async import PlanType, UnionClient
from wxunion_async.events import Event
from wxunion_async.integrations.otel import OpenTelemetry

CALLS = 256
ROUNDS = 60
LISTENERS: dict[str, Callable[[], Callable[[Event], object] | None]] = {
    "nobody": lambda: None,
    "nobody, once more": lambda: None,
    "a function that does nothing": lambda: lambda event: None,
    "OpenTelemetry, and no SDK": OpenTelemetry,
    "OpenTelemetry with the SDK": lambda: OpenTelemetry(TracerProvider(), MeterProvider([InMemoryMetricReader()])),
}


async def measured() -> dict[str, float]:
    """Return listener → the least microseconds a call took."""
    server, ids = await Server.start(), serial()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        clients = {name: await stack.enter_async_context(client_of(server, make())) for name, make in LISTENERS.items()}

        async def turn(client: UnionClient) -> float:
            async def call() -> object:
                return await client.promoter.get_promote_product_detail(
                    shop_appid="wx0123456789abcdef", product_id=next(ids), plan_type=PlanType.TARGETED
                )

            started = time.process_time()
            await many_calls(call, CALLS, AT_ONCE)
            return (time.process_time() - started) / CALLS * 1e6

        return await best_of(ROUNDS, {name: lambda name=name: turn(clients[name]) for name in clients})  # type: ignore[misc]


def main() -> None:
    """Measure, and print a line for each listener."""
    for name, took in asyncio.run(measured()).items():
        print(f"{name:<30} {took:8.1f} µs")


if __name__ == "__main__":
    main()
