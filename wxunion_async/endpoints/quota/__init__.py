"""Call quotas: ``client.quota``, the calls under /cgi-bin/openapi/quota."""

from wxunion_async._endpoint import Group
from wxunion_async.endpoints.quota import get

__all__ = ["Quota"]


class Quota(Group):
    """Call quotas, for either account family."""

    __slots__ = ()

    get = get.get
