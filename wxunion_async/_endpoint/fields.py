"""The types of a class's fields, and what a field may say about its form on the wire."""

import functools
import typing
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

__all__ = ["AS_NUMBER", "AS_TEXT", "JOINED", "JSON_TEXT", "OR_OBJECT", "also", "cached", "check_fields", "field_types"]

F = TypeVar("F", bound=Callable[..., Any])

JOINED: Mapping[str, Any] = MappingProxyType({"joined": True})
"""``attrs.field(default=(), metadata=JOINED)``: a list that goes out as one text, its items joined by ","."""

JSON_TEXT: Mapping[str, Any] = MappingProxyType({"json_text": True})
"""``attrs.field(default=None, metadata=JSON_TEXT)``: an object or a list that goes out as JSON text, in a query."""

AS_TEXT: Mapping[str, Any] = MappingProxyType({"as_text": True})
"""``attrs.field(default=None, metadata=AS_TEXT)``: a number that goes out as text."""

AS_NUMBER: Mapping[str, Any] = MappingProxyType({"as_number": True})
"""``attrs.field(default=None, metadata=AS_NUMBER)``: a flag of a request that goes out as 1 or 0, not true or false."""

OR_OBJECT: Mapping[str, Any] = MappingProxyType({"or_object": True})
"""``attrs.field(default=(), metadata=OR_OBJECT)``: a list of an answer that may come as one object instead."""


def also(*wire_names: str) -> Mapping[str, Any]:
    """Return the metadata of an answer's field that comes under other wire names, too."""
    return MappingProxyType({"also": wire_names})


def cached(function: F) -> F:
    """Return ``function`` with a cache, its signature kept: to a type checker not every class is hashable."""
    return functools.cache(function)  # type: ignore[return-value]  # pyright: ignore[reportReturnType]


@cached
def field_types(cls: type) -> Mapping[str, Any]:
    """
    Return field name → type of an attrs class, with text annotations resolved.

    From then on the class's ``__init__`` has them, too; tools that build a command or a form from it need that.

    Raises:
        TypeError: an annotation names what its module does not know.

    """
    try:
        hints = typing.get_type_hints(cls)
    except NameError as error:
        raise TypeError(
            f"{cls.__qualname__}: {error} in {cls.__module__}; what is defined inside a function has no name that a "
            "quoted annotation could use"
        ) from error
    types = {field.name: hints[field.name] for field in attrs.fields(cls)}
    if "__init__" in cls.__dict__:
        init = {field.alias: types[field.name] for field in attrs.fields(cls) if field.init}
        cls.__dict__["__init__"].__annotations__ = {**init, "return": None}
    return MappingProxyType(types)


def check_fields(cls: type[Any], names: Iterable[str], declared_by: str) -> None:
    """Raise ``TypeError`` where a declaration above a class is about a field that the class lacks."""
    known: set[str] = {field.name for field in attrs.fields(cls)} if attrs.has(cls) else set()
    for name in names:
        if name not in known:
            raise TypeError(f"{cls.__name__} has no field {name}; {declared_by} stands above @attrs.frozen")
