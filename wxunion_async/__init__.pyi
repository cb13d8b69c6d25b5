# Written by `python -m tests.names`.

from wxunion_async._bulk import (
    Outcome,
    Outcomes,
)
from wxunion_async._codec import (
    decode,
    encode,
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
    OpenIntEnum,
    PlanType,
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
    "CooperativeitemAdd",
    "CooperativeitemAddRequest",
    "CooperativeitemList",
    "CooperativeitemListGetRequest",
    "Coupon",
    "CouponDetail",
    "CouponError",
    "CouponInfo",
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
    "Fen",
    "FundsBalance",
    "FundsBalanceGetRequest",
    "FundsFlowdetail",
    "FundsFlowdetailGetRequest",
    "FundsFlowlist",
    "FundsFlowlistGetRequest",
    "GetPromoteProductDetailRequest",
    "GetPromoteProductListRequest",
    "GroupbuyInfo",
    "HeadSupplierInfo",
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
    "LiveprotectionGetqrcode",
    "LiveprotectionGetqrcodeRequest",
    "LocalRateLimiter",
    "MemoryTokenStore",
    "NoCooperationError",
    "NormalCommissionInfo",
    "NotAppliedError",
    "NotBoundError",
    "OpenIdNotBoundError",
    "OpenIntEnum",
    "Order",
    "OrderGetRequest",
    "OrderList",
    "OrderListGetRequest",
    "OrderNotFoundError",
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
    "ProductInfo",
    "ProductNotFoundError",
    "ProductNotListedError",
    "ProductSkuInfo",
    "ProductStatus",
    "Productdetail",
    "ProductdetailGetRequest",
    "PromoteProduct",
    "PromoteProductDetail",
    "PromoteProductList",
    "PromoterNotFoundError",
    "PromoterStatus",
    "PromoteractionGetlivestats",
    "PromoteractionGetlivestatsRequest",
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
    "Shop",
    "ShopGetRequest",
    "ShopList",
    "ShopListGetRequest",
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
    "decode",
    "encode",
    "in_order",
    "must",
    "needs",
    "one_of",
    "paged_by_key",
    "paged_by_offset",
    "paged_by_page",
    "request_classes",
    "within",
]
