"""
POST /channels/ec/league/headsupplier/order/get.

Source: doc/store/leagueheadsupplier/api/order/api_getorder (request, top of the answer) and
doc/store/API/leagueheadsupplier/getorder (older; whole); what is marked comes from a client's models,
fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECLeague/HeadSupplier/Order, or from a single report.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import UnionRequest, also, errcodes
from wxunion_async.endpoints.headsupplier._orders import Buyer as Buyer
from wxunion_async.endpoints.headsupplier._orders import OrderProduct as OrderProduct
from wxunion_async.endpoints.headsupplier._orders import OrderStatus as OrderStatus
from wxunion_async.enums import OpenIntEnum
from wxunion_async.units import Fen, Per1M


@errcodes(10024000, 10024006)
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderGetRequest(UnionRequest["Order"]):
    """
    Look up one commission order: what was paid, who earns how much, and whether it is settled.

    Raises:
        InvalidParameterError: 10024000.
        OrderNotFoundError: 10024006.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/order/get"
    resend = True

    order_id: str
    """The order; the newest table says number, every sample has a string."""
    sku_id: str
    """The SKU; the table says number, every sample has a string."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Order:
    """One commission order."""

    commssion_order: CommissionOrder
    """The commission order; spelt so by the vendor."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionOrder:
    """The commission on one SKU of one order."""

    order_id: str
    """The order."""
    sku_id: str
    """The SKU; the table says number, the sample has a string."""
    create_time: datetime | None = None
    """When the commission order was created; 0 on the wire is ``None``."""
    update_time: datetime | None = None
    """When it was last changed; 0 on the wire is ``None``."""
    status: CommissionOrderStatus | None = None
    """Whether it is settled."""
    order_detail: OrderDetail | None = None
    """What was bought, and who earns what."""


