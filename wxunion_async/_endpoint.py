"""
A request is a value: what an endpoint takes, where it is, and what its codes mean.

Everything that sends, retries, fans out or fakes is written once against ``UnionRequest``.
"""

import enum
import functools
import re
import typing
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

import attrs
import cattrs

from wxunion_async.errors import ApiError

__all__ = ["Dialect", "Group", "RequestPart", "UnionRequest", "answer_type_of", "field_types", "request_of_answer"]

Dialect = Literal["camel", "snake"]
Answer = TypeVar("Answer")
AnswerT_co = TypeVar("AnswerT_co", covariant=True)
_DECIMAL = re.compile(r"-?[0-9]+")


@functools.cache
def field_types(cls: type) -> Mapping[str, Any]:
    """Return field name → type of an attrs class, with text annotations resolved."""
    hints = typing.get_type_hints(cls)
    return MappingProxyType({field.name: hints[field.name] for field in attrs.fields(cls)})


# ── what callers may pass for a field ────────────────────────────────────────────────────────────────────────────────


def _wrong(value: object, wanted: str) -> TypeError:
    return TypeError(f"must be {wanted}, not {type(value).__name__}")


def _take_int(value: object, _: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return int(value)
    raise _wrong(value, "an int or a decimal string")


def _take_text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "a str")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds a lone surrogate, which has no UTF-8 form") from None
    return value


def _take_bool(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, "a bool")
    return value


