"""What must hold between the fields of a request: declared above the class, checked when built, readable by tools."""

from typing import Any

import attrs
import pytest

from wxunion_async._endpoint import (
    RequestPart,
    UnionRequest,
    among,
    at_most_one,
    in_order,
    must,
    needs,
    one_of,
    rules_of,
    within,
)
from wxunion_async.enums import PlanType


@in_order("start", "end")
@attrs.frozen(kw_only=True)
class Span(RequestPart):
    start: int | None = None
    end: int | None = None


@one_of("appid", "openid")
@one_of("created", "updated", unless="order_id")
@at_most_one("keyword", "names")
@needs("product_id", "shop", "keyword")
@needs("plan_type", "supplier", when=(PlanType.AGENCY_TARGETED, 4))
@within("size", 1, 20)
@within("names", 1, 2)
@within("keyword", 1, 3)
@among("plan_type", 1, 3, 4)
@must("page must be odd", lambda of: of("page") % 2 == 1, "page")
@attrs.frozen(kw_only=True)
class Search(UnionRequest[None]):
    path = "/search"

    appid: str | None = None
    openid: str | None = None
    created: Span | None = None
    updated: Span | None = None
    order_id: str | None = None
    keyword: str | None = None
    names: tuple[str, ...] = ()
    product_id: int | None = None
    product_ids: tuple[int, ...] = ()
    shop: str = ""
    plan_type: PlanType | None = None
    supplier: str | None = None
    size: int | None = None
    page: int | None = None


RIGHT: dict[str, Any] = {"appid": "a", "order_id": "o"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"order_id": None, "created": Span()},
        {"order_id": None, "updated": {"start": 1, "end": 1}},
        {"updated": Span()},
        {"product_id": 1, "shop": "s", "keyword": "k"},
        {"plan_type": 1},
        {"plan_type": 3, "supplier": "s"},
        {"size": 1, "names": ("a", "b")},
        {"size": 20, "keyword": "abc"},
        {"page": 1, "product_ids": (0,)},
    ],
)
def test_what_keeps_the_rules_is_built(given: dict[str, Any]) -> None:
    """Ends belong to a range, and what is absent breaks nothing."""
    assert Search(**RIGHT | given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"appid": None}, "appid, openid: exactly one must be given, not none"),
        ({"openid": "o"}, "appid, openid: exactly one must be given, not appid, openid"),
        ({"order_id": None}, "created, updated: exactly one must be given, not none"),
        ({"created": Span(), "updated": Span()}, "created, updated: exactly one must be given, not created, updated"),
        ({"keyword": "k", "names": ["n"]}, "keyword, names: at most one may be given, not keyword, names"),
        ({"product_id": 1, "keyword": "k"}, "shop is missing: product_id needs it"),
        ({"product_id": 1, "shop": "s"}, "keyword is missing: product_id needs it"),
        ({"plan_type": 3}, "supplier is missing: plan_type 3 needs it"),
        ({"plan_type": "4"}, "supplier is missing: plan_type 4 needs it"),
        ({"plan_type": 2}, "plan_type must be 1 or 3 or 4, not 2"),
        ({"size": 0}, "size must be in 1 … 20, not 0"),
        ({"size": "21"}, "size must be in 1 … 20, not 21"),
        ({"names": ("a", "b", "c")}, "names must have 1 … 2 entries, not 3"),
        ({"keyword": "abcd"}, "keyword must have 1 … 3 characters, not 4"),
        ({"page": 2}, "page must be odd, not 2"),
        ({"product_ids": (1, -1)}, "product_ids must not be negative, not -1"),
        ({"created": {"start": 2, "end": 1}}, r"created start must not be above end \(1\), not 2"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(given: dict[str, Any], message: str) -> None:
    """Before any I/O, and it says which fields it was."""
    with pytest.raises(ValueError, match=message):
        Search(**RIGHT | given)


def test_a_list_that_is_required_must_have_entries() -> None:
    """One that may be left out may be empty: that is how it is left out."""

    @within("ids", 1, 2)
    @attrs.frozen(kw_only=True)
    class Orders(UnionRequest[None]):
        path = "/orders"
        ids: tuple[str, ...]

    @within("name", 1, 20)
    @attrs.frozen(kw_only=True)
    class Named(UnionRequest[None]):
        path = "/named"
        name: str | None

    assert Named(name=None).name is None
    with pytest.raises(ValueError, match="name must have 1 … 20 characters, not 21"):
        Named(name="x" * 21)
    with pytest.raises(ValueError, match="ids must have 1 … 2 entries, not 0"):
        Orders(ids=())
    with pytest.raises(TypeError, match="Orders has no field id; @within stands above"):
        within("id", 1, 2)(Orders)


def test_rules_can_be_read() -> None:
    """``--help`` and the documentation show what they demand, in the order of the declaration."""
    assert [(rule.kind, rule.text) for rule in rules_of(Search)] == [
        ("one_of", "Exactly one of appid, openid."),
        ("one_of", "Exactly one of created, updated, unless order_id is given."),
        ("at_most_one", "At most one of keyword, names."),
        ("needs", "product_id needs shop, keyword."),
        ("needs", "plan_type 3 or 4 needs supplier."),
        ("within", "size is in 1 … 20."),
        ("within", "names is in 1 … 2."),
        ("within", "keyword is in 1 … 3."),
        ("among", "plan_type is 1 or 3 or 4."),
        ("must", "page must be odd."),
        ("not_negative", "product_id is not negative."),
        ("not_negative", "product_ids is not negative."),
    ]
    assert [rule.values for rule in rules_of(Search) if rule.kind in ("within", "among")][-2:] == [(1, 3), (1, 3, 4)]
    assert [rule.text for rule in rules_of(Span)] == ["start is not above end."]


def test_a_rule_judges_a_body_too() -> None:
    """The fake server has no request, but names and values."""
    first, nothing = rules_of(Search)[0], dict[str, Any]()
    assert first.problem({**nothing, "appid": "a"}.get) is None
    assert first.problem(nothing.get) == "appid, openid: exactly one must be given, not none"


def test_rules_are_inherited() -> None:
    """A subclass adds to them."""

    @within("size", 5, 10)
    @at_most_one("shop", "product_ids")
    @attrs.frozen(kw_only=True)
    class Narrow(Search):
        path = "/narrow"

    assert len(rules_of(Narrow)) == len(rules_of(Search)) + 2
    with pytest.raises(ValueError, match="size must be in 5 … 10, not 4"):
        Narrow(**RIGHT, size=4)
    with pytest.raises(ValueError, match="shop, product_ids: at most one may be given, not shop, product_ids"):
        Narrow(**RIGHT, shop="s", product_ids=(1,))


def test_a_rule_about_no_field_is_refused_when_defined() -> None:
    """A misspelt name would never be missed; and below attrs the fields are not known yet."""
    with pytest.raises(TypeError, match="Span has no field begin; @needs stands above"):
        needs("start", "begin")(Span)
    with pytest.raises(TypeError, match="Plain has no field start; @in_order stands above"):

        @in_order("start", "end")
        class Plain:  # pyright: ignore[reportUnusedClass]
            start: int
            end: int
