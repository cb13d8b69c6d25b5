"""
POST /union/promoter/target/apply_target.

Source: targeted-plan-interface.txt, section 2.
"""

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes


@errcodes(202001, 202002, 202004, 202006, done=202004)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ApplyTargetRequest(UnionRequest[None]):
    """
    Apply to join a targeted plan.

    An application that may have arrived although no answer came is sent again; 202004 then means that it is done. If
    the attempts end like that, the error's ``.ambiguous`` is true: ask ``apply_status`` before you apply again.

    Raises:
        PlanExpiredError: 202001.
        PlanNotFoundError: 202002.
        AlreadyAppliedError: 202004 on the first send: this promoter applied before.
        ApplyReasonTooLongError: 202006.

    .. versionadded:: 0.1.0

    """

    path = "/union/promoter/target/apply_target"
    dialect = "camel"

    plan_id: str
    """The plan's id in the vendor's base64 form; passed on untouched."""
    apply_reason: str
    """Why the promoter wants to join; the vendor limits its length and does not say to how much."""
