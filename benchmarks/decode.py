"""
How long it takes to get from the bytes of an answer to its typed value, beside pydantic on models of the same shape.

Run ``python -m benchmarks.decode``. The rival's models are made from ours: the same fields, wire names, types and
defaults, read by ``model_validate_json`` from the same bytes, without a validator in Python.
"""

import functools
import json
import statistics
import time
import typing
from collections.abc import Callable
from importlib.resources import files
from types import UnionType
from typing import Any, NamedTuple

import attrs
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, create_model

from wxunion_async._codec import decode
from wxunion_async._decoding import wire_name
from wxunion_async._endpoint import Dialect, UnionRequest, answer_type_of
from wxunion_async.endpoints.promoter.get_promote_product_detail import GetPromoteProductDetailRequest
from wxunion_async.endpoints.target.plan_info import PlanInfoRequest

__all__ = ["Envelope", "Row", "compare", "main", "rival_of"]


class Row(NamedTuple):
    """One payload, read both ways."""

    name: str
    """Which payload."""
    ours_us: float
    """Our median, in microseconds."""
    rival_us: float
    """The median of pydantic, in microseconds."""
    ratio: float
    """Ours by pydantic's: below 1 we are faster."""


class Envelope(BaseModel):
    """What every answer begins with."""

    model_config = ConfigDict(frozen=True)

    errcode: int = 0
    errmsg: str | None = None


@functools.cache
def rival_of(cls: type, dialect: Dialect, base: type[BaseModel] = BaseModel) -> type[BaseModel]:
    """Return the pydantic model with the fields, wire names, types and defaults of an attrs class."""
    hints = typing.get_type_hints(cls)
    fields: dict[str, Any] = {}
    for field in attrs.fields(cls):
        names = (wire_name(field.name, dialect), *field.metadata.get("also", ()))
        default = ... if field.default is attrs.NOTHING else field.default
        alias: Any = AliasChoices(*names) if len(names) > 1 else names[0]
        kind = _rival_type(hints[field.name], dialect)
        fields[field.name] = (kind, Field(default, validation_alias=alias))
    return create_model(cls.__name__, __base__=base, __config__=None, **fields)


def _rival_type(kind: Any, dialect: Dialect) -> Any:
    if attrs.has(kind):
        return rival_of(kind, dialect)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, UnionType):
        return typing.Union[tuple(_rival_type(arm, dialect) for arm in args)]  # noqa: UP007 - built at run time
    if origin is tuple:
        return tuple.__class_getitem__((_rival_type(args[0], dialect), ...))
    return kind


def _sample(name: str) -> bytes:
    return files("wxunion_async.testing").joinpath(f"answers/{name}.json").read_bytes()


def _compact(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _big_detail(skus: int = 20) -> bytes:
    """Return a product detail as a shop with many variants has it: every field that the tables name is there."""
    body = json.loads(_sample("promoter/get_promote_product_detail"))
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
    return _compact(body)


def payloads() -> list[tuple[str, type[UnionRequest[Any]], bytes]]:
    """Return (name, request class, bytes) of each payload that is measured."""
    return [
        ("plan_info, the document's sample", PlanInfoRequest, _compact(json.loads(_sample("target/plan_info")))),
        (
            "product detail, the document's sample",
            GetPromoteProductDetailRequest,
            _compact(json.loads(_sample("promoter/get_promote_product_detail"))),
        ),
        ("product detail with 20 SKUs", GetPromoteProductDetailRequest, _big_detail()),
    ]


def _time(function: Callable[[], object], loops: int) -> float:
    start = time.perf_counter()
    for _ in range(loops):
        function()
    return (time.perf_counter() - start) / loops * 1e6


def compare(rounds: int = 300, loops: int = 20) -> list[Row]:
    """
    Read each payload both ways, in turns, and return the medians.

    Args:
        rounds: how many times each way is measured.
        loops: how many times in a row the payload is read in one measurement.

    """
    rows: list[Row] = []
    for name, request, body in payloads():
        rival = rival_of(answer_type_of(request), request.dialect, Envelope)
        ways: tuple[Callable[[], object], ...] = (
            functools.partial(decode, request, body),
            functools.partial(rival.model_validate_json, body),
        )
        measured: tuple[list[float], ...] = ([], [])
        for _ in range(rounds):
            for way, times in zip(ways, measured, strict=True):
                times.append(_time(way, loops))
        ours, theirs = (statistics.median(times) for times in measured)
        rows.append(Row(name, ours, theirs, ours / theirs))
    return rows


def main() -> None:
    """Print the comparison."""
    for row in compare():
        print(f"{row.name:40} {row.ours_us:8.1f} us   pydantic {row.rival_us:8.1f} us   ratio {row.ratio:.2f}")


if __name__ == "__main__":
    main()
