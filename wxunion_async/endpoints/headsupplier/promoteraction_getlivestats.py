"""
POST /channels/ec/league/headsupplier/promoteraction/getlivestats.

Source: doc/store/leagueheadsupplier/api/sharer/live/api_getpromoterlivestats.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, in_order


@errcodes(10024000)
@in_order("start_time", "end_time")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteractionGetlivestatsRequest(UnionRequest["PromoteractionGetlivestats"]):
    """
    Ask how many shares and visits one promoter brought to a live; there are data since 2025-10-25 only.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/promoteraction/getlivestats"
    resend = True

    sharer_appid: str
    """App id of the promoter."""
    live_id: str
    """The live; the lists of lives call it ``export_id``."""
    start_time: datetime
    """Begin of the span of time; Unix seconds on the wire."""
    end_time: datetime
    """End of the span of time; Unix seconds on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteractionGetlivestats:
    """What one promoter brought to a live."""

    share_count: int | None = None
    """Shares."""
    share_user_count: int | None = None
    """People who shared."""
    join_count: int | None = None
    """Visits."""
    join_user_count: int | None = None
    """People who came."""
