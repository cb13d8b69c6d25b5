"""
POST /union/promoter/open_product/generate.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat,
…/UnionPromoter/OpenProduct; a client's models. The vendor's page was not read:
miniprogram/dev/platform-capabilities/business-capabilities/union/custom_component/api/promoter/openpromotion.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints._union_products import ProductToPromote as ProductToPromote
from wxunion_async.units import Fen


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenProductGenerateRequest(UnionRequest["OpenProductGenerate"]):
    """
    Get what is needed to promote some products of mini programs.

    Returns:
        One entry a product.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/open_product/generate"
    dialect = "camel"
    resend = True

    pid: str
    """The promotion position, from ``promotion.list``."""
    product_list: tuple[ProductToPromote, ...]
    """The products."""
    get_short_url: bool | None = None
    """True to get link and text, too."""
    get_info: bool | None = None
    """True to get the product, too."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenProductGenerate:
    """What is needed to promote some products of mini programs."""

    list: tuple[OpenProductPromotion, ...] = ()
    """One entry a product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenProductPromotion:
    """What is needed to promote one product."""

    pid: str | None = None
    """The promotion position."""
    product_info: PromotedOpenProduct | None = None
    """The product; if it was asked for."""
    share_info: OpenShareInfo | None = None
    """What to share."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotedOpenProduct:
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
    total_stock_num: int | None = None
    """Pieces in stock."""
    shop_name: str | None = None
    """Name of the shop."""
    shop_status: int | None = None
    """State of the shop; a code, its values undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenShareInfo:
    """What to share for a product."""

    app_id: str | None = None
    """App id of the mini program."""
    username: str | None = None
    """Its original id, "gh_…"."""
    path: str | None = None
    """Page in it."""
    promotion_wording: str | None = None
    """Text to share; if it was asked for."""
    promotion_url: str | None = None
    """Short link; if it was asked for."""
    promotion_tag: str | None = None
    """Tag, "#小程序://…"."""
    code: int | None = None
    """Result for this product; a code, its values undocumented."""
