"""
POST /channels/ec/promoter/get_bind_talent_list.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_getbindtalentlist.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within


@errcodes(10024000)
@paged_by_key("talent_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetBindTalentListRequest(PagedRequest["BindTalentList", "BindTalent"]):
    """
    List one page of the talents (带货者) that the agency cooperates with, or look for one.

    Their lives, feeds and articles can be promoted.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_bind_talent_list"
    resend = True

    page_size: int = 10
    """Talents a page, 1 … 10."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    talent_appid: str | None = None
    """Look for the talent with this app id."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindTalentList:
    """One page of talents."""

    talent_list: tuple[BindTalent, ...] = ()
    """The talents of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindTalent:
    """A talent that the agency cooperates with."""

    talent_appid: str
    """App id of the talent."""
    bind_time: datetime | None = None
    """When the cooperation began; 0 on the wire is ``None``."""
    talent_nickname: str | None = None
    """Nickname."""
    talent_head_img: str | None = None
    """URL of the picture."""
    related_finder_exportname_list: tuple[str, ...] = ()
    """Channels accounts, as ``get_feed_list`` takes them ("export/…")."""
    related_mp_biz_appid_list: tuple[str, ...] = ()
    """App ids of official accounts, as ``get_talent_biz_article_list`` takes them."""
