"""Requests and answers on their way out: to the wire, and to people."""

import enum
import json
import math
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

import attrs
import pytest

from wxunion_async._codec import decode, encode, to_dict
from wxunion_async._decoding import unstructure
from wxunion_async._endpoint import AS_TEXT, JOINED, JSON_TEXT, YUAN, RequestPart, UnionRequest
from wxunion_async._envelope import dump
from wxunion_async._outcome import Outcome
from wxunion_async.config import RateLimit
from wxunion_async.endpoints.promoter.get_promote_product_detail import GetPromoteProductDetailRequest
from wxunion_async.endpoints.target.apply_status import ApplyStatus, ApplyStatusRequest, PromoterStatus
from wxunion_async.enums import PlanType
from wxunion_async.errors import ApiError, TransportError
from wxunion_async.testing import load_answer
from wxunion_async.units import Fen

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Color(enum.Enum):
    """An enumeration of no number."""

    RED = "red"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Part(RequestPart):
    """A part of a request."""

    number: int
    anything: Any = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class QueryRequest(UnionRequest[None]):
    """A field of each way of writing."""

    path = "/query"
    dialect = "camel"

    as_text: int | None = attrs.field(default=None, metadata=AS_TEXT)
    joined_texts: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    joined_numbers: tuple[int, ...] = attrs.field(default=(), metadata=JOINED)
    as_json: dict[str, Any] | None = attrs.field(default=None, metadata=JSON_TEXT)
    parts_as_json: tuple[Part, ...] = attrs.field(default=(), metadata=JSON_TEXT)
    since: datetime | None = None
    plan_type: PlanType | None = None
    flag: bool | None = None
    share: float | None = None
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    anything: Any = None
    mapping: dict[str, Any] | None = None


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("as_text", 5, "5"),
        ("joined_texts", ("a", "b"), "a,b"),
        ("joined_numbers", (1, 2), "1,2"),
        ("as_json", {"名": [1, True]}, '{"名":[1,true]}'),
        ("parts_as_json", (Part(number=1),), '[{"number":1}]'),
        ("since", NOON, 1767268800),
        ("since", NOON + timedelta(microseconds=999_999), 1767268800),
        ("since", datetime(2026, 1, 1, 20, tzinfo=timezone(timedelta(hours=8))), 1767268800),
        ("plan_type", PlanType.PUBLIC, 2),
        ("flag", True, True),
        ("share", 0.5, 0.5),
        ("part", Part(number=1), {"number": 1}),
        ("parts", (Part(number=1), Part(number=2)), [{"number": 1}, {"number": 2}]),
        ("anything", [1, "x", None, 0.5, True, (2,)], [1, "x", None, 0.5, True, [2]]),
        ("mapping", {"a": {"b": False}}, {"a": {"b": False}}),
    ],
)
def test_a_request_is_written_as_its_fields_say(field: str, value: object, written: object) -> None:
    """Whole seconds for an instant, flags as they are; what is not given is left out."""
    wire = encode(QueryRequest(**{field: value}))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    name = {"as_text": "asText", "joined_texts": "joinedTexts", "joined_numbers": "joinedNumbers", "as_json": "asJson"}
    name |= {"parts_as_json": "partsAsJson", "plan_type": "planType"}
    assert wire == {name.get(field, field): written}
    assert type(*wire.values()) is type(written)
    assert json.loads(dump(wire)) == wire


def circle() -> dict[str, Any]:
    """Return an object that holds itself."""
    endless: dict[str, Any] = {}
    endless["a"] = endless
    return endless


class Number:
    """Counts as an integer, as numpy's do."""

    def __index__(self) -> int:
        return 7


@attrs.frozen
class Holder:
    """A place without a type."""

    value: object


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (PlanType.PUBLIC, 2),
        (Color.RED, "red"),
        (NOON, 1767268800),
        (Part(number=1), {"number": 1}),
        ({"a": {1: 2}, Color.RED: 3}, {"a": {"1": 2}, "red": 3}),
        (Number(), 7),
    ],
)
def test_what_stands_in_a_place_without_a_type_is_written_by_its_own(value: object, written: object) -> None:
    """A converter or a factory of the user's may have put it there."""
    assert unstructure(Holder(value), "snake", "request") == {"value": written}


