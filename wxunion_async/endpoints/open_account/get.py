"""
GET /union/promoter/open_account/get.

Source: a client's models; the page on customized-userinfo below union/access-guidelines/promoter/api was not read.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccountGetRequest(UnionRequest["OpenAccount"]):
    """
    Ask which open-platform account is bound.

    The answer is from a client's models, not the vendor's page.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/union/promoter/open_account/get"
    dialect = "camel"
    resend = True


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccount:
    """The bound open-platform account."""

    open_account: str | None = None
    """App id of the open-platform account; what it is without one is undocumented."""
