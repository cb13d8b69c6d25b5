"""
POST /channels/ec/league/headsupplier/subscription/subscribe.

Source: doc/store/leagueheadsupplier/api/shop/api_subscribeproduct.
"""

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(10024000, 10024009)
@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscriptionSubscribeRequest(UnionRequest[None]):
    """
    Have the agency told when a product or its plan changes: the event ``head_supplier_item_update``.

    What a second request does is not documented; presumably no harm. If the error is ambiguous, ask
    ``subscription_getsubscribe`` for the product before you send it again.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024009, the product is not valid.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/subscription/subscribe"

    product_id: int
    """The product; a number on the wire."""