@attrs.frozen(kw_only=True)
class LooseRequest(UnionRequest[None]):
    """What it holds is changed after it was checked."""

    path = "/loose"

    share: float = 0.5
    since: datetime = NOON
    mapping: dict[str, Any] = attrs.field(factory=dict[str, Any])
    part: Part | None = None


@pytest.mark.parametrize(
    ("field", "value", "error", "message"),
    [
        ("share", math.nan, ValueError, "share holds nan, which is no JSON number"),
        ("share", math.inf, ValueError, "share holds inf"),
        ("since", datetime(2026, 1, 1), ValueError, "since holds a datetime without a time zone"),
        ("mapping", {"a": math.nan}, ValueError, "mapping holds nan"),
        ("mapping", {"a": [datetime(2026, 1, 1)]}, ValueError, "mapping holds a datetime without a time zone"),
        ("mapping", {"a": "\ud800"}, ValueError, "mapping holds a lone surrogate"),
        ("mapping", {"\ud800": 1}, ValueError, "mapping holds a lone surrogate"),
        ("mapping", {(1, 2): 1}, TypeError, "mapping holds a key of type tuple"),
        ("mapping", {"a": object()}, TypeError, "mapping holds a object, which has no JSON form"),
        ("mapping", {"a": {1}}, TypeError, "mapping holds a set"),
        ("mapping", {"a": b"x"}, TypeError, "mapping holds a bytes"),
        ("mapping", circle(), ValueError, "mapping is nested too deeply"),
    ],
)
def test_what_has_no_json_form_is_refused_by_field(
    field: str, value: object, error: type[Exception], message: str
) -> None:
    """Orjson would write NaN as null and a datetime as some text: a wrong request must not depend on what is there."""
    request = LooseRequest()
    object.__setattr__(request, field, value)
    with pytest.raises(error, match=message):
        encode(request)


def test_a_field_of_a_part_is_named_with_its_way() -> None:
    """So that it can be found."""
    request = LooseRequest(part=Part(number=1))
    object.__setattr__(request.part, "anything", [1, {"a": math.inf}])
    with pytest.raises(ValueError, match="part anything holds inf"):
        encode(request)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Shop:
    """Money in yuan, flags, and places without a type."""

    price: Fen | None = attrs.field(default=None, metadata=YUAN)
    good: bool | None = None
    word: Literal["a", "b"] | None = None
    flags: tuple[bool, ...] = ()
    untyped: Any = None
    either: "bool | tuple[Shop, ...] | None" = None
    inner: "Shop | None" = None
    inners: "dict[str, Shop] | None" = None


@attrs.frozen(kw_only=True)
class ShopRequest(UnionRequest[Shop]):
    """Asks for it."""

    path = "/shop"


def test_an_answer_is_written_as_the_vendor_would() -> None:
    """Flags are 1 and 0, but where there is no type a ``true`` stays one; money in yuan is text."""
    answer = Shop(
        price=Fen(20),
        good=True,
        word="a",
        flags=(True, False),
        untyped={"a": True},
        either=False,
        inner=Shop(either=(Shop(price=Fen(0)),)),
        inners={"x": Shop(price=Fen(-1234))},
    )
    wire = encode(answer)
    assert wire == {
        "price": "¥0.20",
        "good": 1,
        "word": "a",
        "flags": [1, 0],
        "untyped": {"a": True},
        "either": 0,
        "inner": {"either": [{"price": "¥0"}]},
        "inners": {"x": {"price": "-¥12.34"}},
    }
    assert (type(wire["good"]), type(wire["flags"][0]), type(wire["either"])) == (int, int, int)
    assert decode(ShopRequest, wire, strict=True) == answer
    assert decode(ShopRequest, json.dumps(wire).encode(), strict=True) == answer


@pytest.mark.parametrize("fen", [0, 1, 10, 99, 100, 101, 123456, -1, -100])
def test_money_in_yuan_comes_back(fen: int) -> None:
    """To the fen."""
    assert decode(ShopRequest, encode(Shop(price=Fen(fen)))) == Shop(price=Fen(fen))


