"""
GET /union/promoter/promotion/list.

Source: clients' models; of doc/ministore/union/access-guidelines/promoter/api/promotion this part was not read.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, must, paged_by_offset


@paged_by_offset("promotion_source_list", "start")
@must("start must not be negative", lambda of: of("start") >= 0, "start")
@must("limit must be above 0", lambda of: of("limit") > 0, "limit")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionListRequest(PagedRequest["PromotionList", "PromotionSource"]):
    """
    List one page of the promotion positions.

    Request and answer are from clients' models, not the vendor's page.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/promotion/list"
    dialect = "camel"
    resend = True

    start: int = 0
    """Positions before this page, from 0."""
    limit: int = 20
    """Positions a page; the greatest number is undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionList:
    """One page of promotion positions."""

    promotion_source_list: tuple[PromotionSource, ...] = ()
    """The positions of this page."""
    total: int | None = None
    """Positions in all."""
    promotion_max_cnt: int | None = None
    """How many positions there may be; 100 in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionSource:
    """A promotion position."""

    promotion_source_pid: str
    """The position."""
    promotion_source_name: str | None = None
    """Its name."""
    status: str | None = None
    """Its state, undocumented; from a single report."""
    pid_id: str | None = None
    """Another id of it, undocumented; from a single report."""
