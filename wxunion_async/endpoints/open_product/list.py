"""
GET /union/promoter/open_product/list.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat,
…/UnionPromoter/OpenProduct; a client's models. The vendor's page was not read:
miniprogram/dev/platform-capabilities/business-capabilities/union/custom_component/api/promoter/openproduct.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import JOINED, PagedRequest, in_order, must, paged_by_offset
from wxunion_async.endpoints._union_products import ProductDescription as ProductDescription
from wxunion_async.units import Fen, Per10k


@paged_by_offset("product_list", "from_")
@must("from_ must not be negative", lambda of: of("from_") >= 0, "from_")
@must("limit must be at least 1", lambda of: of("limit") >= 1, "limit")
@in_order("min_price", "max_price")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenProductListRequest(PagedRequest["OpenProductList", "MiniProgramProduct"]):
    """
    Search the products of mini programs, one page.

    Returns:
        The products of the page, and how many there are in all.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/open_product/list"
    dialect = "camel"
    resend = True

    from_: int = 0
    """Products to pass over, from 0; ``from`` on the wire."""
    limit: int = 30
    """Products a page; the vendor's default is 30, the greatest is undocumented."""
    query_type: int | None = None
    """What ``query`` means; a code, 0 by default. Its values are undocumented: product, shop and SPU id are named."""
    query: str | None = None
    """A text to search for."""
    max_price: Fen | None = None
    """The highest price, in fen."""
    min_price: Fen | None = None
    """The lowest price, in fen; 0 by default."""
    min_commission_value: Fen | None = None
    """The lowest commission, in fen; 0 by default."""
    min_commission_ratio: Per10k | None = None
    """The lowest rate, in 1/10,000; 0 by default."""
    sort_type: int | None = None
    """The order of the products; a code, 0 by default, its values undocumented."""
    category_id: str | None = None
    """One category; it wins over ``category``."""
    category: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """Categories; joined by "," on the wire."""
    no_category: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """Categories to leave out; joined by "," on the wire."""
    shop_app_ids: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    """App ids of shops; the table says array, a client joins them by ",", and so do we."""
    product_id: tuple[int, ...] = attrs.field(default=(), metadata=JOINED)
    """Products; joined by "," on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenProductList:
    """One page of products of mini programs."""

    total: int | None = None
    """Products in all."""
    product_list: tuple[MiniProgramProduct, ...] = ()
    """The products of this page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgramProduct:
    """A product and the mini program that sells it."""

    product: MiniProgramProductData
    """The product."""
    shop_info: MiniProgram | None = None
    """The mini program."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgramProductData:
    """A product of a mini program."""

    product_id: int
    """The product; a string on the wire."""
    info: MiniProgramProductInfo | None = None
    """The product as its mini program presents it."""
    skus: tuple[MiniProgramSku, ...] = ()
    """The variants."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgramProductInfo:
    """A product as its mini program presents it."""

    title: str | None = None
    """Title."""
    head_img: tuple[str, ...] = ()
    """URLs of the main pictures."""
    brand_id: str | None = None
    """The brand."""
    detail: ProductDescription | None = None
    """The description; an empty object in the sample."""
    min_price: Fen | None = None
    """The lowest price, in fen."""
    total_stock_num: int | None = None
    """Pieces in stock."""
    path: str | None = None
    """Its page in the mini program."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgramSku:
    """One variant of a product."""

    sku_id: str | None = None
    """The SKU."""
    product_sku_info: MiniProgramSkuInfo | None = None
    """Picture, prices and stock."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgramSkuInfo:
    """Picture, prices and stock of a SKU."""

    thumb_img: str | None = None
    """URL of a small picture."""
    sale_price: Fen | None = None
    """Price in fen."""
    market_price: Fen | None = None
    """Price elsewhere, in fen."""
    stock_num: int | None = None
    """Pieces in stock; a string in the sample, and not inside ``stock_info`` as in ``product.list``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MiniProgram:
    """The mini program that sells a product."""

    app_id: str | None = None
    """App id of the mini program."""
    name: str | None = None
    """Its name."""
    username: str | None = None
    """Its original id, "gh_…"."""
    head_img_url: str | None = None
    """URL of its picture."""
