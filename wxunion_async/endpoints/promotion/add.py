"""
POST /union/promoter/promotion/add.

Source: doc/ministore/union/access-guidelines/promoter/api/promotion.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, within


@errcodes(14005, 14007)
@within("promotion_source_name", 1, 20)
@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionAddRequest(UnionRequest["PromotionAdd"]):
    """
    Create a promotion position.

    A second request gets 14007. If the error is ambiguous, ask ``promotion.list`` before you send it again: it has the
    pid of the first.

    Raises:
        ApiError: 14005, there are too many positions; 14007, the name exists.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/promotion/add"
    dialect = "camel"

    promotion_source_name: str
    """Name of the position, 1 … 20 characters; no two have the same."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionAdd:
    """The new promotion position."""

    pid: str
    """The position."""
