"""
POST /channels/ec/league/headsupplier/window/getdetail.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php; what is marked comes
from fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import errcodes
from wxunion_async.endpoints.headsupplier._items import CategoryId as CategoryId
from wxunion_async.endpoints.headsupplier._windows import WindowRequest
from wxunion_async.endpoints.promoter.get_promote_product_detail import DescInfo


@errcodes(2, 3, 10024000, 10024001, 10024003, 10024009, 10024010, 10024020)
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowGetdetailRequest(WindowRequest["WindowGetdetail"]):
    """
    Look up one product of a talent's shop window.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ApiError: 2, the product was removed; 3, it was deleted for good; 10024020, the window has no such product;
            10024001, ``finder_id`` is not valid; 10024009, the product is not valid, or not in the agency's promotion;
            10024010.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/window/getdetail"
    resend = True

    product_id: int = attrs.field(kw_only=False)
    """The product; a number on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowGetdetail:
    """One product of a talent's shop window."""

    product_detail: WindowProductDetail
    """The product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowProductDetail:
    """A product in a talent's shop window."""

    appid: str
    """App id of the shop that sells it."""
    product_id: int
    """The product; the table says string, the sample has a number."""
    product_info: WindowProductInfo | None = None
    """The product as its shop presents it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowProductInfo:
    """A product as its shop presents it."""

    title: str | None = None
    """Title."""
    sub_title: str | None = None
    """Subtitle."""
    head_imgs: tuple[str, ...] = ()
    """URLs of the main pictures."""
    desc_info: DescInfo | None = None
    """The description."""
    cats: tuple[CategoryId, ...] = ()
    """Categories in the old tree of three levels."""
    cats_v2: tuple[CategoryId, ...] = ()
    """Categories in the new tree."""
    product_promotion_link: str | None = None
    """What a jump to the shop must carry, else the sale is attributed to nobody."""
