# Written by `python -m tests.names`.

from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    GetPromoteProductListRequest,
)
from wxunion_async.endpoints.quota.get import (
    QuotaGetRequest,
)
from wxunion_async.endpoints.target.apply_status import (
    ApplyStatusRequest,
)
from wxunion_async.endpoints.target.apply_target import (
    ApplyTargetRequest,
)
from wxunion_async.endpoints.target.plan_info import (
    PlanInfoRequest,
)

__all__ = [
    "ApplyStatusRequest",
    "ApplyTargetRequest",
    "GetPromoteProductDetailRequest",
    "GetPromoteProductListRequest",
    "PlanInfoRequest",
    "QuotaGetRequest",
]
