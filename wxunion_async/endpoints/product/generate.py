"""
POST /union/promoter/product/generate.

Source: dtapps/go-library service/wechatunion/promoter.product.generate.go, w7corp/easywechat 5.x and
fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/UnionPromoter/Product; clients' models. Of the vendor's page only the
index entry was read: doc/ministore/union/access-guidelines/promoter/api/product/category.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints._union_products import ProductToPromote as ProductToPromote
from wxunion_async.units import Fen


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductGenerateRequest(UnionRequest["ProductGenerate"]):
    """
    Get what is needed to promote some products of shops: link, text, path, tag.

    Returns:
        One entry a product; where its ``plugin_result`` is False, it cannot be promoted.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/product/generate"
    dialect = "camel"
    resend = True

    pid: str
    """The promotion position, from ``promotion.list``."""
    product_list: tuple[ProductToPromote, ...]
    """The products."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductGenerate:
    """What is needed to promote some products of shops."""

    list: tuple[ProductPromotion, ...] = ()
    """One entry a product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductPromotion:
    """What is needed to promote one product."""

    product_id: int | None = None
    """The product; a string on the wire; one of two clients has it here, both have it in ``product_info``."""
    pid: str | None = None
    """The promotion position."""
    product_info: PromotedProduct | None = None
    """The product."""
    share_info: ShareInfo | None = None
    """What to share."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotedProduct:
    """A product that is promoted."""

    product_id: int | None = None
    """The product; a string on the wire."""
    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle."""
    head_img: tuple[str, ...] = ()
    """URLs of the main pictures."""
    min_price: Fen | None = None
    """The lowest price, in fen."""
    discount: Fen | None = None
    """Reduction, in fen; one client of two has it."""
    discount_price: Fen | None = None
    """The lowest price with the coupon, in fen; one client of two has it."""
    shop_name: str | None = None
    """Name of the shop."""
    shop_appid: str | None = None
    """App id of the shop; one client of two has it."""
    total_stock_num: int | None = None
    """Pieces in stock."""
    plugin_result: bool | None = None
    """Whether the mini program has the shop's component; 0 on the wire: the product cannot be promoted."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShareInfo:
    """What to share for a product."""

    app_id: str | None = None
    """App id of the mini program."""
    username: str | None = None
    """Its original id, "gh_…"."""
    path: str | None = None
    """Page in it."""
    coupon_path: str | None = None
    """Page with the coupon; one client of two has it."""
    promotion_url: str | None = None
    """Short link."""
    coupon_promotion_url: str | None = None
    """Short link with the coupon."""
    promotion_wording: str | None = None
    """Text to share."""
    coupon_promotion_wording: str | None = None
    """Text with the coupon."""
    promotion_tag: str | None = None
    """Tag, "#小程序://…"."""
    coupon_promotion_tag: str | None = None
    """Tag with the coupon; one client of two has it."""
    wxa_code: str | None = None
    """Picture of the code as a data URL; given up by the vendor."""
    coupon_wxa_code: str | None = None
    """The same with the coupon; given up by the vendor."""
