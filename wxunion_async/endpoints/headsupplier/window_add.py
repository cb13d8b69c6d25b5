"""
POST /channels/ec/league/headsupplier/window/add.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php; what is marked comes
from fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import errcodes
from wxunion_async.endpoints.headsupplier._windows import WindowRequest


@errcodes(10024000, 10024001, 10024003, 10024009, 10024010, 10024011, 10024021)
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowAddRequest(WindowRequest[None]):
    """
    Put one of the agency's products into a talent's shop window.

    If the error is ambiguous, ask ``window_getdetail`` for the product before you send it again.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ApiError: 10024001, ``finder_id`` is not valid; 10024009, the product is not valid, or not in the agency's
            promotion; 10024010, 10024021, the window could not be changed; 10024011, the talent has not agreed.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/window/add"

    product_id: int
    """The product; a number on the wire."""
    product_link: str | None = None
    """Link of the product; from a client's models, not the vendor's page."""
    plan_type: int | None = None
    """The kind of plan; a code, its values undocumented here; from a client's models, not the vendor's page."""
    is_hide_for_window: bool | None = None
    """True to hide it in the window; the vendor's default is not to."""
