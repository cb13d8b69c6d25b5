"""One route for each request class: what it checks, and what it answers."""

import inspect
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import attrs

from wxunion_async import endpoints
from wxunion_async._endpoint import UnionRequest, answer_type_of, path_rule, request_name
from wxunion_async.testing._accounts import Account
from wxunion_async.testing._catalogue import read_key, write_key
from wxunion_async.testing._json import load_answer
from wxunion_async.testing._types import JsonObject, Rejected
from wxunion_async.testing._wire import BrokenRule, read, wire_name, write

Work = Callable[[Any, Account], JsonObject]
"""Answers a call: from the request's value, and who sent it."""

_ERRCODES = {
    "/cgi-bin/openapi/quota/get": 76003,
    "/union/promoter/target/plan_info": 202002,
    "/union/promoter/target/apply_status": 202002,
}
"""How a wrong parameter is answered where it has an errcode of its own."""
_AGENCY_PARAMETER, _PROMOTER_PARAMETER, _NEEDED_PARAMETER = 10024000, 40097, 10071048
_SIZES = ("page_size", "limit")


@attrs.define(eq=False)
class Route:
    """The route of one request class."""

    request: type[UnionRequest[Any]]
    work: Work | None = None
    """What answers instead of the sample."""
    sample: JsonObject | None = None
    """The whole answer, of which a paged call answers pages; loaded when it is needed."""

    def check(self, sent: Mapping[str, Any]) -> UnionRequest[Any]:
        """Return the request's value; the errcode of a wrong parameter where the class has none."""
        cls, path = self.request, self.request.path
        try:
            return read(cls, sent, cls.dialect, in_query=cls.method == "GET")
        except ValueError as error:
            needed = isinstance(error, BrokenRule) and str(error) == "needs"
            if needed and _NEEDED_PARAMETER in cls.errcodes:
                raise Rejected(_NEEDED_PARAMETER) from None
            by_family = _PROMOTER_PARAMETER if path.startswith("/union/") else _AGENCY_PARAMETER
            raise Rejected(_ERRCODES.get(path, by_family)) from None

    def answer(self, asked: UnionRequest[Any], account: Account) -> JsonObject:
        """Answer with the call's own work, or with the sample: a page of it, where the call is paged."""
        if self.work is not None:
            return self.work(asked, account)
        if self.sample is None:
            self.sample = sample_of(self.request)
        return _page(asked, self.sample) if hasattr(self.request, "paging") else self.sample


class Routes:
    """The routes that there are: the library's by their paths, found when they are asked for, and those of a test."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        self._works = works
        self._routes: dict[str, Route] = {}

    def find(self, path: str) -> Route | None:
        """Return the route of a path; None for a path that nobody serves."""
        if path not in self._routes:
            with suppress(ValueError):  # the path names no call
                request: Any = getattr(endpoints, request_name(path), None)
                # Several paths have one name; a path that nobody serves may have that of another.
                if request is not None and request.path == path:
                    self._routes[path] = Route(request, self._works.get(path))
        return self._routes.get(path)

    def give(self, request: type[UnionRequest[Any]], answer: Any) -> None:
        """Answer a class with what ``FakeUnionServer.answer`` takes; a TypeError for anything else."""
        if inspect.iscoroutinefunction(answer):
            raise TypeError("answer: must be a plain function, not a coroutine function")
        given = Route(checked_class(request))
        kind: type[Any] = answer.__class__
        if issubclass(kind, (list, tuple)) and hasattr(request, "paging"):
            given.sample = body_of(request, None) | _with_items(request, {}, write(answer, request.dialect))
        elif callable(answer) and not isinstance(answer, type) and not hasattr(answer, "__attrs_attrs__"):
            given.work = lambda asked, account: body_of(request, answer(asked))
        else:
            body = body_of(request, answer)
            given.work = lambda asked, account: body
        # The class that was named last declares what is checked at its path.
        self._routes[request.path] = given

    def register(self, request: type[UnionRequest[Any]]) -> None:
        """Serve a class that has a sample, or whose answer has no fields; else it is a ValueError."""
        sample_of(checked_class(request))
        route = self.find(request.path)
        if route is None or route.request is not request:
            self._routes[request.path] = Route(request)


def checked_class(request: Any) -> type[UnionRequest[Any]]:
    """Return a request class as it is; a TypeError for anything else."""
    kind: type[Any] = request if isinstance(request, type) else object
    if not (issubclass(kind, UnionRequest) and hasattr(request, "path")):
        raise TypeError(f"request: must be a request class with a path, not {request!r}")
    checked: type[UnionRequest[Any]] = request
    return checked


def sample_of(request: type[UnionRequest[Any]]) -> JsonObject:
    """Load the sample answer of a class; a ValueError if it has none, and its answer has fields."""
    try:
        return load_answer("/".join(path_rule(request.path)).removesuffix("_"))
    except (FileNotFoundError, ValueError):
        if attrs.has(typing.get_origin(answer_type_of(request)) or answer_type_of(request)):
            raise ValueError(f"{request.__name__} has no sample answer: give it one with answer()") from None
        return body_of(request, None)


def body_of(request: type[UnionRequest[Any]], answer: Any) -> JsonObject:
    """Return the body of an answer: of its value, of the object in wire form, or of None, the envelope alone."""
    wanted: Any = answer_type_of(request)
    kind: type[Any] = answer.__class__
    if attrs.has(kind) and issubclass(kind, typing.get_origin(wanted) or wanted):
        answer = write(answer, request.dialect)
        answer = answer if request.answer_key is None else {request.answer_key: answer}
    if not (answer is None or isinstance(answer, Mapping)):
        raise TypeError(f"answer: must be of {wanted}, or the body as a dict, not {kind.__name__}")
    return {"errcode": 0, "errmsg": "ok", **(answer or {})}


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_items(request: Any, body: JsonObject, items: list[Any], **says: object) -> JsonObject:
    """Return a body with these items and what else its paging looks at."""
    paging, key = request.paging, request.answer_key
    content: JsonObject = body if key is None else body.get(key, {})
    names = {"items": paging.items, **paging.says}
    wire = {
        wire_name(names[what], request.dialect): value
        for what, value in {"items": items, **says}.items()
        if what in names
    }
    return {**body, **wire} if key is None else {**body, key: {**content, **wire}}


def _page(request: Any, body: JsonObject) -> JsonObject:
    """Return the page that was asked for of a body with all items."""
    paging = request.paging
    content: JsonObject = body if request.answer_key is None else body[request.answer_key]
    items: list[Any] = content.get(wire_name(paging.items, request.dialect), [])
    sizes: list[int] = [size for name in (paging.size, *_SIZES) if (size := getattr(request, name or "", None))]
    size, at = (*sizes, len(items) or 1)[0], getattr(request, paging.resume)
    by_offset = at.__class__ is int and paging.size is None
    start: int = at if by_offset else ((at or 1) - 1) * size if paging.size else read_key(at or "")
    start = max(0, start)
    end = start + size
    more = end < len(items)
    following = end if by_offset else write_key(end) if more else ""
    return _with_items(request, body, items[start:end], following=following, more=more, total=len(items))
