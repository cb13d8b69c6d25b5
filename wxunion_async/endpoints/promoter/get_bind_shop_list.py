"""
POST /channels/ec/promoter/get_bind_shop_list.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_getbindshoplist.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within


@errcodes(10024000)
@paged_by_key("shop_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetBindShopListRequest(PagedRequest["BindShopList", "BindShop"]):
    """
    List one page of the shops that the agency cooperates with in the promotion of content.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_bind_shop_list"
    resend = True

    page_size: int = 10
    """Shops a page, 1 … 10."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindShopList:
    """One page of shops."""

    shop_list: tuple[BindShop, ...] = ()
    """The shops of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindShop:
    """A shop that the agency cooperates with."""

    shop_appid: str
    """App id of the shop."""
    bind_time: datetime | None = None
    """When the cooperation began; 0 on the wire is ``None``."""
    shop_nickname: str | None = None
    """Its name."""
    shop_head_img: str | None = None
    """URL of the picture."""
