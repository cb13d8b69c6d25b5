"""
POST /channels/ec/league/headsupplier/item/upd.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.enums import OpenIntEnum


@errcodes(10024000, 10024003, 10024004, 10024015)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemUpdRequest(UnionRequest[None]):
    """
    Add, hide or show a product that a merchant offered; the vendor's newer call is ``cooperativeitem_add``.

    If the error is ambiguous, ask ``item_get`` for the product before you send it again.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ProductNotFoundError: 10024004.
        ApiError: 10024015, the product is not under review.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/item/upd"

    appid: str
    """App id of the shop."""
    product_id: int
    """The product; a number on the wire."""
    type: ItemUpdType
    """What to do."""


class ItemUpdType(OpenIntEnum):
    """What to do with a product that a merchant offered."""

    ADD = 1
    """Add it."""
    HIDE = 3
    """Hide it on the agency's page."""
    SHOW = 4
    """Show it again."""
