"""
A catalogue of any size: each product is computed from its index when it is asked for.

Source:
    获取合作商品详情; doc/channels/API/leagueheadsupplier/promotion/getpromoteproductlist.html
"""

from base64 import b64decode, b64encode

from wxunion_async.testing._json import load_answer
from wxunion_async.testing._types import JsonObject, Rejected

FIRST_PRODUCT_ID = 10_000_000_000
"""Big enough that a client which squeezes ids into 32 bits is found out."""
MAX_PAGE_SIZE = 20

_INVALID_PARAMETER = 10024000
_UNKNOWN_PRODUCT = 10024004
_WRONG_SHOP = 10071033
_NO_HEAD_SUPPLIER = 10071048
_NOT_LISTED = 10071053

_PRODUCTS_A_SHOP = 50
_SHOPS_A_SUPPLIER = 20
_KINDS = ("有机红茶", "四川花椒", "手工牛轧糖", "冷榨亚麻籽油", "宠物雨衣", "竹纤维毛巾", "高山蜂蜜", "儿童绘本")
_SIZES = ("250g", "500g", "1kg", "2.5kg")
_ORIGINS = ("四川成都", "云南普洱", "福建武夷山", "浙江安吉", "新疆伊犁")
_STATUSES = (5, 5, 5, 5, 5, 5, 11, 5, 5, 13)
_COMMISSION_STATUSES = (1, 1, 1, 1, 1, 3, 1, 1, 1, 2, 1, 5)


