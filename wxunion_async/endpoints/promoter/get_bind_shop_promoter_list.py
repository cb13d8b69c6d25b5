"""
POST /channels/ec/promoter/get_bind_shop_promoter_list.

Source: doc/store/leagueheadsupplier/api/sharer/account/api_getbindshoppromoterlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.enums import PromoterType


@errcodes(10024000)
@paged_by_key("promoter_list", more="has_more")
@within("page_size", 1, 10)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetBindShopPromoterListRequest(PagedRequest["BindShopPromoterList", "BindShopPromoter"]):
    """
    List one page of the accounts that belong to a shop; the calls on a shop's lives, feeds and articles take them.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_bind_shop_promoter_list"
    resend = True

    shop_appid: str = attrs.field(kw_only=False)
    """App id of the shop."""
    page_size: int = 10
    """Accounts a page, 1 … 10."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindShopPromoterList:
    """One page of accounts."""

    promoter_list: tuple[BindShopPromoter, ...] = ()
    """The accounts of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class BindShopPromoter:
    """An account that belongs to a shop."""

    promoter_id: str
    """The account."""
    promoter_type: PromoterType | None = None
    """What kind of account it is."""
    promoter_name: str | None = None
    """Its name."""
    avatar_image_url: str | None = None
    """URL of the picture."""
