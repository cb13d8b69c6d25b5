"""Spans and metrics as the SDK's in-memory exporters get them, of calls over a real socket."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from wxunion_async import (
    ApplyTargetRequest,
    CallFinishedEvent,
    DriftEvent,
    GetPromoteProductDetailRequest,
    HostChangedEvent,
    HttpStatusError,
    PermissionDeniedError,
    PlanInfoRequest,
    PlanNotFoundError,
    ProductNotListedError,
    QuotaGetRequest,
    RateLimitedError,
    RetryPolicy,
    StoreDownEvent,
    StoreUpEvent,
    TransportError,
    UnionClient,
)
from wxunion_async.integrations.otel import OpenTelemetry
from wxunion_async.testing import FakeUnionServer, Fault

DETAIL = GetPromoteProductDetailRequest.path
QUOTA = QuotaGetRequest.path
KNOWN = "/cgi-bin/token"  # a path whose quota the server tells
POINT = dict[str, Any]


class Seen:
    """A handler, and what came out of it."""

    def __init__(self) -> None:
        self._exporter, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers, self.meters = TracerProvider(), MeterProvider([self._reader])
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.handler = OpenTelemetry(self.tracers, self.meters)
        self.tracer = self.tracers.get_tracer("test")

    @property
    def spans(self) -> list[ReadableSpan]:
        """Ours, in the order of their ends."""
        return [span for span in self._exporter.get_finished_spans() if _scope(span) == "wxunion_async"]

    @property
    def others(self) -> list[ReadableSpan]:
        """Everybody else's."""
        return [span for span in self._exporter.get_finished_spans() if _scope(span) != "wxunion_async"]

    def metrics(self) -> dict[str, list[POINT]]:
        """Return the points of each metric, without the beginning of the name that all have."""
        data = self._reader.get_metrics_data()
        found: Any = json.loads(data.to_json()) if data else {"resource_metrics": []}
        scopes: list[Any] = [scope for resource in found["resource_metrics"] for scope in resource["scope_metrics"]]
        return {
            metric["name"].removeprefix("wxunion.client."): metric["data"]["data_points"]
            for scope in scopes
            for metric in scope["metrics"]
        }

    def text(self) -> str:
        """Return all of it as text."""
        spans = self._exporter.get_finished_spans()
        return json.dumps(self.metrics()) + "".join(span.to_json() for span in spans)


def _scope(span: ReadableSpan) -> str:
    assert span.instrumentation_scope is not None
    return span.instrumentation_scope.name


def _attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def _events(span: ReadableSpan, name: str) -> list[dict[str, Any]]:
    return [dict(event.attributes or {}) for event in span.events if event.name == f"wxunion.{name}"]


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Collect in memory; the global providers stay as they are."""
    made = Seen()
    yield made
    made.tracers.shutdown()
    made.meters.shutdown()


@pytest.fixture
def client(server: FakeUnionServer, make_client: Any, seen: Seen) -> UnionClient:
    """Tell what happens to the handler."""
    made: UnionClient = make_client(server.both, on_event=seen.handler)
    return made


async def test_a_call_is_a_client_span(client: UnionClient, seen: Seen, server: FakeUnionServer) -> None:
    """With the conventional attributes of an HTTP client, below the caller's span, and as long as the call was."""
    server.fail(DETAIL, Fault(delay=0.2))
    with seen.tracer.start_as_current_span("caller") as caller:
        await client.promoter.get_promote_product_detail(**server.product_request(0))
        (span,) = seen.spans
    assert (span.name, span.kind) == (f"POST {DETAIL}", SpanKind.CLIENT)
    assert span.parent == caller.get_span_context()
    assert span.status.status_code is StatusCode.UNSET
    host, port = server.base_url.removeprefix("http://").split(":")
    assert _attributes(span) == {
        "http.request.method": "POST",
        "url.template": DETAIL,
        "url.full": server.base_url + DETAIL,
        "server.address": host,
        "server.port": int(port),
        "http.response.status_code": 200,
        "wxunion.bulk": False,
        "wxunion.attempts": 1,
    }
    assert span.start_time is not None
    assert span.end_time is not None
    assert 0.2 <= (span.end_time - span.start_time) / 1e9 < 5
    assert [event.name for event in span.events] == ["wxunion.wait", "wxunion.token_refresh"]
    assert all(span.start_time <= event.timestamp <= span.end_time for event in span.events)


