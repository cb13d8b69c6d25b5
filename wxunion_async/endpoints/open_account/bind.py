"""
POST /union/promoter/open_account/bind.

Source: a client's models; the page on customized-userinfo below union/access-guidelines/promoter/api was not read.
"""

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccountBindRequest(UnionRequest[None]):
    """
    Bind an open-platform account, so that users have a unionid.

    If the error is ambiguous, ask ``open_account.get`` before you send it again. The request is from a client's models,
    not the vendor's page.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/open_account/bind"
    dialect = "camel"

    open_account: str
    """App id of the open-platform account."""
