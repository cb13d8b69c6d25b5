"""Categories: ``client.category``, the calls under /channels/ec/category."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint

__all__ = ["Category"]


class Category(Group):
    """The category trees, for an agency account (联盟带货机构)."""

    league_all: Final = endpoint(lambda: endpoints.CategoryLeagueAllRequest)
