"""
The one targeted plan of a fake server, and the promoter's application for it.

Source:
    Targeted Planning Interface
"""

from enum import Enum

from wxunion_async.testing._json import load_answer
from wxunion_async.testing._types import JsonObject, Rejected, ServerClock

MAX_APPLY_REASON = 200
"""Characters; the documents name an errcode for a longer reason but no number, so this one is ours."""

_INVALID = 2


class PlanState(Enum):
    """Where the application for a plan stands; the value of the middle three is the answer's ``promoterStatus``."""

    OPEN = 0
    APPLIED = 1
    APPROVED = 2
    REJECTED = 3
    EXPIRED = 4


class Plan:
    """A targeted plan that one promoter may apply for."""

    plan_id = "qT9+Zm1x/1Lw8uR2kV0yS4hN7cJ6dB3e5fG+pA=="
    """The id that requests carry; ``+``, ``/`` and ``=`` prove that the query was encoded."""
    answer_plan_id = "1964112935262240768"
    """The id that answers carry; requests may carry it too."""
    invitation_url = "https://store.weixin.qq.com/union/plan?invite=Zk9%2Bq/3w==&from=share+card&name=定向计划"

    def __init__(self, clock: ServerClock) -> None:
        self._clock = clock
        self._info = load_answer("target/plan_info")
        self.reset()

    def __repr__(self) -> str:
        return f"<Plan {self.status.name}, {self.applications} applications>"

    @property
    def status(self) -> PlanState:
        """Where the application stands; ``EXPIRED`` hides what it was before."""
        return PlanState.EXPIRED if self._expired else self._state

    def reset(self) -> None:
        """Make it a plan that nobody has applied for."""
        with self._clock.lock:
            self.applications = 0
            """Applications accepted since the last reset."""
            self._state, self._expired = PlanState.OPEN, False
            self._application: JsonObject = {}

    def approve(self) -> None:
        """Agree to the application; a RuntimeError if nobody has applied."""
        self._decide(PlanState.APPROVED, "joinTime")

    def reject(self) -> None:
        """Refuse the application; a RuntimeError if nobody has applied."""
        self._decide(PlanState.REJECTED, "rejectTime")

    def expire(self) -> None:
        """End the plan: applying and asking for the status is answered 202001."""
        self._expired = True

    def info(self, invitation_url: str) -> JsonObject:
        """Answer plan_info: the shipped sample; 202002 for any other invitation URL."""
        if invitation_url != self.invitation_url:
            raise Rejected(202002)
        if not self._expired:
            return self._info
        return {**self._info, "targetPlanInfo": {**self._info["targetPlanInfo"], "planStatus": _INVALID}}

    def apply(self, plan_id: str, reason: str) -> JsonObject:
        """Answer apply_target: 202002 another plan, 202001 expired, 202006 reason too long, 202004 applied already."""
        with self._clock.lock:
            self._check_id(plan_id)
            if len(reason) > MAX_APPLY_REASON:
                raise Rejected(202006)
            if self._state is not PlanState.OPEN:
                raise Rejected(202004)
            self.applications += 1
            self._state = PlanState.APPLIED
            self._application = {"planId": self.answer_plan_id, "applyTime": self._clock.unix(), "applyReason": reason}
            return {"errcode": 0, "errmsg": "ok"}

    def application(self, plan_id: str) -> JsonObject:
        """Answer apply_status: 202002 another plan, 202001 expired, 202005 not applied."""
        with self._clock.lock:
            self._check_id(plan_id)
            if self._state is PlanState.OPEN:
                raise Rejected(202005)
            never = dict.fromkeys(("joinTime", "rejectTime", "removeTime"), 0)
            data = {**never, **self._application, "promoterStatus": self._state.value}
            return {"errcode": 0, "errmsg": "ok", "data": data}

    def _check_id(self, plan_id: str) -> None:
        if plan_id not in (self.plan_id, self.answer_plan_id):
            raise Rejected(202002)
        if self._expired:
            raise Rejected(202001)

    def _decide(self, state: PlanState, moment: str) -> None:
        with self._clock.lock:
            if self._state is PlanState.OPEN:
                raise RuntimeError("nobody has applied for the plan")
            self._state = state
            # A later decision takes the place of an earlier one.
            self._application |= {"joinTime": 0, "rejectTime": 0, moment: self._clock.unix()}
