"""
POST /channels/ec/promoter/get_promoter_single_product_promotion_info.

Source: doc/store/leagueheadsupplier/api/sharer/getshop/api_getpromotersingleproductpromotioninfo.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import also, errcodes
from wxunion_async.endpoints.promoter._product_link import ProductLinkRequest


@errcodes(10024000, 10071003, 10071029, 10071056)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetPromoterSingleProductPromotionInfoRequest(ProductLinkRequest["PromoterSingleProductPromotionInfo"]):
    """
    Get what a product card in a mini program must carry for one promoter.

    Raises:
        InvalidParameterError: 10024000, 10071003.
        NotBoundError: 10071029, the promoter is not bound to this agency.
        OpenIdNotBoundError: 10071056, the openid is of another mini program.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_promoter_single_product_promotion_info"


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromoterSingleProductPromotionInfo:
    """What a product card must carry."""

    product_promotion_link: str = attrs.field(metadata=also("product_short_link"))
    """Parameter of the card; does not expire; two older samples have it as ``product_short_link``."""
