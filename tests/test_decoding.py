"""Tolerant where the vendor drifts, never silently wrong, and nothing but ``DecodeError`` out of any body."""

from __future__ import annotations

import enum
import functools
import json
import logging
import math
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Literal

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wxunion_async import _envelope, request_classes
from wxunion_async._codec import decode, decode_answer, encode
from wxunion_async._decoding import Reading, read_patiently, read_quickly, unstructure, wire_name
from wxunion_async._endpoint import OR_OBJECT, YUAN, UnionRequest, also, answer_type_of, path_rule
from wxunion_async._envelope import load, load_exact
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
    PromoteProductDetail,
)
from wxunion_async.endpoints.target.apply_status import ApplyStatusRequest, PromoterStatus
from wxunion_async.endpoints.target.plan_info import PlanStatus
from wxunion_async.errors import ApiError, DecodeError
from wxunion_async.events import DriftEvent
from wxunion_async.testing import load_answer
from wxunion_async.units import Fen

REQUESTS: dict[str, type[UnionRequest[Any]]] = {
    "/".join(path_rule(cls.path)).removesuffix("_"): cls
    for cls in request_classes()
    if answer_type_of(cls) is not type(None)
}
"""Name of the sample → request class, of every call that answers something."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Every:
    """A field of each kind that a model may have."""

    number: int | None = None
    price: Fen | None = None
    share: float | None = None
    text: str | None = None
    flag: bool | None = None
    since: datetime | None = None
    status: PlanStatus | None = None
    numbers: tuple[int, ...] = ()
    texts: list[str] = attrs.field(factory=list[str])
    sequence: Sequence[Fen] = ()
    distinct: frozenset[str] = frozenset()
    maybe_numbers: tuple[int | None, ...] = ()
    things: tuple[Any, ...] = ()
    bare_list: tuple = ()  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument, reportUnknownVariableType]
    thing: Any = None
    mapping: dict[str, Any] | None = None
    bare_mapping: Mapping | None = None  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument, reportUnknownVariableType]
    counts: dict[str, int] | None = None
    by_number: dict[int, float] | None = None
    number_or_text: int | str | None = None
    number_or_float: int | float | None = None
    text_or_float: str | float | None = None
    anything_or_number: Any | int = None
    yuan: Fen | None = attrs.field(default=None, metadata=YUAN)
    when_or_text: datetime | str | None = None
    flag_or_numbers: bool | tuple[int, ...] | None = None
    inner_or_text: Every | str | None = None
    inner: Every | None = None
    inners: tuple[Every, ...] = ()
    by_name: dict[str, Every] | None = None
    word: Literal["a", "b"] = "a"
    also_here: str | None = attrs.field(default=None, metadata=also("also_there"))
    one_or_many: tuple[Every, ...] = attrs.field(default=(), metadata={**OR_OBJECT, **also("one")})
    class_: str | None = None


@attrs.frozen(kw_only=True)
class EveryRequest(UnionRequest[Every]):
    """Asks for everything."""

    path = "/every"


def read(value: dict[str, Any]) -> Every:
    """Read ``value`` in every way, which must all agree, and back."""
    patient = read_patiently(Every, value, "snake", Reading(strict=True))
    assert read_quickly(Every, value, "snake") == patient
    assert repr(read_quickly(Every, value, "snake")) == repr(patient)
    value = {"errcode": 0} | value
    assert decode(EveryRequest, json.dumps(value).encode(), strict=True) == patient
    assert decode(EveryRequest, encode(patient), strict=True) == patient
    return decode(EveryRequest, value, strict=True)


# ── tolerant where the vendor drifts ─────────────────────────────────────────────────────────────────────────────────

NINE = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


READ: list[tuple[str, Any, Any]] = [
    ("number", "128", 128),
    ("number", "-5", -5),
    ("number", 10**400, 10**400),
    ("number", 500.0, 500),
    ("number", 5e2, 500),
    ("number", -0.0, 0),
    ("number", 2.0**53 - 1, 2**53 - 1),
    ("price", "110", 110),
    ("price", 110.0, 110),
    ("share", 1, 1.0),
    ("text", 5, "5"),
    ("text", 2**70, str(2**70)),
    ("flag", 1, True),
    ("flag", 0, False),
    ("flag", "0", False),
    ("flag", "1", True),
    ("flag", True, True),
    ("flag", 1.0, True),
    ("flag", 0.0, False),
    ("since", 1_000_000_000, NINE),
    ("since", "1000000000", NINE),
    ("since", 1e9, NINE),
    ("since", -1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ("since", 0, None),
    ("since", 0.0, None),
    ("since", "0", None),
    ("status", "1", PlanStatus.EFFECTIVE),
    ("status", 77, PlanStatus(77)),
    ("status", 1.0, PlanStatus.EFFECTIVE),
    ("status", 0, PlanStatus.NOT_YET_EFFECTIVE),
    ("numbers", ["1", 2], (1, 2)),
    ("numbers", [1, 2], (1, 2)),
    ("numbers", [], ()),
    ("texts", ["a", 1], ["a", "1"]),
    ("sequence", ["5", 6], (5, 6)),
    ("distinct", ["a", "a"], frozenset({"a"})),
    ("maybe_numbers", [1, None, "2"], (1, None, 2)),
    ("things", [1, "x", None, [1.5], {"a": 2**70}], (1, "x", None, [1.5], {"a": 2**70})),
    ("bare_list", [1, "x"], (1, "x")),
    ("thing", {"a": [True]}, {"a": [True]}),
    ("mapping", {"a": False}, {"a": False}),
    ("bare_mapping", {"a": 1}, {"a": 1}),
    ("counts", {"a": "1"}, {"a": 1}),
    ("by_number", {"1": 2}, {1: 2.0}),
    ("number_or_float", 1.5, 1.5),
    ("number_or_float", 5, 5),
    ("text_or_float", 1.5, 1.5),
    ("text_or_float", 5, "5"),
    ("yuan", "¥0.20", 20),
    ("yuan", "¥0", 0),
    ("yuan", "-", None),
    ("yuan", "￥12.5", 1250),
    ("yuan", "0.07", 7),
    ("yuan", "-¥3.00", -300),
    ("yuan", "¥-3", -300),
    ("yuan", 12, 1200),
    ("yuan", 0.29, 29),
    ("number_or_text", 5, 5),
    ("number_or_text", "5", "5"),
    ("when_or_text", 1_000_000_000, NINE),
    ("when_or_text", "soon", "soon"),
    ("flag_or_numbers", True, True),
    ("flag_or_numbers", "1", True),
    ("flag_or_numbers", [1], (1,)),
    ("inner_or_text", "x", "x"),
    ("inner_or_text", 5, "5"),
    ("inner_or_text", {"number": "1"}, Every(number=1)),
    ("inner", {}, Every()),
    ("inners", [{"inners": [{}]}], (Every(inners=(Every(),)),)),
    ("by_name", {"a": {"number": 1}}, {"a": Every(number=1)}),
    ("word", "b", "b"),
    ("one_or_many", {"number": 1}, (Every(number=1),)),
    ("one_or_many", [{"number": 1}, {}], (Every(number=1), Every())),
]


@pytest.mark.parametrize(("field", "found", "value"), READ)
def test_drift_of_the_vendor_is_read(field: str, found: object, value: object) -> None:
    """Each of these has been seen, or follows from one that was."""
    assert read({field: found}) == Every(**{field: value})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    kept = getattr(read({field: found}), field)
    assert type(kept) is type(value)


@pytest.mark.parametrize("field", [field.name for field in attrs.fields(Every)])
def test_null_is_an_absent_value(field: str) -> None:
    """The vendor sends both."""
    assert read({wire_name(field, "snake"): None}) == Every()


def test_the_other_name_of_a_field_is_second() -> None:
    """A null under the first name does not hide the second; the encoding has the first."""
    assert read({"also_there": "x"}) == Every(also_here="x")
    assert read({"also_here": None, "also_there": "x"}) == Every(also_here="x")
    assert read({"also_here": "a", "also_there": "b"}) == Every(also_here="a")
    assert encode(Every(also_here="x"))["also_here"] == "x"
    assert read({"one": {"number": 1}}) == Every(one_or_many=(Every(number=1),))


def test_unknown_keys_are_ignored_unless_forbidden() -> None:
    """The vendor adds keys without a word; our own tests want to hear of them."""
    assert read({"new": 1}) == Every()
    with pytest.raises(DecodeError, match=r"inners\[0\]\.new: no model names this key") as caught:
        read_patiently(Every, {"inners": [{"new": 1}]}, "snake", Reading(forbid_unknown=True))
    assert caught.value.path == "inners[0].new"
    with pytest.raises(DecodeError, match=r"^new: no model"):
        read_patiently(Every, {"new": 1}, "snake", Reading(forbid_unknown=True))


@pytest.mark.parametrize(
    ("name", "dialect", "wire"),
    [
        ("product_id", "camel", "productId"),
        ("product_id", "snake", "product_id"),
        ("headimgurl", "camel", "headimgurl"),
        ("class_", "camel", "class"),
        ("class_", "snake", "class"),
        ("cats_v2", "camel", "catsV2"),
        ("category_ids_1", "snake", "category_ids_1"),
        ("type", "camel", "type"),
    ],
)
def test_names_are_the_vendors_without_renames(name: str, dialect: Any, wire: str) -> None:
    """A reader with the vendor's page open never has to guess."""
    assert wire_name(name, dialect) == wire


