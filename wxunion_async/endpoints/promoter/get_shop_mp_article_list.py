"""
POST /channels/ec/promoter/get_shop_mp_article_list.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECPromoter/Article; a client's models. The vendor's page was
not read: doc/store/leagueheadsupplier/API/promotion/content/article/get_shop_mp_article_list.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, must, paged_by_key
from wxunion_async.endpoints.promoter._articles import ArticleInfo as ArticleInfo
from wxunion_async.enums import PromoterType
from wxunion_async.units import Fen, Per1M


@errcodes(10024000)
@paged_by_key("article_list", more="has_more")
@must("page_size must be at least 1", lambda of: of("page_size") >= 1, "page_size")
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetShopMpArticleListRequest(PagedRequest["ShopMpArticleList", "ShopArticle"]):
    """
    List one page of the articles of a shop's official account that can be promoted.

    Raises:
        InvalidParameterError: 10024000.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_shop_mp_article_list"
    resend = True

    shop_appid: str
    """App id of the shop."""
    promoter_id: str
    """The shop's account, from ``get_bind_shop_promoter_list``."""
    promoter_type: PromoterType
    """The kind of that account: 4, an official account, in a client's sample; an application in use sends 1."""
    sharer_appid: str | None = None
    """App id of the promoter."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    page_size: int = 10
    """Articles a page; 10 in a client's sample, the greatest is undocumented."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopMpArticleList:
    """One page of the articles of a shop's official account."""

    article_list: tuple[ShopArticle, ...] = ()
    """The articles of this page."""
    next_key: str | None = None
    """What to ask the next page with."""
    has_more: bool | None = None
    """Whether there is a next page; absent means no."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopArticle:
    """An article of a shop's official account, with its products."""

    product_list: tuple[ShopArticleProduct, ...] = ()
    """The products in it; the talent's call names them ``product_info_list``."""
    article_info: ArticleInfo | None = None
    """The article."""
    create_time: datetime | None = None
    """When it was made; 0 on the wire is ``None``."""
    update_time: datetime | None = None
    """When it was changed; 0 on the wire is ``None``."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ShopArticleProduct:
    """A product in a shop's article."""

    product_id: int
    """The product."""
    product_name: str | None = None
    """Its name."""
    product_img_url: str | None = None
    """URL of its picture."""
    predict_commission_amount: Fen | None = None
    """What the agency may expect, in fen."""
    commission_rate: Per1M | None = None
    """Rate in 1/1,000,000; inferred from 400000 in a client's sample."""
