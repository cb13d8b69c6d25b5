"""
POST /channels/ec/promoter/get_product_promotion_qrcode_info.

Source: doc/store/leagueheadsupplier/api/sharer/getshop/api_getproductpromotionqrcodeinfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import errcodes
from wxunion_async.endpoints.promoter._product_link import ProductLinkRequest


@errcodes(10024000, 10071003, 10071029, 10071030, 10071048, 10071049, 10071053, 10071056)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetProductPromotionQrcodeInfoRequest(ProductLinkRequest["ProductPromotionQrcodeInfo"]):
    """
    Make a QR code of one product for one promoter.

    Raises:
        InvalidParameterError: 10024000, 10071003, 10071048; 10071003 also where the body did not arrive.
        NotBoundError: 10071029, the promoter is not bound to this agency.
        PromoterNotFoundError: 10071030.
        FeatureClosedError: 10071049, the promoter function is switched off.
        ProductNotListedError: 10071053, the product is not on the shelf.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_product_promotion_qrcode_info"


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductPromotionQrcodeInfo:
    """The QR code of one product for one promoter."""

    qrcode_url: str
    """URL of the picture."""
