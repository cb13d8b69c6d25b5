"""
What must hold between the fields of a request, declared above its class.

Each rule is checked when a value is built, and can be read: ``--help``, the documentation and the fake server know it.

    @one_of("sharer_appid", "sharer_openid")
    @needs("product_id", "shop_appid")
    @within("page_size", 1, 20)
    @attrs.frozen(kw_only=True, weakref_slot=False)
    class SomeRequest(UnionRequest["Some"]): ...
"""

import typing
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import attrs

from wxunion_async._endpoint.fields import cached, check_fields, field_types
from wxunion_async.units import Fen, Per1M, Per10k, Per100k

__all__ = ["Rule", "among", "at_most_one", "in_order", "must", "needs", "one_of", "rules_of", "within"]

C = TypeVar("C", bound=type[Any])
ValueOf = Callable[[str], Any]
"""Gives the value of a field by its name: ``None`` where it is absent."""

_INTS = (int, Fen, Per10k, Per100k, Per1M)


class Rule(NamedTuple):
    """One condition on the fields of a request."""

    kind: str
    """The name of the decorator that declared it; ``"not_negative"`` for what every integer id obeys."""
    fields: tuple[str, ...]
    """The fields that it is about."""
    text: str
    """What it demands, in plain words that name the fields."""
    problem: Callable[[ValueOf], str | None]
    """Says what is wrong with the values, beginning with a field's name; ``None`` if nothing is."""
    values: tuple[Any, ...] = ()
    """What ``within`` allows (lowest, highest), what ``among`` lists, when ``needs`` holds (always, if empty)."""


@cached
def rules_of(cls: type) -> tuple[Rule, ...]:
    """Return the rules of a request class or part, in the order in which they are declared."""
    ids = [
        _not_negative(name)
        for name, kind in field_types(cls).items()
        if name.endswith(("_id", "_ids")) and any(arm in _INTS for arm in _arms(kind))
    ]
    return (*declared_rules(cls), *ids)


def _arms(kind: Any) -> list[Any]:
    """Return the plain types that a type is made of: ``int`` and ``None`` for ``tuple[int, ...] | None``."""
    args = typing.get_args(kind)
    return [arm for inner in args for arm in _arms(inner)] if args else [kind]


def declared_rules(cls: type[Any]) -> tuple[Rule, ...]:
    """Return what is declared above a class and its bases."""
    return cls.field_rules  # type: ignore[no-any-return]


def _is_given(value: object) -> bool:
    return value is not None and value != "" and value != () and value != []


def _declare(rule: Rule) -> Callable[[C], C]:
    def declare(cls: C) -> C:
        check_fields(cls, rule.fields, f"@{rule.kind}")
        cls.field_rules = (rule, *declared_rules(cls))
        return cls

    return declare


def _names(fields: tuple[str, ...]) -> str:
    return ", ".join(fields)


def one_of(*fields: str, unless: str | None = None) -> Callable[[C], C]:
    """Demand exactly one of ``fields``; none of them where ``unless`` is given is right, too."""

    def problem(value_of: ValueOf) -> str | None:
        given = tuple(name for name in fields if _is_given(value_of(name)))
        if len(given) == 1 or (not given and unless is not None and _is_given(value_of(unless))):
            return None
        return f"{_names(fields)}: exactly one must be given, not {_names(given) or 'none'}"

    text = f"Exactly one of {_names(fields)}" + (f", unless {unless} is given." if unless else ".")
    about = fields if unless is None else (*fields, unless)
    return _declare(Rule(kind="one_of", fields=about, text=text, problem=problem))


def at_most_one(*fields: str) -> Callable[[C], C]:
    """Demand that no two of ``fields`` are given."""

    def problem(value_of: ValueOf) -> str | None:
        given = tuple(name for name in fields if _is_given(value_of(name)))
        return f"{_names(fields)}: at most one may be given, not {_names(given)}" if len(given) > 1 else None

    return _declare(Rule(kind="at_most_one", fields=fields, text=f"At most one of {_names(fields)}.", problem=problem))


