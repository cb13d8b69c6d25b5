"""
POST /channels/ec/promoter/get_feed_list.

Source: doc/store/leagueheadsupplier/api/sharer/video/api_getfeedlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.endpoints.promoter._feeds import FeedProduct as FeedProduct
from wxunion_async.units import Fen


@errcodes(10024000)
@paged_by_key("feed_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetFeedListRequest(PagedRequest["FeedList", "Feed"]):
    """
    List one page of a talent's short videos that can be promoted.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_feed_list"
    resend = True

    talent_appid: str = attrs.field(kw_only=False)
    """App id of the talent."""
    finder_exportusername: str | None = None
    """
    A channels account of the talent, "export/…", from ``get_bind_talent_list``.

    Needed when the cooperation covers all content.
    """
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    page_size: int = 10
    """Videos a page, 1 … 10."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FeedList:
    """One page of a talent's videos."""

    feed_list: tuple[Feed, ...] = ()
    """The videos of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent means no."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Feed:
    """A talent's video."""

    export_id: str
    """The video."""
    talent_appid: str | None = None
    """App id of the talent."""
    predict_commission_amount: Fen | None = None
    """What the agency may expect, in fen."""
    product_info: FeedProduct | None = None
    """The product in it."""
