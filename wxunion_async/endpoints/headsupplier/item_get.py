"""
POST /channels/ec/league/headsupplier/item/get.

Source: a word-for-word copy of the vendor's older page in handsomegyr/wechat, …/Headsupplier.php.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest, errcodes
from wxunion_async.endpoints.headsupplier._items import CategoryId as CategoryId
from wxunion_async.endpoints.promoter.get_promote_product_detail import DescInfo, ExpressInfo, Sku
from wxunion_async.units import Per1M


@errcodes(10024000, 10024003, 10024004)
@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemGetRequest(UnionRequest["Item"]):
    """
    Look up one cooperating product; the newer calls are ``productdetail_get`` and ``item_promotiondetail_get``.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ProductNotFoundError: 10024004.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/item/get"
    resend = True

    appid: str
    """App id of the shop."""
    product_id: int
    """The product; a number on the wire."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Item:
    """One cooperating product."""

    item: ItemDetail
    """The product."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemDetail:
    """A cooperating product and the terms of its promotion."""

    appid: str
    """App id of the shop that sells it."""
    product_id: int
    """The product; the table says string, the sample has a number."""
    product_info: ItemProductInfo | None = None
    """The product as its shop presents it."""
    commission_info: ItemCommission | None = None
    """What a promotion earns, and when; newer clients no longer name it."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemProductInfo:
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
    express_info: ExpressInfo | None = None
    """How it is sent."""
    skus: tuple[Sku, ...] = ()
    """The variants."""
    is_hidden: bool | None = None
    """Whether it is hidden on the agency's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemCommission:
    """What a promotion of the product earns, and when."""

    status: int | None = None
    """The state; a code, its values undocumented here."""
    service_ratio: Per1M | None = None
    """Service rate in 1/1,000,000."""
    ratio: Per1M | None = None
    """Commission rate in 1/1,000,000."""
    start_time: datetime | None = None
    """Begin of the cooperation; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End of the cooperation; 0 on the wire is ``None``."""
    link: str | None = None
    """Link for the talents."""
