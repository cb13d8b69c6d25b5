"""
POST /channels/ec/league/headsupplier/funds/flowlist/get.

Source: doc/store/leagueheadsupplier/API/getfundsflowlist.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, also, errcodes, in_order, must, paged_by_page
from wxunion_async.endpoints.headsupplier._funds import FundsType as FundsType


@errcodes(10024000)
@paged_by_page("flow_ids", more="has_more", key="next_key")
@in_order("start_time", "end_time")
@must("page must be at least 1", lambda of: of("page") >= 1, "page")
@must("page_size must be at least 1", lambda of: of("page_size") >= 1, "page_size")
@must(
    "page × page_size must be below 5000 without a next_key",
    lambda of: of("page") == 1 or of("page") * of("page_size") < 5000 or of("next_key") is not None,
    "page",
    "page_size",
)
@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsFlowlistGetRequest(PagedRequest["FundsFlowlist", str]):
    """
    List one page of the entries in the agency's account, by their ids.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/funds/flowlist/get"
    resend = True

    page: int = 1
    """The page, from 1."""
    page_size: int = 10
    """Entries a page; the vendor's default is 10, the greatest is undocumented."""
    next_key: str | None = None
    """``next_key`` of the page before, with the same ``page_size``; from entry 5000 on a page needs it."""
    start_time: datetime | None = None
    """Begin of the span of time; Unix seconds on the wire."""
    end_time: datetime | None = None
    """End of the span of time; Unix seconds on the wire."""
    funds_type: FundsType | None = None
    """The kind of entry."""
    transaction_id: str | None = None
    """The payment; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FundsFlowlist:
    """One page of the entries in the agency's account."""

    flow_ids: tuple[str, ...] = attrs.field(default=(), metadata=also("funds_flow_ids"))
    """The ids of this page; one client reads ``funds_flow_ids``, and both are read."""
    next_key: str | None = None
    """What to ask the next page with, beside its number."""
    has_more: bool | None = None
    """Whether there is a next page."""