# ── never silently wrong ─────────────────────────────────────────────────────────────────────────────────────────────


WRONG: list[tuple[str, Any, str]] = [
    ("number", 7.7, "number"),
    ("number", 2.0**53, "number"),
    ("number", 1e300, "number"),
    ("number", "7.0", "string"),
    ("number", "1e3", "string"),
    ("number", True, "boolean"),
    ("number", "7.7", "string"),
    ("number", "", "string"),
    ("number", " 7", "string"),
    ("number", "٣", "string"),
    ("number", "9" * 5000, "string"),
    ("number", [7], "array"),
    ("number", {}, "object"),
    ("share", "1.5", "string"),
    ("share", math.nan, "number"),
    ("share", 10**400, "number"),
    ("text", 1.5, "number"),
    ("text", True, "boolean"),
    ("text", ["a"], "array"),
    ("text", {"a": 1}, "object"),
    ("flag", 2, "number"),
    ("flag", 0.5, "number"),
    ("flag", "1.0", "string"),
    ("flag", "true", "string"),
    ("flag", "false", "string"),
    ("since", 10**15, "number"),
    ("since", 10**30, "number"),
    ("since", 1.5, "number"),
    ("since", "2026-01-01", "string"),
    ("status", True, "boolean"),
    ("status", 1.5, "number"),
    ("status", "effective", "string"),
    ("numbers", "12", "string"),
    ("numbers", {"a": 1}, "object"),
    ("texts", "ab", "string"),
    ("distinct", "ab", "string"),
    ("mapping", [["a", 1]], "array"),
    ("counts", "x", "string"),
    ("number_or_text", 1.5, "number"),
    ("number_or_text", [1], "array"),
    ("inner", [{}], "array"),
    ("inner", "x", "string"),
    ("inner_or_text", [1], "array"),
    ("word", "c", "string"),
    ("yuan", "¥0.205", "string"),
    ("yuan", "-¥-1", "string"),
    ("yuan", "1e3", "string"),
    ("yuan", "", "string"),
    ("yuan", 0.205, "number"),
    ("yuan", True, "boolean"),
    ("one_or_many", "x", "string"),
]


