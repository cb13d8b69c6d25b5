"""
POST /union/promoter/order/info.

Source: doc/ministore/union/access-guidelines/promoter/api/order/order-info.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, within
from wxunion_async.endpoints.order._orders import PromotedOrder as PromotedOrder


@within("order_id_list", 1, 200)
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderInfoRequest(UnionRequest["OrderInfo"]):
    """
    Look up orders by their ids.

    Raises:
        SystemBusyError: -1.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/order/info"
    dialect = "camel"
    resend = True

    order_id_list: tuple[str, ...] = attrs.field(kw_only=False)
    """The orders, 1 … 200; the number is from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderInfo:
    """Orders that were asked for by their ids."""

    order_list: tuple[PromotedOrder, ...] = ()
    """The orders."""
