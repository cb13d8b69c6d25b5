"""
Spans and metrics of OpenTelemetry, made of a client's events: ``UnionClient(…, on_event=OpenTelemetry())``.

Extra ``otel``, which brings the API alone; providers and exporters are the program's. Nothing here has the token, the
secret, a query or a body.

Source: OpenTelemetry's semantic conventions for HTTP clients.
"""

import re
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from opentelemetry import metrics, trace
from opentelemetry.util.types import AttributeValue

import wxunion_async
from wxunion_async.errors import ApiError, HttpStatusError, UnionError
from wxunion_async.events import (
    AttemptFailedEvent,
    CallFinishedEvent,
    DriftEvent,
    Event,
    HostChangedEvent,
    PathPausedEvent,
    StoreDownEvent,
    TokenRefreshedEvent,
)

__all__ = ["OpenTelemetry"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_NANO = 1_000_000_000
_KEPT = 64

Attributes = dict[str, AttributeValue]


class OpenTelemetry:
    """
    A handler for ``on_event=``: one CLIENT span for each call and item, and metrics.

    A span is made when its call is over, with its true start, in the context of the caller: its parent is the span in
    which the call, or the block of ``map``, was begun. It has the events ``wxunion.wait`` (the first permit was there),
    ``wxunion.retry`` (an attempt failed, another follows) and ``wxunion.token_refresh`` (a new token came meanwhile).
    A call that was cancelled has no span. One handler may serve several clients.

    Metrics, all named ``wxunion.client.…``: ``call.duration`` and ``permit.wait`` (histograms, in seconds),
    ``attempts``, ``errors`` (by ``error.type`` and ``wxunion.errcode``), ``token.refreshes``, ``drift`` (by field),
    ``pauses``, ``host.changes`` and ``store.outages`` (counters).

    Args:
        tracer_provider: where spans go; the global one by default.
        meter_provider: where metrics go; the global one by default.

    .. versionadded:: 0.2.0

    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        name, version = "wxunion_async", wxunion_async.__version__
        self._tracer = trace.get_tracer(name, version, tracer_provider)
        meter = metrics.get_meter(name, version, meter_provider)
        self._duration, self._wait = (
            meter.create_histogram(
                f"wxunion.client.{what}", unit="s", description=text, explicit_bucket_boundaries_advisory=_SECONDS
            )
            for what, text in (
                ("call.duration", "From the beginning of a call to its end, waits included"),
                ("permit.wait", "From the beginning of a call to its first permit"),
            )
        )
        self._attempts = meter.create_counter("wxunion.client.attempts", "{attempt}", "Attempts of calls that are over")
        self._errors = meter.create_counter("wxunion.client.errors", "{call}", "Calls that failed")
        # What is counted by itself: the event → its counter and its attributes.
        self._counted: dict[type[Event], tuple[metrics.Counter, Callable[[Any], Attributes]]] = {
            kind: (meter.create_counter(f"wxunion.client.{what}", unit, text), attributes)
            for kind, what, unit, text, attributes in _COUNTED
        }
        self._refreshes = deque[tuple[int, TokenRefreshedEvent]](maxlen=_KEPT)
        # The failed attempts of the call under way: calls within one context come one after the other. It is a tuple
        # and not a list because tasks begin with a copy of their parent's context.
        self._failures: ContextVar[tuple[tuple[int, AttemptFailedEvent], ...]]
        self._failures = ContextVar("wxunion_async failed attempts", default=())

    def __call__(self, event: Event) -> None:
        """Note an event; ``on_event`` is called with each, in the context of the caller where it is of a call."""
        if isinstance(event, CallFinishedEvent):
            self._finish(event, time.time_ns())
        elif isinstance(event, AttemptFailedEvent):
            self._failures.set((*self._failures.get()[-_KEPT:], (time.time_ns(), event)))
        elif counted := self._counted.get(type(event)):
            counter, attributes = counted
            counter.add(1, attributes(event))
            if isinstance(event, TokenRefreshedEvent):
                self._refreshes.append((time.time_ns(), event))

    def _finish(self, event: CallFinishedEvent, end: int) -> None:
        method = event.method or "_OTHER"
        labels: Attributes = {"http.request.method": method, "url.template": event.endpoint}
        failure = {} if event.error is None else _error_attributes(event.error)
        if event.error is not None:
            self._errors.add(1, labels | failure)
            labels["error.type"] = failure["error.type"]
        self._duration.record(event.seconds, labels)
        self._wait.record(event.waited, labels)
        self._attempts.add(event.attempts, labels)

        failures = self._failures.get()
        if failures:
            self._failures.set(())
        start = end - round(event.seconds * _NANO)
        span = self._tracer.start_span(
            f"{method if event.method else 'HTTP'} {event.endpoint}",
            kind=trace.SpanKind.CLIENT,
            start_time=start,
            attributes=labels | failure | _call_attributes(event),
        )
        if span.is_recording():
            if event.waited:
                waited = start + round(event.waited * _NANO)
                span.add_event("wxunion.wait", {"wxunion.seconds": event.waited}, min(waited, end))
            for at, failed in failures:
                # What came before is of a call that was cancelled.
                if at >= start and failed.endpoint == event.endpoint and failed.retry_in is not None:
                    span.add_event("wxunion.retry", _retry_attributes(failed), at)
            for at, refreshed in tuple(self._refreshes):  # another loop's thread may add to it
                if start <= at <= end:
                    span.add_event("wxunion.token_refresh", _of_token(refreshed), at)
            if event.error is not None:
                span.set_status(trace.StatusCode.ERROR, str(failure["error.type"]))
        span.end(end)


def _error_attributes(error: UnionError) -> Attributes:
    """Return what may be told of an error: what it is, none of its text."""
    kind = str(error.status) if isinstance(error, HttpStatusError) else type(error).__name__
    attributes: Attributes = {"error.type": kind}
    if isinstance(error, ApiError):
        attributes["wxunion.errcode"] = error.errcode
    return attributes


def _call_attributes(event: CallFinishedEvent) -> Attributes:
    attributes: Attributes = {"wxunion.bulk": event.bulk, "wxunion.attempts": event.attempts}
    if event.host:
        host = urlsplit(event.host)
        attributes["url.full"] = event.host + event.endpoint
        attributes["server.address"] = host.hostname or ""
        attributes["server.port"] = host.port or (443 if host.scheme == "https" else 80)
    if event.status is not None:
        attributes["http.response.status_code"] = event.status
    if event.attempts > 1:
        attributes["http.request.resend_count"] = event.attempts - 1
    if event.error is not None:
        attributes["wxunion.ambiguous"] = event.error.ambiguous
        if isinstance(event.error, ApiError) and event.error.rid:
            attributes["wxunion.rid"] = event.error.rid
    return attributes


def _retry_attributes(failed: AttemptFailedEvent) -> Attributes:
    return {
        "wxunion.attempt": failed.attempt,
        "wxunion.retry_in": failed.retry_in or 0.0,
        "server.address": urlsplit(failed.host).hostname or "",
        **_error_attributes(failed.error),
    }


def _of_path(event: PathPausedEvent) -> Attributes:
    return {"url.template": event.endpoint}


def _of_drift(event: DriftEvent) -> Attributes:
    # Without the places in lists, which would be a series each.
    return {"url.template": event.endpoint, "wxunion.field": re.sub(r"\[\d+\]", "[]", event.path)}


def _of_token(event: TokenRefreshedEvent) -> Attributes:
    return {"wxunion.app_id": event.app_id, "wxunion.forced": event.forced}


def _of_host(event: HostChangedEvent) -> Attributes:
    return {"server.address": urlsplit(event.new).hostname or ""}


def _of_store(event: StoreDownEvent) -> Attributes:
    return {"wxunion.reason": event.reason}


_COUNTED: tuple[tuple[type[Event], str, str, str, Callable[[Any], Attributes]], ...] = (
    (TokenRefreshedEvent, "token.refreshes", "{token}", "New access tokens in use", _of_token),
    (DriftEvent, "drift", "{value}", "Values of the wrong kind that were read as absent", _of_drift),
    (PathPausedEvent, "pauses", "{pause}", "Pauses of a path after 45011", _of_path),
    (HostChangedEvent, "host.changes", "{change}", "Changes of the host that attempts go to", _of_host),
    (StoreDownEvent, "store.outages", "{outage}", "Times that Redis was out of reach", _of_store),
)
