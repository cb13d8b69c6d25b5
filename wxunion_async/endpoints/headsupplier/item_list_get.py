"""
POST /channels/ec/league/headsupplier/item/list/get.

Source: doc/store/leagueheadsupplier/api/opentalent/getshop/api_getitemlist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within


@errcodes(10024000, 10024003)
@paged_by_key("list", more="has_more")
@within("page_size", 1, 30)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemListGetRequest(PagedRequest["ItemList", "ItemId"]):
    """
    List one page of the cooperating products; the vendor's newer call is ``cooperativeitem_list_get``.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/item/list/get"
    resend = True

    page_size: int = 30
    """Products a page, 1 … 30."""
    next_key: str | None = None
    """``next_key`` of the page before; left out for the first page."""
    appid: str | None = None
    """App id of the shop."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemList:
    """One page of cooperating products."""

    list: tuple[ItemId, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemId:
    """The ids of one cooperating product, as ``item_get`` takes them."""

    appid: str
    """App id of the shop that sells it."""
    product_id: int
    """The product; a string on the wire."""
