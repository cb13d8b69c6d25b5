"""The sample answers, and JSON without orjson."""

import importlib.util
import json
import sys
from types import ModuleType

import pytest

import wxunion_async.testing._json as fast
from wxunion_async.testing import load_answer, read_answer

NAMES = [
    "target/plan_info",
    "target/apply_target",
    "target/apply_status",
    "promoter/get_promote_product_detail",
    "promoter/get_promote_product_list",
    "quota/get",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_call_has_a_sample(name: str) -> None:
    """A sample is a whole answer, envelope included, and readable in a diff."""
    answer = load_answer(name)
    assert int(answer["errcode"]) == 0
    assert answer["errmsg"] == "ok"
    assert json.dumps(answer, ensure_ascii=False, indent=4) + "\n" == read_answer(name).decode()


def test_samples_keep_the_kinds_of_the_documents() -> None:
    """Numbers and numeric strings are the vendor's drift, on which decoders are tested."""
    plan, detail = load_answer("target/plan_info"), load_answer("promoter/get_promote_product_detail")
    product = plan["productListInfo"][0]
    assert (product["productId"], product["commissionRatio"]) == ("37610006", 700)
    assert product["productDetailInfo"]["totalStockNum"] == "128"
    assert (detail["errcode"], detail["product"]["product_id"]) == ("0", 12345)
    assert detail["product"]["product_info"]["skus"][0]["sku_attrs"] == [{"attr_key": "产地", "attr_value": "四川成都"}]
    assert load_answer("target/apply_status")["data"]["joinTime"] == 0
    assert load_answer("promoter/get_promote_product_list")["errcode"] == "0"


def test_a_sample_is_fresh_at_each_call() -> None:
    """A test may change its copy."""
    load_answer("quota/get").clear()
    assert load_answer("quota/get")["errcode"] == 0


def test_an_unknown_sample_is_a_file_not_found() -> None:
    """Names are those of the URL paths."""
    with pytest.raises(FileNotFoundError):
        load_answer("quota/set")


@pytest.fixture(params=["fast", "plain"])
def codec(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The JSON module as it is here, and as it is where orjson is missing."""
    monkeypatch.setitem(sys.modules, "orjson", sys.modules.get("orjson") if request.param == "fast" else None)
    spec = importlib.util.spec_from_file_location("wxunion_async.testing._json_again", fast.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_json_is_the_same_with_and_without_orjson(codec: ModuleType) -> None:
    """The extra is for speed: without it the server is slower and nothing else."""
    assert codec.dumps({"title": "推客", "n": [1, None]}) == '{"title":"推客","n":[1,null]}'.encode()
    assert codec.loads('{"title": "推客"}'.encode()) == {"title": "推客"}
    for broken in (b"{", b'"\xff"'):
        with pytest.raises(ValueError, match=r"."):
            codec.loads(broken)
