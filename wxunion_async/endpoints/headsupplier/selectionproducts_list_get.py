"""
POST /channels/ec/league/headsupplier/selectionproducts/list/get.

Source: doc/store/leagueheadsupplier/API/listselectionproducts (request); what is marked, and the answer, come from a
client's models, fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/SelectionProduct.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import AS_TEXT, PagedRequest, RequestPart, among, in_order, must, paged_by_key, within
from wxunion_async.endpoints.headsupplier._items import SpuSource as SpuSource
from wxunion_async.endpoints.promoter.get_promote_product_list import Category, SpuItemCondition
from wxunion_async.enums import PlanType


@paged_by_key("product_list")
@among("plan_type", PlanType.TARGETED, PlanType.PUBLIC)
@within("page_size", 1, 20)
@must(
    "keyword must be left out where spu_item_condition has a create_time_range",
    lambda of: getattr(of("spu_item_condition"), "create_time_range", None) is None,
    "keyword",
)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SelectionproductsListGetRequest(PagedRequest["SelectionproductsList", "SelectionProduct"]):
    """
    List one page of the products that shops or other agencies offer to this agency for its talents, not for promoters.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/selectionproducts/list/get"
    resend = True

    plan_type: PlanType = attrs.field(kw_only=False)
    """The kind of plan: 1, targeted, or 2, public."""
    page_size: int = 20
    """Products a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    keyword: str | None = None
    """A text to search for; not with a ``create_time_range``."""
    spu_source: SpuSource | None = None
    """Who supplies the products; merchants by default."""
    category: Category | None = None
    """
    The category that products have to be in; not with plan type 1.

    Its fields are from a client's models, not the vendor's page.
    """
    spu_item_condition: SelectionCondition | None = None
    """What products have to be like."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SelectionproductsList:
    """One page of offered products."""

    product_list: tuple[SelectionProduct, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SelectionProduct:
    """A product that is offered to the agency."""

    product_id: int
    """The product."""
    shop_appid: str
    """App id of the shop that sells it."""
    head_supplier_item_link: str | None = None
    """Its link, "weixinstorehs/…", as ``cooperativeitem_add`` and ``item_promotiondetail_get`` take it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SelectionCondition(SpuItemCondition):
    """What offered products have to be like."""

    create_time_range: CreateTimeRange | None = None
    """When they were offered; not with a ``keyword``."""


@in_order("min", "max")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CreateTimeRange(RequestPart):
    """A span of time; an end that is left out is open."""

    min: datetime | None = attrs.field(default=None, metadata=AS_TEXT)
    """Begin; Unix seconds on the wire, as text, like the other ranges."""
    max: datetime | None = attrs.field(default=None, metadata=AS_TEXT)
    """End; Unix seconds on the wire, as text, like the other ranges."""
