"""What the calls take that promote one product by one promoter: ``get_product_promotion_link_info`` and its like."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from wxunion_async._endpoint import UnionRequest, needs, one_of

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


@one_of("sharer_appid", "sharer_openid")
@one_of("product_id", "product_short_link")
@needs("product_id", "shop_appid")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductLinkRequest(UnionRequest[AnswerT_co], Generic[AnswerT_co]):
    """One product and one promoter."""

    resend = True

    sharer_appid: str | None = None
    """App id of the promoter; this or ``sharer_openid``."""
    sharer_openid: str | None = None
    """Openid of the promoter in the mini program that is bound to the agency; this or ``sharer_appid``."""
    product_id: int | None = None
    """The product; needs ``shop_appid``; this or ``product_short_link``."""
    shop_appid: str | None = None
    """App id of the shop that sells the product; goes with ``product_id``."""
    product_short_link: str | None = None
    """A short link of the product; this or ``product_id``."""
    head_supplier_appid: str | None = None
    """App id of the agency that supplies the product, for agency plans."""
    custom_token: str | None = None
    """
    Your own mark: it comes back in the commission order as ``promotion_info.custom_token``.

    From a single report: one client, and no vendor's page was seen.
    """
