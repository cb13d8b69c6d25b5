"""The kinds of call that meet the faults."""

from typing import Any, Final

import attrs

from wxunion_async import (
    ApplyStatusRequest,
    ApplyTargetRequest,
    GetPromoteProductDetailRequest,
    PlanType,
    UnionRequest,
)

from .faults import Call
from .wire import APPLY, HIDDEN, LOOKUP, PROBE, STATUS, TOKEN, WRITE


@attrs.frozen(kw_only=True)
class WriteRequest(UnionRequest[None]):
    """Changes something, and no errcode tells that it was done before."""

    path = WRITE


@attrs.frozen(kw_only=True)
class ProbeRequest(UnionRequest[dict[str, Any]]):
    """Asks whether the client can still do its work."""

    path = PROBE
    resend = True


REQUESTS: Final[dict[Call, UnionRequest[Any]]] = {
    "token": ApplyStatusRequest(plan_id="1"),
    "GET": ApplyStatusRequest(plan_id="1"),
    "lookup": GetPromoteProductDetailRequest(shop_appid="wx1", product_id=1, plan_type=PlanType.TARGETED),
    "apply": ApplyTargetRequest(plan_id="1", apply_reason="r"),
    "write": WriteRequest(),
}
PATHS: Final[dict[Call, str]] = {"token": TOKEN, "GET": STATUS, "lookup": LOOKUP, "apply": APPLY, "write": WRITE}
SECRET: Final = f"the-secret{HIDDEN}"
