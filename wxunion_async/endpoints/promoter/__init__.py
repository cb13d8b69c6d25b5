"""Products to promote: ``client.promoter``, the calls under /channels/ec/promoter."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Promoter"]


class Promoter(Group):
    """Products that promoters may promote, for an agency account: list them and look one up."""

    get_promote_product_detail: Final = endpoint(lambda: endpoints.GetPromoteProductDetailRequest)
    get_promote_product_list: Final = endpoint(lambda: endpoints.GetPromoteProductListRequest)
    iter_promote_product_list: Final = pages(lambda: endpoints.GetPromoteProductListRequest)
