"""
POST /channels/ec/promoter/get_bind_sharer_list.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_getbindsharerlist.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.enums import CommissionType
from wxunion_async.units import Per1M


@errcodes(10024000, 10071056)
@paged_by_key("sharer_info_list")
@within("page_size", 1, 20)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetBindSharerListRequest(PagedRequest["BindSharerList", "BindSharer"]):
    """
    List one page of the promoters that are bound to this agency, or look for one.

    Raises:
        InvalidParameterError: 10024000.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_bind_sharer_list"
    resend = True

    page_size: int = 20
    """Promoters a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    sharer_appid: str | None = None
    """Look for the promoter with this app id."""
    sharer_openid: str | None = None
    """Look for this openid, in the mini program that is bound to the agency."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindSharerList:
    """One page of promoters."""

    sharer_info_list: tuple[BindSharer, ...] = ()
    """The promoters of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end; an older table calls it a number."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindSharer:
    """A promoter that is bound to the agency."""

    sharer_appid: str
    """App id of the promoter."""
    bind_time: datetime | None = None
    """When the promoter was bound; 0 on the wire is ``None``."""
    commission_ratio: Per1M | None = None
    """Share of the promoter in 1/1,000,000."""
    commission_type: CommissionType | None = None
    """Who pays the promoter."""
    nickname: str | None = None
    """Nickname."""
    head_img_url: str | None = None
    """URL of the picture."""
