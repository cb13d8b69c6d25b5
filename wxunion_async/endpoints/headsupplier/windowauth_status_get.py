"""
POST /channels/ec/league/headsupplier/windowauth/status/get.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php; what is marked comes
from fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, one_of
from wxunion_async.enums import OpenIntEnum


@errcodes(10024000, 10024001)
@one_of("finder_id", "openfinderid", "openid", "talent_appid")
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowauthStatusGetRequest(UnionRequest["WindowauthStatus"]):
    """
    Ask whether a talent lets the agency manage the talent's shop window, and for the ids that the window calls take.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024001, ``finder_id`` is not valid.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/windowauth/status/get"
    resend = True

    finder_id: str | None = None
    """The talent's channels account by its old id, which the vendor is giving up."""
    openfinderid: str | None = None
    """The talent's channels account."""
    openid: str | None = None
    """The talent's openid; from a client's models, not the vendor's page."""
    talent_appid: str | None = None
    """App id of the talent; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowauthStatus:
    """Whether a talent lets the agency manage the talent's shop window."""

    window_auth_status: WindowAuthStatus | None = None
    """Whether the talent has agreed."""
    openfinderid: str | None = None
    """The channels account, for the window calls; from a client's models, not the vendor's page."""
    opentalentid: str | None = None
    """The talent, for the window calls; from a client's models, not the vendor's page."""


class WindowAuthStatus(OpenIntEnum):
    """Whether a talent has agreed that an agency manages the talent's shop window."""

    NOT_AGREED = 0
    """Not agreed."""
    AGREED = 1
    """Agreed."""
