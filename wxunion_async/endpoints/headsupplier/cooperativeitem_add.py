"""
POST /channels/ec/league/headsupplier/cooperativeitem/add.

Source: doc/store/leagueheadsupplier/API/addcooperativeitem.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_NUMBER, UnionRequest, errcodes


@errcodes(10024000, 10024024, 10024025)
@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeitemAddRequest(UnionRequest["CooperativeitemAdd"]):
    """
    Take a product over from the selection.

    A second request is likely to get 10024024. If the error is ambiguous, ask ``cooperativeitem_list_get`` for the
    product before you send it again.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024024, the plan is not awaiting selection; 10024025, it is not listed.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/cooperativeitem/add"

    head_supplier_item_link: str
    """The product's link, from ``selectionproducts_list_get``."""
    hidden_flag: bool | None = attrs.field(default=None, metadata=AS_NUMBER)
    """True to hide it on the agency's page; 1 on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeitemAdd:
    """The product that was taken over."""

    cooperative_item_id: str
    """The cooperation; a number on the wire."""
