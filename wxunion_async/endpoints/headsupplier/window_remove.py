"""
POST /channels/ec/league/headsupplier/window/remove.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php; what is marked comes
from fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_NUMBER, errcodes, must
from wxunion_async.endpoints.headsupplier._windows import WindowRequest


@errcodes(10024000, 10024001, 10024003, 10024009, 10024010)
@must(
    "product_window_id must be a decimal number",
    lambda of: of("product_window_id").isdecimal(),
    "product_window_id",
)
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowRemoveRequest(WindowRequest[None]):
    """
    Take a product out of a talent's shop window: one of this agency, or one that it put there.

    If the error is ambiguous, ask ``window_getdetail`` for the product before you send it again: 10024020 says that it
    is gone.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ApiError: 10024001, ``finder_id`` is not valid; 10024009, the product is not valid, or not in the agency's
            promotion; 10024010, the window could not be changed.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/window/remove"

    product_id: int
    """The product; a number on the wire."""
    product_window_id: str | None = attrs.field(default=None, metadata=AS_NUMBER)
    """Its id in the window, a number on the wire; from a client's models, not the vendor's page."""
