"""Orders of a promoter account: ``client.order``, the calls under /union/promoter/order."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Order"]


class Order(Group):
    """Orders and what they earn, for a union promoter account (联盟推客); an agency's are in ``headsupplier``."""

    search: Final = endpoint(lambda: endpoints.OrderSearchRequest)
    iter_search: Final = pages(lambda: endpoints.OrderSearchRequest)
    info: Final = endpoint(lambda: endpoints.OrderInfoRequest)
    search_normal_order: Final = endpoint(lambda: endpoints.OrderSearchNormalOrderRequest)
    iter_search_normal_order: Final = pages(lambda: endpoints.OrderSearchNormalOrderRequest)
