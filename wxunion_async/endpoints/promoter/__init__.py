"""Products to promote: ``client.promoter``, the calls under /channels/ec/promoter."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Promoter"]


class Promoter(Group):
    """Products that promoters may promote, for an agency account: list them and look one up."""

    get_promote_product_detail: Final = endpoint(lambda: endpoints.GetPromoteProductDetailRequest)
    get_promote_product_list: Final = endpoint(lambda: endpoints.GetPromoteProductListRequest)
    iter_promote_product_list: Final = pages(lambda: endpoints.GetPromoteProductListRequest)

    get_live_record_list: Final = endpoint(lambda: endpoints.GetLiveRecordListRequest)
    get_live_record_qr_code: Final = endpoint(lambda: endpoints.GetLiveRecordQrCodeRequest)
    get_live_commission_product_list: Final = endpoint(lambda: endpoints.GetLiveCommissionProductListRequest)
    iter_live_commission_product_list: Final = pages(lambda: endpoints.GetLiveCommissionProductListRequest)
    get_live_notice_record_list: Final = endpoint(lambda: endpoints.GetLiveNoticeRecordListRequest)
    get_live_notice_record_qr_code: Final = endpoint(lambda: endpoints.GetLiveNoticeRecordQrCodeRequest)
    get_live_notice_promoter_share_link: Final = endpoint(lambda: endpoints.GetLiveNoticePromoterShareLinkRequest)
    get_live_notice_reservation_info: Final = endpoint(lambda: endpoints.GetLiveNoticeReservationInfoRequest)

    get_feed_list: Final = endpoint(lambda: endpoints.GetFeedListRequest)
    iter_feed_list: Final = pages(lambda: endpoints.GetFeedListRequest)
    get_feed_promotion_info: Final = endpoint(lambda: endpoints.GetFeedPromotionInfoRequest)
    get_talent_biz_article_list: Final = endpoint(lambda: endpoints.GetTalentBizArticleListRequest)
    iter_talent_biz_article_list: Final = pages(lambda: endpoints.GetTalentBizArticleListRequest)

    get_shop_live_record_list: Final = endpoint(lambda: endpoints.GetShopLiveRecordListRequest)
    get_shop_live_record_qr_code: Final = endpoint(lambda: endpoints.GetShopLiveRecordQrCodeRequest)
    get_shop_live_commission_product_list: Final = endpoint(lambda: endpoints.GetShopLiveCommissionProductListRequest)
    iter_shop_live_commission_product_list: Final = pages(lambda: endpoints.GetShopLiveCommissionProductListRequest)
    get_shop_live_notice_record_list: Final = endpoint(lambda: endpoints.GetShopLiveNoticeRecordListRequest)
    get_shop_live_notice_record_qr_code: Final = endpoint(lambda: endpoints.GetShopLiveNoticeRecordQrCodeRequest)
    get_shop_live_notice_promoter_share_link: Final = endpoint(
        lambda: endpoints.GetShopLiveNoticePromoterShareLinkRequest
    )

    get_shop_feed_list: Final = endpoint(lambda: endpoints.GetShopFeedListRequest)
    iter_shop_feed_list: Final = pages(lambda: endpoints.GetShopFeedListRequest)
    get_shop_feed_promotion_info: Final = endpoint(lambda: endpoints.GetShopFeedPromotionInfoRequest)
    get_shop_mp_article_list: Final = endpoint(lambda: endpoints.GetShopMpArticleListRequest)
    iter_shop_mp_article_list: Final = pages(lambda: endpoints.GetShopMpArticleListRequest)
