"""Products of mini programs: ``client.open_product``, the calls under /union/promoter/open_product."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["OpenProduct"]


class OpenProduct(Group):
    """Products of mini programs, not of shops, for a union promoter account: search them, and promote some."""

    list: Final = endpoint(lambda: endpoints.OpenProductListRequest)
    iter_list: Final = pages(lambda: endpoints.OpenProductListRequest)
    generate: Final = endpoint(lambda: endpoints.OpenProductGenerateRequest)
