"""
POST /union/promoter/promotion/del.

Source: clients' models; named in doc/ministore/union/access-guidelines/promoter/api/brief-introduction.
"""

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionDelRequest(UnionRequest[None]):
    """
    Delete a promotion position; it may still earn afterwards.

    If the error is ambiguous, ask ``promotion.list`` before you send it again. The request is from clients' models, not
    the vendor's page.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/promotion/del"
    dialect = "camel"

    promotion_source_pid: str
    """The position."""
    promotion_source_name: str
    """Its name."""