def _take_float(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(value, "a number")
    return float(value)


@functools.cache
def _documented(cls: type[enum.IntEnum]) -> frozenset[int]:
    return frozenset(member.value for member in cls)


def _take_enum(value: object, cls: type[enum.IntEnum]) -> enum.IntEnum:
    number = _take_int(value, cls)
    if number not in _documented(cls):
        known = ", ".join(str(member) for member in sorted(_documented(cls)))
        raise ValueError(f"must be one of {known}, not {number}")
    return cls(number)


def _take_instant(value: object, _: object) -> datetime:
    if not isinstance(value, datetime):
        raise _wrong(value, "a datetime")
    if value.tzinfo is None:
        raise ValueError("must have a time zone")
    return value


def _take_anything(value: object, _: object) -> object:
    return value


def _take_mapping(value: object, _: object) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(value, "a mapping")
    return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _list_hook(cls: Any, converter: cattrs.Converter) -> Callable[[Any, object], Any]:
    make: Callable[[Any], Any] = typing.get_origin(cls)
    item_type = typing.get_args(cls)[0]
    take_item = converter.get_structure_hook(item_type)

    def take(value: Any, _: object) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _wrong(typing.cast("object", value), "a list or a tuple")
        return make([take_item(item, item_type) for item in typing.cast("list[Any]", value)])

    return take


def _part_hook(cls: type[Any]) -> Callable[[object, object], Any]:
    names = frozenset(field.name for field in attrs.fields(cls))

    def take(value: object, _: object) -> Any:
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            raise _wrong(value, f"a {cls.__name__} or a mapping")
        given: dict[str, Any] = dict(typing.cast("Mapping[str, Any]", value))
        unknown = sorted(str(name) for name in given if name not in names)
        if unknown:
            raise TypeError(f"has no field {', '.join(unknown)}")
        return cls(**given)

    return take


def _is_list(cls: Any) -> bool:
    origin, args = typing.get_origin(cls), typing.get_args(cls)
    return origin is list or (origin is tuple and args[1:] == (Ellipsis,))


def _is_mapping(cls: Any) -> bool:
    return (typing.get_origin(cls) or cls) in (dict, Mapping)


def _is_part(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, RequestPart)


_inputs = cattrs.Converter(detailed_validation=False)
_inputs.register_structure_hook(int, _take_int)
_inputs.register_structure_hook(enum.IntEnum, _take_enum)  # by class: the hook for int would take its subclasses too
_inputs.register_structure_hook(str, _take_text)
_inputs.register_structure_hook(bool, _take_bool)
_inputs.register_structure_hook(float, _take_float)
_inputs.register_structure_hook(datetime, _take_instant)
_inputs.register_structure_hook_func(lambda cls: cls is Any, _take_anything)
_inputs.register_structure_hook_func(_is_mapping, _take_mapping)
_inputs.register_structure_hook_factory(_is_list, _list_hook)


@functools.cache
def _inputs_of(cls: type) -> tuple[tuple[str, Callable[[Any, Any], Any], Any, bool], ...]:
    """Return (name, hook, type, may be empty) for each field of ``cls``."""
    inputs: list[tuple[str, Callable[[Any, Any], Any], Any, bool]] = []
    for field in attrs.fields(cls):
        wanted = field_types(cls)[field.name]
        try:
            hook = _inputs.get_structure_hook(wanted)
        except cattrs.StructureHandlerNotFoundError as error:
            raise TypeError(f"{cls.__qualname__}.{field.name} is declared as what no request can hold") from error
        inputs.append((field.name, hook, wanted, field.default == ""))
    return tuple(inputs)


@attrs.frozen(kw_only=True, weakref_slot=False)
class RequestPart:
    """
    A value that goes into a request; its fields are checked and converted when it is built.

    An ``int`` field takes an ``int`` or a decimal string, an enumeration its numbers, a nested part a mapping too.
    A text may be empty only where that is its default.

    Raises:
        TypeError: a value is of the wrong kind; ``bool`` and ``float`` are no ``int``. The message names the field.
        ValueError: a text is empty, or a number is none of the documented ones. The message names the field.

    """

    def __attrs_post_init__(self) -> None:
        cls: type = type(self)
        for name, take, wanted, may_be_empty in _inputs_of(cls):
            value = getattr(self, name)
            try:
                taken = take(value, wanted)
            except TypeError as error:
                raise TypeError(f"{name} {error}") from None
            except Exception as error:  # noqa: BLE001 - cattrs raises no class of its own for a Literal
                raise ValueError(f"{name} {error}") from None
            if taken == "" and not may_be_empty:
                raise ValueError(f"{name} must not be empty")
            if taken is not value:
                object.__setattr__(self, name, taken)


_inputs.register_structure_hook_factory(_is_part, _part_hook)


# ── the request ──────────────────────────────────────────────────────────────────────────────────────────────────────

_requests_by_answer: dict[Any, "type[UnionRequest[Any]]"] = {}


@attrs.frozen(kw_only=True, weakref_slot=False)
class UnionRequest(RequestPart, Generic[AnswerT_co]):
    """
    Base of every request: a frozen value whose fields are the parameters of one endpoint.

    Define your own for an endpoint that the library does not know, as a subclass with ``@attrs.frozen(kw_only=True)``,
    and pass it to ``client.call()``. The type argument is the answer: an attrs class whose fields are the answer's
    names in snake_case, ``None`` when the envelope says it all, or ``dict[str, Any]`` for the body as it is.

    Raises:
        TypeError, ValueError: a field is wrong (see ``RequestPart``); the message names it. Before any I/O.

    """

    method: ClassVar[Literal["GET", "POST"]] = "POST"
    """The HTTP method; with ``"GET"`` the fields go into the query, else into a JSON body."""
    path: ClassVar[str]
    """The URL path, with its leading "/"."""
    dialect: ClassVar[Dialect] = "snake"
    """How wire names are written: ``"camel"`` for ``productId``, ``"snake"`` for ``product_id``."""
    errcodes: ClassVar[Mapping[int, type[ApiError]]] = MappingProxyType({})
    """errcode → error class, for the codes that only this endpoint has."""
    resend: ClassVar[bool] = False
    """True when sending it twice does no harm; else it is repeated only if nothing of it was sent."""
    done_errcode: ClassVar[int | None] = None
    """The errcode that says "this was done before"; on a re-send after an ambiguous attempt it means success."""
    answer_key: ClassVar[str | None] = None
    """The wire name under which the answer stands in the body; ``None`` when the body itself is the answer."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        path = getattr(cls, "path", "/")
        if not isinstance(path, str) or not path.startswith("/"):
            raise ValueError(f"{cls.__name__}.path must begin with '/', not {path!r}")
        if cls.method not in ("GET", "POST"):
            raise ValueError(f"{cls.__name__}.method must be 'GET' or 'POST', not {cls.method!r}")
        if cls.dialect not in ("camel", "snake"):
            raise ValueError(f"{cls.__name__}.dialect must be 'camel' or 'snake', not {cls.dialect!r}")
        answer = answer_type_of(cls)
        if isinstance(answer, (str, typing.ForwardRef)):
            raise TypeError(f"{cls.__name__}: name the answer class itself, not {answer!r}")
        if isinstance(answer, type):
            _remember(answer, cls)

    def __attrs_post_init__(self) -> None:
        if not hasattr(self, "path"):
            raise TypeError(f"{type(self).__name__}.path is missing: declare the URL path of the endpoint")
        super().__attrs_post_init__()


def _remember(answer: type, cls: "type[UnionRequest[Any]]") -> None:
    # The first request class of an answer stays; attrs makes a slotted class twice, and the second is the one.
    first = _requests_by_answer.setdefault(answer, cls)
    if (first.__module__, first.__qualname__) == (cls.__module__, cls.__qualname__):
        _requests_by_answer[answer] = cls


def answer_type_of(cls: "type[UnionRequest[Any]]") -> Any:
    """Return the type argument of ``cls``: an attrs class, ``NoneType``, or ``dict[str, Any]`` if it names none."""
    kind: type = cls
    return _type_argument(kind)


@functools.cache
def _type_argument(cls: type) -> Any:
    for base in cls.__mro__:
        for generic in base.__dict__.get("__orig_bases__", ()):
            origin = typing.get_origin(generic)
            if isinstance(origin, type) and issubclass(origin, UnionRequest):
                answer = typing.get_args(generic)[0]
                return type(None) if answer is None else answer
    return dict[str, Any]


def request_of_answer(answer: type) -> "type[UnionRequest[Any]] | None":
    """Return the request class whose answer ``answer`` is; ``None`` for a class that is no top-level answer."""
    return _requests_by_answer.get(answer)


# ── the group that an endpoint's call belongs to ─────────────────────────────────────────────────────────────────────


class Caller(Protocol):
    """Sends any request value."""

    def call(self, request: UnionRequest[Answer], /) -> Awaitable[Answer]:
        """Send ``request`` and return its typed answer."""
        ...


class Group:
    """Base of ``client.target`` and its like: the calls of one group, over one client."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def call(self, request: UnionRequest[Answer], /) -> Awaitable[Answer]:
        """Send ``request`` through the client that this group belongs to."""
        return self._caller.call(request)
