"""A request is a value: what it takes, what it refuses, and what its class declares."""

import pickle
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxunion_async._codec import decode, encode
from wxunion_async._endpoint import RequestPart, UnionRequest, answer_type_of, field_types, request_of_answer
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
    PromoteProductDetail,
)
from wxunion_async.endpoints.target.apply_status import ApplyStatus, ApplyStatusRequest
from wxunion_async.endpoints.target.plan_info import PlanInfo, PlanInfoRequest
from wxunion_async.enums import PlanType
from wxunion_async.units import Fen

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Part(RequestPart):
    """A part with one field."""

    number: int


@attrs.frozen(kw_only=True)
class Every(UnionRequest[dict[str, Any]]):
    """A request with a field of each kind that a request may have."""

    path = "/every"
    dialect = "camel"

    number: int = 0
    price: Fen | None = None
    share: float = 0.5
    text: str | None = None
    maybe_empty: str = ""
    flag: bool = False
    plan_type: PlanType | None = None
    since: datetime | None = None
    numbers: tuple[int, ...] = ()
    texts: list[str] = attrs.field(factory=list[str])
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    mapping: dict[str, Any] | None = None
    other: Mapping[str, Any] | None = None
    anything: Any = None
    class_: str | None = None


@pytest.mark.parametrize(
    ("field", "given", "taken"),
    [
        ("number", "12", 12),
        ("number", "-12", -12),
        ("number", PlanType.PUBLIC, 2),
        ("price", "5", 5),
        ("share", 1, 1.0),
        ("maybe_empty", "", ""),
        ("plan_type", 3, PlanType.AGENCY_TARGETED),
        ("plan_type", "3", PlanType.AGENCY_TARGETED),
        ("since", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("numbers", ["1", 2], (1, 2)),
        ("texts", ("a",), ["a"]),
        ("part", {"number": "1"}, Part(number=1)),
        ("parts", [{"number": 1}, Part(number=2)], (Part(number=1), Part(number=2))),
        ("mapping", {"a": [1]}, {"a": [1]}),
        ("other", {"a": 1}, {"a": 1}),
        ("anything", [None, 1.5], [None, 1.5]),
        ("text", None, None),
    ],
)
def test_fields_are_converted_when_built(field: str, given: object, taken: object) -> None:
    """What comes from a form or a queue is text; the value holds what the type says."""
    built: Any = Every(**{field: given})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    found = getattr(built, field)
    assert found == taken
    assert type(found) is type(taken)


@pytest.mark.parametrize(
    ("field", "given", "error", "message"),
    [
        ("number", True, TypeError, "number must be an int or a decimal string, not bool"),
        ("number", 1.0, TypeError, "number must be an int or a decimal string, not float"),
        ("number", "1.0", TypeError, "number must be an int"),
        ("number", "", TypeError, "number must be an int"),
        ("number", "٣", TypeError, "number must be an int"),
        ("number", None, TypeError, "number must be an int or a decimal string, not NoneType"),
        ("number", "9" * 5000, ValueError, "number Exceeds the limit"),
        ("price", [1], TypeError, "price must be an int"),
        ("share", "1", TypeError, "share must be a number, not str"),
        ("share", False, TypeError, "share must be a number, not bool"),
        ("text", 5, TypeError, "text must be a str, not int"),
        ("text", b"x", TypeError, "text must be a str, not bytes"),
        ("text", "", ValueError, "text must not be empty"),
        ("text", "\ud800", ValueError, "text holds a lone surrogate"),
        ("flag", 1, TypeError, "flag must be a bool, not int"),
        ("plan_type", 9, ValueError, "plan_type must be one of 1, 2, 3, 4, not 9"),
        ("plan_type", PlanType(9), ValueError, "plan_type must be one of 1, 2, 3, 4, not 9"),
        ("plan_type", True, TypeError, "plan_type must be an int"),
        ("since", 5.0, TypeError, "since must be a datetime or whole Unix seconds, not float"),
        ("since", "5", TypeError, "since must be a datetime or whole Unix seconds, not str"),
        ("since", 1767225600000, ValueError, "since must be whole Unix seconds, not 1767225600000"),
        ("since", datetime(2026, 1, 1), ValueError, "since must have a time zone"),
        ("numbers", "12", TypeError, "numbers must be a list or a tuple, not str"),
        ("numbers", [1.5], TypeError, "numbers must be an int"),
        ("texts", "ab", TypeError, "texts must be a list or a tuple, not str"),
        ("part", 5, TypeError, "part must be a Part or a mapping, not int"),
        ("part", {"numbre": 5}, TypeError, "part has no field numbre"),
        ("part", {}, TypeError, "part .*number"),
        ("part", {"number": 1.5}, TypeError, "part number must be an int"),
        ("mapping", [("a", 1)], TypeError, "mapping must be a mapping, not list"),
    ],
)
def test_a_wrong_field_is_refused_by_name(field: str, given: object, error: type[Exception], message: str) -> None:
    """It fails before any I/O, and says which argument it was."""
    with pytest.raises(error, match=message):
        Every(**{field: given})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@given(st.integers())
def test_any_int_survives_as_text(number: int) -> None:
    """Ids from a database come as either."""
    assert Every(number=str(number)).number == Every(number=number).number == number  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_the_wire_form_leaves_out_what_is_absent() -> None:
    """In camelCase, flags as they are, instants as seconds, a keyword without its underscore."""
    assert encode(Every()) == {"number": 0, "share": 0.5, "maybeEmpty": "", "flag": False, "texts": []}
    wire = encode(
        Every(
            since=datetime(2026, 1, 1, tzinfo=UTC),
            numbers=(1, 2),
            part=Part(number=3),
            parts=(Part(number=4),),
            class_="c",
            plan_type=PlanType.PUBLIC,
            flag=True,
            anything={"a": True},
            mapping={"b": False},
        )
    )
    assert wire == {
        "number": 0,
        "share": 0.5,
        "maybeEmpty": "",
        "flag": True,
        "planType": 2,
        "since": 1767225600,
        "numbers": [1, 2],
        "texts": [],
        "part": {"number": 3},
        "parts": [{"number": 4}],
        "mapping": {"b": False},
        "anything": {"a": True},
        "class": "c",
    }
    assert wire["flag"] is True
    assert wire["mapping"]["b"] is False


def test_a_request_is_a_value() -> None:
    """Compared, hashed, printed, evolved, frozen, pickled: bulk, retry and the fake server need nothing else."""
    request = ApplyStatusRequest(plan_id="a")
    assert request == ApplyStatusRequest(plan_id="a")
    assert request != attrs.evolve(request, plan_id="b")
    assert hash(request) == hash(ApplyStatusRequest(plan_id="a"))
    assert repr(request) == "ApplyStatusRequest(plan_id='a')"
    assert pickle.loads(pickle.dumps(request)) == request
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        request.plan_id = "b"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    assert ApplyStatusRequest("a") == request, "its only required field needs no name"
    with pytest.raises(ValueError, match="plan_id must not be empty"):
        attrs.evolve(request, plan_id="")


def test_a_class_declares_a_usable_endpoint() -> None:
    """A wrong declaration fails where it is written, not in a call."""
    with pytest.raises(ValueError, match=r"NoSlash\.path must begin with '/'"):

        class NoSlash(UnionRequest[None]):  # pyright: ignore[reportUnusedClass]
            path = "x"

    with pytest.raises(ValueError, match=r"Put\.method must be 'GET' or 'POST', not 'PUT'"):

        class Put(UnionRequest[None]):  # pyright: ignore[reportUnusedClass]
            path = "/x"
            method = "PUT"

    with pytest.raises(ValueError, match=r"Kebab\.dialect must be 'camel' or 'snake', not 'kebab'"):

        class Kebab(UnionRequest[None]):  # pyright: ignore[reportUnusedClass]
            path = "/x"
            dialect = "kebab"


def test_a_class_without_a_path_is_only_a_base() -> None:
    """It may hold what several endpoints share; a request of it would go nowhere."""

    @attrs.frozen(kw_only=True)
    class Base(UnionRequest[T], Generic[T]):
        shop: str

    @attrs.frozen(kw_only=True)
    class Shop(Base[ApplyStatus]):
        path = "/shop"

    with pytest.raises(TypeError, match=r"Base\.path is missing"):
        Base(shop="s")
    with pytest.raises(TypeError, match="request must be a request class with a path"):
        decode(Base, {})
    assert answer_type_of(Shop) is ApplyStatus
    assert Shop(shop="s").shop == "s"


def test_the_answer_is_the_type_argument() -> None:
    """Without one, it is the body as it is."""

    @attrs.frozen(kw_only=True)
    class Plain(UnionRequest):  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
        path = "/x"

    @attrs.frozen(kw_only=True)
    class Nothing(UnionRequest[None]):
        path = "/x"

    assert answer_type_of(Plain) == dict[str, Any]
    assert answer_type_of(Nothing) is type(None)
    assert answer_type_of(PlanInfoRequest) is PlanInfo


def test_an_answer_belongs_to_its_first_request_class() -> None:
    """Somebody's own variant of an endpoint must not change how the library's answers are encoded."""

    @attrs.frozen(kw_only=True)
    class Mine(UnionRequest[PromoteProductDetail]):
        path = "/mine"
        answer_key = "mine"

    assert Mine.answer_key == "mine"
    assert request_of_answer(PromoteProductDetail) is GetPromoteProductDetailRequest
    assert request_of_answer(Part) is None


def test_a_field_that_no_request_can_hold_is_a_type_error() -> None:
    """The message names it."""

    @attrs.frozen(kw_only=True)
    class Odd(UnionRequest[None]):
        path = "/odd"
        number: int | str = 0

    with pytest.raises(TypeError, match=r"Odd\.number is declared as what no request can hold"):
        Odd()


def test_own_literals_work_as_attrs_and_cattrs_know_them() -> None:
    """A user's request may be narrower than ours."""

    @attrs.frozen(kw_only=True)
    class Sorted(UnionRequest[None]):
        path = "/sorted"
        order: Literal["asc", "desc"] = "asc"

    assert encode(Sorted(order="desc")) == {"order": "desc"}
    with pytest.raises(ValueError, match="order up not in literal"):
        Sorted(order="up")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_text_annotations_are_resolved() -> None:
    """``from __future__ import annotations`` makes all of them text."""
    assert field_types(Part) == {"number": int}