@pytest.mark.parametrize(("field", "found", "kind"), WRONG)
def test_a_value_of_the_wrong_kind_is_absent_and_reported(field: str, found: object, kind: str) -> None:
    """Never a guess: ``None`` or ``()`` with a report, or an error for who wants to be strict."""
    reading = Reading()
    assert read_patiently(Every, {field: found}, "snake", reading) == Every()
    assert reading.drift == [(field, kind)]
    with pytest.raises(DecodeError, match=f"{field}: a JSON {kind} is of the wrong kind") as caught:
        decode(EveryRequest, {field: found}, strict=True)
    assert caught.value.path == field


PLACES: list[tuple[dict[str, Any], str]] = [
    ({"numbers": [1, 1.5]}, "numbers[1]"),
    ({"maybe_numbers": [None, "x"]}, "maybe_numbers[1]"),
    ({"counts": {"a": 1, "b": []}}, "counts.b"),
    ({"inners": [{}, {"number": []}]}, "inners[1].number"),
    ({"inners": [{}, 5]}, "inners[1]"),
    ({"by_name": {"a": {"inner": {"text": 1.5}}}}, "by_name.a.inner.text"),
    ({"one_or_many": {"number": "x"}}, "one_or_many[0].number"),
    ({"also_there": 1.5}, "also_there"),
]


