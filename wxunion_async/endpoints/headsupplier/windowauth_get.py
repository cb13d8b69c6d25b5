"""
POST /channels/ec/league/headsupplier/windowauth/get.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php; what is marked comes
from fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes, one_of


@errcodes(10024000, 10024001, 10024002, 10024014, 10024018, 10024019)
@one_of("finder_id", "openid", "talent_appid")
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowauthGetRequest(UnionRequest["Windowauth"]):
    """
    Get the link by which a talent lets the agency manage the talent's shop window.

    Raises:
        InvalidParameterError: 10024000.
        ApiError: 10024001, ``finder_id`` is not valid; 10024019, ``openid`` is not; 10024002, the talent has agreed
            already; 10024014, the user has no channels account; 10024018, no mini program is bound to the agency.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/windowauth/get"
    resend = True

    finder_id: str | None = None
    """The talent's channels account."""
    openid: str | None = None
    """The talent's openid, in the mini program that is bound to the agency."""
    talent_appid: str | None = None
    """App id of the talent; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Windowauth:
    """How a talent lets the agency manage the talent's shop window."""

    auth_info: WindowauthInfo
    """The link."""
    openfinderid: str | None = None
    """The talent's channels account; in the older table only."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowauthInfo:
    """The link that the talent has to open, and who the talent is."""

    auth_url: str | None = None
    """URL."""
    auth_wxa_appid: str | None = None
    """App id of the mini program."""
    auth_wxa_path: str | None = None
    """Page in the mini program."""
    auth_wxa_username: str | None = None
    """Original id of the mini program, "gh_…"."""
    nickname: str | None = None
    """Nickname of the talent; from a client's models, not the vendor's page."""
    head_img_url: str | None = None
    """URL of the talent's picture; from a client's models, not the vendor's page."""