def test_an_answer_of_which_everything_is_absent_says_at_least_that_it_is_one() -> None:
    """An empty object is nobody's success, so it would not come back."""
    assert encode(Shop()) == {"errcode": 0}
    assert decode(ShopRequest, encode(Shop())) == Shop()


# ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_model_becomes_a_dict_with_names_of_python() -> None:
    """One dialect for both payloads; instants as ISO 8601, enumerations as numbers, ``None`` left out."""
    answer = decode(ApplyStatusRequest, load_answer("target/apply_status"))
    assert to_dict(answer) == {
        "plan_id": "1964112935262240768",
        "promoter_status": 1,
        "apply_time": "2021-07-19T11:07:15+00:00",
        "apply_reason": "okok",
    }
    assert type(to_dict(answer)["promoter_status"]) is int
    detail: dict[str, Any] = to_dict(
        decode(GetPromoteProductDetailRequest, load_answer("promoter/get_promote_product_detail"))
    )
    assert detail["publish_coupons"] == []
    assert detail["product"]["product_info"]["skus"][0]["sku_attrs"][0]["attr_key"] == "产地"
    assert json.loads(json.dumps(detail)) == detail


def test_parts_requests_and_plain_answers_become_dicts_too() -> None:
    """Whatever a call takes or gives."""
    assert to_dict(Part(number=1, anything=[1])) == {"number": 1, "anything": [1]}
    assert to_dict(Holder({"a": NOON})) == {"value": {"a": "2026-01-01T12:00:00+00:00"}}
    assert to_dict(QueryRequest(joined_numbers=(1,), as_text=5, flag=False, as_json={"a": 1})) == {
        "as_text": 5,
        "joined_texts": [],
        "joined_numbers": [1],
        "as_json": {"a": 1},
        "parts_as_json": [],
        "flag": False,
        "parts": [],
    }
    assert to_dict(Shop(price=Fen(20), good=True)) == {"price": 20, "good": True, "flags": []}
    assert to_dict({"a": [PromoterStatus.PENDING]}) == {"a": [1]}
    assert to_dict(None) == {}


def test_an_outcome_becomes_a_dict_with_a_value_or_an_error() -> None:
    """One line of a log for each request of a run."""
    request = ApplyStatusRequest(plan_id="p")
    done: Outcome[Any] = Outcome(index=3, request=request, value=ApplyStatus(plan_id="1"), attempts=2, elapsed=0.5)
    assert to_dict(done) == {
        "index": 3,
        "request": {"plan_id": "p"},
        "attempts": 2,
        "elapsed": 0.5,
        "value": {"plan_id": "1"},
    }
    nothing: Outcome[Any] = Outcome(index=0, request=request)
    assert to_dict(nothing)["value"] is None
    error = ApiError(5, "no rid: a-b")
    error.endpoint = "/x"
    failed: Outcome[Any] = Outcome(index=0, request=request, error=error)
    assert to_dict(failed)["error"] == {
        "type": "ApiError",
        "message": "/x: errcode 5: no rid: a-b",
        "errcode": 5,
        "rid": "a-b",
        "retryable": False,
        "ambiguous": False,
        "advice": error.advice,
    }
    assert "value" not in to_dict(failed)
    lost: Outcome[Any] = Outcome(index=0, request=request, error=TransportError("gone"))
    facts = to_dict(lost)["error"]
    assert (facts["type"], facts["errcode"], facts["rid"]) == ("TransportError", None, None)
    assert json.loads(json.dumps(to_dict(lost))) == to_dict(lost)


@pytest.mark.parametrize("value", [5, "x", [], object(), sys, RateLimit])
def test_only_models_become_dicts(value: object) -> None:
    """Anything else is a slip."""
    with pytest.raises(TypeError, match="value must be a model, a request or an outcome, not"):
        to_dict(value)
    with pytest.raises(TypeError, match="value holds a module, which has no JSON form"):
        to_dict(Holder(sys))
