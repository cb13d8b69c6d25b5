"""
A catalogue of any size: each product is computed from its index, after the documents' sample, when it is asked for.

Source:
    获取合作商品详情; doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html
"""

import re
from typing import TYPE_CHECKING

from wxunion_async.testing._json import load_answer
from wxunion_async.testing._types import JsonObject, Rejected

if TYPE_CHECKING:  # the root loads an endpoint when it is asked for
    from wxunion_async import GetPromoteProductDetailRequest, GetPromoteProductListRequest

FIRST_PRODUCT_ID = 10_000_000_000
"""Big enough that a client which squeezes ids into 32 bits is found out."""

_PRODUCTS_A_SHOP = 50
_PRODUCTS_A_SUPPLIER = 1000
_KINDS = ("有机红茶", "四川花椒", "手工牛轧糖", "冷榨亚麻籽油", "宠物雨衣", "竹纤维毛巾", "高山蜂蜜", "儿童绘本")
_SIZES = ("250g", "500g", "1kg", "2.5kg")
_STATUSES = (5, 5, 5, 5, 5, 5, 11, 5, 5, 13)
_COMMISSION_STATUSES = (1, 1, 1, 1, 1, 3, 1, 1, 1, 2, 1, 5)
_PICTURES = "https://store.mp.video.tencent-cloud.com"
_KEY = re.compile(r"bmV4dA\+/([0-9]{1,18})==")
"""Opaque to a client; ``+``, ``/`` and ``=`` prove that a query was encoded."""


def _app_id(seed: int) -> str:
    # Fibonacci hashing: neighbours get ids without anything in common.
    return f"wx{seed * 0x9E3779B97F4A7C15 & 0xFFFF_FFFF_FFFF_FFFF:016x}"


class Catalogue:
    """Products with consecutive ids, the same in every run."""

    def __init__(self, products: int) -> None:
        self.products = products
        self.unlisted: set[int] = set()
        self._sample = load_answer("promoter/get_promote_product_detail")
        self._product: JsonObject = self._sample["product"]

    def request(self, index: int) -> JsonObject:
        """Return the fields of a get_promote_product_detail request for a product, an IndexError beyond the last."""
        if not 0 <= index < self.products:
            raise IndexError(f"product {index} of {self.products}")
        return {**_ids(index), "plan_type": 1}

    def detail(self, asked: "GetPromoteProductDetailRequest") -> JsonObject:
        """Answer get_promote_product_detail: 10024004, 10071033 or 10071053, where the product is not to be had."""
        if asked.product_id in self.unlisted:
            raise Rejected(10071053)
        if (asked.product_id, asked.shop_appid) == (self._product["product_id"], self._product["shop_appid"]):
            return self._sample
        index = asked.product_id - FIRST_PRODUCT_ID
        if not 0 <= index < self.products:
            raise Rejected(10024004)
        if asked.shop_appid != _ids(index)["shop_appid"]:
            raise Rejected(10071033)
        answer: JsonObject = {"errcode": "0", "errmsg": "ok", "product": self._computed(index)}
        if asked.get_available_coupon:
            answer["publish_coupons"] = [{"coupon_id": str(90_000_000 + index)}] if index % 3 == 0 else []
            answer["cooperative_coupons"] = [{"coupon_id": str(80_000_000 + index)}] if index % 5 == 0 else []
        return answer

    def page(self, asked: "GetPromoteProductListRequest") -> JsonObject:
        """Answer get_promote_product_list; ``keyword`` is looked up in the kinds of goods, other filters are ignored."""
        size = asked.page_size
        start = read_key(asked.next_key)
        # Kinds recur with the index, so the n-th match is found by arithmetic: a page costs the same anywhere.
        kinds = [kind for kind, name in enumerate(_KINDS) if (asked.keyword or "") in name]
        nths = range(start, start + size + 1 if kinds else start)
        matches = (nth // len(kinds) * len(_KINDS) + kinds[nth % len(kinds)] for nth in nths)
        found = [index for index in matches if index < self.products]
        items = [{**_ids(index), "head_supplier_appid": _supplier(index)} for index in found[:size]]
        key = write_key(start + size) if len(found) > size else ""
        return {"errcode": "0", "errmsg": "ok", "product_list": items, "next_key": key}

    def _computed(self, index: int) -> JsonObject:
        return {
            **self._product,
            **_ids(index),
            "product_promotion_link": f"promotion-{index:x}",
            "product_info": self._info(index),
            "commission_info": {
                "status": _COMMISSION_STATUSES[index % len(_COMMISSION_STATUSES)],
                "service_ratio": 10_000 + index * 7919 % 490_001,
                "start_time": 1_700_000_000 + index % 86_400,
                "end_time": 1_900_000_000 + index % 86_400,
                "normal_commission_info": {"ratio": 10_000 + index * 104_729 % 290_001},
            },
            "head_supplier_info": {
                "head_supplier_appid": _supplier(index),
                "name": f"供货机构{1 + index // _PRODUCTS_A_SUPPLIER}",
            },
        }

    def _info(self, index: int) -> JsonObject:
        info: JsonObject = self._product["product_info"]
        number, kind = divmod(index, len(_KINDS))
        skus = [
            {
                **info["skus"][0],
                "sku_id": str(670_000_000 + index * 4 + sku),
                "thumb_img": f"{_PICTURES}/163/{index}/{sku}",
                "sale_price": 100 + (index * 37 + sku * 500) % 99_900,
                "stock_num": (index * 13 + sku) % 1000,
                "sku_deliver_info": {"stock_type": 0},
            }
            for sku in range(1 + index % 4)
        ]
        return {
            **info,
            "title": f"{_KINDS[kind]} {_SIZES[number % len(_SIZES)]} 第{index}号",
            "sub_title": "" if index % 2 else "产地直发",
            "head_imgs": [f"{_PICTURES}/161/{index}/{picture}" for picture in range(1 + index % 3)],
            "cats": [{"cat_id": str(1200 + kind), "cat_name": _KINDS[kind]}],
            "cats_v2": [{"cat_id": str(14200 + kind), "cat_name": _KINDS[kind]}],
            "status": _STATUSES[index % len(_STATUSES)],
            "statistical_data": {"good_ratio": 9000 + index % 1001, "sales_in_30_days": index * 31 % 5000},
            "skus": skus,
        }


def _ids(index: int) -> JsonObject:
    return {"product_id": FIRST_PRODUCT_ID + index, "shop_appid": _app_id(1 + index // _PRODUCTS_A_SHOP)}


def _supplier(index: int) -> str:
    return _app_id(-1 - index // _PRODUCTS_A_SUPPLIER)


def write_key(position: int) -> str:
    """Return the ``next_key`` that leads to an item."""
    return f"bmV4dA+/{position}=="


def read_key(key: str) -> int:
    """Return the position that a ``next_key`` leads to, 0 for an empty one; 10024000 for one never given out."""
    found = _KEY.fullmatch(key or write_key(0))
    if found is None:
        raise Rejected(10024000)
    return int(found[1])
