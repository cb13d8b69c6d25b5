"""A request is a value: what it takes, what it refuses, and what its class declares."""

import copy
import enum
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxunion_async._codec import decode, encode
from wxunion_async._endpoint import (
    JOINED,
    RequestPart,
    UnionRequest,
    answer_type_of,
    errcodes,
    field_types,
    request_of_answer,
)
from wxunion_async._values import as_int
from wxunion_async.endpoints.promoter.get_promote_product_detail import (
    GetPromoteProductDetailRequest,
    PromoteProductDetail,
)
from wxunion_async.endpoints.target.apply_status import ApplyStatus, ApplyStatusRequest
from wxunion_async.endpoints.target.plan_info import PlanInfo, PlanInfoRequest
from wxunion_async.enums import PlanType
from wxunion_async.errors import AlreadyAppliedError, ApiError, InvalidParameterError
from wxunion_async.units import Fen

T = TypeVar("T")


class Index:
    """An integer of another library, such as numpy's."""

    def __index__(self) -> int:
        return 12


class Text(str):
    """A text of another library, such as numpy's."""


class Kind(enum.StrEnum):
    A = "a"


class Money(int):
    pass


class Instant(datetime):
    pass


class Pair(NamedTuple):
    number: int


def nested(depth: int) -> list[Any]:
    """Return lists in lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


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
    counts: dict[str, int] | None = None
    anything: Any = None
    class_: str | None = None
    kind: Kind | None = None
    money: Money | None = None
    moment: Instant | None = None
    pair: Pair | None = None
    joined: tuple[str, ...] = attrs.field(default=(), metadata=JOINED)
    product_id: int | None = None
    product_ids: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("field", "given", "taken"),
    [
        ("number", "12", 12),
        ("number", "-12", -12),
        ("number", PlanType.PUBLIC, 2),
        ("number", Index(), 12),
        ("price", "5", 5),
        ("share", 1, 1.0),
        ("text", Text("x"), "x"),
        ("text", Kind.A, "a"),
        ("text", "猫", "猫"),
        ("flag", True, True),
        ("maybe_empty", "", ""),
        ("plan_type", 3, PlanType.AGENCY_TARGETED),
        ("plan_type", "3", PlanType.AGENCY_TARGETED),
        ("since", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("since", 1767225600, datetime(2026, 1, 1, tzinfo=UTC)),
        ("since", Index(), datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC)),
        ("since", Instant(2026, 1, 1, tzinfo=UTC), Instant(2026, 1, 1, tzinfo=UTC)),
        ("numbers", ["1", 2, Index()], (1, 2, 12)),
        ("texts", ("a",), ["a"]),
        ("part", {"number": "1"}, Part(number=1)),
        ("parts", [{"number": 1}, Part(number=2)], (Part(number=1), Part(number=2))),
        ("mapping", {"a": [1]}, {"a": [1]}),
        ("other", {"a": 1}, {"a": 1}),
        ("counts", {"a": "1"}, {"a": 1}),
        ("anything", [None, 1.5], [None, 1.5]),
        ("anything", (True, Index(), {"a": Kind.A}), (True, 12, {"a": "a"})),
        ("kind", "a", Kind.A),
        ("kind", Kind.A, Kind.A),
        ("money", "5", Money(5)),
        ("money", Money(5), Money(5)),
        ("moment", Instant(2026, 1, 1, tzinfo=UTC), Instant(2026, 1, 1, tzinfo=UTC)),
        ("pair", ["1"], Pair(1)),
        ("joined", ["a", "b"], ("a", "b")),
        ("product_ids", ("0", 1), (0, 1)),
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
        ("mapping", {1: 1}, TypeError, "mapping must have keys of text"),
        ("mapping", {"a": "\ud800"}, ValueError, "mapping holds a lone surrogate"),
        ("mapping", {"\ud800": 1}, ValueError, "mapping holds a lone surrogate"),
        ("mapping", {"a": [float("nan")]}, ValueError, "mapping must be finite, not nan"),
        ("counts", {"a": 1.5}, TypeError, "counts must be an int"),
        ("share", float("nan"), ValueError, "share must be finite, not nan"),
        ("share", float("-inf"), ValueError, "share must be finite, not -inf"),
        ("share", 10**400, ValueError, "share int too large"),
        ("anything", datetime(2026, 1, 1), TypeError, "anything must be a JSON value, not datetime"),
        ("anything", nested(100_000), ValueError, "anything is nested too deeply"),
        ("kind", "zz", ValueError, "kind 'zz' is not a valid Kind"),
        ("kind", 5, TypeError, "kind must be a str, not int"),
        ("money", True, TypeError, "money must be an int"),
        ("moment", datetime(2026, 1, 1, tzinfo=UTC), TypeError, "moment must be a Instant, not datetime"),
        ("moment", 5, TypeError, "moment must be a Instant, not int"),
        ("texts", ["a", ""], ValueError, "texts must not hold an empty text"),
        ("joined", ["a,b"], ValueError, "joined must have no ',' in an item"),
        ("product_id", -1, ValueError, "product_id must not be negative, not -1"),
        ("product_id", "-1", ValueError, "product_id must not be negative, not -1"),
        ("product_ids", (1, -2), ValueError, "product_ids must not be negative, not -2"),
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


@pytest.mark.parametrize("path", ["/a?b=1", "/a#b", "/a b", "//host/a", "/ä", "/a\n"])
def test_a_path_that_is_more_than_a_path_is_refused(path: str) -> None:
    """A query or a fragment in it would be cut off or swallow the token; it is refused where it is written."""
    with pytest.raises(ValueError, match=r"Odd\.path must be a plain URL path"):
        type("Odd", (UnionRequest,), {"path": path})
    with pytest.raises(ValueError, match=r"Odd\.path must begin with '/'"):
        type("Odd", (UnionRequest,), {"path": None})


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
    with pytest.raises(TypeError, match=r"UnionRequest\.path is missing"):
        UnionRequest()
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


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """A user's page of anything."""

    items: tuple[T, ...] = ()


