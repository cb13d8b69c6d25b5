"""
POST /union/promoter/open_account/add_customize_info.

Source: a client's models; the page on customized-userinfo below union/access-guidelines/promoter/api was not read.
"""

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class OpenAccountAddCustomizeInfoRequest(UnionRequest[None]):
    """
    Attach your own mark to a user.

    If the error is ambiguous, ask ``open_account.get_customize_info`` before you send it again. The request is from a
    client's models, not the vendor's page.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/open_account/add_customize_info"
    dialect = "camel"

    unionid: str
    """The user."""
    customize_info: str
    """The mark."""
