# Written by `python -m tests.names`.

from wxunion_async._bulk import (
    Outcome,
    Outcomes,
)
from wxunion_async._codec import (
    decode,
    encode,
    to_dict,
)
from wxunion_async._endpoint import (
    PagedRequest,
    RequestPart,
    UnionRequest,
    among,
    at_most_one,
    in_order,
    must,
    needs,
    one_of,
    paged_by_key,
    paged_by_offset,
    paged_by_page,
    within,
)
from wxunion_async._limiter import (
    LocalRateLimiter,
)
from wxunion_async._stats import (
    ClientStats,
)
from wxunion_async._token import (
    ExternalTokenSource,
    MemoryTokenStore,
    PlainTokenSource,
    StableTokenSource,
)
from wxunion_async.client import (
    ClientView,
    UnionClient,
    request_classes,
)
from wxunion_async.config import (
    RateLimit,
    RetryPolicy,
    UnionConfig,
)
from wxunion_async.endpoints.category.league_all import (
    CategoryLeagueAll,
    CategoryLeagueAllRequest,
)
from wxunion_async.endpoints.headsupplier.clue_get import (
    Clue,
    ClueGetRequest,
)
from wxunion_async.endpoints.headsupplier.clue_list_get import (
    ClueList,
    ClueListGetRequest,
)
from wxunion_async.endpoints.headsupplier.cooperativeitem_add import (
    CooperativeitemAdd,
    CooperativeitemAddRequest,
)
from wxunion_async.endpoints.headsupplier.cooperativeitem_list_get import (
    CooperativeitemList,
    CooperativeitemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_balance_get import (
    FundsBalance,
    FundsBalanceGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_flowdetail_get import (
    FundsFlowdetail,
    FundsFlowdetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.funds_flowlist_get import (
    FundsFlowlist,
    FundsFlowlistGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_get import (
    Item,
    ItemGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_list_get import (
    ItemList,
    ItemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_promotiondetail_get import (
    ItemPromotiondetail,
    ItemPromotiondetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.item_upd import (
    ItemUpdRequest,
)
from wxunion_async.endpoints.headsupplier.liveprotection_getqrcode import (
    LiveprotectionGetqrcode,
    LiveprotectionGetqrcodeRequest,
)
from wxunion_async.endpoints.headsupplier.order_get import (
    Order,
    OrderGetRequest,
)
from wxunion_async.endpoints.headsupplier.order_list_get import (
    OrderList,
    OrderListGetRequest,
)
from wxunion_async.endpoints.headsupplier.productdetail_get import (
    Productdetail,
    ProductdetailGetRequest,
)
from wxunion_async.endpoints.headsupplier.promoteraction_getlivestats import (
    PromoteractionGetlivestats,
    PromoteractionGetlivestatsRequest,
)
from wxunion_async.endpoints.headsupplier.secondheadsupplieritem_add import (
    SecondheadsupplieritemAddRequest,
)
from wxunion_async.endpoints.headsupplier.secondheadsupplieritem_update import (
    SecondheadsupplieritemUpdateRequest,
)
from wxunion_async.endpoints.headsupplier.selectionproducts_list_get import (
    SelectionproductsList,
    SelectionproductsListGetRequest,
)
from wxunion_async.endpoints.headsupplier.shop_get import (
    Shop,
    ShopGetRequest,
)
from wxunion_async.endpoints.headsupplier.shop_list_get import (
    ShopList,
    ShopListGetRequest,
)
from wxunion_async.endpoints.headsupplier.subitem_add import (
    SubitemAdd,
    SubitemAddRequest,
)
from wxunion_async.endpoints.headsupplier.subitem_list_get import (
    SubitemList,
    SubitemListGetRequest,
)
from wxunion_async.endpoints.headsupplier.subscription_getsubscribe import (
    SubscriptionGetsubscribe,
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
    WindowGetall,
    WindowGetallRequest,
)
from wxunion_async.endpoints.headsupplier.window_getdetail import (
    WindowGetdetail,
    WindowGetdetailRequest,
)
from wxunion_async.endpoints.headsupplier.window_remove import (
    WindowRemoveRequest,
)
from wxunion_async.endpoints.headsupplier.windowauth_get import (
    Windowauth,
    WindowauthGetRequest,
)
from wxunion_async.endpoints.headsupplier.windowauth_status_get import (
    WindowauthStatus,
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
    OpenAccount,
    OpenAccountGetRequest,
)
from wxunion_async.endpoints.open_account.get_customize_info import (
    OpenAccountGetCustomizeInfo,
    OpenAccountGetCustomizeInfoRequest,
)
from wxunion_async.endpoints.open_product.generate import (
    OpenProductGenerate,
    OpenProductGenerateRequest,
)
from wxunion_async.endpoints.open_product.list import (
    OpenProductList,
    OpenProductListRequest,
)
from wxunion_async.endpoints.order.info import (
    OrderInfo,
    OrderInfoRequest,
)
from wxunion_async.endpoints.order.search import (
    OrderSearch,
    OrderSearchRequest,
)
from wxunion_async.endpoints.order.search_normal_order import (
    OrderSearchNormalOrder,
    OrderSearchNormalOrderRequest,
)
from wxunion_async.endpoints.product.category import (
    ProductCategoryAnswer,
    ProductCategoryRequest,
)
from wxunion_async.endpoints.product.generate import (
    ProductGenerate,
    ProductGenerateRequest,
)
from wxunion_async.endpoints.product.list import (
    ProductList,
    ProductListRequest,
)
from wxunion_async.endpoints.product.parse_tag import (
    ProductParseTag,
    ProductParseTagRequest,
)
from wxunion_async.endpoints.product.select import (
    ProductSelect,
    ProductSelectRequest,
)
from wxunion_async.endpoints.promoter.get_bind_sharer_list import (
    BindSharerList,
    GetBindSharerListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_shop_list import (
    BindShopList,
    GetBindShopListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_shop_promoter_list import (
    BindShopPromoterList,
    GetBindShopPromoterListRequest,
)
from wxunion_async.endpoints.promoter.get_bind_talent_list import (
    BindTalentList,
    GetBindTalentListRequest,
)
from wxunion_async.endpoints.promoter.get_cooperative_coupon_list import (
    CooperativeCouponList,
    GetCooperativeCouponListRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_detail import (
    CouponDetailAnswer,
    GetCouponDetailRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_promoter_share_link import (
    CouponPromoterShareLink,
    GetCouponPromoterShareLinkRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_qr_code import (
    CouponQrCode,
    GetCouponQrCodeRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_short_link import (
    CouponShortLink,
    GetCouponShortLinkRequest,
)
from wxunion_async.endpoints.promoter.get_coupon_to_headsupplier import (
    CouponToHeadsupplier,
    GetCouponToHeadsupplierRequest,
)
from wxunion_async.endpoints.promoter.get_feed_list import (
    FeedList,
    GetFeedListRequest,
)
from wxunion_async.endpoints.promoter.get_feed_promotion_info import (
    FeedPromotionInfo,
    GetFeedPromotionInfoRequest,
)
from wxunion_async.endpoints.promoter.get_live_commission_product_list import (
    GetLiveCommissionProductListRequest,
    LiveCommissionProductList,
)
from wxunion_async.endpoints.promoter.get_live_notice_promoter_share_link import (
    GetLiveNoticePromoterShareLinkRequest,
    LiveNoticePromoterShareLink,
)
from wxunion_async.endpoints.promoter.get_live_notice_record_list import (
    GetLiveNoticeRecordListRequest,
    LiveNoticeRecordList,
)
from wxunion_async.endpoints.promoter.get_live_notice_record_qr_code import (
    GetLiveNoticeRecordQrCodeRequest,
    LiveNoticeRecordQrCode,
)
from wxunion_async.endpoints.promoter.get_live_notice_reservation_info import (
    GetLiveNoticeReservationInfoRequest,
    LiveNoticeReservationInfo,
)
from wxunion_async.endpoints.promoter.get_live_record_list import (
    GetLiveRecordListRequest,
    LiveRecordList,
)
from wxunion_async.endpoints.promoter.get_live_record_qr_code import (
    GetLiveRecordQrCodeRequest,
    LiveRecordQrCode,
)
from wxunion_async.endpoints.promoter.get_product_promotion_link_info import (
    GetProductPromotionLinkInfoRequest,
    ProductPromotionLinkInfo,
)
from wxunion_async.endpoints.promoter.get_product_promotion_qrcode_info import (
    GetProductPromotionQrcodeInfoRequest,
    ProductPromotionQrcodeInfo,
)
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    AddressInfo,
    CommissionInfo,
    CommissionStatus,
    Coupon,
    DescInfo,
    ExpressInfo,
    ExtraService,
    GetPromoteProductDetailRequest,
    HeadSupplierInfo,
    NormalCommissionInfo,
    PresaleDeliveryType,
    Product,
    ProductCategory,
    ProductInfo,
    ProductStatus,
    PromoteProductDetail,
    Sku,
    SkuAttr,
    SkuDeliverInfo,
    StatisticalData,
    StockType,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    Category,
    GetPromoteProductListRequest,
    PromoteProduct,
    PromoteProductList,
    Range,
    SpuItemCondition,
)
from wxunion_async.endpoints.promoter.get_promoter_register_and_bind_status import (
    GetPromoterRegisterAndBindStatusRequest,
    PromoterRegisterAndBindStatus,
)
from wxunion_async.endpoints.promoter.get_promoter_single_product_promotion_info import (
    GetPromoterSingleProductPromotionInfoRequest,
    PromoterSingleProductPromotionInfo,
)
from wxunion_async.endpoints.promoter.get_public_coupon_list import (
    GetPublicCouponListRequest,
    PublicCouponList,
)
from wxunion_async.endpoints.promoter.get_sharer_product_commission_info import (
    GetSharerProductCommissionInfoRequest,
    SharerProductCommissionInfo,
)
from wxunion_async.endpoints.promoter.get_shop_feed_list import (
    GetShopFeedListRequest,
    ShopFeedList,
)
from wxunion_async.endpoints.promoter.get_shop_feed_promotion_info import (
    GetShopFeedPromotionInfoRequest,
    ShopFeedPromotionInfo,
)
from wxunion_async.endpoints.promoter.get_shop_live_commission_product_list import (
    GetShopLiveCommissionProductListRequest,
    ShopLiveCommissionProductList,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_promoter_share_link import (
    GetShopLiveNoticePromoterShareLinkRequest,
    ShopLiveNoticePromoterShareLink,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_record_list import (
    GetShopLiveNoticeRecordListRequest,
    ShopLiveNoticeRecordList,
)
from wxunion_async.endpoints.promoter.get_shop_live_notice_record_qr_code import (
    GetShopLiveNoticeRecordQrCodeRequest,
    ShopLiveNoticeRecordQrCode,
)
from wxunion_async.endpoints.promoter.get_shop_live_record_list import (
    GetShopLiveRecordListRequest,
    ShopLiveRecordList,
)
from wxunion_async.endpoints.promoter.get_shop_live_record_qr_code import (
    GetShopLiveRecordQrCodeRequest,
    ShopLiveRecordQrCode,
)
from wxunion_async.endpoints.promoter.get_shop_mp_article_list import (
    GetShopMpArticleListRequest,
    ShopMpArticleList,
)
from wxunion_async.endpoints.promoter.get_talent_biz_article_list import (
    GetTalentBizArticleListRequest,
    TalentBizArticleList,
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
    PromotionAdd,
    PromotionAddRequest,
)
from wxunion_async.endpoints.promotion.del_ import (
    PromotionDelRequest,
)
from wxunion_async.endpoints.promotion.list import (
    PromotionList,
    PromotionListRequest,
)
from wxunion_async.endpoints.promotion.upd import (
    PromotionUpdRequest,
)
from wxunion_async.endpoints.quota.get import (
    Quota,
    QuotaGetRequest,
    QuotaRateLimit,
    QuotaUsage,
)
from wxunion_async.endpoints.target.apply_status import (
    ApplyStatus,
    ApplyStatusRequest,
    PromoterStatus,
)
from wxunion_async.endpoints.target.apply_target import (
    ApplyTargetRequest,
)
from wxunion_async.endpoints.target.plan_info import (
    BizBasicInfo,
    CouponDetail,
    CouponInfo,
    DiscountCondition,
    DiscountInfo,
    ExtInfo,
    GroupbuyInfo,
    LeagueExInfo,
    PlanCategory,
    PlanExpressInfo,
    PlanInfo,
    PlanInfoRequest,
    PlanProduct,
    PlanProductDescription,
    PlanProductDetail,
    PlanSku,
    PlanStatus,
    ProductSkuInfo,
    ReceiveInfo,
    ServiceDesc,
    SkuIdList,
    SkuList,
    SkuPrice,
    SnapshotInfo,
    SpuLimited,
    StockInfo,
    TargetPlanInfo,
    ValidInfo,
    ValidType,
)
from wxunion_async.enums import (
    CommissionType,
    OpenIntEnum,
    PlanType,
    PromoterType,
)
from wxunion_async.errors import (
    AlreadyAppliedError,
    ApiError,
    ApplyReasonTooLongError,
    ClientClosedError,
    CouponError,
    CredentialError,
    DeadlineExceededError,
    DecodeError,
    FeatureClosedError,
    HttpStatusError,
    InvalidAppIdError,
    InvalidParameterError,
    IPNotAllowedError,
    NoCooperationError,
    NotAppliedError,
    NotBoundError,
    OpenIdNotBoundError,
    OrderNotFoundError,
    PermissionDeniedError,
    PlanExpiredError,
    PlanNotFoundError,
    ProductNotFoundError,
    ProductNotListedError,
    PromoterNotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    ResponseError,
    SystemBusyError,
    TokenError,
    TransportError,
    UnionError,
)
from wxunion_async.events import (
    AttemptFailedEvent,
    CallFinishedEvent,
    DriftEvent,
    Event,
    HostChangedEvent,
    PathPausedEvent,
    StoreDownEvent,
    StoreUpEvent,
    TokenRefreshedEvent,
)
from wxunion_async.protocols import (
    AccessToken,
    Credentials,
    RateLimiter,
    Secret,
    TokenCall,
    TokenSource,
    TokenStore,
)
from wxunion_async.units import (
    Fen,
    Per1M,
    Per10k,
    Per100k,
    commission_of,
    fen_to_yuan,
    rate_to_percent,
)

__version__: str

__all__ = [
    "AccessToken",
    "AddressInfo",
    "AlreadyAppliedError",
    "ApiError",
    "ApplyReasonTooLongError",
    "ApplyStatus",
    "ApplyStatusRequest",
    "ApplyTargetRequest",
    "AttemptFailedEvent",
    "BindSharerList",
    "BindShopList",
    "BindShopPromoterList",
    "BindTalentList",
    "BizBasicInfo",
    "CallFinishedEvent",
    "Category",
    "CategoryLeagueAll",
    "CategoryLeagueAllRequest",
    "ClientClosedError",
    "ClientStats",
    "ClientView",
    "Clue",
    "ClueGetRequest",
    "ClueList",
    "ClueListGetRequest",
    "CommissionInfo",
    "CommissionStatus",
    "CommissionType",
    "CooperativeCouponList",
    "CooperativeitemAdd",
    "CooperativeitemAddRequest",
    "CooperativeitemList",
    "CooperativeitemListGetRequest",
    "Coupon",
    "CouponDetail",
    "CouponDetailAnswer",
    "CouponError",
    "CouponInfo",
    "CouponPromoterShareLink",
    "CouponQrCode",
    "CouponShortLink",
    "CouponToHeadsupplier",
    "CredentialError",
    "Credentials",
    "DeadlineExceededError",
    "DecodeError",
    "DescInfo",
    "DiscountCondition",
    "DiscountInfo",
    "DriftEvent",
    "Event",
    "ExpressInfo",
    "ExtInfo",
    "ExternalTokenSource",
    "ExtraService",
    "FeatureClosedError",
    "FeedList",
    "FeedPromotionInfo",
    "Fen",
    "FundsBalance",
    "FundsBalanceGetRequest",
    "FundsFlowdetail",
    "FundsFlowdetailGetRequest",
    "FundsFlowlist",
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
    "GroupbuyInfo",
    "HeadSupplierInfo",
    "HeadsupplierUnbindPromoterRequest",
    "HostChangedEvent",
    "HttpStatusError",
    "IPNotAllowedError",
    "InvalidAppIdError",
    "InvalidParameterError",
    "Item",
    "ItemGetRequest",
    "ItemList",
    "ItemListGetRequest",
    "ItemPromotiondetail",
    "ItemPromotiondetailGetRequest",
    "ItemUpdRequest",
    "LeagueExInfo",
    "LiveCommissionProductList",
    "LiveNoticePromoterShareLink",
    "LiveNoticeRecordList",
    "LiveNoticeRecordQrCode",
    "LiveNoticeReservationInfo",
    "LiveRecordList",
    "LiveRecordQrCode",
    "LiveprotectionGetqrcode",
    "LiveprotectionGetqrcodeRequest",
    "LocalRateLimiter",
    "MemoryTokenStore",
    "NoCooperationError",
    "NormalCommissionInfo",
    "NotAppliedError",
    "NotBoundError",
    "OpenAccount",
    "OpenAccountAddCustomizeInfoRequest",
    "OpenAccountBindRequest",
    "OpenAccountDelCustomizeInfoRequest",
    "OpenAccountGetCustomizeInfo",
    "OpenAccountGetCustomizeInfoRequest",
    "OpenAccountGetRequest",
    "OpenIdNotBoundError",
    "OpenIntEnum",
    "OpenProductGenerate",
    "OpenProductGenerateRequest",
    "OpenProductList",
    "OpenProductListRequest",
    "Order",
    "OrderGetRequest",
    "OrderInfo",
    "OrderInfoRequest",
    "OrderList",
    "OrderListGetRequest",
    "OrderNotFoundError",
    "OrderSearch",
    "OrderSearchNormalOrder",
    "OrderSearchNormalOrderRequest",
    "OrderSearchRequest",
    "Outcome",
    "Outcomes",
    "PagedRequest",
    "PathPausedEvent",
    "Per1M",
    "Per10k",
    "Per100k",
    "PermissionDeniedError",
    "PlainTokenSource",
    "PlanCategory",
    "PlanExpiredError",
    "PlanExpressInfo",
    "PlanInfo",
    "PlanInfoRequest",
    "PlanNotFoundError",
    "PlanProduct",
    "PlanProductDescription",
    "PlanProductDetail",
    "PlanSku",
    "PlanStatus",
    "PlanType",
    "PresaleDeliveryType",
    "Product",
    "ProductCategory",
    "ProductCategoryAnswer",
    "ProductCategoryRequest",
    "ProductGenerate",
    "ProductGenerateRequest",
    "ProductInfo",
    "ProductList",
    "ProductListRequest",
    "ProductNotFoundError",
    "ProductNotListedError",
    "ProductParseTag",
    "ProductParseTagRequest",
    "ProductPromotionLinkInfo",
    "ProductPromotionQrcodeInfo",
    "ProductSelect",
    "ProductSelectRequest",
    "ProductSkuInfo",
    "ProductStatus",
    "Productdetail",
    "ProductdetailGetRequest",
    "PromoteProduct",
    "PromoteProductDetail",
    "PromoteProductList",
    "PromoterNotFoundError",
    "PromoterRegisterAndBindStatus",
    "PromoterSingleProductPromotionInfo",
    "PromoterStatus",
    "PromoterType",
    "PromoteractionGetlivestats",
    "PromoteractionGetlivestatsRequest",
    "PromotionAdd",
    "PromotionAddRequest",
    "PromotionDelRequest",
    "PromotionList",
    "PromotionListRequest",
    "PromotionUpdRequest",
    "PublicCouponList",
    "Quota",
    "QuotaExhaustedError",
    "QuotaGetRequest",
    "QuotaRateLimit",
    "QuotaUsage",
    "Range",
    "RateLimit",
    "RateLimitedError",
    "RateLimiter",
    "ReceiveInfo",
    "RequestPart",
    "ResponseError",
    "RetryPolicy",
    "SecondheadsupplieritemAddRequest",
    "SecondheadsupplieritemUpdateRequest",
    "Secret",
    "SelectionproductsList",
    "SelectionproductsListGetRequest",
    "ServiceDesc",
    "SetCouponToHeadsupplierRequest",
    "SetSharerCommissionInfoRequest",
    "SetSharerProductCommissionInfoRequest",
    "SharerProductCommissionInfo",
    "Shop",
    "ShopFeedList",
    "ShopFeedPromotionInfo",
    "ShopGetRequest",
    "ShopList",
    "ShopListGetRequest",
    "ShopLiveCommissionProductList",
    "ShopLiveNoticePromoterShareLink",
    "ShopLiveNoticeRecordList",
    "ShopLiveNoticeRecordQrCode",
    "ShopLiveRecordList",
    "ShopLiveRecordQrCode",
    "ShopMpArticleList",
    "Sku",
    "SkuAttr",
    "SkuDeliverInfo",
    "SkuIdList",
    "SkuList",
    "SkuPrice",
    "SnapshotInfo",
    "SpuItemCondition",
    "SpuLimited",
    "StableTokenSource",
    "StatisticalData",
    "StockInfo",
    "StockType",
    "StoreDownEvent",
    "StoreUpEvent",
    "SubitemAdd",
    "SubitemAddRequest",
    "SubitemList",
    "SubitemListGetRequest",
    "SubscriptionGetsubscribe",
    "SubscriptionGetsubscribeRequest",
    "SubscriptionSubscribeRequest",
    "SubscriptionUnsubscribeRequest",
    "SystemBusyError",
    "TalentBizArticleList",
    "TargetPlanInfo",
    "TokenCall",
    "TokenError",
    "TokenRefreshedEvent",
    "TokenSource",
    "TokenStore",
    "TransportError",
    "UnionClient",
    "UnionConfig",
    "UnionError",
    "UnionRequest",
    "ValidInfo",
    "ValidType",
    "WindowAddRequest",
    "WindowGetall",
    "WindowGetallRequest",
    "WindowGetdetail",
    "WindowGetdetailRequest",
    "WindowRemoveRequest",
    "Windowauth",
    "WindowauthGetRequest",
    "WindowauthStatus",
    "WindowauthStatusGetRequest",
    "among",
    "at_most_one",
    "commission_of",
    "decode",
    "encode",
    "fen_to_yuan",
    "in_order",
    "must",
    "needs",
    "one_of",
    "paged_by_key",
    "paged_by_offset",
    "paged_by_page",
    "rate_to_percent",
    "request_classes",
    "to_dict",
    "within",
]