@attrs.frozen(kw_only=True)
class ListRequest(UnionRequest[Page[T]], Generic[T]):
    """A user's base of several lists."""


@attrs.frozen(kw_only=True)
class StatusList(ListRequest[ApplyStatus]):
    path = "/statuses"


@attrs.frozen(kw_only=True)
class QuotedList(ListRequest["Later"]):
    path = "/later"


@attrs.frozen(kw_only=True)
class Later:
    """Defined below its request."""

    number: int


def test_type_arguments_are_filled_in() -> None:
    """The answer of a subclass is what its base makes of the argument, quoted or not."""
    assert answer_type_of(StatusList) == Page[ApplyStatus]
    assert answer_type_of(QuotedList) == Page[Later]
    assert answer_type_of(ListRequest) == Page[T]  # type: ignore[valid-type]
    assert request_of_answer(Page) in (StatusList, QuotedList, ListRequest)
    assert copy.deepcopy(StatusList()) == pickle.loads(pickle.dumps(StatusList())) == StatusList()


def test_a_class_in_a_function_cannot_be_quoted() -> None:
    """Its name is nowhere to be found; the error says so, and comes before any I/O."""

    @attrs.frozen(kw_only=True)
    class Inner:
        number: int

    @attrs.frozen(kw_only=True)
    class Quoting(UnionRequest["Inner"]):
        path = "/inner"

    @attrs.frozen(kw_only=True)
    class Field(UnionRequest[None]):
        path = "/inner"
        inner: "Inner | None" = None

    with pytest.raises(
        TypeError, match=r"Quoting: its answer cannot be found: name 'Inner' is not defined in .*inside"
    ):
        Quoting()
    with pytest.raises(TypeError, match="its answer cannot be found"):
        decode(Quoting, {})
    with pytest.raises(TypeError, match=r"Field: name 'Inner' is not defined in .*inside a function"):
        Field()
    assert request_of_answer(Inner) is None, "a class that cannot be used is passed over"


