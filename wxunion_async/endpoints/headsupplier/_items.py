"""What the calls for products that an agency took over, and those for their offers, share."""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import must
from wxunion_async.enums import OpenIntEnum

__all__ = ["CategoryId", "SpuSource", "TalentCommissionType", "cooperative_item_is_a_number"]

cooperative_item_is_a_number = must(
    "cooperative_item_id must be a decimal number",
    lambda of: of("cooperative_item_id").isdecimal(),
    "cooperative_item_id",
)
"""An id is text here; this one is a number on the wire."""


class SpuSource(OpenIntEnum):
    """Who supplies a product."""

    MERCHANT = 1
    """A merchant."""
    AGENCY = 2
    """Another agency."""


class TalentCommissionType(OpenIntEnum):
    """Who sets the talents' commission for a product."""

    MERCHANT = 0
    """The merchant does."""
    AGENCY = 1
    """The agency does, with ``subitem_add``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryId:
    """One category of a product."""

    cat_id: str | None = None
    """The category."""
