"""Classes that users write: read whole, with every promise of attrs kept, or refused before anything is sent."""

from __future__ import annotations

import dataclasses
import decimal
import enum
import json
import pickle
import sys
import typing
from collections.abc import Collection, Iterable, MutableSequence, MutableSet
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

import attrs
import pytest

from wxunion_async._codec import check_readable, decode, encode
from wxunion_async._decoding import ModelError, Reading, read_patiently, read_quickly, unstructure
from wxunion_async._decoding.quick import quick_converter
from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.target.apply_status import ApplyStatusRequest
from wxunion_async.endpoints.target.plan_info import PlanInfoRequest
from wxunion_async.errors import DecodeError
from wxunion_async.testing import load_answer
from wxunion_async.units import Fen

T = TypeVar("T")
U = TypeVar("U")


def both(kind: Any, value: Any) -> Any:
    """Read ``value`` quickly and patiently, which must agree, and return it."""
    quick = read_quickly(kind, value, "snake")
    patient = read_patiently(kind, value, "snake", Reading(strict=True))
    assert repr(quick) == repr(patient)
    assert quick == patient
    return quick


def asking_for(answer: Any, **declared: Any) -> type[UnionRequest[Any]]:
    """Return a request class with this answer."""
    name = f"For{abs(hash(repr(answer)))}Request"
    cls = type(name, (UnionRequest,), {"path": "/x", **declared, "__orig_bases__": (UnionRequest[answer],)})
    return attrs.frozen(kw_only=True)(cls)


# ── classes of users ─────────────────────────────────────────────────────────────────────────────────────────────────


def _positive(instance: Any, attribute: Any, value: int) -> None:
    if value <= 0:
        raise ValueError(f"{attribute.name} must be positive")


def _doubled(checked: Checked) -> int:
    return checked.number * 2


def _upper(text: str) -> str:
    return text.upper()


@attrs.frozen(kw_only=True)
class Checked:
    """A validator, a converter, defaults of all kinds."""

    number: int = attrs.field(validator=_positive)
    words: list[str] = attrs.field(factory=list[str])
    upper: str = attrs.field(default="x", converter=_upper)
    _private: int = 5
    twice: int = attrs.field(default=attrs.Factory(_doubled, takes_self=True))


@attrs.frozen(slots=False)
class WithoutSlots:
    """Positional, with a ``__dict__``."""

    number: int
    text: str = "x"


@attrs.define
class Computed:
    """Mutable, with a field that is not read."""

    number: int
    square: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.square = self.number**2


@attrs.define
class OwnInit:
    """Its own ``__init__``, which must not be passed by."""

    number: int

    def __init__(self, number: int) -> None:
        self.__attrs_init__(number + 1)  # type: ignore[attr-defined]  # pyright: ignore


@attrs.define
class OwnNew:
    """Its own ``__new__``, which must not be passed by."""

    number: int

    def __new__(cls, number: int) -> typing.Self:
        if number > 5:
            raise ValueError("too much")
        return super().__new__(cls)


@attrs.frozen(cache_hash=True, unsafe_hash=True)
class CachedHash:
    """A slot more than it has fields."""

    number: int


@attrs.frozen
class Child(Checked):
    """Inherits fields."""

    more: int | None = None


@attrs.frozen
class Node:
    """Holds itself, in two ways."""

    name: str
    children: tuple[Node, ...] = ()
    parent: Node | None = None


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (Checked, {"number": 2}, Checked(number=2)),
        (Checked, {"number": 2, "words": ["a"], "upper": "b", "Private": 1, "twice": 3}, None),
        (WithoutSlots, {"number": 1}, WithoutSlots(number=1)),
        (Computed, {"number": 3, "square": 5}, Computed(3)),
        (OwnInit, {"number": 3}, OwnInit(3)),
        (OwnNew, {"number": 3}, OwnNew(3)),
        (CachedHash, {"number": 3}, CachedHash(3)),
        (Child, {"number": 2, "more": 1}, Child(number=2, more=1)),
        (Node, {"name": "a", "children": [{"name": "b"}]}, Node("a", (Node("b"),))),
        (list[Node], [{"name": "a", "parent": {"name": "b"}}], [Node("a", parent=Node("b"))]),
        (dict[str, int], {"a": "1"}, {"a": 1}),
        (tuple[Any, ...], [1, None], (1, None)),
    ],
)
def test_classes_of_users_are_read(kind: Any, value: Any, wanted: Any) -> None:
    """Whatever attrs can build; ``__init__`` runs wherever it does more than set fields."""
    found = both(kind, value)
    if wanted is not None:
        assert found == wanted
        assert repr(found) == repr(wanted)


