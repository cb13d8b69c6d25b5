"""GET /union/promoter/target/apply_status."""

from datetime import datetime
from types import MappingProxyType

import attrs

from wxunion_async._endpoint import Group, UnionRequest
from wxunion_async.enums import OpenIntEnum
from wxunion_async.errors import NotAppliedError, PlanExpiredError, PlanNotFoundError

__all__ = ["ApplyStatus", "ApplyStatusRequest", "PromoterStatus", "apply_status"]


class PromoterStatus(OpenIntEnum):
    """
    How far a promoter's application is.

    Source: targeted-plan-interface.txt, section 3, enumeration of promoterStatus.
    """

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


@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyStatus:
    """
    The state of one application: the content of ``data``.

    Source: targeted-plan-interface.txt, section 3, structure of data.
    """

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


@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyStatusRequest(UnionRequest[ApplyStatus]):
    """
    Ask how far an application to a targeted plan is.

    Source: targeted-plan-interface.txt, section 3.
    """

    method = "GET"
    path = "/union/promoter/target/apply_status"
    dialect = "camel"
    resend = True
    answer_key = "data"
    errcodes = MappingProxyType({202001: PlanExpiredError, 202002: PlanNotFoundError, 202005: NotAppliedError})

    plan_id: str
    """The plan's id in the vendor's base64 form; passed on untouched."""


async def apply_status(group: Group, plan_id: str) -> ApplyStatus:
    """
    Ask how far the application to a targeted plan is.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.target``.
        plan_id: the plan's id in the vendor's base64 form; passed on untouched.

    Returns:
        The state; a time of "never" is ``None``.

    Raises:
        PlanExpiredError: 202001.
        PlanNotFoundError: 202002.
        NotAppliedError: 202005, this promoter has not applied.

    Source:
        targeted-plan-interface.txt, section 3.

    .. versionadded:: 0.1.0

    """
    return await group.call(ApplyStatusRequest(plan_id=plan_id))
