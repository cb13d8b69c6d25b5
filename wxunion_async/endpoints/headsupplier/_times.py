"""Spans of time that several calls take as filters."""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import RequestPart, in_order

__all__ = ["TimeSpan"]


@in_order("start_time", "end_time")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TimeSpan(RequestPart):
    """A span of time; an end that is left out is open."""

    start_time: datetime | None = None
    """Begin; Unix seconds on the wire."""
    end_time: datetime | None = None
    """End; Unix seconds on the wire."""
