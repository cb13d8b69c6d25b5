"""Promotion positions: ``client.promotion``, the calls under /union/promoter/promotion."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Promotion"]


class Promotion(Group):
    """Promotion positions (推广位), whose pid goes into every promotion, for a union promoter account (联盟推客)."""

    list: Final = endpoint(lambda: endpoints.PromotionListRequest)
    iter_list: Final = pages(lambda: endpoints.PromotionListRequest)
    add: Final = endpoint(lambda: endpoints.PromotionAddRequest)
    upd: Final = endpoint(lambda: endpoints.PromotionUpdRequest)
    del_: Final = endpoint(lambda: endpoints.PromotionDelRequest)
