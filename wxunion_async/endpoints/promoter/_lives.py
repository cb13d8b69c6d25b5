"""Lives and announcements of lives, as the calls for talents and those for shops answer them."""

from __future__ import annotations

from datetime import datetime

import attrs

__all__ = ["LiveNotice", "LiveRecord"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveRecord:
    """A live that is on now."""

    export_id: str
    """The live."""
    description: str | None = None
    """What it is about."""
    promoter_share_link: str | None = None
    """Parameter for the embedded card of the live."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LiveNotice:
    """The announcement of a live."""

    notice_id: str
    """The announcement."""
    description: str | None = None
    """What the live is about."""
    start_time: datetime | None = None
    """When the live begins; 0 on the wire is ``None``."""