def _app_id(seed: int) -> str:
    # Fibonacci hashing: neighbours get ids without anything in common.
    return f"wx{seed * 0x9E3779B97F4A7C15 & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class Catalogue:
    """Products with consecutive ids, the same in every run."""

    def __init__(self, products: int) -> None:
        self.products = products
        self.unlisted: set[int] = set()
        self._sample = load_answer("promoter/get_promote_product_detail")
        product = self._sample["product"]
        self._sample_key = (product["shop_appid"], product["product_id"])

    def request(self, index: int) -> JsonObject:
        """
        Return the fields of a get_promote_product_detail request for a product.

        Raises:
            IndexError: the catalogue has no product of this index.

        """
        if not 0 <= index < self.products:
            raise IndexError(f"product {index} of {self.products}")
        return {"shop_appid": self._shop(index), "product_id": FIRST_PRODUCT_ID + index, "plan_type": 1}

    def detail(self, query: JsonObject) -> JsonObject:
        """
        Answer get_promote_product_detail.

        Raises:
            Rejected: 10024000, 10024004, 10071033, 10071048 or 10071053, as documented.

        """
        shop_appid, product_id = query.get("shop_appid"), query.get("product_id")
        plan_type, coupons = query.get("plan_type"), query.get("get_available_coupon", False)
        if not (isinstance(product_id, int) and _is_number(product_id) and isinstance(coupons, bool)):
            raise Rejected(_INVALID_PARAMETER)
        if not isinstance(shop_appid, str) or not _is_number(plan_type) or plan_type not in (1, 2, 3, 4):
            raise Rejected(_INVALID_PARAMETER)
        if plan_type in (3, 4) and not query.get("head_supplier_appid"):
            raise Rejected(_NO_HEAD_SUPPLIER)
        if product_id in self.unlisted:
            raise Rejected(_NOT_LISTED)
        if (shop_appid, product_id) == self._sample_key:
            return self._sample
        index = product_id - FIRST_PRODUCT_ID
        if not 0 <= index < self.products:
            raise Rejected(_UNKNOWN_PRODUCT)
        if shop_appid != self._shop(index):
            raise Rejected(_WRONG_SHOP)
        return self._detail(index, coupons=coupons)

    def page(self, query: JsonObject) -> JsonObject:
        """
        Answer get_promote_product_list; ``keyword`` is looked up in the kinds of goods, the other filters are ignored.

        Raises:
            Rejected: 10024000 for a wrong plan type, page size or next_key.

        """
        size, keyword = query.get("page_size"), query.get("keyword", "")
        if not _is_number(query.get("plan_type")) or query["plan_type"] not in (1, 2) or not isinstance(keyword, str):
            raise Rejected(_INVALID_PARAMETER)
        if not (isinstance(size, int) and _is_number(size) and 1 <= size <= MAX_PAGE_SIZE):
            raise Rejected(_INVALID_PARAMETER)
        start = _read_key(query.get("next_key", ""))
        # Kinds recur with the index, so the n-th match is found by arithmetic: a page costs the same anywhere.
        kinds = [kind for kind, name in enumerate(_KINDS) if keyword in name]
        matches = (self._match(kinds, start + n) for n in range(size + 1 if kinds else 0))
        found = [index for index in matches if index < self.products]
        return {
            "errcode": "0",
            "errmsg": "ok",
            "product_list": [self._item(index) for index in found[:size]],
            "next_key": _write_key(start + size) if len(found) > size else "",
        }

    @staticmethod
    def _match(kinds: list[int], nth: int) -> int:
        rounds, rest = divmod(nth, len(kinds))
        return rounds * len(_KINDS) + kinds[rest]

    @staticmethod
    def _shop(index: int) -> str:
        return _app_id(1 + index // _PRODUCTS_A_SHOP)

    @staticmethod
    def _supplier_number(index: int) -> int:
        return 1 + index // (_PRODUCTS_A_SHOP * _SHOPS_A_SUPPLIER)

    def _item(self, index: int) -> JsonObject:
        return {
            "product_id": FIRST_PRODUCT_ID + index,
            "shop_appid": self._shop(index),
            "head_supplier_appid": _app_id(-self._supplier_number(index)),
        }

    def _detail(self, index: int, *, coupons: bool) -> JsonObject:
        supplier = self._supplier_number(index)
        answer: JsonObject = {
            "errcode": "0",
            "errmsg": "ok",
            "product": {
                "shop_appid": self._shop(index),
                "product_id": FIRST_PRODUCT_ID + index,
                "product_promotion_link": f"promotion-{index:x}",
                "product_info": _product_info(index),
                "commission_info": {
                    "status": _COMMISSION_STATUSES[index % len(_COMMISSION_STATUSES)],
                    "service_ratio": 10_000 + index * 7919 % 490_001,
                    "start_time": 1_700_000_000 + index % 86_400,
                    "end_time": 1_900_000_000 + index % 86_400,
                    "normal_commission_info": {"ratio": 10_000 + index * 104_729 % 290_001},
                },
                "head_supplier_info": {
                    "head_supplier_appid": _app_id(-supplier),
                    "name": f"供货机构{supplier}",
                },
            },
        }
        if coupons:
            answer["publish_coupons"] = [{"coupon_id": str(90_000_000 + index)}] if index % 3 == 0 else []
            answer["cooperative_coupons"] = [{"coupon_id": str(80_000_000 + index)}] if index % 5 == 0 else []
        return answer


def _product_info(index: int) -> JsonObject:
    kind = index % len(_KINDS)
    size = _SIZES[index // len(_KINDS) % len(_SIZES)]
    return {
        "title": f"{_KINDS[kind]} {size} 第{index}号",
        "sub_title": "" if index % 2 else "产地直发",
        "head_imgs": [f"https://store.mp.video.tencent-cloud.com/161/{index}/{n}" for n in range(1 + index % 3)],
        "desc_info": {"imgs": [f"https://store.mp.video.tencent-cloud.com/162/{index}/0"], "desc": ""},
        "cats": [{"cat_id": str(1200 + kind), "cat_name": _KINDS[kind]}],
        "cats_v2": [{"cat_id": str(14200 + kind), "cat_name": _KINDS[kind]}],
        "product_promotion_link": f"promotion-{index:x}",
        "status": _STATUSES[index % len(_STATUSES)],
        "express_info": {
            "send_time": "",
            "address_info": {"postal_code": "", "province_name": "", "city_name": "", "county_name": ""},
            "shipping_method": "FREE" if index % 4 else "NO_FREE",
        },
        "extra_service": {
            "seven_day_return": index % 2,
            "pay_after_use": 0,
            "freight_insurance": 1,
            "fake_one_pay_three": 0,
            "damage_guarantee": 0,
        },
        "statistical_data": {"good_ratio": 9000 + index % 1001, "sales_in_30_days": index * 31 % 5000},
        "skus": [_sku(index, n) for n in range(1 + index % 4)],
    }


def _sku(index: int, number: int) -> JsonObject:
    return {
        "sku_id": str(670_000_000 + index * 4 + number),
        "thumb_img": f"https://store.mp.video.tencent-cloud.com/163/{index}/{number}",
        "sale_price": 100 + (index * 37 + number * 500) % 99_900,
        "stock_num": (index * 13 + number) % 1000,
        "sku_attrs": [
            {"attr_key": "产地", "attr_value": _ORIGINS[index % len(_ORIGINS)]},
            {"attr_key": "规格", "attr_value": f"{number + 1}件装"},
        ],
        "sku_deliver_info": {"stock_type": 0},
    }


def _write_key(position: int) -> str:
    return b64encode(f"position={position}".encode()).decode()


def _read_key(key: object) -> int:
    if key == "":
        return 0
    try:
        name, _, position = b64decode(str(key), validate=True).decode().partition("=")
    except ValueError:
        raise Rejected(_INVALID_PARAMETER) from None
    if name != "position" or not position.isdecimal():
        raise Rejected(_INVALID_PARAMETER)
    return int(position)
