"""Metrics for Prometheus at ``:9464/metrics``, beside any work; needs ``opentelemetry-exporter-prometheus``."""

import asyncio
import os

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import start_http_server

from wxunion_async import UnionClient, UnionError
from wxunion_async.integrations.otel import OpenTelemetry

WATCHED = "/channels/ec/promoter/get_promote_product_detail"


async def main() -> None:
    start_http_server(int(os.environ.get("METRICS_PORT", "9464")))
    handler = OpenTelemetry(meter_provider=MeterProvider([PrometheusMetricReader()]))
    async with UnionClient.from_env(on_event=handler) as agency:
        while True:  # your work
            try:
                print((await agency.quota.get(WATCHED)).quota.remain, "calls left today", flush=True)
            except UnionError as error:
                print(error, error.advice, flush=True)
            await asyncio.sleep(60)


asyncio.run(main())