async def test_retries_and_refreshes_are_events_of_their_call(
    client: UnionClient, seen: Seen, server: FakeUnionServer
) -> None:
    """Each attempt that failed and was followed by another; a token that came while the call was under way."""
    await client.quota.get(KNOWN)
    server.fail(QUOTA, Fault(status=502), times=2)
    server.both.rotate()
    await client.quota.get(KNOWN)
    await client.quota.get(KNOWN)
    first, second, third = seen.spans
    assert [retry["error.type"] for retry in _events(second, "retry")] == ["502", "502", "TokenError"]
    assert [retry["wxunion.attempt"] for retry in _events(second, "retry")] == [1, 2, 3]
    assert _events(second, "retry")[2]["wxunion.errcode"] == 40001
    assert _attributes(second)["http.request.resend_count"] == 2
    for span, refreshes in ((first, 1), (second, 1), (third, 0)):
        assert len(_events(span, "token_refresh")) == refreshes
    assert _events(second, "token_refresh") == [{"wxunion.app_id": server.both.app_id, "wxunion.forced": False}]
    assert _events(third, "retry") == []


async def test_a_failed_call_says_what_it_met_and_no_text(
    make_client: Any, seen: Seen, server: FakeUnionServer
) -> None:
    """Class, errcode and request id; the service's words stay out."""
    client = make_client(server.agency, on_event=seen.handler, retry=RetryPolicy(max_attempts=1))
    with pytest.raises(PermissionDeniedError) as caught:
        await client.target.plan_info("https://x")
    server.fail(QUOTA, Fault(status=503))
    with pytest.raises(HttpStatusError):
        await client.quota.get(KNOWN)
    server.fail(ApplyTargetRequest, Fault(status=503))
    with pytest.raises(HttpStatusError):
        await client.target.apply_target(plan_id="1", apply_reason="x")
    refused, broken, doubtful = seen.spans
    assert (refused.status.status_code, refused.status.description) == (StatusCode.ERROR, "PermissionDeniedError")
    assert _attributes(refused)["error.type"] == "PermissionDeniedError"
    assert _attributes(refused)["wxunion.errcode"] == 48001
    assert _attributes(refused)["wxunion.rid"] == caught.value.rid
    assert _attributes(refused)["http.response.status_code"] == 200
    assert (_attributes(broken)["error.type"], _attributes(broken)["http.response.status_code"]) == ("503", 503)
    assert [_attributes(span)["wxunion.ambiguous"] for span in seen.spans] == [False, False, True]
    assert "http.request.resend_count" not in _attributes(doubtful)
    assert caught.value.errmsg not in seen.text()
    points = {point["attributes"]["error.type"]: point for point in seen.metrics()["errors"]}
    assert points["PermissionDeniedError"]["attributes"]["wxunion.errcode"] == 48001
    assert "wxunion.errcode" not in points["503"]["attributes"]


async def test_a_call_that_never_went_out_has_no_host(make_client: Any, seen: Seen, server: FakeUnionServer) -> None:
    """Its token could not be had; nothing is invented for what did not happen."""
    client = make_client(server.both, on_event=seen.handler, retry=RetryPolicy(max_attempts=1))
    await server.aclose()
    with pytest.raises(TransportError):
        await client.quota.get(KNOWN)
    (span,) = seen.spans
    assert not {"server.address", "url.full", "http.response.status_code"} & _attributes(span).keys()
    seen.handler(CallFinishedEvent(endpoint="/x", seconds=1.0, attempts=0, waited=0.0, error=None, bulk=False))
    assert (seen.spans[1].name, seen.spans[1].events) == ("HTTP /x", ())
    assert _attributes(seen.spans[1])["http.request.method"] == "_OTHER"


async def test_what_a_cancelled_call_met_is_not_told_of_the_next(
    make_client: Any, seen: Seen, server: FakeUnionServer
) -> None:
    """It has no end that is told, and the same task goes on."""
    client = make_client(server.both, on_event=seen.handler, retry=RetryPolicy(base_delay=8.0))
    await client.quota.get(KNOWN)
    server.fail(QUOTA, Fault(status=502))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            while True:  # the jitter may be next to nothing
                await client.quota.get(KNOWN)
                server.fail(QUOTA, Fault(status=502))
    server.heal()
    before = len(seen.spans)
    await client.quota.get(KNOWN)
    assert _events(seen.spans[before], "retry") == []


async def test_items_of_a_bulk_run_are_below_the_span_of_its_block(
    client: UnionClient, seen: Seen, server: FakeUnionServer
) -> None:
    """The context goes through ``map``; failures stay with the item that met them."""
    requests = [GetPromoteProductDetailRequest(**server.product_request(n)) for n in range(20)]
    doomed = requests[7].product_id
    server.fail(
        GetPromoteProductDetailRequest, Fault(status=502), when=lambda request: request.product_id == doomed, times=2
    )
    with seen.tracer.start_as_current_span("run") as run:
        async with client.map(requests, max_at_once=4) as outcomes:
            found = {outcome.index: outcome async for outcome in outcomes}
    assert len(found) == len(seen.spans) == 20
    assert all(span.parent == run.get_span_context() for span in seen.spans)
    assert all(_attributes(span)["wxunion.bulk"] for span in seen.spans)
    assert sorted(len(_events(span, "retry")) for span in seen.spans) == [0] * 19 + [2]


