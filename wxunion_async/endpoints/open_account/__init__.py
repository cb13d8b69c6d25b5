"""Users' marks and the open-platform account: ``client.open_account``, the calls under /union/promoter/open_account."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint

__all__ = ["OpenAccount"]


class OpenAccount(Group):
    """The open-platform account, and your marks for its users, for a union promoter account (联盟推客)."""

    bind: Final = endpoint(lambda: endpoints.OpenAccountBindRequest)
    get: Final = endpoint(lambda: endpoints.OpenAccountGetRequest)
    add_customize_info: Final = endpoint(lambda: endpoints.OpenAccountAddCustomizeInfoRequest)
    get_customize_info: Final = endpoint(lambda: endpoints.OpenAccountGetCustomizeInfoRequest)
    del_customize_info: Final = endpoint(lambda: endpoints.OpenAccountDelCustomizeInfoRequest)
