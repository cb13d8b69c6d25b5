"""The request: what an endpoint takes, where it is, what it answers, and what its codes mean."""

import re
import typing
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from wxunion_async._decoding.shapes import arguments_of
from wxunion_async._endpoint.fields import cached
from wxunion_async._endpoint.parts import RequestPart
from wxunion_async.errors import BUSINESS_ERRCODES, ApiError

__all__ = ["UnionRequest", "answer_type_of", "errcodes", "request_of_answer", "type_argument"]

AnswerT_co = TypeVar("AnswerT_co", covariant=True)
C = TypeVar("C", bound=type[Any])

# What RFC 3986 allows in a path; "?" and "#" would end it, and what follows would be lost.
_URL_PATH = re.compile(r"(/[A-Za-z0-9\-._~!$&'()*+,;=:@%]+)+/?|/")

_requests: dict[tuple[str, str, int], "type[UnionRequest[Any]]"] = {}
"""Every request class, in the order of definition; attrs makes a slotted class twice, and the second is the one."""
_requests_by_answer: "dict[type, type[UnionRequest[Any]]]" = {}


class UnionRequest(RequestPart, Generic[AnswerT_co]):
    """
    Base of every request: a frozen value whose fields are the parameters of one endpoint.

    Define your own for an endpoint that the library does not know, as a subclass with ``@attrs.frozen(kw_only=True)``,
    and pass it to ``client.call()``. The type argument is the answer: an attrs class whose fields are the answer's
    names in snake_case, ``None`` when the envelope says it all, or ``dict[str, Any]`` for the body as it is. It may be
    quoted, if it is defined further down in the same module.

    Raises:
        TypeError, ValueError: a field is wrong (see ``RequestPart``); the message names it. Before any I/O.

    """

    __slots__ = ()

    method: ClassVar[str] = "POST"
    """The HTTP method; with ``"GET"`` the fields go into the query, with ``"POST"`` into a JSON body."""
    path: ClassVar[str]
    """The URL path, with its leading "/"."""
    dialect: ClassVar[str] = "snake"
    """How wire names are written: ``"camel"`` for ``productId``, ``"snake"`` for ``product_id``."""
    errcodes: ClassVar[Mapping[int, type[ApiError]]] = MappingProxyType({})
    """errcode → error class, for the codes that this endpoint documents."""
    resend: ClassVar[bool] = False
    """True when sending it twice does no harm; else it is repeated only if nothing of it was sent."""
    done_errcode: ClassVar[int | None] = None
    """The errcode that says "this was done before"; on a re-send after an ambiguous attempt it means success."""
    answer_key: ClassVar[str | None] = None
    """The wire name under which the answer stands in the body; ``None`` when the body itself is the answer."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        path: object = getattr(cls, "path", "/path")
        if not isinstance(path, str) or not path.startswith("/"):
            raise ValueError(f"{cls.__name__}.path must begin with '/', not {path!r}")
        if not _URL_PATH.fullmatch(path):
            raise ValueError(f"{cls.__name__}.path must be a plain URL path, without '?', '#' and spaces, not {path!r}")
        if cls.method not in ("GET", "POST"):
            raise ValueError(f"{cls.__name__}.method must be 'GET' or 'POST', not {cls.method!r}")
        if cls.dialect not in ("camel", "snake"):
            raise ValueError(f"{cls.__name__}.dialect must be 'camel' or 'snake', not {cls.dialect!r}")
        written = next(iter(cls.__dict__.get("__orig_bases__", ())), None)
        _requests[cls.__module__, cls.__qualname__, id(written)] = cls

    @classmethod
    def refuse_unusable(cls) -> None:
        """Raise ``TypeError`` if the class names no path, or an answer that cannot be found."""
        if not hasattr(cls, "path"):
            raise TypeError(f"{cls.__name__}.path is missing: declare the URL path of the endpoint")
        answer_type_of(cls)


def errcodes(*codes: int, done: int | None = None) -> Callable[[C], C]:
    """
    Declare which business codes the document of an endpoint lists; stands above ``@attrs.frozen``.

    Args:
        codes: the errcodes; one that has no class of its own in ``wxunion_async.errors`` is an ``ApiError``.
        done: the one of them that is the request's ``done_errcode``.

    """

    def declare(cls: C) -> C:
        cls.errcodes = MappingProxyType({code: BUSINESS_ERRCODES.get(code, ApiError) for code in codes})
        if done is not None:
            cls.done_errcode = done
        return cls

    return declare


# ── what a class gives for the parameters of its bases ───────────────────────────────────────────────────────────────


def answer_type_of(cls: "type[UnionRequest[Any]]") -> Any:
    """
    Return the type argument of ``cls``: an attrs class, ``NoneType``, or ``dict[str, Any]`` if it names none.

    Raises:
        TypeError: the answer is quoted, and the module of ``cls`` does not know it.

    """
    return type_argument(cls, UnionRequest, 0, dict[str, Any])


@cached
def type_argument(cls: type, base: Any, index: int, otherwise: Any) -> Any:
    """Return what ``cls`` gives for the parameter ``index`` of ``base``; ``otherwise`` where it gives nothing."""
    try:
        return arguments_of(cls).get(base, {}).get(base.__parameters__[index], otherwise)
    except NameError as error:
        raise TypeError(
            f"{cls.__qualname__}: its answer cannot be found: {error}; an answer that is defined inside a function "
            "cannot be quoted: define it above the request and name the class itself"
        ) from error


# ── from an answer to its request ────────────────────────────────────────────────────────────────────────────────────


def request_of_answer(answer: type) -> "type[UnionRequest[Any]] | None":
    """Return the request class whose answer ``answer`` is; ``None`` for a class that is no top-level answer."""
    if answer not in _requests_by_answer:
        # Its own module comes first: somebody's variant of an endpoint must not change how our answers are written.
        own = [cls for cls in _requests.values() if cls.__module__ == answer.__module__]
        for cls in (*own, *_requests.values()):
            if _answers(cls, answer):
                _requests_by_answer[answer] = cls
                break
    return _requests_by_answer.get(answer)


def _answers(cls: "type[UnionRequest[Any]]", answer: type) -> bool:
    try:
        kind = answer_type_of(cls)
    except TypeError:  # a quoted answer that its module does not know
        return False
    return kind is answer or (attrs.has(answer) and typing.get_origin(kind) is answer)
