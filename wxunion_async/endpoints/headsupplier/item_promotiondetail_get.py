"""
POST /channels/ec/league/headsupplier/item/promotiondetail/get.

Source: doc/store/leagueheadsupplier/api/opentalent/getshop/api_getitempromotiondetail.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.headsupplier._items import SpuSource as SpuSource
from wxunion_async.endpoints.headsupplier._items import TalentCommissionType as TalentCommissionType
from wxunion_async.enums import PlanType
from wxunion_async.units import Per1M


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemPromotiondetailGetRequest(UnionRequest["ItemPromotiondetail"]):
    """
    Look up the terms of one cooperation: rates, supplier, link.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/item/promotiondetail/get"
    resend = True

    head_supplier_item_link: str = attrs.field(kw_only=False)
    """The product's link, "weixinstorehs/…"."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ItemPromotiondetail:
    """The terms of one cooperation."""

    item: PromotionItem
    """The cooperation."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionItem:
    """A product, and the terms of the cooperation on it."""

    product_id: int
    """The product."""
    shop_appid: str
    """App id of the shop that sells it."""
    spu_source: SpuSource | None = None
    """Who supplies it."""
    commission_info: PromotionCommission | None = None
    """What a promotion earns, and when."""
    head_supplier_info: SupplyingAgency | None = None
    """The agency that supplies it; from a single report, missing in live answers."""
    cooperative_info: CooperativeInfo | None = None
    """The cooperation; from a client's models, not the vendor's page; from a single report, missing in live answers."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionCommission:
    """What a promotion of the product earns, and when."""

    plan_type: PlanType | None = None
    """The kind of plan: 1, targeted, or 2, public."""
    commission_type: TalentCommissionType | None = None
    """Who sets the talents' commission."""
    ratio: Per1M | None = None
    """Commission rate in 1/1,000,000."""
    service_ratio: Per1M | None = None
    """Service rate in 1/1,000,000."""
    start_time: datetime | None = None
    """Begin; 0 on the wire is ``None``."""
    end_time: datetime | None = None
    """End; 0 on the wire is ``None``."""
    normal_commission_info: OrdinaryCommission | None = None
    """The commission of the ordinary promotion; only while both are listed."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrdinaryCommission:
    """The commission of the ordinary promotion."""

    ratio: Per1M | None = None
    """Rate in 1/1,000,000."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class SupplyingAgency:
    """The agency that supplies a product."""

    name: str | None = None
    """Its name."""
    head_img: str | None = None
    """URL of its picture."""
    appid: str | None = None
    """Its app id."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CooperativeInfo:
    """The cooperation on a product."""

    cooperative_status: int | None = None
    """The state; a code, its values undocumented."""
    is_hidden: bool | None = None
    """Whether it is hidden on the agency's page."""
    link: str | None = None
    """Link for the talents."""