def test_an_answer_belongs_to_the_request_of_its_own_module() -> None:
    """Somebody's own variant of an endpoint must not change how the library's answers are encoded."""

    @attrs.frozen(kw_only=True)
    class Mine(UnionRequest[PromoteProductDetail]):
        path = "/mine"
        answer_key = "mine"

    assert Mine.answer_key == "mine"
    assert request_of_answer(PromoteProductDetail) is GetPromoteProductDetailRequest
    assert request_of_answer(Part) is None
    assert request_of_answer(list) is None


def test_errcodes_are_declared_by_number() -> None:
    """Each has the class that it has on every path; one may say that a write was done before."""

    @errcodes(10024000, 99, 202004, done=202004)
    @attrs.frozen(kw_only=True)
    class Write(UnionRequest[None]):
        path = "/write"

    assert Write.errcodes == {10024000: InvalidParameterError, 99: ApiError, 202004: AlreadyAppliedError}
    assert Write.done_errcode == 202004
    assert UnionRequest.done_errcode is None


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


@attrs.frozen(kw_only=True, weakref_slot=False)
class Glances(UnionRequest[None]):
    """Fields of the kinds that pass at a glance."""

    path = "/glances"
    text: str
    number: int
    plan_type: PlanType
    flag: bool
    since: datetime
    part: Part
    optional: str | None = None


@attrs.frozen(kw_only=True)
class Span(RequestPart, Generic[T]):
    """A part of anything."""

    first: Any = None


@attrs.frozen(kw_only=True)
class Spanning(UnionRequest[None]):
    path = "/spanning"
    span: Span[int] | None = None
    product_id: int = 0


class Plain(Spanning):
    """Without the decorator: the fields of its base, under another path."""

    path = "/plain"


def test_a_generic_part_and_a_plain_subclass_work() -> None:
    """What Python allows in a class statement must not fail in a call."""
    assert Plain(span={"first": 1}).span == Span(first=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert Plain(span=Span(first=1)).path == "/plain"
    with pytest.raises(ValueError, match="product_id must not be negative, not -1"):
        Plain(product_id=-1)


def test_what_is_right_is_kept_as_it_is() -> None:
    """No conversion, no copy: most requests are built by code that gives what the types say."""
    given: dict[str, Any] = {
        "text": "t",
        "number": 2**70,
        "plan_type": PlanType.PUBLIC,
        "flag": False,
        "since": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        "part": Part(number=1),
        "optional": None,
    }
    built = Glances(**given)
    assert all(getattr(built, name) is value for name, value in given.items())
    given["number"] = "5"
    assert Glances(**given).number == 5


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("text", ""),
        ("text", None),
        ("number", True),
        ("plan_type", PlanType(9)),
        ("flag", 0),
        ("since", datetime(2026, 1, 1)),
        ("part", None),
        ("optional", ""),
    ],
)
def test_what_is_wrong_does_not_pass_at_a_glance(field: str, wrong: object) -> None:
    """The quick look and the careful one have to agree."""
    given: dict[str, Any] = {
        "text": "t",
        "number": 1,
        "plan_type": 2,
        "flag": False,
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "part": Part(number=1),
        field: wrong,
    }
    with pytest.raises((TypeError, ValueError), match=field):
        Glances(**given)


def test_init_has_real_annotations() -> None:
    """A tool that builds a form or a command from a class reads them; attrs leaves them as text."""
    field_types(PlanInfoRequest)
    field_types(GetPromoteProductDetailRequest)
    assert PlanInfoRequest.__init__.__annotations__ == {"plan_invitation_url": str, "return": None}
    assert GetPromoteProductDetailRequest.__init__.__annotations__["plan_type"] is PlanType


def test_an_index_that_raises_is_no_integer() -> None:
    """Numpy's arrays have ``__index__`` and refuse; that is a TypeError that names the field, not theirs."""

    class Array:
        def __index__(self) -> int:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")

    assert as_int(Array()) is None
