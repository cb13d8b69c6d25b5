"""Products to promote: ``client.promoter``, the calls under /channels/ec/promoter."""

from wxunion_async._endpoint import Group
from wxunion_async.endpoints.promoter import get_promote_product_detail, get_promote_product_list

__all__ = ["Promoter"]


class Promoter(Group):
    """Products that promoters may promote, for an agency account: list them and look one up."""

    __slots__ = ()

    get_promote_product_detail = get_promote_product_detail.get_promote_product_detail
    iter_promote_product_list = get_promote_product_list.iter_promote_product_list
    # Last, because from here on the name is the method, no longer the module.
    get_promote_product_list = get_promote_product_list.get_promote_product_list
