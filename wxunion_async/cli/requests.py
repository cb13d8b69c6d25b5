"""Which requests have a command, what it and its options are called, and how a request is made from text."""

import ast
import enum
import functools
import inspect
import itertools
import json
import re
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

import wxunion_async
from wxunion_async import PagedRequest, UnionRequest
from wxunion_async._decoding import wire_name
from wxunion_async._endpoint import Dialect, field_types

__all__ = [
    "Field",
    "bare",
    "call_name",
    "command_name",
    "fields_of",
    "request_classes",
    "request_from",
    "summary_of",
    "value_from",
]

RequestClass = type[UnionRequest[Any]]

_SHORT_COMMANDS = {
    "get_promote_product_detail": "product-detail",
    "get_promote_product_list": "product-list",
    "quota_get": "quota",
}
_SHORT_OPTIONS = {"plan_invitation_url": "url", "apply_reason": "reason", "cgi_path": "path"}
_DECIMAL = re.compile(r"-?[0-9]+")


@attrs.frozen(kw_only=True)
class Field:
    """One parameter of a request."""

    name: str
    """Its name in Python, snake_case."""
    wire: str
    """Its name on the wire."""
    kind: Any
    """Its type, without ``None``."""
    required: bool
    default: Any
    help: str
    """What it is, in one paragraph; what may be given included."""

    @property
    def option(self) -> str:
        """What it is called on the command line, without dashes in front."""
        return _SHORT_OPTIONS.get(self.name, self.name).replace("_", "-")


def request_classes() -> list[RequestClass]:
    """Return the request classes of the library, one per endpoint."""
    public = (getattr(wxunion_async, name) for name in wxunion_async.__all__)
    return [
        value
        for value in public
        if isinstance(value, type) and issubclass(value, UnionRequest) and value not in (UnionRequest, PagedRequest)
    ]


def call_name(cls: RequestClass) -> str:
    """Return the name of the call, with its group in front when it is one bare verb: ``quota_get``."""
    group, call = cls.path.split("/")[-2:]
    return call if "_" in call else f"{group}_{call}"


def command_name(cls: RequestClass) -> str:
    """Return the name of the command."""
    name = call_name(cls)
    return _SHORT_COMMANDS.get(name, name).replace("_", "-")


def summary_of(cls: RequestClass) -> str:
    """Return the first paragraph of the class's docstring."""
    return (inspect.getdoc(cls) or "").split("\n\n")[0]


def fields_of(cls: RequestClass) -> Sequence[Field]:
    """Return the parameters of a request class, in their order."""
    kind: type = cls  # without type arguments, so that it may be a key
    return _fields_of(kind, cls.dialect)


@functools.cache
def _fields_of(cls: type, dialect: Dialect) -> Sequence[Field]:
    kinds = field_types(cls)
    docs = {name: text for base in reversed(cls.__mro__) if attrs.has(base) for name, text in _field_docs(base).items()}
    return tuple(
        Field(
            name=field.name,
            wire=wire_name(field.name, dialect),
            kind=bare(kinds[field.name]),
            required=field.default is attrs.NOTHING,
            default=field.default,
            help=" ".join(filter(None, (docs.get(field.name), _hint(bare(kinds[field.name]))))),
        )
        for field in attrs.fields(cls)
    )


def bare(kind: Any) -> Any:
    """Return a type without ``None``."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
        return arms[0] if len(arms) == 1 else Any
    return kind


def _field_docs(cls: type) -> Mapping[str, str]:
    """Return field name → the literal below it; nothing where there is no source to read."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[cls.__module__]))
    except OSError:
        return {}
    docs: dict[str, str] = {}
    bodies = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__]
    for field, below in (pair for body in bodies for pair in itertools.pairwise(body)):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = " ".join(text.split())
            case _:
                pass
    return docs


def _hint(kind: Any) -> str:
    """Say what may be given where the type alone does not."""
    if _is_enum(kind):
        return f"One of {', '.join(f'{_spelled(member)} ({member.value})' for member in kind)}."
    if kind is datetime:
        return "As 2026-01-31T08:00:00+08:00."
    if attrs.has(kind):
        return f"A JSON object with any of {', '.join(field.name for field in attrs.fields(kind))}."
    return "" if kind in (str, int, float, bool) else "As JSON."


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.IntEnum)


def _spelled(member: enum.IntEnum) -> str:
    return member.name.lower().replace("_", "-")


# ── from text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def value_from(kind: Any, text: str) -> Any:
    """
    Read a value from text: an option's, a cell's, or that of a JSON string.

    Raises:
        ValueError: it is none of this type; the message says so.

    """
    if kind is str:
        return text
    text = text.strip()
    if kind is int:
        return _int_from(text)
    if kind is bool:
        return _bool_from(text)
    if _is_enum(kind):
        return _enum_from(kind, text)
    if kind is datetime:
        return datetime.fromisoformat(text)
    return _json_from(text)


def _int_from(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is no decimal number")
    return int(text)


def _bool_from(text: str) -> bool:
    values = {"true": True, "false": False}
    if text.lower() not in values:
        raise ValueError(f"{text!r} is neither true nor false")
    return values[text.lower()]


def _enum_from(kind: type[enum.IntEnum], text: str) -> enum.IntEnum:
    for member in kind:
        if text.lower().replace("_", "-") in (_spelled(member), str(member.value)):
            return member
    raise ValueError(f"{text!r} is none of {', '.join(f'{_spelled(member)} ({member.value})' for member in kind)}")


def _json_from(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{text!r} is no JSON") from None


def request_from(cls: RequestClass, given: Mapping[str, Any]) -> UnionRequest[Any]:
    """
    Make a request from values by name: the field's, or the wire's. A text is read as ``value_from`` does.

    ``None`` and blank text stand for an absent value.

    Raises:
        ValueError: a name or a value is wrong, or one is missing; the message names it.

    """
    names = {name: field for field in fields_of(cls) for name in (field.wire, field.name)}
    values: dict[str, Any] = {}
    for name, value in given.items():
        field = names.get(name)
        if field is None:
            raise ValueError(f"there is no field {name!r}")
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if field.name in values:
            raise ValueError(f"{field.name} is there twice")
        values[field.name] = _value_of(field, value)
    missing = [field.name for field in fields_of(cls) if field.required and field.name not in values]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    try:
        return cls(**values)
    except TypeError as error:
        raise ValueError(str(error)) from None


def _value_of(field: Field, value: Any) -> Any:
    try:
        return value_from(field.kind, value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"{field.name}: {error}") from None
