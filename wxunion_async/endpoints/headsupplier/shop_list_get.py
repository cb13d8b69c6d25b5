"""
POST /channels/ec/league/headsupplier/shop/list/get.

Source: doc/store/leagueheadsupplier/API/getshoplist.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, paged_by_key, within
from wxunion_async.endpoints.headsupplier._shops import ShopBaseInfo as ShopBaseInfo
from wxunion_async.endpoints.headsupplier._shops import ShopStatus as ShopStatus


@errcodes(10024000)
@paged_by_key("shop_list", more="has_more")
@within("page_size", 1, 30)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopListGetRequest(PagedRequest["ShopList", "CooperatingShop"]):
    """
    List one page of the shops that cooperate with the agency.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/shop/list/get"
    resend = True

    page_size: int = 30
    """Shops a page, 1 … 30."""
    next_key: str | None = None
    """``next_key`` of the page before; left out for the first page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopList:
    """One page of shops."""

    shop_list: tuple[CooperatingShop, ...] = ()
    """The shops of this page."""
    next_key: str | None = None
    """What to ask the next page with. In the table, not in the sample."""
    has_more: bool | None = None
    """Whether there is a next page. In the table, not in the sample."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperatingShop:
    """A shop that cooperates with the agency."""

    base_info: ShopBaseInfo
    """Who it is."""
    status: ShopStatus | None = None
    """How far the cooperation is."""
