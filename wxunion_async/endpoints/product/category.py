"""
GET /union/promoter/product/category.

Source: doc/ministore/union/access-guidelines/promoter/api/product/category.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductCategoryRequest(UnionRequest["ProductCategoryAnswer"]):
    """
    List the top categories, for ``product.list``.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/product/category"
    dialect = "camel"
    resend = True


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductCategoryAnswer:
    """The top categories of products."""

    product_cats: tuple[TopCategory, ...] = ()
    """The categories."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class TopCategory:
    """A top category of products."""

    cat_id: str
    """The category."""
    name: str | None = None
    """Its name."""
