"""
POST /channels/ec/league/headsupplier/subscription/unsubscribe.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/Subscription; a client's models. Of the
vendor's page only the index entry was read: doc/store/leagueheadsupplier/api/shop.
"""

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class SubscriptionUnsubscribeRequest(UnionRequest[None]):
    """
    Have the agency no longer told when a product or its plan changes.

    If the error is ambiguous, ask ``subscription_getsubscribe`` for the product before you send it again; a product of a
    cooperation stays in that list.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/subscription/unsubscribe"

    product_id: int
    """The product; a number on the wire."""