def test_factories_make_a_new_value_each_time() -> None:
    """A list shared by all answers would be a trap."""

    @attrs.frozen
    class Listed:
        texts: list = attrs.field(factory=list)  # type: ignore[type-arg]  # pyright: ignore

    first, second = (read_quickly(Listed, {}, "snake") for _ in range(2))
    assert first.texts == []
    assert first.texts is not second.texts


def test_models_pickle_and_hold_no_weak_references() -> None:
    """They cross processes, and there are many of them."""
    answer = decode(PlanInfoRequest, load_answer("target/plan_info"))
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert not hasattr(answer, "__dict__")
    assert not hasattr(answer, "__weakref__")
    assert hash(decode(ApplyStatusRequest, load_answer("target/apply_status")))


@pytest.mark.parametrize("reader", ["quick", "patient"])
def test_a_frozen_answer_stays_frozen(reader: str) -> None:
    """However it was built."""
    answer: Any = (
        read_quickly(Node, {"name": "a"}, "snake")
        if reader == "quick"
        else read_patiently(Node, {"name": "a"}, "snake", Reading())
    )
    assert type(answer) is Node
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(answer, "name", "b")  # noqa: B010


@pytest.mark.parametrize(
    ("kind", "value", "path", "message"),
    [
        (Checked, {"number": -1}, "", "was refused with ValueError"),
        (OwnNew, {"number": 6}, "", "was refused with ValueError"),
        (list[Checked], [{"number": 1}, {"number": -1}], "[1]", "was refused with ValueError"),
        (Checked, {}, "number", "a required value is missing"),
        (Node, {"name": None}, "name", "a required value is missing"),
        (Node, {"name": []}, "name", "a JSON array is of the wrong kind"),
        (Node, [], "", "a JSON array is of the wrong kind"),
        (WithoutSlots, 5, "", "a JSON number is of the wrong kind"),
        (Computed, [], "", "a JSON array is of the wrong kind"),
        (list[int], [1, "x"], "[1]", "a JSON string is of the wrong kind"),
        (dict[str, int], [], "", "a JSON array is of the wrong kind"),
        (dict[str, int], {"a": "x"}, "a", "a JSON string is of the wrong kind"),
    ],
)
def test_what_a_class_refuses_is_a_decode_error(kind: Any, value: Any, path: str, message: str) -> None:
    """A validator may raise what it likes; a caller catches one tree."""
    with pytest.raises(Exception, match=r".*"):
        read_quickly(kind, value, "snake")
    with pytest.raises(DecodeError, match=message) as caught:
        read_patiently(kind, value, "snake", Reading())
    assert caught.value.path == path


@attrs.frozen
class Endless:
    """Never ends."""

    number: int

    def __attrs_post_init__(self) -> None:
        Endless(self.number)


def test_a_class_that_never_ends_is_a_decode_error() -> None:
    """It is not mistaken for drift: what is too deep must not be cut off without a word."""
    with pytest.raises(DecodeError, match="a: is nested too deeply") as caught:
        read_patiently(Endless | None, {"number": 1}, "snake", Reading(), "a")
    assert caught.value.path == "a"


@attrs.frozen
class Holder:
    """Optional values of a class that refuses."""

    checked: Checked | None = None
    node: Node | None = None


def test_a_refused_optional_value_is_drift() -> None:
    """Only what is required may fail the answer; what is missing inside is required there."""
    reading = Reading()
    assert read_patiently(Holder, {"checked": {"number": -1}}, "snake", reading) == Holder()
    assert reading.drift == [("checked", "object")]
    with pytest.raises(DecodeError, match=r"checked\.number: a required value is missing"):
        read_patiently(Holder, {"checked": {}}, "snake", Reading())


