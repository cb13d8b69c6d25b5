"""
GET /union/promoter/product/select.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/UnionPromoter/Product, w7corp/easywechat#2133 and
dtapps/go-library; clients' models. Of the vendor's page only the index entry was read:
doc/ministore/union/access-guidelines/promoter/api/product/category.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import (
    AS_NUMBER,
    AS_TEXT,
    JOINED,
    JSON_TEXT,
    PagedRequest,
    in_order,
    must,
    paged_by_offset,
    within,
)
from wxunion_async.endpoints.product._products import UnionProduct as UnionProduct
from wxunion_async.endpoints.product._products import WantedAddress as WantedAddress
from wxunion_async.endpoints.product._products import WantedShipping as WantedShipping
from wxunion_async.units import Fen, Per10k


@paged_by_offset("product_list", "from_")
@must("from_ must not be negative", lambda of: of("from_") >= 0, "from_")
@within("limit", 1, 50)
@in_order("min_price", "max_price")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductSelectRequest(PagedRequest["ProductSelect", "UnionProduct"]):
    """
    Search the selected products (精选) of shops, one page.

    Returns:
        The products of the page, and how many there are in all.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/product/select"
    dialect = "camel"
    resend = True

    from_: int = attrs.field(default=0, metadata=AS_TEXT)
    """Products to pass over, from 0; ``from`` on the wire."""
    limit: int = attrs.field(default=50, metadata=AS_TEXT)
    """Products a page, 1 … 50."""
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
    has_coupon: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """True for products with a coupon only; all by default."""
    shipping_methods: WantedShipping | None = attrs.field(default=None, metadata=JSON_TEXT)
    """How the shop has to deliver; JSON text on the wire."""
    address_list: tuple[WantedAddress, ...] = attrs.field(default=(), metadata=JSON_TEXT)
    """Where the shop has to deliver from; JSON text on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductSelect:
    """One page of the selected products."""

    total: int | None = None
    """Products in all."""
    product_list: tuple[UnionProduct, ...] = ()
    """The products of this page."""
