"""
POST /channels/ec/promoter/get_product_promotion_link_info.

Source: doc/store/leagueheadsupplier/api/sharer/getshop/api_getproductpromotionlinkinfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import errcodes
from wxunion_async.endpoints.promoter._product_link import ProductLinkRequest


@errcodes(10024000, 10071003, 10071029, 10071056, 27000004)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetProductPromotionLinkInfoRequest(ProductLinkRequest["ProductPromotionLinkInfo"]):
    """
    Make a short link of one product for one promoter.

    How long a short link lives is not documented, and neither is whether it stays the same.

    Raises:
        InvalidParameterError: 10024000, 10071003.
        NotBoundError: 10071029, the promoter is not bound to this agency.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.
        ApiError: 27000004, from a single report, without explanation.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_product_promotion_link_info"


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductPromotionLinkInfo:
    """Links of one product for one promoter."""

    short_link: str
    """The short link; opens inside of WeChat."""
    http_short_link: str | None = None
    """A link that opens WeChat from outside; missing in older versions of the page."""
    product_id: int | None = None
    """The product. In the newest table, not in its sample."""
    shop_appid: str | None = None
    """App id of its shop. In the newest table, not in its sample."""