@attrs.frozen
class Unresolvable:
    """An annotation that names nothing."""

    number: Missing  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore


@attrs.frozen
class Open(Generic[T]):
    """A class that is not finished."""

    item: T


@pytest.mark.parametrize("kind", [Unresolvable, Open, list[Unresolvable], typing.ForwardRef("X")])
def test_a_class_that_cannot_be_read_is_a_type_error(kind: Any) -> None:
    """It is the caller's mistake and no fault of an answer, so it must not pass for drift."""
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot be decoded"):
            read_patiently(kind, {}, "snake", Reading())


def test_a_class_that_holds_what_cannot_be_read_is_a_type_error() -> None:
    """Found when the class is first used, whatever the answer holds."""

    @attrs.frozen
    class Outer:
        inner: Unresolvable | None = None

    Outer.__annotations__["inner"] = Unresolvable | None
    with pytest.raises(TypeError, match="Unresolvable cannot be decoded"):
        read_patiently(Outer, {}, "snake", Reading())


# ── generic classes ──────────────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen
class Item:
    """What a page holds."""

    product_id: int
    title: str | None = None


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """Some of whatever is asked for."""

    items: tuple[T, ...] = ()
    first: T | None = None
    by_name: dict[str, T] | None = None
    next_key: str | None = None


@attrs.frozen(kw_only=True)
class PageOfItems(Page[Item]):
    """Fills in the argument when it inherits."""

    total: int | None = None


@attrs.frozen(kw_only=True)
class Nested(Page[list[T]], Generic[T, U]):
    """Gives another meaning to the variable of its base."""

    other: T | None = None
    more: Page[U] | None = None


def test_a_generic_answer_is_read_with_its_arguments() -> None:
    """One page class serves many calls; ``UnionRequest[Page[Item]]`` says what the items are."""
    body = {"items": [{"product_id": "1"}], "first": {"product_id": 2}, "by_name": {"a": {"product_id": 3}}}
    wanted: dict[str, Any] = {"items": (Item(1),), "first": Item(2), "by_name": {"a": Item(3)}}
    assert both(Page[Item], body) == Page(**wanted)
    assert both(PageOfItems, {**body, "total": "9"}) == PageOfItems(**wanted, total=9)
    assert both(Page[int], {"items": ["1", 2]}) == Page(items=(1, 2))
    assert decode(asking_for(Page[Item]), json.dumps(body).encode()) == Page(**wanted)
    assert type(read_quickly(Page[Item], body, "snake")) is Page


@attrs.frozen(kw_only=True)
class PageRequest(UnionRequest[Page[Item]]):
    """Asks for a page."""

    path = "/page"


def test_a_generic_answer_comes_back() -> None:
    """``encode`` finds the request class by the class of the page."""
    answer: Page[Item] = Page(items=(Item(1, "x"),), first=Item(2), next_key="k")
    assert decode(PageRequest, encode(answer)) == answer


def test_the_variables_of_a_base_are_not_those_of_its_child() -> None:
    """They often have the same name."""
    answer = both(Nested[int, str], {"items": [["1"]], "other": "2", "more": {"items": [3], "first": "4"}})
    assert answer == Nested(items=([1],), other=2, more=Page(items=("3",), first="4"))


def test_a_generic_answer_is_written_by_what_it_holds() -> None:
    """The instance does not know its arguments."""
    answer: Page[Any] = Page(items=(Item(1), True, Kind.A), first=datetime(1970, 1, 2, tzinfo=UTC))
    assert unstructure(answer, "snake") == {"items": [{"product_id": 1}, 1, "a"], "first": 86400}


# ── declared subclasses, enumerations, and other spellings of a type ─────────────────────────────────────────────────


class Kind(enum.StrEnum):
    """Texts that a service knows."""

    A = "a"


class Text(str):
    """A text of its own."""

    __slots__ = ()


class Money(int):
    """An int of its own."""


class Share(float):
    """A float of its own."""


