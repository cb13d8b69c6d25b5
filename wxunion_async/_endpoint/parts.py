"""A value that goes into a request: its fields are checked when it is built."""

import functools
import typing
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import attrs

from wxunion_async._decoding.shapes import bare
from wxunion_async._endpoint.fields import cached, field_types
from wxunion_async._endpoint.inputs import documented, is_enum, take_all_of
from wxunion_async._endpoint.rules import Rule, rules_of
from wxunion_async._endpoint.source import function_from

__all__ = ["RequestPart"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class RequestPart:
    """
    A value that goes into a request; its fields are checked and converted when it is built.

    An ``int`` field takes what counts as an integer, or a decimal string; an enumeration its documented numbers; an
    instant an aware ``datetime`` or whole Unix seconds; a nested part a mapping, too. A text may be empty only where
    that is its default, and an integer id is not negative.

    Raises:
        TypeError: a value is of the wrong kind; ``bool`` and ``float`` are no ``int``. The message names the field.
        ValueError: a value is out of range or empty, or a rule between fields is broken. The message names the field.

    """

    field_rules: ClassVar[tuple[Rule, ...]] = ()
    """What must hold between the fields, as it is declared above the class."""

    @classmethod
    def refuse_unusable(cls) -> None:
        """Raise ``TypeError`` if the class cannot be used as it is; asked once, when its first value is built."""

    def __attrs_post_init__(self) -> None:
        _checker(type(self))(self)


@cached
def _checker(cls: type[RequestPart]) -> Callable[[Any], None]:
    """
    Return a function that checks a new value, written for this class.

    What is right as it is passes at one glance a field, and only else all fields are taken one by one. For a field
    ``product_id: int`` and a field ``shop_appid: str | None = None`` it says::

        value = self.product_id
        if not (type(value) is int and value >= 0): return take_all(self)
        value = self.shop_appid
        if not (value is None or type(value) is str and value.isascii() and value): return take_all(self)
        hold_rules(self, rules)
    """
    cls.refuse_unusable()
    take_fields, rules = take_all_of(cls), rules_of(cls)

    def take_all(part: Any) -> None:
        take_fields(part)
        _hold_rules(part, rules)

    known: dict[str, Any] = {"take_all": take_all, "hold_rules": _hold_rules, "rules": cls.field_rules}
    known["datetime"] = datetime
    ids = {rule.fields[0] for rule in rules if rule.kind == "not_negative"}
    lines = ["def check(self):"]
    for number, field in enumerate(attrs.fields(cls)):
        kind = field_types(cls)[field.name]
        known[f"kind_{number}"] = bare(kind)
        known[f"listed_{number}"] = documented(bare(kind)) if is_enum(bare(kind)) else ()
        lines.append(f" value = self.{field.name}")
        glance = _glance(field, kind, number, is_id=field.name in ids)
        lines.append(f" if not ({glance}): return take_all(self)")
    lines.append(" if rules: hold_rules(self, rules)")
    return function_from("\n".join(lines), f"check of {cls.__qualname__}", known)


def _glance(field: Any, kind: Any, number: int, *, is_id: bool) -> str:
    """Return the expression that is true of a ``value`` that needs no conversion; it may be false of others."""
    inner = bare(kind)
    if inner is int:
        right = "type(value) is int" + (" and value >= 0" if is_id else "")
    elif inner is str:
        right = "type(value) is str and value.isascii()" + ("" if field.default == "" else " and value")
    elif inner is bool:
        right = "type(value) is bool"
    elif inner is datetime:
        right = "type(value) is datetime and value.tzinfo"
    elif is_enum(inner):
        right = f"type(value) is kind_{number} and value in listed_{number}"
    elif attrs.has(inner):
        right = f"type(value) is kind_{number}"
    else:
        right = "type(value) is tuple and not value" if typing.get_origin(inner) is tuple else "False"
    return f"value is None or {right}" if type(None) in typing.get_args(kind) else right


def _hold_rules(part: Any, rules: tuple[Rule, ...]) -> None:
    value_of = functools.partial(getattr, part)
    for rule in rules:
        problem = rule.problem(value_of)
        if problem is not None:
            raise ValueError(problem)