def needs(field: str, *needed: str, when: tuple[Any, ...] = ()) -> Callable[[C], C]:
    """Demand ``needed`` where ``field`` is given, or, with ``when``, where it has one of these values."""

    def problem(value_of: ValueOf) -> str | None:
        value = value_of(field)
        if value in when if when else _is_given(value):
            for name in needed:
                if not _is_given(value_of(name)):
                    return f"{name} is missing: {field} {value if when else ''}".rstrip() + " needs it"
        return None

    values = f" {' or '.join(str(value) for value in when)}" if when else ""
    text = f"{field}{values} needs {_names(needed)}."
    return _declare(Rule(kind="needs", fields=(field, *needed), values=when, text=text, problem=problem))


def within(field: str, low: int, high: int) -> Callable[[C], C]:
    """Demand a number in ``low`` … ``high``, or so many entries of a list, or characters of a text, if it is given."""

    def problem(value_of: ValueOf) -> str | None:
        value = value_of(field)
        if value is None:
            return None
        if not isinstance(value, (str, list, tuple)):
            return None if low <= value <= high else f"{field} must be in {low} … {high}, not {value}"
        what = "characters" if isinstance(value, str) else "entries"
        count = len(typing.cast("tuple[Any, ...]", value))
        return None if low <= count <= high else f"{field} must have {low} … {high} {what}, not {count}"

    def problem_if_given(value_of: ValueOf) -> str | None:
        return problem(value_of) if _is_given(value_of(field)) else None

    def declare(cls: C) -> C:
        check_fields(cls, [field], "@within")
        is_optional = attrs.fields_dict(cls)[field].default is not attrs.NOTHING
        judge = problem_if_given if is_optional else problem
        text = f"{field} is in {low} … {high}."
        return _declare(Rule(kind="within", fields=(field,), values=(low, high), text=text, problem=judge))(cls)

    return declare


def among(field: str, *values: Any) -> Callable[[C], C]:
    """Demand one of ``values``, of which the field's type may know more."""
    choices = " or ".join(str(value) for value in values)

    def problem(value_of: ValueOf) -> str | None:
        value = value_of(field)
        return None if value is None or value in values else f"{field} must be {choices}, not {value}"

    text = f"{field} is {choices}."
    return _declare(Rule(kind="among", fields=(field,), values=values, text=text, problem=problem))


def in_order(low: str, high: str) -> Callable[[C], C]:
    """Demand that ``low`` is not above ``high``, where both are given."""

    def problem(value_of: ValueOf) -> str | None:
        first, last = value_of(low), value_of(high)
        if first is None or last is None or first <= last:
            return None
        return f"{low} must not be above {high} ({last}), not {first}"

    return _declare(Rule(kind="in_order", fields=(low, high), text=f"{low} is not above {high}.", problem=problem))


def must(text: str, holds: Callable[[ValueOf], bool], *fields: str) -> Callable[[C], C]:
    """
    Demand what no other rule can say.

    Args:
        text: the condition, in words that begin with a field's name: ``"cgi_path must begin with '/'"``.
        holds: says whether it is fulfilled, by values that it asks for: ``lambda of: of("cgi_path").startswith("/")``.
        fields: what it is about; where one of them is absent, the condition holds.

    """

    def problem(value_of: ValueOf) -> str | None:
        values = [value_of(name) for name in fields]
        return None if None in values or holds(value_of) else f"{text}, not {', '.join(map(repr, values))}"

    return _declare(Rule(kind="must", fields=fields, text=f"{text}.", problem=problem))


def _not_negative(field: str) -> Rule:
    def problem(value_of: ValueOf) -> str | None:
        value = value_of(field)
        numbers: tuple[Any, ...] = (value,) if isinstance(value, int) else (value or ())
        negative = [number for number in numbers if number < 0]
        return f"{field} must not be negative, not {negative[0]}" if negative else None

    return Rule(kind="not_negative", fields=(field,), text=f"{field} is not negative.", problem=problem)
