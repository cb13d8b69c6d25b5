"""POST /union/promoter/target/apply_target."""

from types import MappingProxyType

import attrs

from wxunion_async._endpoint import Group, UnionRequest
from wxunion_async.errors import AlreadyAppliedError, ApplyReasonTooLongError, PlanExpiredError, PlanNotFoundError

__all__ = ["ApplyTargetRequest", "apply_target"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyTargetRequest(UnionRequest[None]):
    """
    Apply to join a targeted plan.

    Source: targeted-plan-interface.txt, section 2.
    """

    method = "POST"
    path = "/union/promoter/target/apply_target"
    dialect = "camel"
    resend = False
    done_errcode = 202004
    errcodes = MappingProxyType(
        {
            202001: PlanExpiredError,
            202002: PlanNotFoundError,
            202004: AlreadyAppliedError,
            202006: ApplyReasonTooLongError,
        }
    )

    plan_id: str
    """The plan's id in the vendor's base64 form; passed on untouched."""
    apply_reason: str
    """Why the promoter wants to join; the vendor limits its length and does not say to how much."""


async def apply_target(group: Group, *, plan_id: str, apply_reason: str) -> None:
    """
    Apply to join a targeted plan.

    An application that may have arrived although no answer came is sent again; 202004 then means that it is done. If
    the attempts end like that, the error's ``.ambiguous`` is true: ask ``apply_status`` before you apply again.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.target``.
        plan_id: the plan's id in the vendor's base64 form; passed on untouched.
        apply_reason: why the promoter wants to join; not empty.

    Raises:
        PlanExpiredError: 202001.
        PlanNotFoundError: 202002.
        AlreadyAppliedError: 202004 on the first send: this promoter applied before.
        ApplyReasonTooLongError: 202006.

    Source:
        targeted-plan-interface.txt, section 2.

    .. versionadded:: 0.1.0

    """
    await group.call(ApplyTargetRequest(plan_id=plan_id, apply_reason=apply_reason))
