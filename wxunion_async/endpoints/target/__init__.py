"""Targeted plans: ``client.target``, the calls under /union/promoter/target."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint

__all__ = ["Target"]


class Target(Group):
    """Targeted plans (定向计划), for a union promoter account: find out about one, apply for it, ask how it stands."""

    plan_info: Final = endpoint(lambda: endpoints.PlanInfoRequest)
    apply_target: Final = endpoint(lambda: endpoints.ApplyTargetRequest)
    apply_status: Final = endpoint(lambda: endpoints.ApplyStatusRequest)