@pytest.mark.parametrize(("body", "path"), PLACES)
def test_drift_is_placed_where_it_happened(body: dict[str, Any], path: str) -> None:
    """The path is in the vendor's words; what is around it is kept as far as possible."""
    reading = Reading()
    read_patiently(Every, body, "snake", reading)
    assert [where for where, _ in reading.drift] == [path]


def test_none_never_becomes_text() -> None:
    """``str(None)`` is a favourite of converters."""
    reading = Reading()
    assert read_patiently(Every, {"texts": ["a", None]}, "snake", reading) == Every()
    assert reading.drift == [("texts[1]", "null")]


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, 12345678901234567890123, -(2**63) - 1])
def test_an_integer_keeps_its_digits(number: int) -> None:
    """Orjson makes a float of it beyond 64 bits, wherever it stands."""
    body = {
        "number": number,
        "text": number,
        "thing": [number],
        "mapping": {"a": {"b": number}},
        "things": [number],
        "number_or_text": number,
        "number_or_float": number,
        "text_or_float": number,
        "anything_or_number": number,
    }
    answer = read(body)
    assert (answer.number_or_float, answer.text_or_float) == (number, str(number))
    assert answer.anything_or_number == number
    assert (answer.number, answer.text, answer.number_or_text) == (number, str(number), number)
    assert (answer.thing, answer.mapping, answer.things) == ([number], {"a": {"b": number}}, (number,))


# ── hostile bodies ───────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class Node:
    """Holds itself, in two ways."""

    name: str
    children: tuple[Node, ...] = ()
    parent: Node | None = None


@attrs.frozen(kw_only=True)
class TreeRequest(UnionRequest[Node]):
    """Asks for a tree."""

    path = "/tree"


def nested(depth: int, **leaf: Any) -> dict[str, Any]:
    """Return nodes within nodes."""
    node: dict[str, Any] = {"name": "leaf"} | leaf
    for _ in range(depth):
        node = {"name": "n", "parent": node}
    return node


def test_a_deep_answer_is_read_or_refused() -> None:
    """A recursion error must not escape, nor may a tree be cut off without a word."""
    assert decode(TreeRequest, nested(20)).parent is not None
    with pytest.raises(DecodeError, match="nested too deeply"):
        decode(TreeRequest, nested(3000))
    for depth in (100, 300, 900, 1020, 2000, 100_000):
        raw = b'{"name":"n","parent":' * depth + b'{"name":"n"}' + b"}" * depth
        try:
            answer = decode(TreeRequest, raw)
        except DecodeError:
            continue
        for _ in range(depth):
            assert answer.parent is not None
            answer = answer.parent


@pytest.mark.parametrize(
    "body",
    [
        b'{"mapping": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"things": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"number": ' + b"1" * 5000 + b"}",
        b'{"text": "\\ud800"}',
        b'{"share": NaN}',
        b'{"share": 1e999}',
    ],
)
def test_hostile_bodies_never_break_the_reader(body: bytes) -> None:
    """They are read, or a ``DecodeError``; what was read has a UTF-8 form."""
    try:
        answer = decode(EveryRequest, body)
    except DecodeError:
        return
    assert (answer.text or "").encode() is not None


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text('a0-5.٣猫\x01"\\\U0001f600', max_size=8)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**62, 2**66)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.integers().map(str)
)
NAMES = sorted({name for field in attrs.fields(Every) for name in (wire_name(field.name, "snake"), "also_there")})
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | texts, inner, max_size=4),
    max_leaves=20,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


