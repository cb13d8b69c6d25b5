"""
POST /channels/ec/promoter/get_promote_product_list.

Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html; for ``flags`` the page of
listselectionproducts. It has no table of errcodes; the vendor's codes mean the same on all pages for agencies.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_TEXT, PagedRequest, RequestPart, among, errcodes, in_order, paged_by_key, within
from wxunion_async.enums import PlanType


@errcodes(10024000, 10024003, 10071033, 10071048)
@paged_by_key("product_list")
@among("plan_type", PlanType.TARGETED, PlanType.PUBLIC)
@within("page_size", 1, 20)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPromoteProductListRequest(PagedRequest["PromoteProductList", "PromoteProduct"]):
    """
    List one page of products to promote.

    Returns:
        The products of the page; a ``next_key`` of ``None`` or "" means that it is the last.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        InvalidAppIdError: 10024003, 10071033: the shop's app id.

    .. versionadded:: 0.1.0

    """

    path = "/channels/ec/promoter/get_promote_product_list"
    resend = True

    plan_type: PlanType = attrs.field(kw_only=False)
    """The kind of plan: 1, targeted, or 2, public."""
    page_size: int = 20
    """Products a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    keyword: str | None = None
    """A text to search for."""
    category: Category | None = None
    """The category that products have to be in; the vendor does not support it with plan type 1."""
    spu_item_condition: SpuItemCondition | None = None
    """What products have to be like."""
    shop_appid: str | None = None
    """App id of the shop that has to sell them."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteProductList:
    """One page of products to promote."""

    product_list: tuple[PromoteProduct, ...] = ()
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteProduct:
    """The ids of one product to promote, as ``get_promote_product_detail`` takes them."""

    product_id: int
    """The product."""
    shop_appid: str
    """App id of the shop that sells it."""
    head_supplier_appid: str | None = None
    """App id of the head supplier."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Category(RequestPart):
    """The category that products have to be in."""

    category_id: str | None = None
    """The category."""
    category_name: str | None = None
    """Its name."""
    category_ids_1: tuple[str, ...] = ()
    """Categories of the first level; left out if empty."""
    category_ids_2: tuple[str, ...] = ()
    """Categories of the second level; left out if empty."""
    category_ids_3: tuple[str, ...] = ()
    """Categories of the third level; left out if empty."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SpuItemCondition(RequestPart):
    """What products have to be like."""

    selling_price_range: Range | None = None
    """Price in fen."""
    monthly_sales_range: Range | None = None
    """Pieces sold in a month."""
    service_fee_rate_range: Range | None = None
    """Service rate in 1/100,000."""
    commission_rate_range: Range | None = None
    """Commission rate in 1/100,000."""
    promote_time_range: Range | None = None
    """Time of the promotion; the unit is undocumented."""
    flags: tuple[str, ...] = ()
    """
    Marks that products have to bear; left out if empty.

    "0" return within seven days, "1" freight insurance, "2" brand (given up by the vendor), "3" buy at ease, "4" damage
    refunded, "5" fake refunded threefold, "6" pay after use, "7" free delivery.
    """


@in_order("min", "max")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Range(RequestPart):
    """A range with both ends in it; an end that is left out is open."""

    min: int | None = attrs.field(default=None, metadata=AS_TEXT)
    """The lowest value; text on the wire."""
    max: int | None = attrs.field(default=None, metadata=AS_TEXT)
    """The highest value; text on the wire."""
