"""
POST /channels/ec/league/headsupplier/productdetail/get.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/ProductDetail; a client's models. Of the
vendor's page only the index entry was read: doc/store/leagueheadsupplier/API/getproductdetail.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import OR_OBJECT, UnionRequest
from wxunion_async.endpoints.headsupplier._items import CategoryId as CategoryId
from wxunion_async.endpoints.promoter.get_promote_product_detail import DescInfo, ProductStatus, SkuAttr
from wxunion_async.enums import PlanType
from wxunion_async.units import Fen


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductdetailGetRequest(UnionRequest["Productdetail"]):
    """
    Look up the fullest description of a product (price, stock, sales, shop score), without the terms of promotion.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/productdetail/get"
    resend = True

    shop_appid: str
    """App id of the shop that sells the product."""
    product_id: int
    """The product; a number on the wire."""
    plan_type: PlanType | None = None
    """The kind of plan that the product is promoted by."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Productdetail:
    """A product of a shop."""

    product: ShopProduct
    """The product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopProduct:
    """A product, and its shop."""

    shop_appid: str
    """App id of the shop."""
    product_id: int
    """The product."""
    product_info: ShopProductInfo | None = None
    """The product as its shop presents it."""
    shop: ProductShop | None = None
    """The shop."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopProductInfo:
    """A product as its shop presents it."""

    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle."""
    head_imgs: tuple[str, ...] = ()
    """URLs of the main pictures."""
    desc_info: DescInfo | None = None
    """The description."""
    cats_v2: tuple[CategoryId, ...] = ()
    """Categories in the new tree."""
    skus: tuple[ShopSku, ...] = ()
    """The variants."""
    status: ProductStatus | None = None
    """The state of the product in its shop."""
    monthly_sales_range: int | None = None
    """Band of sales in 30 days; a code, its values undocumented here."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopSku:
    """One variant of a product."""

    sku_id: str | None = None
    """The SKU."""
    thumb_img: str | None = None
    """URL of a small picture."""
    sale_price: Fen | None = None
    """Price in fen."""
    stock_num: int | None = None
    """Pieces in stock."""
    sku_attrs: tuple[SkuAttr, ...] = attrs.field(default=(), metadata=OR_OBJECT)
    """Attributes; the table of another call has one object here, and both are read."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductShop:
    """The shop that sells a product."""

    name: str | None = None
    """Name of the shop."""
    icon: str | None = None
    """URL of its icon."""
    score: int | None = None
    """Score in 1/100, it seems: 463 in the sample."""
