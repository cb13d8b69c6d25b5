"""
GET /union/promoter/target/apply_status.

Source: targeted-plan-interface.txt, section 3.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.enums import OpenIntEnum


@errcodes(202001, 202002, 202005)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyStatusRequest(UnionRequest["ApplyStatus"]):
    """
    Ask how far the application to a targeted plan is.

    Returns:
        The state; a time of "never" is ``None``.

    Raises:
        PlanExpiredError: 202001.
        PlanNotFoundError: 202002.
        NotAppliedError: 202005, this promoter has not applied.

    .. versionadded:: 0.1.0

    """

    method = "GET"
    path = "/union/promoter/target/apply_status"
    dialect = "camel"
    resend = True
    answer_key: ClassVar[str | None] = "data"

    plan_id: str = attrs.field(kw_only=False)
    """The plan's id in the vendor's base64 form; passed on untouched."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyStatus:
    """The state of one application: the content of ``data``."""

    plan_id: str
    """The plan, as a decimal string; other than the base64 text that the request takes."""
    promoter_status: PromoterStatus | None = None
    """How far the application is."""
    apply_time: datetime | None = None
    """When the promoter applied; 0 on the wire is ``None``."""
    join_time: datetime | None = None
    """When the promoter joined; 0 on the wire, for "never", is ``None``."""
    apply_reason: str | None = None
    """The reason that the promoter gave."""
    reject_time: datetime | None = None
    """When the owner refused; 0 on the wire, for "never", is ``None``."""
    remove_time: datetime | None = None
    """When the promoter was removed; 0 on the wire is ``None``. In the sample, not in the table."""


class PromoterStatus(OpenIntEnum):
    """How far a promoter's application is."""

    CAN_APPLY = 0
    """Not applied, and free to."""
    PENDING = 1
    """Applied; the plan's owner has not answered."""
    AGREED = 2
    """The plan's owner agreed: the promoter has joined."""
    REJECTED = 3
    """The plan's owner refused."""
    CANNOT_APPLY = 999
    """Not applied, and not free to."""