def outcome(request: type[UnionRequest[Any]], body: Any, *, strict: bool = False) -> object:
    """Return the answer as text, or the kind and place of the error; anything but a ``UnionError`` goes through."""
    try:
        return repr(decode(request, body, strict=strict))
    except DecodeError as error:
        return error.path
    except ApiError as error:
        return error.errcode


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key or index) of everything in a JSON value."""
    kind: type = value.__class__
    for step in value if kind is dict else range(len(value)) if kind is list else ():
        yield value, step
        yield from _places(value[step])


@st.composite
def mutated_answers(draw: st.DrawFn) -> tuple[type[UnionRequest[Any]], dict[str, Any]]:
    """A document's sample with one value, anywhere, replaced by anything."""
    name = draw(st.sampled_from(sorted(REQUESTS)))
    body = load_answer(name)
    places = list(_places(body))
    place, step = draw(st.sampled_from(places))
    place[step] = draw(values)
    return REQUESTS[name], body


@pytest.mark.untraced
@given(bodies)
def test_what_the_quick_reader_accepts_the_patient_one_reads_alike(body: dict[str, Any]) -> None:
    """Otherwise an answer would depend on what else is in it."""
    try:
        quick = read_quickly(Every, body, "snake")
    except Exception:  # noqa: BLE001
        return
    reading = Reading(strict=True)
    assert repr(read_patiently(Every, body, "snake", reading)) == repr(quick)
    assert reading.drift == []


def _plain(kind: Any) -> Any:
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    return kind


