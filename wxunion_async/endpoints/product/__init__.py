"""Products of shops: ``client.product``, the calls under /union/promoter/product."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Product"]


class Product(Group):
    """Products of shops, for a union promoter account: search them, and get what is needed to promote some."""

    list: Final = endpoint(lambda: endpoints.ProductListRequest)
    iter_list: Final = pages(lambda: endpoints.ProductListRequest)
    select: Final = endpoint(lambda: endpoints.ProductSelectRequest)
    iter_select: Final = pages(lambda: endpoints.ProductSelectRequest)
    category: Final = endpoint(lambda: endpoints.ProductCategoryRequest)
    generate: Final = endpoint(lambda: endpoints.ProductGenerateRequest)
    parse_tag: Final = endpoint(lambda: endpoints.ProductParseTagRequest)
