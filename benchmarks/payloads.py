"""What is decoded: the documents' samples, with other ids and instants in every body, since caches would flatter."""

import functools
import json
import random
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from pydantic import BaseModel

from benchmarks import rivals
from wxunion_async import GetPromoteProductDetailRequest, PlanInfoRequest, UnionRequest

__all__ = ["Payload", "detail_bodies", "payloads"]

_IDS = ("productId", "planId", "skuId", "product_id", "sku_id")


class Payload(NamedTuple):
    """Bodies of one kind, and how each side reads them."""

    name: str
    request: type[UnionRequest[Any]]
    rival: type[BaseModel]
    bodies: Sequence[bytes]
    reach: str
    """Our time by pydantic's."""


def _sample(name: str) -> Any:
    return json.loads(files("wxunion_async.testing").joinpath(f"answers/{name}.json").read_bytes())


def _vary(value: Any, dice: random.Random) -> Any:
    """Return a copy with other ids and instants, of the kinds that they have."""
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [_vary(item, dice) for item in items]
    if not isinstance(value, dict):
        return value
    varied: dict[str, Any] = {}
    for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
        if key in _IDS:
            varied[key] = type(inner)(dice.randrange(10**9, 10**10))  # pyright: ignore[reportUnknownArgumentType]
        elif str(key).lower().endswith("time") and inner:  # pyright: ignore[reportUnknownArgumentType]
            varied[key] = type(inner)(dice.randrange(1_600_000_000, 1_800_000_000))  # pyright: ignore[reportUnknownArgumentType]
        else:
            varied[str(key)] = _vary(inner, dice)  # pyright: ignore[reportUnknownArgumentType]
    return varied


def _bodies(body: Any, count: int) -> list[bytes]:
    dice = random.Random(8)
    varied = (_vary(body, dice) for _ in range(count))
    return [json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in varied]


def _big_detail(skus: int = 20) -> Any:
    """Return a product detail as a shop with many variants has it: every field that the tables name is there."""
    body = _sample("promoter/get_promote_product_detail")
    info = body["product"]["product_info"]
    info["status"] = 5
    info["head_imgs"] = [
        f"https://store.mp.video.tencent-cloud.com/161/20304/snscosdownload/head/{n}" for n in range(9)
    ]
    info["desc_info"]["imgs"] = [f"https://store.mp.video.tencent-cloud.com/161/20304/detail/{n}" for n in range(12)]
    info["cats"] = info["cats_v2"] = [{"cat_id": str(1421 + n), "cat_name": f"类目{n}"} for n in range(3)]
    info["skus"] = [
        {
            "sku_id": str(670813472 + n),
            "thumb_img": f"https://store.mp.video.tencent-cloud.com/161/20304/thumb/{n}",
            "sale_price": 500 + n,
            "stock_num": 998 - n,
            "sku_attrs": [
                {"attr_key": "产地", "attr_value": "四川成都"},
                {"attr_key": "重量", "attr_value": f"{n} kg"},
            ],
            "sku_deliver_info": {"stock_type": 0},
        }
        for n in range(skus)
    ]
    body["product"]["head_supplier_info"] = {"head_supplier_appid": "wx7a0e4d19c2b85f63", "name": "供货机构"}
    body["publish_coupons"] = [{"coupon_id": "1000000"}, {"coupon_id": "1000001"}]
    return body


def _plan(products: int) -> Any:
    body = _sample("target/plan_info")
    body["productListInfo"] *= products
    return body


def detail_bodies(count: int) -> list[bytes]:
    """Return answers of get_promote_product_detail, as the document's sample has it."""
    return _bodies(_sample("promoter/get_promote_product_detail"), count)


def payloads() -> list[Payload]:
    """Return what is measured."""
    detail = functools.partial(Payload, request=GetPromoteProductDetailRequest, rival=rivals.PromoteProductDetail)
    plan = functools.partial(Payload, request=PlanInfoRequest, rival=rivals.PlanInfo)
    sample = _sample("promoter/get_promote_product_detail")
    return [
        detail("decode: product detail, the document's sample", bodies=_bodies(sample, 50), reach="<= 0.95"),
        detail("decode: product detail with 20 SKUs", bodies=_bodies(_big_detail(), 20), reach="<= 1.0"),
        plan("decode: plan_info, the document's sample", bodies=_bodies(_plan(1), 50), reach="<= 1.05"),
        plan("decode: plan_info with 10 products", bodies=_bodies(_plan(10), 10), reach="<= 1.05"),
        plan("decode: plan_info with 200 products", bodies=_bodies(_plan(200), 2), reach="<= 1.05"),
    ]