def _is_of(value: Any, kind: Any) -> bool:
    """Say whether a value is just what its annotation promises, at every depth."""
    kind = _plain(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return True
    if origin in (typing.Union, UnionType):
        return any(_is_of(value, arm) for arm in args)
    if origin is tuple:
        cls: type[Any] = value.__class__
        return cls is tuple and all(_is_of(item, args[0]) for item in value)
    if origin is dict:
        return type(value) is dict
    if type(value) is not kind:
        return False
    hints = typing.get_type_hints(kind) if attrs.has(kind) else {}
    return all(_is_of(getattr(value, name), hint) for name, hint in hints.items())


@pytest.mark.untraced
@given(mutated_answers())
def test_both_readers_agree_on_every_answer_and_give_only_what_is_documented(
    mutated: tuple[type[UnionRequest[Any]], dict[str, Any]],
) -> None:
    """What the quick one accepts is no drift, and is read alike; of whatever JSON, nothing else comes out."""
    request, body = mutated
    kind = answer_type_of(request)
    content: Any = body if request.answer_key is None else body.get(request.answer_key)
    reading = Reading()
    try:
        patient = read_patiently(kind, content, request.dialect, reading)
    except DecodeError:
        patient = None
    assert patient is None or _is_of(patient, kind)
    try:
        quick = read_quickly(kind, content, request.dialect)
    except Exception:  # noqa: BLE001
        return
    assert repr(quick) == repr(patient)
    assert reading.drift == []


@pytest.mark.untraced
@given(mutated_answers())
def test_no_answer_raises_anything_but_a_union_error(mutated: tuple[type[UnionRequest[Any]], dict[str, Any]]) -> None:
    """Whatever the vendor sends next."""
    request, body = mutated
    for strict in (False, True):
        outcome(request, body, strict=strict)


@pytest.mark.untraced
@given(bodies)
def test_no_object_raises_anything_but_a_union_error(body: dict[str, Any]) -> None:
    """For models of users too."""
    outcome(EveryRequest, body)


@pytest.mark.untraced
@given(
    st.binary(max_size=64) | st.text('{}[]":,\\ud80c1e\ud800').map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_raise_anything_but_a_union_error(raw: bytes) -> None:
    """HTML, cut bodies, noise."""
    outcome(EveryRequest, raw)


@pytest.mark.untraced
@given(mutated_answers() | bodies.map(lambda body: (EveryRequest, body)), st.booleans())
def test_both_json_readers_lead_to_the_same_answer(
    mutated: tuple[type[UnionRequest[Any]], dict[str, Any]], ascii_only: bool
) -> None:
    """Whether orjson is installed must not change what an answer says."""
    request, body = mutated
    raw = json.dumps(body, ensure_ascii=ascii_only).encode()
    with_orjson = outcome(request, raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_envelope, "_fast_loads", None)
        assert outcome(request, raw) == with_orjson


@pytest.mark.untraced
@given(bodies)
def test_reading_in_either_order_agrees_with_the_exact_one(body: dict[str, Any]) -> None:
    """``decode_answer`` may be handed what ``load`` made of the bytes: the digits come from the bytes."""
    raw = json.dumps({"errcode": 0} | body).encode()
    for content in (load(raw), load_exact(raw)):
        assert repr(decode_answer(EveryRequest, raw, content, strict=False)) == repr(
            read_patiently(Every, load_exact(raw), "snake", Reading())
        )


def _values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for what a decoded answer may hold where its model says ``kind``."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, UnionType):
        return st.one_of([_values_of(arm) for arm in args])
    if origin is tuple:
        return st.lists(_values_of(args[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(texts, leaves, max_size=2)
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    if attrs.has(kind):
        return st.deferred(lambda: _answers_of(kind))
    if isinstance(kind, type) and issubclass(kind, enum.IntEnum):
        return st.integers(-5, 1000).map(kind)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        type(None): st.none(),
        int: st.integers(),
        str: texts,
        bool: st.booleans(),
        datetime: st.integers(1, 2**34).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
        Any: leaves | st.lists(leaves, max_size=2),
    }
    return simple[kind]


@functools.cache
def _answers_of(cls: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(cls)
    return st.builds(cls, **{field.name: _values_of(hints[field.name]) for field in attrs.fields(cls)})


@pytest.mark.untraced
@pytest.mark.parametrize("name", REQUESTS)
@settings(max_examples=max(5, 200 // len(REQUESTS)), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_an_encoded_answer_decodes_to_itself(name: str, data: st.DataObject) -> None:
    """For every answer that there can be, as an object and as bytes."""
    request = REQUESTS[name]
    answer = data.draw(_answers_of(answer_type_of(request)))
    wire = encode(answer)
    assert repr(decode(request, wire, strict=True)) == repr(answer)
    assert repr(decode(request, json.dumps(wire).encode(), strict=True)) == repr(answer)


def test_values_without_a_type_are_written_as_they_are() -> None:
    """``true`` in a place without a type is no flag of the vendor's."""
    wire = unstructure(Every(flag=True, mapping={"a": True}, things=(True,), thing=False), "snake")
    assert wire["flag"] == 1
    assert type(wire["flag"]) is int
    assert (wire["mapping"], wire["things"], wire["thing"]) == ({"a": True}, [True], False)
    assert type(unstructure(Every(status=PlanStatus.EFFECTIVE), "snake")["status"]) is int


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_drift_is_logged_once_per_field_and_told_each_time(caplog: pytest.LogCaptureFixture) -> None:
    """A million lookups must not write a million lines; whoever counts gets every event."""
    events: list[DriftEvent] = []
    body: dict[str, Any] = {"inners": [{"number": 1.5}, {"number": []}, {"text": {}}]}
    with caplog.at_level(logging.WARNING, "wxunion_async.drift"):
        for _ in range(2):
            decode_answer(EveryRequest, None, body, strict=False, on_drift=events.append)
    assert [record.getMessage() for record in caplog.records] == [
        "/every: inners[0].number: a JSON number is of the wrong kind and was read as absent",
        "/every: inners[2].text: a JSON object is of the wrong kind and was read as absent",
    ]
    assert {record.name for record in caplog.records} == {"wxunion_async.drift"}
    assert events == 2 * [
        DriftEvent(endpoint="/every", path="inners[0].number", found="number"),
        DriftEvent(endpoint="/every", path="inners[1].number", found="array"),
        DriftEvent(endpoint="/every", path="inners[2].text", found="object"),
    ]


def test_a_good_answer_reports_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The vendor's own samples are no drift."""
    with caplog.at_level(logging.DEBUG):
        for name, request in REQUESTS.items():
            decode(request, load_answer(name))
    assert caplog.records == []


def test_the_samples_are_read_quickly() -> None:
    """The patient reading costs ten times as much: what the vendor documents must not need it."""
    for name, request in REQUESTS.items():
        body: Any = load_answer(name)
        content = body if request.answer_key is None else body[request.answer_key]
        assert read_quickly(answer_type_of(request), content, request.dialect) == decode(request, body)


def test_statuses_are_members_of_their_enumerations() -> None:
    """Not plain numbers: ``status.name`` is what people print."""
    assert decode(ApplyStatusRequest, load_answer("target/apply_status")).promoter_status is PromoterStatus.PENDING
    detail = decode(GetPromoteProductDetailRequest, load_answer("promoter/get_promote_product_detail"))
    assert isinstance(detail, PromoteProductDetail)