class Level(enum.IntEnum):
    """Takes no number that it does not list."""

    LOW = 0
    HIGH = 1


class Plain(enum.Enum):
    """An enumeration whose members are no texts."""

    ONE = 1
    TWO = 2


class Mixed(str, enum.Enum):  # noqa: UP042 - the older spelling, whose str() is another
    """An enumeration as it was written before Python 3.11."""

    A = "a"


@attrs.frozen
class Special:
    """A field of each."""

    kind: Kind | None = None
    text: Text | None = None
    money: Money | None = None
    share: Share | None = None
    level: Level | None = None
    plain: Plain | None = None
    mixed: Mixed | None = None
    prices: tuple[Fen | None, ...] = ()
    noted: typing.Annotated[int, "a note"] | None = None
    word: Literal["a", 1] | None = None


@pytest.mark.parametrize(
    ("field", "found", "value", "wire"),
    [
        ("kind", "a", Kind.A, "a"),
        ("text", "x", Text("x"), "x"),
        ("text", 5, Text("5"), "5"),
        ("money", 5, Money(5), 5),
        ("money", "5", Money(5), 5),
        ("share", 0.5, Share(0.5), 0.5),
        ("level", "1", Level.HIGH, 1),
        ("level", 0.0, Level.LOW, 0),
        ("plain", 2, Plain.TWO, 2),
        ("mixed", "a", Mixed.A, "a"),
        ("prices", ["5", None, 6], (5, None, 6), [5, None, 6]),
        ("noted", "7", 7, 7),
        ("word", "a", "a", "a"),
        ("word", 1, 1, 1),
    ],
)
def test_a_declared_class_is_what_is_read(field: str, found: object, value: object, wire: object) -> None:
    """A plain text where a member is declared passes every test but ``is``, and fails in production."""
    answer = both(Special, {field: found})
    assert getattr(answer, field) == value
    assert type(getattr(answer, field)) is type(value)
    written = unstructure(answer, "snake")
    assert written == {field: wire}
    assert type(written[field]) is type(wire)
    assert both(Special, written) == answer


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("kind", "zz"),
        ("level", 2),
        ("plain", "1"),
        ("plain", True),
        ("mixed", "zz"),
        ("word", True),
        ("word", "1"),
        ("word", 1.0),
        ("money", 1.5),
        ("share", "0.5"),
    ],
)
def test_what_a_declared_class_does_not_know_is_absent(field: str, found: object) -> None:
    """Never the class below it."""
    with pytest.raises(Exception, match=r".*"):
        read_quickly(Special, {field: found}, "snake")
    reading = Reading()
    assert read_patiently(Special, {field: found}, "snake", reading) == Special()
    assert [path for path, _ in reading.drift] == [field]


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (Iterable[int], (1, 2)),
        (Collection[int], (1, 2)),
        (MutableSequence[int], [1, 2]),
        (set[int], {1, 2}),
        (MutableSet[int], {1, 2}),
        (frozenset[int], frozenset({1, 2})),
        (AbstractSet[int], frozenset({1, 2})),
        (typing.Sequence[int], (1, 2)),
        (list, [1, 2]),
    ],
)
def test_every_spelling_of_a_list_is_read(kind: Any, made: Any) -> None:
    """An abstract type gets what fulfils it."""
    found = both(kind, [1, 2])
    assert found == made
    assert isinstance(found, made.__class__)


def test_a_set_of_what_has_no_hash_is_a_decode_error() -> None:
    """It is found out only when the set is made."""
    items: list[Any] = [{}]
    with pytest.raises(DecodeError, match="was refused with TypeError"):
        read_patiently(set[Any], items, "snake", Reading())


def test_a_named_type_is_what_it_names() -> None:
    """``type Price = int`` (Python 3.12) is another word for it, as a NewType is."""
    price: Any = Fen
    if sys.version_info >= (3, 12):
        price = typing.TypeAliasType("price", Fen)
    assert both(attrs.make_class("Offer", {"price": attrs.field(type=int)}), {"price": "5"}).price == 5
    assert both(list[price], ["5"]) == [5]
    assert both(dict[str, price], {"a": 5.0}) == {"a": 5}


