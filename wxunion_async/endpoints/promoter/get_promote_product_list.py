"""POST /channels/ec/promoter/get_promote_product_list."""

from collections.abc import AsyncGenerator
from types import MappingProxyType

import attrs

from wxunion_async._endpoint import Group, RequestPart, UnionRequest
from wxunion_async.enums import PlanType
from wxunion_async.errors import InvalidAppIdError, InvalidParameterError

__all__ = [
    "Category",
    "GetPromoteProductListRequest",
    "PromoteProduct",
    "PromoteProductList",
    "Range",
    "SpuItemCondition",
    "get_promote_product_list",
    "iter_promote_product_list",
]

_MAX_PAGE_SIZE = 20


@attrs.frozen(kw_only=True, weakref_slot=False)
class Range(RequestPart):
    """
    A range with both ends in it; an end that is left out is open.

    Raises:
        ValueError: ``min`` is above ``max``.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

    min: int | None = attrs.field(default=None, metadata={"as_text": True})
    """The lowest value; text on the wire."""
    max: int | None = attrs.field(default=None, metadata={"as_text": True})
    """The highest value; text on the wire."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min must not be above max ({self.max}), not {self.min}")


@attrs.frozen(kw_only=True, weakref_slot=False)
class Category(RequestPart):
    """
    The category that products have to be in.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

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
    """
    What products have to be like.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

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
    """Marks that products have to bear, undocumented here; left out if empty."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteProduct:
    """
    The ids of one product to promote, as ``get_promote_product_detail`` takes them.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

    product_id: int
    """The product."""
    shop_appid: str
    """App id of the shop that sells it."""
    head_supplier_appid: str | None = None
    """App id of the head supplier."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoteProductList:
    """
    One page of products to promote.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

    product_list: tuple[PromoteProduct, ...]
    """The products of this page."""
    next_key: str | None = None
    """What to ask the next page with; "" or absent at the end."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPromoteProductListRequest(UnionRequest[PromoteProductList]):
    """
    List one page of products to promote.

    Raises:
        ValueError: ``plan_type`` is neither 1 nor 2, or ``page_size`` is not in 1 … 20.

    Source: doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.
    """

    path = "/channels/ec/promoter/get_promote_product_list"
    resend = True
    # The page has no table of its own; the vendor's business codes mean the same on all of its promoter pages.
    errcodes = MappingProxyType(
        {
            10024000: InvalidParameterError,
            10024003: InvalidAppIdError,
            10071033: InvalidAppIdError,
            10071048: InvalidParameterError,
        }
    )

    plan_type: PlanType
    """The kind of plan: 1, targeted, or 2, public."""
    page_size: int = 20
    """Products a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    keyword: str | None = None
    """A text to search for."""
    category: Category | None = None
    """The category that products have to be in."""
    spu_item_condition: SpuItemCondition | None = None
    """What products have to be like."""
    shop_appid: str | None = None
    """App id of the shop that has to sell them."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.plan_type not in (PlanType.TARGETED, PlanType.PUBLIC):
            raise ValueError(f"plan_type must be 1 or 2, not {self.plan_type}")
        if not 1 <= self.page_size <= _MAX_PAGE_SIZE:
            raise ValueError(f"page_size must be in 1 … {_MAX_PAGE_SIZE}, not {self.page_size}")


async def get_promote_product_list(
    group: Group,
    plan_type: PlanType,
    *,
    page_size: int = 20,
    next_key: str = "",
    keyword: str | None = None,
    category: Category | None = None,
    spu_item_condition: SpuItemCondition | None = None,
    shop_appid: str | None = None,
) -> PromoteProductList:
    """
    List one page of products to promote.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.promoter``.
        plan_type: the kind of plan: targeted or public.
        page_size: products a page, 1 … 20.
        next_key: ``next_key`` of the page before; "" for the first page.
        keyword: a text to search for.
        category: the category that products have to be in.
        spu_item_condition: what products have to be like.
        shop_appid: app id of the shop that has to sell them.

    Returns:
        The products of the page; a ``next_key`` of ``None`` or "" means that it is the last.

    Raises:
        InvalidParameterError: 10024000, 10071048.
        InvalidAppIdError: 10024003, 10071033: the shop's app id.
        ValueError: an argument is out of range; the message names it.

    Source:
        doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.

    .. versionadded:: 0.1.0

    """
    request = GetPromoteProductListRequest(
        plan_type=plan_type,
        page_size=page_size,
        next_key=next_key,
        keyword=keyword,
        category=category,
        spu_item_condition=spu_item_condition,
        shop_appid=shop_appid,
    )
    return await group.call(request)


async def iter_promote_product_list(
    group: Group,
    plan_type: PlanType,
    *,
    page_size: int = 20,
    next_key: str = "",
    keyword: str | None = None,
    category: Category | None = None,
    spu_item_condition: SpuItemCondition | None = None,
    shop_appid: str | None = None,
) -> AsyncGenerator[PromoteProduct, None]:
    """
    Yield the products to promote of all pages; ends on a page without a ``next_key``, or with one that came before.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.promoter``.
        plan_type: the kind of plan: targeted or public.
        page_size: products a page, 1 … 20.
        next_key: where to resume: ``next_key`` of the last page that you have; "" to begin.
        keyword: a text to search for.
        category: the category that products have to be in.
        spu_item_condition: what products have to be like.
        shop_appid: app id of the shop that has to sell them.

    Yields:
        One product after the other; a page is fetched when its first product is asked for.

    Raises:
        UnionError: as ``get_promote_product_list``; the products of the pages before have been yielded.
        ValueError: an argument is out of range, when the first product is asked for; the message names it.

    Source:
        doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html.

    .. versionadded:: 0.1.0

    """
    request = GetPromoteProductListRequest(
        plan_type=plan_type,
        page_size=page_size,
        next_key=next_key,
        keyword=keyword,
        category=category,
        spu_item_condition=spu_item_condition,
        shop_appid=shop_appid,
    )
    asked = {request.next_key}
    while True:
        page = await group.call(request)
        for product in page.product_list:
            yield product
        if not page.next_key or page.next_key in asked:
            return
        asked.add(page.next_key)
        request = attrs.evolve(request, next_key=page.next_key)
