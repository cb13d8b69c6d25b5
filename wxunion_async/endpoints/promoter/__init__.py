"""Promotion by an agency: ``client.promoter``, the calls under /channels/ec/promoter."""

from typing import Final

from wxunion_async import endpoints
from wxunion_async._endpoint import Group, endpoint, pages

__all__ = ["Promoter"]


class Promoter(Group):
    """Products, coupons, lives and feeds to promote, and the promoters who do, for an agency account (联盟带货机构)."""

    get_promote_product_detail: Final = endpoint(lambda: endpoints.GetPromoteProductDetailRequest)
    get_promote_product_list: Final = endpoint(lambda: endpoints.GetPromoteProductListRequest)
    iter_promote_product_list: Final = pages(lambda: endpoints.GetPromoteProductListRequest)

    get_product_promotion_link_info: Final = endpoint(lambda: endpoints.GetProductPromotionLinkInfoRequest)
    get_product_promotion_qrcode_info: Final = endpoint(lambda: endpoints.GetProductPromotionQrcodeInfoRequest)
    get_promoter_single_product_promotion_info: Final = endpoint(
        lambda: endpoints.GetPromoterSingleProductPromotionInfoRequest
    )

    get_promoter_register_and_bind_status: Final = endpoint(lambda: endpoints.GetPromoterRegisterAndBindStatusRequest)
    get_bind_sharer_list: Final = endpoint(lambda: endpoints.GetBindSharerListRequest)
    iter_bind_sharer_list: Final = pages(lambda: endpoints.GetBindSharerListRequest)
    set_sharer_commission_info: Final = endpoint(lambda: endpoints.SetSharerCommissionInfoRequest)
    set_sharer_product_commission_info: Final = endpoint(lambda: endpoints.SetSharerProductCommissionInfoRequest)
    get_sharer_product_commission_info: Final = endpoint(lambda: endpoints.GetSharerProductCommissionInfoRequest)
    headsupplier_unbind_promoter: Final = endpoint(lambda: endpoints.HeadsupplierUnbindPromoterRequest)

    get_bind_talent_list: Final = endpoint(lambda: endpoints.GetBindTalentListRequest)
    iter_bind_talent_list: Final = pages(lambda: endpoints.GetBindTalentListRequest)
    get_bind_shop_list: Final = endpoint(lambda: endpoints.GetBindShopListRequest)
    iter_bind_shop_list: Final = pages(lambda: endpoints.GetBindShopListRequest)
    get_bind_shop_promoter_list: Final = endpoint(lambda: endpoints.GetBindShopPromoterListRequest)
    iter_bind_shop_promoter_list: Final = pages(lambda: endpoints.GetBindShopPromoterListRequest)

    get_public_coupon_list: Final = endpoint(lambda: endpoints.GetPublicCouponListRequest)
    iter_public_coupon_list: Final = pages(lambda: endpoints.GetPublicCouponListRequest)
    get_cooperative_coupon_list: Final = endpoint(lambda: endpoints.GetCooperativeCouponListRequest)
    iter_cooperative_coupon_list: Final = pages(lambda: endpoints.GetCooperativeCouponListRequest)
    get_coupon_detail: Final = endpoint(lambda: endpoints.GetCouponDetailRequest)
    get_coupon_short_link: Final = endpoint(lambda: endpoints.GetCouponShortLinkRequest)
    get_coupon_qr_code: Final = endpoint(lambda: endpoints.GetCouponQrCodeRequest)
    get_coupon_promoter_share_link: Final = endpoint(lambda: endpoints.GetCouponPromoterShareLinkRequest)
    set_coupon_to_headsupplier: Final = endpoint(lambda: endpoints.SetCouponToHeadsupplierRequest)
    get_coupon_to_headsupplier: Final = endpoint(lambda: endpoints.GetCouponToHeadsupplierRequest)
    iter_coupon_to_headsupplier: Final = pages(lambda: endpoints.GetCouponToHeadsupplierRequest)

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
