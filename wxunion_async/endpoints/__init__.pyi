# Written by `python -m tests.names`.

from wxunion_async.endpoints.category.league_all import (
    CategoryLeagueAllRequest,
)
from wxunion_async.endpoints.headsupplier.clue_get import (
    ClueGetRequest,
)
from wxunion_async.endpoints.headsupplier.clue_list_get import (
    ClueListGetRequest,
)
from wxunion_async.endpoints.headsupplier.cooperativeitem_add import (
    CooperativeitemAddRequest,
)
from wxunion_async.endpoints.headsupplier.cooperativeitem_list_get import (
    CooperativeitemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_balance_get import (
    FundsBalanceGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_flowdetail_get import (
    FundsFlowdetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_flowlist_get import (
    FundsFlowlistGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_get import (
    ItemGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_list_get import (
    ItemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_promotiondetail_get import (
    ItemPromotiondetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_upd import (
    ItemUpdRequest,
)
from wxunion_async.endpoints.headsupplier.liveprotection_getqrcode import (
    LiveprotectionGetqrcodeRequest,
)
from wxunion_async.endpoints.headsupplier.order_get import (
    OrderGetRequest,
)
from wxunion_async.endpoints.headsupplier.order_list_get import (
    OrderListGetRequest,
)
from wxunion_async.endpoints.headsupplier.productdetail_get import (
    ProductdetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.promoteraction_getlivestats import (
    PromoteractionGetlivestatsRequest,
)
from wxunion_async.endpoints.headsupplier.secondheadsupplieritem_add import (
    SecondheadsupplieritemAddRequest,
)
from wxunion_async.endpoints.headsupplier.secondheadsupplieritem_update import (
    SecondheadsupplieritemUpdateRequest,
)
from wxunion_async.endpoints.headsupplier.selectionproducts_list_get import (
    SelectionproductsListGetRequest,
)
from wxunion_async.endpoints.headsupplier.shop_get import (
    ShopGetRequest,
)
from wxunion_async.endpoints.headsupplier.shop_list_get import (
    ShopListGetRequest,
)
from wxunion_async.endpoints.headsupplier.subitem_add import (
    SubitemAddRequest,
)
from wxunion_async.endpoints.headsupplier.subitem_list_get import (
    SubitemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.subscription_getsubscribe import (
    SubscriptionGetsubscribeRequest,
)
from wxunion_async.endpoints.headsupplier.subscription_subscribe import (
    SubscriptionSubscribeRequest,
)
from wxunion_async.endpoints.headsupplier.subscription_unsubscribe import (
    SubscriptionUnsubscribeRequest,
)
from wxunion_async.endpoints.headsupplier.window_add import (
    WindowAddRequest,
)
from wxunion_async.endpoints.headsupplier.window_getall import (
    WindowGetallRequest,
)
from wxunion_async.endpoints.headsupplier.window_getdetail import (
    WindowGetdetailRequest,
)
from wxunion_async.endpoints.headsupplier.window_remove import (
    WindowRemoveRequest,
)
from wxunion_async.endpoints.headsupplier.windowauth_get import (
    WindowauthGetRequest,
)
from wxunion_async.endpoints.headsupplier.windowauth_status_get import (
    WindowauthStatusGetRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    GetPromoteProductListRequest,
)
from wxunion_async.endpoints.quota.get import (
    QuotaGetRequest,
)
from wxunion_async.endpoints.target.apply_status import (
    ApplyStatusRequest,
)
from wxunion_async.endpoints.target.apply_target import (
    ApplyTargetRequest,
)
from wxunion_async.endpoints.target.plan_info import (
    PlanInfoRequest,
)

__all__ = [
    "ApplyStatusRequest",
    "ApplyTargetRequest",
    "CategoryLeagueAllRequest",
    "ClueGetRequest",
    "ClueListGetRequest",
    "CooperativeitemAddRequest",
    "CooperativeitemListGetRequest",
    "FundsBalanceGetRequest",
    "FundsFlowdetailGetRequest",
    "FundsFlowlistGetRequest",
    "GetPromoteProductDetailRequest",
    "GetPromoteProductListRequest",
    "ItemGetRequest",
    "ItemListGetRequest",
    "ItemPromotiondetailGetRequest",
    "ItemUpdRequest",
    "LiveprotectionGetqrcodeRequest",
    "OrderGetRequest",
    "OrderListGetRequest",
    "PlanInfoRequest",
    "ProductdetailGetRequest",
    "PromoteractionGetlivestatsRequest",
    "QuotaGetRequest",
    "SecondheadsupplieritemAddRequest",
    "SecondheadsupplieritemUpdateRequest",
    "SelectionproductsListGetRequest",
    "ShopGetRequest",
    "ShopListGetRequest",
    "SubitemAddRequest",
    "SubitemListGetRequest",
    "SubscriptionGetsubscribeRequest",
    "SubscriptionSubscribeRequest",
    "SubscriptionUnsubscribeRequest",
    "WindowAddRequest",
    "WindowGetallRequest",
    "WindowGetdetailRequest",
    "WindowRemoveRequest",
    "WindowauthGetRequest",
    "WindowauthStatusGetRequest",
]
