"""
POST /channels/ec/league/headsupplier/subscription/getsubscribe.

Source: doc/store/leagueheadsupplier/api/shop/api_getsubscribeproduct.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, RequestPart, paged_by_key, within


@paged_by_key("subscribe_info_list", more="has_more")
@within("page_size", 1, 1000)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscriptionGetsubscribeRequest(PagedRequest["SubscriptionGetsubscribe", "SubscribedProduct"]):
    """
    List one page of the products whose changes the agency is told of: those subscribed, and those of every cooperation.

    With 1000 products a page this is the quickest way to list products.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/subscription/getsubscribe"
    resend = True

    page_size: int = 1000
    """Products a page, 1 … 1000."""
    next_key: str | None = None
    """``next_key`` of the page before; left out for the first page."""
    need_total_num: bool | None = None
    """True to have them counted, too."""
    filter: SubscriptionFilter | None = None
    """What to look for."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscriptionGetsubscribe:
    """One page of products whose changes the agency is told of."""

    subscribe_info_list: tuple[SubscribedProduct, ...] = ()
    """The products of this page."""
    total_num: int | None = None
    """Products that match; only if asked for."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscribedProduct:
    """A product whose changes the agency is told of."""

    product_id: int
    """The product."""
    shop_appid: str
    """App id of the shop that sells it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscriptionFilter(RequestPart):
    """What to look for among the products."""

    product_id: int | None = None
    """The product. The table says that all three are required; the sample has this one, and the others empty."""
    product_name: str = ""
    """Its name; "" for any."""
    appid: str = ""
    """App id of its shop; "" for any."""
