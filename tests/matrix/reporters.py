"""
Feeds every fault to Sentry and to OpenTelemetry's instrumentation of aiohttp, and says what they would have sent.

A process of its own, since both change aiohttp for all: ``python -m tests.matrix.reporters``.
"""

import asyncio
import json
from typing import Any

import sentry_sdk
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.integrations.aiohttp import AioHttpIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

from wxunion_async import RetryPolicy, UnionClient, UnionConfig, UnionError

from .calls import REQUESTS, SECRET
from .faults import FAULTS, MOST, Call, Fault
from .wire import HIDDEN, Server


class Recording(Transport):
    """Sends nothing, and keeps what it should have sent."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[bytes] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.envelopes.append(envelope.serialize())


async def report(fault: Fault, call: Call, *, own: bool) -> None:
    """Make one call that meets the fault at every send, and capture its error as an application would."""
    import aiohttp

    async with Server(fault.play, on_token=call == "token", times=99) as server:
        session = None if own else aiohttp.ClientSession()
        config = UnionConfig(
            base_urls=(fault.base_url(server.url) if fault.base_url else server.url,),
            attempt_timeout=0.2 if fault.special == "slow" else 10,
            max_answer_size=MOST,
            retry=RetryPolicy(max_attempts=2, base_delay=0),
        )
        client = UnionClient("wx-matrix", SECRET, config=config, session=session)
        with sentry_sdk.isolation_scope(), sentry_sdk.start_transaction(name=f"{fault.name} {call}"):
            try:
                await client.call(REQUESTS[call])
            except UnionError as error:
                sentry_sdk.capture_exception(error)
        await client.aclose()
        if session is not None:
            await session.close()


async def main() -> dict[str, Any]:
    """Return how much was reported, and what of it shows a secret."""
    transport, spans, provider = Recording(), InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    AioHttpClientInstrumentor().instrument(tracer_provider=provider)
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:1/1",
        transport=transport,
        traces_sample_rate=1.0,
        send_default_pii=True,
        max_request_body_size="always",
        max_value_length=100_000,
        include_local_variables=True,
        auto_enabling_integrations=False,  # those of frameworks that are here for other tests
        integrations=[AioHttpIntegration(), LoggingIntegration(level=0, event_level=30)],
    )
    met = [fault for fault in FAULTS if fault.special not in ("certificate", "no such host") and not fault.proxy_status]
    calls: tuple[Call, ...] = ("token", "GET", "apply")
    for begin in range(0, len(met), 16):
        some = enumerate(met[begin : begin + 16])
        await asyncio.gather(*(report(fault, call, own=number % 2 == 0) for number, fault in some for call in calls))
    told = [envelope.decode("utf-8", "replace") for envelope in transport.envelopes]
    traced = [span.to_json() for span in spans.get_finished_spans()]
    return {
        "errors": sum('"exception"' in text for text in told),
        "frames of the library with variables": sum(
            "wxunion_async/_trip.py" in text and '"vars"' in text for text in told
        ),
        "spans": len(traced),
        "shown": [text[max(0, text.index(HIDDEN) - 200) :][:300] for text in (*told, *traced) if HIDDEN in text][:5],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
