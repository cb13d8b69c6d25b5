"""
POST /channels/ec/league/headsupplier/clue/list/get.

Source: doc/store/leagueheadsupplier/api/sharer/clue/api_getcluelist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, paged_by_key, within
from wxunion_async.endpoints.headsupplier._orders import OrderId as OrderId
from wxunion_async.endpoints.headsupplier._times import TimeSpan as TimeSpan


@paged_by_key("list", more="has_more")
@within("page_size", 1, 100)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueListGetRequest(PagedRequest["ClueList", "OrderId"]):
    """
    List one page of the orders of shops' own products that were sold in promoted content.

    No commission flows: the parties settle among themselves.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/clue/list/get"
    resend = True

    page_size: int = 100
    """Entries a page, 1 … 100."""
    next_key: str | None = None
    """``next_key`` of the page before; left out for the first page."""
    appid: str | None = None
    """App id of the shop."""
    sharer_appid: str | None = None
    """App id of the promoter, or of a talent's platform account, that brought the order."""
    create_time_range: TimeSpan | None = None
    """When the order was created."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ClueList:
    """One page of orders of shops' own products."""

    list: tuple[OrderId, ...] = ()
    """The orders of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""
