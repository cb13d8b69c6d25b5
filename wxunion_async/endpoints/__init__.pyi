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
from wxunion_async.endpoints.open_account.add_customize_info import (
    OpenAccountAddCustomizeInfoRequest,
)
from wxunion_async.endpoints.open_account.bind import (
    OpenAccountBindRequest,
)
from wxunion_async.endpoints.open_account.del_customize_info import (
    OpenAccountDelCustomizeInfoRequest,
)
from wxunion_async.endpoints.open_account.get import (
    OpenAccountGetRequest,
)
from wxunion_async.endpoints.open_account.get_customize_info import (
    OpenAccountGetCustomizeInfoRequest,
)
from wxunion_async.endpoints.open_product.generate import (
    OpenProductGenerateRequest,
)
from wxunion_async.endpoints.open_product.list import (
    OpenProductListRequest,
)
from wxunion_async.endpoints.order.info import (
    OrderInfoRequest,
)
from wxunion_async.endpoints.order.search import (
    OrderSearchRequest,
)
from wxunion_async.endpoints.order.search_normal_order import (
    OrderSearchNormalOrderRequest,
)
from wxunion_async.endpoints.product.category import (
    ProductCategoryRequest,
)
from wxunion_async.endpoints.product.generate import (
    ProductGenerateRequest,
)
from wxunion_async.endpoints.product.list import (
    ProductListRequest,
)
from wxunion_async.endpoints.product.parse_tag import (
    ProductParseTagRequest,
)
from wxunion_async.endpoints.product.select import (
    ProductSelectRequest,
)
from wxunion_async.endpoints.promoter.get_bind_sharer_list import (
    GetBindSharerListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_shop_list import (
    GetBindShopListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_shop_promoter_list import (
    GetBindShopPromoterListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_talent_list import (
    GetBindTalentListRequest,
)
from wxunion_async.endpoints.promoter.get_cooperative_coupon_list import (
    GetCooperativeCouponListRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_detail import (
    GetCouponDetailRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_promoter_share_link import (
    GetCouponPromoterShareLinkRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_qr_code import (
    GetCouponQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_short_link import (
    GetCouponShortLinkRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_to_headsupplier import (
    GetCouponToHeadsupplierRequest,
)
from wxunion_async.endpoints.promoter.get_feed_list import (
    GetFeedListRequest,
)
from wxunion_async.endpoints.promoter.get_feed_promotion_info import (
    GetFeedPromotionInfoRequest,
)
from wxunion_async.endpoints.promoter.get_live_commission_product_list import (
    GetLiveCommissionProductListRequest,
)
from wxunion_async.endpoints.promoter.get_live_notice_promoter_share_link import (
    GetLiveNoticePromoterShareLinkRequest,
)
from wxunion_async.endpoints.promoter.get_live_notice_record_list import (
    GetLiveNoticeRecordListRequest,
)
from wxunion_async.endpoints.promoter.get_live_notice_record_qr_code import (
    GetLiveNoticeRecordQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_live_notice_reservation_info import (
    GetLiveNoticeReservationInfoRequest,
)
from wxunion_async.endpoints.promoter.get_live_record_list import (
    GetLiveRecordListRequest,
)
from wxunion_async.endpoints.promoter.get_live_record_qr_code import (
    GetLiveRecordQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_product_promotion_link_info import (
    GetProductPromotionLinkInfoRequest,
)
from wxunion_async.endpoints.promoter.get_product_promotion_qrcode_info import (
    GetProductPromotionQrcodeInfoRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    GetPromoteProductListRequest,
)
from wxunion_async.endpoints.promoter.get_promoter_register_and_bind_status import (
    GetPromoterRegisterAndBindStatusRequest,
)
from wxunion_async.endpoints.promoter.get_promoter_single_product_promotion_info import (
    GetPromoterSingleProductPromotionInfoRequest,
)
from wxunion_async.endpoints.promoter.get_public_coupon_list import (
    GetPublicCouponListRequest,
)
from wxunion_async.endpoints.promoter.get_sharer_product_commission_info import (
    GetSharerProductCommissionInfoRequest,
)
from wxunion_async.endpoints.promoter.get_shop_feed_list import (
    GetShopFeedListRequest,
)
from wxunion_async.endpoints.promoter.get_shop_feed_promotion_info import (
    GetShopFeedPromotionInfoRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_commission_product_list import (
    GetShopLiveCommissionProductListRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_promoter_share_link import (
    GetShopLiveNoticePromoterShareLinkRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_record_list import (
    GetShopLiveNoticeRecordListRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_record_qr_code import (
    GetShopLiveNoticeRecordQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_record_list import (
    GetShopLiveRecordListRequest,
)
from wxunion_async.endpoints.promoter.get_shop_live_record_qr_code import (
    GetShopLiveRecordQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_shop_mp_article_list import (
    GetShopMpArticleListRequest,
)
from wxunion_async.endpoints.promoter.get_talent_biz_article_list import (
    GetTalentBizArticleListRequest,
)
from wxunion_async.endpoints.promoter.headsupplier_unbind_promoter import (
    HeadsupplierUnbindPromoterRequest,
)
from wxunion_async.endpoints.promoter.set_coupon_to_headsupplier import (
    SetCouponToHeadsupplierRequest,
)
from wxunion_async.endpoints.promoter.set_sharer_commission_info import (
    SetSharerCommissionInfoRequest,
)
from wxunion_async.endpoints.promoter.set_sharer_product_commission_info import (
    SetSharerProductCommissionInfoRequest,
)
from wxunion_async.endpoints.promotion.add import (
    PromotionAddRequest,
)
from wxunion_async.endpoints.promotion.del_ import (
    PromotionDelRequest,
)
from wxunion_async.endpoints.promotion.list import (
    PromotionListRequest,
)
from wxunion_async.endpoints.promotion.upd import (
    PromotionUpdRequest,
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
    "GetBindSharerListRequest",
    "GetBindShopListRequest",
    "GetBindShopPromoterListRequest",
    "GetBindTalentListRequest",
    "GetCooperativeCouponListRequest",
    "GetCouponDetailRequest",
    "GetCouponPromoterShareLinkRequest",
    "GetCouponQrCodeRequest",
    "GetCouponShortLinkRequest",
    "GetCouponToHeadsupplierRequest",
    "GetFeedListRequest",
    "GetFeedPromotionInfoRequest",
    "GetLiveCommissionProductListRequest",
    "GetLiveNoticePromoterShareLinkRequest",
    "GetLiveNoticeRecordListRequest",
    "GetLiveNoticeRecordQrCodeRequest",
    "GetLiveNoticeReservationInfoRequest",
    "GetLiveRecordListRequest",
    "GetLiveRecordQrCodeRequest",
    "GetProductPromotionLinkInfoRequest",
    "GetProductPromotionQrcodeInfoRequest",
    "GetPromoteProductDetailRequest",
    "GetPromoteProductListRequest",
    "GetPromoterRegisterAndBindStatusRequest",
    "GetPromoterSingleProductPromotionInfoRequest",
    "GetPublicCouponListRequest",
    "GetSharerProductCommissionInfoRequest",
    "GetShopFeedListRequest",
    "GetShopFeedPromotionInfoRequest",
    "GetShopLiveCommissionProductListRequest",
    "GetShopLiveNoticePromoterShareLinkRequest",
    "GetShopLiveNoticeRecordListRequest",
    "GetShopLiveNoticeRecordQrCodeRequest",
    "GetShopLiveRecordListRequest",
    "GetShopLiveRecordQrCodeRequest",
    "GetShopMpArticleListRequest",
    "GetTalentBizArticleListRequest",
    "HeadsupplierUnbindPromoterRequest",
    "ItemGetRequest",
    "ItemListGetRequest",
    "ItemPromotiondetailGetRequest",
    "ItemUpdRequest",
    "LiveprotectionGetqrcodeRequest",
    "OpenAccountAddCustomizeInfoRequest",
    "OpenAccountBindRequest",
    "OpenAccountDelCustomizeInfoRequest",
    "OpenAccountGetCustomizeInfoRequest",
    "OpenAccountGetRequest",
    "OpenProductGenerateRequest",
    "OpenProductListRequest",
    "OrderGetRequest",
    "OrderInfoRequest",
    "OrderListGetRequest",
    "OrderSearchNormalOrderRequest",
    "OrderSearchRequest",
    "PlanInfoRequest",
    "ProductCategoryRequest",
    "ProductGenerateRequest",
    "ProductListRequest",
    "ProductParseTagRequest",
    "ProductSelectRequest",
    "ProductdetailGetRequest",
    "PromoteractionGetlivestatsRequest",
    "PromotionAddRequest",
    "PromotionDelRequest",
    "PromotionListRequest",
    "PromotionUpdRequest",
    "QuotaGetRequest",
    "SecondheadsupplieritemAddRequest",
    "SecondheadsupplieritemUpdateRequest",
    "SelectionproductsListGetRequest",
    "SetCouponToHeadsupplierRequest",
    "SetSharerCommissionInfoRequest",
    "SetSharerProductCommissionInfoRequest",
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
