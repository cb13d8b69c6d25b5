"""An agency's own business: ``client.headsupplier``, the calls under /channels/ec/league/headsupplier."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Headsupplier"]


class Headsupplier(Group):
    """Orders, funds, shops, products, and talents with their shop windows, for an agency account (联盟带货机构)."""

    order_list_get: Final = endpoint(lambda: endpoints.OrderListGetRequest)
    iter_order_list: Final = pages(lambda: endpoints.OrderListGetRequest)
    order_get: Final = endpoint(lambda: endpoints.OrderGetRequest)
    clue_list_get: Final = endpoint(lambda: endpoints.ClueListGetRequest)
    iter_clue_list: Final = pages(lambda: endpoints.ClueListGetRequest)
    clue_get: Final = endpoint(lambda: endpoints.ClueGetRequest)

    funds_balance_get: Final = endpoint(lambda: endpoints.FundsBalanceGetRequest)
    funds_flowlist_get: Final = endpoint(lambda: endpoints.FundsFlowlistGetRequest)
    iter_funds_flowlist: Final = pages(lambda: endpoints.FundsFlowlistGetRequest)
    funds_flowdetail_get: Final = endpoint(lambda: endpoints.FundsFlowdetailGetRequest)

    shop_list_get: Final = endpoint(lambda: endpoints.ShopListGetRequest)
    iter_shop_list: Final = pages(lambda: endpoints.ShopListGetRequest)
    shop_get: Final = endpoint(lambda: endpoints.ShopGetRequest)

    productdetail_get: Final = endpoint(lambda: endpoints.ProductdetailGetRequest)
    subscription_getsubscribe: Final = endpoint(lambda: endpoints.SubscriptionGetsubscribeRequest)
    iter_subscription_getsubscribe: Final = pages(lambda: endpoints.SubscriptionGetsubscribeRequest)
    subscription_subscribe: Final = endpoint(lambda: endpoints.SubscriptionSubscribeRequest)
    subscription_unsubscribe: Final = endpoint(lambda: endpoints.SubscriptionUnsubscribeRequest)

    selectionproducts_list_get: Final = endpoint(lambda: endpoints.SelectionproductsListGetRequest)
    iter_selectionproducts_list: Final = pages(lambda: endpoints.SelectionproductsListGetRequest)
    cooperativeitem_list_get: Final = endpoint(lambda: endpoints.CooperativeitemListGetRequest)
    iter_cooperativeitem_list: Final = pages(lambda: endpoints.CooperativeitemListGetRequest)
    cooperativeitem_add: Final = endpoint(lambda: endpoints.CooperativeitemAddRequest)
    item_promotiondetail_get: Final = endpoint(lambda: endpoints.ItemPromotiondetailGetRequest)
    subitem_add: Final = endpoint(lambda: endpoints.SubitemAddRequest)
    subitem_list_get: Final = endpoint(lambda: endpoints.SubitemListGetRequest)
    iter_subitem_list: Final = pages(lambda: endpoints.SubitemListGetRequest)
    secondheadsupplieritem_add: Final = endpoint(lambda: endpoints.SecondheadsupplieritemAddRequest)
    secondheadsupplieritem_update: Final = endpoint(lambda: endpoints.SecondheadsupplieritemUpdateRequest)
    item_list_get: Final = endpoint(lambda: endpoints.ItemListGetRequest)
    iter_item_list: Final = pages(lambda: endpoints.ItemListGetRequest)
    item_get: Final = endpoint(lambda: endpoints.ItemGetRequest)
    item_upd: Final = endpoint(lambda: endpoints.ItemUpdRequest)

    windowauth_get: Final = endpoint(lambda: endpoints.WindowauthGetRequest)
    windowauth_status_get: Final = endpoint(lambda: endpoints.WindowauthStatusGetRequest)
    window_add: Final = endpoint(lambda: endpoints.WindowAddRequest)
    window_getall: Final = endpoint(lambda: endpoints.WindowGetallRequest)
    iter_window_getall: Final = pages(lambda: endpoints.WindowGetallRequest)
    window_remove: Final = endpoint(lambda: endpoints.WindowRemoveRequest)
    window_getdetail: Final = endpoint(lambda: endpoints.WindowGetdetailRequest)

    promoteraction_getlivestats: Final = endpoint(lambda: endpoints.PromoteractionGetlivestatsRequest)
    liveprotection_getqrcode: Final = endpoint(lambda: endpoints.LiveprotectionGetqrcodeRequest)
