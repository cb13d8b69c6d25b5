"""
POST /union/promoter/promotion/upd.

Source: doc/ministore/union/access-guidelines/promoter/api/promotion.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import RequestPart, UnionRequest, errcodes


@errcodes(14007)
@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionUpdRequest(UnionRequest[None]):
    """
    Rename a promotion position.

    If the error is ambiguous, ask ``promotion.list`` before you send it again.

    Raises:
        ApiError: 14007, the name exists: likely, the page's table was not seen.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/promotion/upd"
    dialect = "camel"

    previous_promotion_info: PreviousPromotion
    """The position as it is."""
    promotion_info: NewPromotion
    """What it shall be."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PreviousPromotion(RequestPart):
    """A promotion position as it is."""

    promotion_source_pid: str
    """The position."""
    promotion_source_name: str
    """Its present name."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class NewPromotion(RequestPart):
    """What a promotion position shall be."""

    promotion_source_name: str
    """Its new name."""
