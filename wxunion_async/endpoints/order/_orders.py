"""An order of a promoter account, as ``order.search`` and ``order.info`` give it."""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import YUAN
from wxunion_async.units import Fen, Per10k


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotedOrder:
    """An order that a promotion brought."""

    order_id: str
    """The order."""
    pay_time: datetime | None = None
    """When it was paid; 0 on the wire is ``None``."""
    confirm_receipt_time: datetime | None = None
    """When its receipt was confirmed; 0 on the wire, for "never", is ``None``."""
    shop_name: str | None = None
    """Name of the shop."""
    shop_appid: str | None = None
    """App id of the shop."""
    customize_info: str | None = None
    """Your own mark. At this level in the table; the sample has it in the products."""
    custom_user_id: str | None = None
    """Your own mark for the user."""
    user_nick_name: str | None = None
    """Nickname of the user."""
    product_list: tuple[PromotedProduct, ...] = ()
    """The products."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotedProduct:
    """One product of an order, and what it earns."""

    product_id: int
    """The product; a string on the wire."""
    sku_id: str | None = None
    """The SKU."""
    title: str | None = None
    """Title."""
    thumb_img: str | None = None
    """URL of the picture."""
    price: Fen | None = attrs.field(default=None, metadata=YUAN)
    """The total price, in fen; text in yuan on the wire, "¥0.20"."""
    product_cnt: int | None = None
    """Pieces."""
    ratio: Per10k | None = None
    """Commission rate in 1/10,000."""
    commission_status: str | None = None
    """
    How far the settlement is, as a word; new words may come.

    ``SETTLEMENT_PENDING`` to be settled, ``SETTLEMENT_SUCCESS`` settled, ``SETTLEMENT_CANCELED`` cancelled. The words
    are from samples; what they mean is from an application, not the vendor's page.
    """
    commission_status_update_time: datetime | None = None
    """When ``commission_status`` changed; Unix seconds as a string on the wire; 0 is ``None``."""
    profit_sharding_suc_time: datetime | None = None
    """When it was settled; only then; Unix seconds as a string on the wire; 0 is ``None``."""
    commission: Fen | None = attrs.field(default=None, metadata=YUAN)
    """The commission, in fen; text in yuan on the wire, "¥0", or "-" for none yet, which is ``None``."""
    estimated_commission: Fen | None = None
    """The commission to expect, in fen."""
    category_str: str | None = None
    """Categories, joined by ","."""
    customize_info: str | None = None
    """Your own mark. In the sample; the table has it in the order."""
    promotion_info: PromotionInfo | None = None
    """The promotion position that brought the order."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionInfo:
    """The promotion position that brought an order."""

    promotion_source_pid: str | None = None
    """The promotion position."""
    promotion_source_name: str | None = None
    """Its name."""
