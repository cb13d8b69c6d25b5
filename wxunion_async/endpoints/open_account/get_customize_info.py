"""
GET /union/promoter/open_account/get_customize_info.

Source: a client's models; the page on customized-userinfo below union/access-guidelines/promoter/api was not read.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccountGetCustomizeInfoRequest(UnionRequest["OpenAccountGetCustomizeInfo"]):
    """
    Ask for your own mark of a user.

    Request and answer are from a client's models, not the vendor's page.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/open_account/get_customize_info"
    dialect = "camel"
    resend = True

    unionid: str = attrs.field(kw_only=False)
    """The user."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccountGetCustomizeInfo:
    """Your own mark of a user."""

    customize_info: str | None = None
    """The mark; what it is without one is undocumented."""