# ── lists are never required ─────────────────────────────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Lists:
    """Lists without a default."""

    ids: tuple[int, ...]
    words: list[str]
    distinct: set[str] = attrs.field(validator=attrs.validators.instance_of(set))


@attrs.frozen(kw_only=True)
class PlainLists:
    """The same without a validator."""

    ids: tuple[int, ...]
    words: list[str]


@pytest.mark.parametrize("kind", [Lists, PlainLists])
def test_a_list_without_a_default_may_be_absent(kind: Any) -> None:
    """Services say "nothing found" by an empty list, by null, or by nothing."""
    absent = both(kind, {})
    assert absent == both(kind, {"ids": None, "words": None, "distinct": None})
    assert absent == both(kind, {"ids": [], "words": [], "distinct": []})
    assert (absent.ids, absent.words) == ((), [])
    assert both(kind, {}).words is not absent.words
    reading = Reading()
    assert read_patiently(kind, {"ids": "12", "words": {}}, "snake", reading) == absent
    assert reading.drift == [("ids", "string"), ("words", "object")]


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────────────────────────


class Pair(NamedTuple):
    """A tuple of its own."""

    x: int


class Typed(TypedDict):
    """A dict of its own."""

    x: int


@dataclasses.dataclass
class Data:
    """A class of another kind."""

    x: int


class Moment(datetime):
    """A datetime of its own."""


class Words(list[str]):
    """A list of its own."""


class Odd(enum.Enum):
    """A member that JSON cannot say."""

    ONE = 1
    BYTES = b"x"


@pytest.mark.parametrize(
    "kind",
    [
        Pair,
        Typed,
        Data,
        Moment,
        Words,
        Odd,
        date,
        bytes,
        decimal.Decimal,
        tuple[int, str],
        dict[bytes, int],
        dict[tuple[int, ...], int],
        Literal["a", 1.5, b"x"],
        T,
        Page,
        Page[bytes],
        object(),
        int | bytes,
    ],
)
def test_what_is_of_no_json_kind_is_refused_with_its_field(kind: Any) -> None:
    """Before anything is sent: after a write took effect it would be too late."""
    holder = attrs.frozen(type("Holder", (), {"__annotations__": {"held": list[kind] | None}, "held": None}))
    with pytest.raises(ModelError, match=r"(Holder\.held|Page\.items|Pair) cannot be decoded|Holder cannot be decoded"):
        check_readable(asking_for(holder))
    with pytest.raises(TypeError, match="cannot be decoded"):
        check_readable(asking_for(kind, answer_key="x"))


def test_a_class_in_a_function_is_named_when_its_annotations_cannot_be_resolved() -> None:
    """With ``from __future__ import annotations`` nobody outside of the function knows what they mean."""

    @attrs.frozen
    class Inner:
        a: int

    @attrs.frozen
    class Outer:
        inner: Inner

    with pytest.raises(TypeError, match=r"Outer cannot be decoded: name 'Inner' is not defined"):
        check_readable(asking_for(Outer))


def test_a_class_that_can_be_read_is_made_ready_once() -> None:
    """The client asks before each call; only the first one costs anything."""
    request = asking_for(Page[Item])
    check_readable(request)
    hook = quick_converter("snake").get_structure_hook(Page[Item])
    check_readable(request)
    assert quick_converter("snake").get_structure_hook(Page[Item]) is hook


def wide(levels: int) -> Any:
    """Return a class of ``2 ** levels`` fields, through classes that each hold two of the next."""
    kind: Any = int
    for level in range(levels):
        kind = attrs.frozen(
            type(f"Level{level}", (), {"__annotations__": {"a": kind | None, "b": kind | None}, "a": None, "b": None})
        )
    return kind


def test_what_is_read_in_place_is_bounded() -> None:
    """Classes that each hold two of the next would make a function of any size; and depth, one that does not compile."""
    body: Any = 5
    for _ in range(12):
        body = {"a": body}
    kind = wide(12)
    answer = both(kind, body)
    for _ in range(12):
        answer = answer.a
    assert answer == 5
