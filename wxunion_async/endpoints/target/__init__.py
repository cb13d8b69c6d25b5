"""Targeted plans: ``client.target``, the calls under /union/promoter/target."""

from wxunion_async._endpoint import Group
from wxunion_async.endpoints.target import apply_status, apply_target, plan_info

__all__ = ["Target"]


class Target(Group):
    """Targeted plans, for a union promoter account: find out about one, apply for it, ask how the application is."""

    __slots__ = ()

    plan_info = plan_info.plan_info
    apply_target = apply_target.apply_target
    apply_status = apply_status.apply_status