async def test_metrics(client: UnionClient, seen: Seen, server: FakeUnionServer) -> None:
    """Durations, permit waits, attempts, errors by errcode, refreshes, drift by field, and what else is told."""
    server.fail(DETAIL, Fault(status=502))
    await client.promoter.get_promote_product_detail(**server.product_request(0))
    server.unlisted.add(server.product_request(1)["product_id"])
    with pytest.raises(ProductNotListedError):
        await client.promoter.get_promote_product_detail(**server.product_request(1))
    for place in range(3):
        seen.handler(DriftEvent(endpoint=DETAIL, path=f"product.skus[{place}].stock_num", found="object"))
    seen.handler(HostChangedEvent(old="https://a.example", new="https://b.example", error=None))
    seen.handler(StoreDownEvent(reason="silent"))
    seen.handler(StoreUpEvent(seconds=1.0))
    server.fail(QUOTA, Fault(errcode=45011))
    with pytest.raises(RateLimitedError):
        await client.with_options(call_timeout=0.5).quota.get(KNOWN)

    labels = {"http.request.method": "POST", "url.template": DETAIL}
    metrics = seen.metrics()
    durations = {json.dumps(point["attributes"]): point for point in metrics["call.duration"]}
    assert durations[json.dumps(labels)]["count"] == 1
    assert durations[json.dumps(labels)]["explicit_bounds"][0] == 0.005
    waits = [point for point in metrics["permit.wait"] if point["attributes"] == labels]
    assert [point["count"] for point in waits] == [1]
    attempts = {point["attributes"].get("error.type"): point["value"] for point in metrics["attempts"]}
    assert attempts == {None: 2, "ProductNotListedError": 1, "RateLimitedError": 1}
    errors = {point["attributes"]["wxunion.errcode"]: point["value"] for point in metrics["errors"]}
    assert errors == {10071053: 1, 45011: 1}
    assert metrics["token.refreshes"][0]["attributes"] == {
        "wxunion.app_id": server.both.app_id,
        "wxunion.forced": False,
    }
    (drift,) = metrics["drift"]
    assert (drift["value"], drift["attributes"]["wxunion.field"]) == (3, "product.skus[].stock_num")
    assert metrics["pauses"][0]["attributes"] == {"url.template": QUOTA}
    assert metrics["host.changes"][0]["attributes"] == {"server.address": "b.example"}
    assert metrics["store.outages"][0]["attributes"] == {"wxunion.reason": "silent"}


async def test_beside_the_spans_of_aiohttp_and_without_the_token(
    make_client: Any, seen: Seen, server: FakeUnionServer
) -> None:
    """Both are there, siblings below the caller's; in neither is the token or the secret."""
    instrumentor = AioHttpClientInstrumentor()
    instrumentor.instrument(tracer_provider=seen.tracers, meter_provider=seen.meters)
    try:
        client = make_client(server.both, on_event=seen.handler)
        with seen.tracer.start_as_current_span("caller") as caller:
            await client.quota.get(KNOWN)
            server.both.rotate()
            with pytest.raises(PlanNotFoundError):
                await client.call(PlanInfoRequest(plan_invitation_url="https://x"))
            token = (await client.token()).value
        await client.aclose()
    finally:
        instrumentor.uninstrument()
    theirs = [span for span in seen.others if span.kind is SpanKind.CLIENT]
    assert len(theirs) == 5  # two tokens, one attempt of the first call, two of the second
    assert len(seen.spans) == 2
    assert all(span.parent == caller.get_span_context() for span in seen.spans)
    assert token not in seen.text()
    assert server.both.app_secret not in seen.text()


def test_without_a_program_that_collects_it_does_nothing() -> None:
    """The extra is the API alone: no SDK, no provider, no spans."""
    program = (
        "import sys\n"
        "sys.modules['opentelemetry.sdk'] = None\n"
        "from wxunion_async import CallFinishedEvent as Finished, PathPausedEvent, TransportError\n"
        "from wxunion_async.integrations.otel import OpenTelemetry\n"
        "handler = OpenTelemetry()\n"
        "handler(Finished(endpoint='/x', seconds=1, attempts=2, waited=0, error=TransportError('x'), bulk=True))\n"
        "handler(PathPausedEvent(endpoint='/x', seconds=1))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_span_that_is_not_sampled_costs_no_events(seen: Seen) -> None:
    """The sampler decides by what it is given at the start."""
    from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

    handler = OpenTelemetry(TracerProvider(sampler=ALWAYS_OFF), seen.meters)
    handler(CallFinishedEvent(endpoint="/x", seconds=1.0, attempts=1, waited=0.5, error=None, bulk=False))
    assert seen.spans == []
    assert trace.get_current_span().get_span_context().is_valid is False
    assert seen.metrics()["call.duration"][0]["count"] == 1