class CommissionOrderStatus(OpenIntEnum):
    """Whether a commission order is settled."""

    UNSETTLED = 20
    """未结算: not settled."""
    SETTLED = 100
    """已结算: settled."""
    CANCELLED = 200
    """取消结算: the settlement is cancelled."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderDetail:
    """What was bought, and who earns what."""

    shop_info: OrderShop | None = None
    """The shop."""
    product_info: OrderProduct | None = None
    """What was bought."""
    order_info: OrderInfo | None = None
    """The order in the shop."""
    buyer_info: Buyer | None = None
    """Who bought it; from a client's models, not the vendor's page."""
    commission_info: OrderCommission | None = None
    """Who earns what."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderShop:
    """The shop of an order."""

    appid: str | None = None
    """App id of the shop."""
    shop_name: str | None = None
    """Its name; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderInfo:
    """The order in the shop."""

    order_status: OrderStatus | None = attrs.field(default=None, metadata=also("status"))
    """The state of the order; the table calls it ``status``, and both are read."""
    pay_time: datetime | None = None
    """When it was paid; 0 on the wire is ``None``; from a client's models, not the vendor's page."""
    create_time: datetime | None = None
    """When it was placed; 0 on the wire is ``None``; from a client's models, not the vendor's page."""
    update_time: datetime | None = None
    """When it was last changed; 0 on the wire is ``None``; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderCommission:
    """
    Who earns what.

    Merchant → agency → helping agency → talent → promoters' agency → promoter: each party sees its own net share in
    ``service_amount``, and the gross share of the next party below it. An agency that is the promoters' agency too sees
    both of its shares added up. A party that the order does not have is absent.
    """

    service_ratio: Per1M | None = None
    """Service rate in 1/1,000,000."""
    service_amount: Fen | None = None
    """What this agency receives for itself, in fen."""
    service_total_amount: Fen | None = None
    """In fen; from a single report, without explanation."""
    profit_sharding_suc_time: datetime | None = None
    """When the service fee was settled; 0 on the wire is ``None``; spelt so by the vendor."""
    promotion_channel: int | None = None
    """
    Channel of the promotion; a code, 0 in one live answer, its values undocumented.

    From a client's models, not the vendor's page.
    """
    platform_amount: Fen | None = None
    """In fen; from a single report, without explanation."""
    platform_commission_status: int | None = None
    """A code, its values undocumented; from a single report."""
    finder_info: OrderFinder | None = None
    """The channels account that sold it; absent once the talent has the newer kind of account."""
    talent_info: OrderTalent | None = None
    """The talent that sold it (newer kind of account); from a client's models, not the vendor's page; seen live."""
    sharer_info: OrderSharer | None = None
    """The promoter that shared it; from a client's models, not the vendor's page."""
    promoter_agency_info: OrderAgency | None = None
    """The promoters' agency; its fields are from a client's models, not the vendor's page."""
    sub_agency_info: OrderAgency | None = None
    """The agency that helps to sell (帮卖); its fields are from a client's models, not the vendor's page."""
    head_agency_info: OrderAgency | None = None
    """The head agency; from a single report."""
    promotion_info: OrderPromotion | None = None
    """Where it was promoted; from a client's models, not the vendor's page."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderFinder:
    """The channels account that sold an order, and its share."""

    nickname: str | None = None
    """Its nickname; from a single report, it comes and goes for the same order."""
    openfinderid: str | None = None
    """The account."""
    head_img_url: str | None = None
    """URL of its picture; from a client's models, not the vendor's page."""
    ratio: Per1M | None = None
    """Commission rate in 1/1,000,000."""
    amount: Fen | None = None
    """Commission in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderTalent:
    """The talent that sold an order, and its share."""

    talent_appid: str | None = None
    """App id of the talent."""
    opentalentid: str | None = None
    """The talent."""
    nickname: str | None = None
    """Nickname."""
    head_img_url: str | None = None
    """URL of the picture."""
    ratio: Per1M | None = None
    """Commission rate in 1/1,000,000; 200000 has been seen live."""
    amount: Fen | None = None
    """Commission in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderSharer:
    """The promoter that shared an order, and its share."""

    sharer_appid: str | None = None
    """App id of the promoter."""
    opensharerid: str | None = None
    """The promoter."""
    nickname: str | None = None
    """Nickname."""
    head_img_url: str | None = None
    """URL of the picture."""
    ratio: Per1M | None = None
    """Commission rate in 1/1,000,000."""
    amount: Fen | None = None
    """Commission in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderAgency:
    """An agency that has a share in an order."""

    appid: str | None = None
    """App id of the agency."""
    nickname: str | None = None
    """Its name."""
    head_img_url: str | None = None
    """URL of its picture."""
    ratio: Per1M | None = None
    """Rate in 1/1,000,000."""
    amount: Fen | None = None
    """Share in fen."""
    profit_sharding_suc_time: datetime | None = None
    """When it was settled; 0 on the wire is ``None``; spelt so by the vendor."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderPromotion:
    """Where an order was promoted."""

    channel_type: int | None = None
    """Kind of promotion; a code, its values undocumented."""
    finder_info: PromotionFinder | None = None
    """The channels account."""
    talent_info: PromotionTalent | None = None
    """The talent."""
    mp_info: PromotionMp | None = None
    """The official account."""
    custom_token: str | None = None
    """The caller's mark from the promotion link; from a single report."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionFinder:
    """The channels account that an order was promoted in."""

    finder_id: str | None = None
    """The account by its old id."""
    nickname: str | None = None
    """Its nickname."""
    openfinderid: str | None = None
    """The account."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionTalent:
    """The talent that an order was promoted by."""

    talent_appid: str | None = None
    """App id of the talent."""
    nickname: str | None = None
    """Nickname."""
    opentalentid: str | None = None
    """The talent."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class PromotionMp:
    """The official account that an order was promoted in."""

    appid: str | None = None
    """App id of the account."""
    nickname: str | None = None
    """Its name."""
