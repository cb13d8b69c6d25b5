"""Call quotas: ``client.quota``, the calls under /cgi-bin/openapi/quota."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint

__all__ = ["Quota"]


class Quota(Group):
    """Call quotas, for either account family."""

    get: Final = endpoint(lambda: endpoints.QuotaGetRequest)
