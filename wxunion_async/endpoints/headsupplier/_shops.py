"""What the calls for cooperating shops share."""

from __future__ import annotations

import attrs

from wxunion_async.enums import OpenIntEnum

__all__ = ["ShopBaseInfo", "ShopStatus"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopBaseInfo:
    """Who a shop is."""

    appid: str
    """App id of the shop."""
    nickname: str | None = None
    """Its name."""
    headimg_url: str | None = None
    """URL of its picture."""


class ShopStatus(OpenIntEnum):
    """How far the cooperation with a shop is."""

    INVITED = 1
    """Invited; the shop has not answered."""
    ACCEPTED = 2
    """The invitation is accepted."""
    REFUSED = 3
    """The invitation is refused."""
    WITHDRAWN = 4
    """The invitation was withdrawn."""
    ENDED = 5
    """The cooperation has ended."""
