# Written by `python -m tests.names`.

from wxunion_async.endpoints.open_product.generate import (
    OpenProductGenerateRequest,
)
from wxunion_async.endpoints.open_product.list import (
    OpenProductListRequest,
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
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import (
    GetPromoteProductListRequest,
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
    "GetFeedListRequest",
    "GetFeedPromotionInfoRequest",
    "GetLiveCommissionProductListRequest",
    "GetLiveNoticePromoterShareLinkRequest",
    "GetLiveNoticeRecordListRequest",
    "GetLiveNoticeRecordQrCodeRequest",
    "GetLiveNoticeReservationInfoRequest",
    "GetLiveRecordListRequest",
    "GetLiveRecordQrCodeRequest",
    "GetPromoteProductDetailRequest",
    "GetPromoteProductListRequest",
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
    "OpenProductGenerateRequest",
    "OpenProductListRequest",
    "PlanInfoRequest",
    "ProductCategoryRequest",
    "ProductGenerateRequest",
    "ProductListRequest",
    "ProductParseTagRequest",
    "ProductSelectRequest",
    "QuotaGetRequest",
]
