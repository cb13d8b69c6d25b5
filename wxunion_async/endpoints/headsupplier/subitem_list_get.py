"""
POST /channels/ec/league/headsupplier/subitem/list/get.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/SubItem; a client's models. The vendor's
page was not read: doc/store/leagueheadsupplier/API/getsubitemlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_NUMBER, PagedRequest, must, paged_by_key
from wxunion_async.endpoints.headsupplier._items import cooperative_item_is_a_number
from wxunion_async.units import Per1M


@paged_by_key("list")
@cooperative_item_is_a_number
@must("page_size must be at least 1", lambda of: of("page_size") >= 1, "page_size")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SubitemListGetRequest(PagedRequest["SubitemList", "SubItem"]):
    """
    List one page of the sub-plans of a cooperation, with their links.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/subitem/list/get"
    resend = True

    cooperative_item_id: str = attrs.field(kw_only=False, metadata=AS_NUMBER)
    """The cooperation, from ``cooperativeitem_list_get``; a number on the wire."""
    page_size: int = 10
    """Sub-plans a page; 10 in a client's sample, the greatest is undocumented."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubitemList:
    """One page of sub-plans."""

    list: tuple[SubItem, ...] = ()
    """The sub-plans of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubItem:
    """A talents' commission for a cooperation."""

    sub_item_id: str
    """The sub-plan; a number on the wire."""
    head_supplier_item_link: str | None = None
    """Link for the talents."""
    status: int | None = None
    """The state; a code, its values undocumented."""
    ratio: int | None = None
    """Rate in whole per cent."""
    ratio_ext: Per1M | None = None
    """Rate in 1/1,000,000."""
    ratio_to_service_rate: int | None = None
    """Rate in per cent of the service rate."""
