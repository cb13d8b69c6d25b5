"""Lists that come page by page: how the next page is asked for, and one loop for every way of it."""

import contextlib
import typing
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import attrs

from wxunion_async._endpoint.fields import check_fields
from wxunion_async._endpoint.request import UnionRequest, answer_type_of, type_argument

__all__ = [
    "PagedRequest",
    "Paging",
    "item_type_of",
    "items_of",
    "paged_by_key",
    "paged_by_offset",
    "paged_by_page",
    "pages_of",
]

Answer = TypeVar("Answer")
AnswerT_co = TypeVar("AnswerT_co", covariant=True)
Item = TypeVar("Item")
ItemT_co = TypeVar("ItemT_co", covariant=True)
C = TypeVar("C", bound=type[Any])


class Paging(NamedTuple):
    """How the pages of one endpoint follow each other."""

    items: str
    """The field of the answer that holds a page's items."""
    resume: str
    """The field of the request that says where a page begins; a value that was asked with before ends the list."""
    says: Mapping[str, str]
    """
    The fields of the answer that are looked at, ``items`` aside, by what they say.

    ``"following"``, ``"more"`` and ``"total"``, as far as there are; the fake server answers by them.
    """
    following: Callable[[Any, Any, int, int], Mapping[str, Any] | None]
    """From request, answer, items of this page and of all pages so far: what the next request changes, if there is one."""
    size: str | None = None
    """The field of the request that says how many items a page has, where pages are numbered."""


def _declare(paging: Paging, *request_fields: str | None) -> Callable[[C], C]:
    def declare(cls: C) -> C:
        check_fields(cls, (name for name in request_fields if name is not None), "its paging")
        cls.paging = paging
        return cls

    return declare


def _says(**names: str | None) -> Mapping[str, str]:
    return {what: name for what, name in names.items() if name is not None}


def paged_by_key(
    items: str,
    key: str = "next_key",
    *,
    following: str | None = None,
    more: str | None = None,
    total: str | None = None,
) -> Callable[[C], C]:
    """
    Declare that each page names the key of the next; stands above ``@attrs.frozen``.

    The list ends where the key is empty, absent or was asked with before, where ``more`` is false or absent, and where
    ``total`` is reached.

    Args:
        items: the field of the answer that holds a page's items.
        key: the field of the request that takes the key: ``next_key``, ``page_context``, ``offset``.
        following: the field of the answer that holds the next key, if it has another name: ``next_offset``.
        more: the field of the answer that says whether there is a next page: ``has_more``, ``have_more``.
        total: the field of the answer that says how many items there are in all: ``total_count``.

    """

    def changes(request: Any, answer: Any, here: int, received: int) -> Mapping[str, Any] | None:
        value = getattr(answer, following or key)
        if not value or (more is not None and not getattr(answer, more)) or _reached(answer, total, received):
            return None
        return {key: value}

    says = _says(following=following or key, more=more, total=total)
    paging = Paging(items=items, resume=key, says=says, following=changes)
    return _declare(paging, key)


def paged_by_offset(items: str, offset: str = "offset", *, total: str = "total") -> Callable[[C], C]:
    """
    Declare that a page begins where the items so far end; stands above ``@attrs.frozen``.

    The list ends where offset and received items reach ``total``, and with an empty page.

    Args:
        items: the field of the answer that holds a page's items.
        offset: the field of the request that takes the offset, from 0: ``offset``, ``start``, ``from_``.
        total: the field of the answer that says how many items there are in all.

    """

    def changes(request: Any, answer: Any, here: int, received: int) -> Mapping[str, Any] | None:
        end = (getattr(request, offset) or 0) + here
        return None if not here or _reached(answer, total, end) else {offset: end}

    return _declare(Paging(items=items, resume=offset, says=_says(total=total), following=changes), offset)


def paged_by_page(
    items: str,
    page: str = "page",
    *,
    size: str = "page_size",
    total: str | None = None,
    more: str | None = None,
    key: str | None = None,
) -> Callable[[C], C]:
    """
    Declare that pages are numbered, from 1; stands above ``@attrs.frozen``.

    The list ends where page × size reaches ``total``, where ``more`` is false or absent, with an empty page, and where
    a ``key`` was asked with before.

    Args:
        items: the field of the answer that holds a page's items.
        page: the field of the request that takes the number.
        size: the field of the request that says how many items a page has.
        total: the field of the answer that says how many items there are in all: ``total_num``.
        more: the field of the answer that says whether there is a next page: ``has_more``.
        key: the field of both that goes along from page to page, because far pages need it: ``next_key``.

    """

    def changes(request: Any, answer: Any, here: int, received: int) -> Mapping[str, Any] | None:
        number = getattr(request, page) or 1
        before = getattr(request, size) or here
        if not here or (more is not None and not getattr(answer, more)) or _reached(answer, total, number * before):
            return None
        if key is None:
            return {page: number + 1}
        value = getattr(answer, key)
        if value and value == getattr(request, key):
            return None
        return {page: number + 1, key: value or attrs.fields_dict(request.__class__)[key].default}

    says = _says(total=total, more=more, following=key)
    paging = Paging(items=items, resume=page, says=says, following=changes, size=size)
    return _declare(paging, page, size, key)


def _reached(answer: Any, total: str | None, received: int) -> bool:
    in_all = None if total is None else getattr(answer, total)
    return in_all is not None and received >= in_all


class PagedRequest(UnionRequest[AnswerT_co], Generic[AnswerT_co, ItemT_co]):
    """
    Base of a request for one page of a list: ``PagedRequest["BindSharerList", "BindSharer"]``.

    The first argument is the answer, the page; the second is what its items are. How the next page is asked for is
    declared above the class: ``@paged_by_key("sharer_info_list")``, ``@paged_by_offset(…)``, ``@paged_by_page(…)``.
    """

    __slots__ = ()

    paging: ClassVar[Paging]
    """How the pages follow each other."""

    @classmethod
    def refuse_unusable(cls) -> None:
        """Raise ``TypeError`` if the class does not say how pages follow, or of fields that its answer lacks."""
        super().refuse_unusable()
        if not hasattr(cls, "paging"):
            raise TypeError(f"{cls.__name__}.paging is missing: declare it with @paged_by_key or its like")
        answer = answer_type_of(cls)
        model: Any = typing.get_origin(answer) or answer
        known = {field.name for field in attrs.fields(model)} if attrs.has(model) else set[str]()
        for name in (cls.paging.items, *cls.paging.says.values()):
            if name not in known:
                raise TypeError(f"{cls.__name__}: its answer has no field {name}, which the paging looks at")


def item_type_of(cls: type[UnionRequest[Any]]) -> Any:
    """Return what the pages of ``cls`` hold."""
    return type_argument(cls, PagedRequest, 1, Any)


# ── one loop for all ─────────────────────────────────────────────────────────────────────────────────────────────────


def pages_of(
    call: Callable[[Any], Awaitable[Any]], request: PagedRequest[Answer, Any], /
) -> AsyncGenerator[Answer, None]:
    """
    Yield the answers of all pages, from ``request`` on.

    A page is asked for when it is wanted, by ``call``. What ``call`` raises comes out as it is; the pages before have
    been yielded, and the request that failed resumes the list.

    Raises:
        TypeError: ``request`` is no ``PagedRequest``; at once, not with the first page.

    """
    if not isinstance(request, PagedRequest):  # pyright: ignore[reportUnnecessaryIsInstance] - a user's
        raise TypeError(f"request must be a PagedRequest, not {type(request).__name__}")

    async def pages() -> AsyncGenerator[Answer, None]:
        paging, next_request = request.paging, request
        asked, received = {getattr(request, paging.resume)}, 0
        while True:
            answer = await call(next_request)
            here = len(getattr(answer, paging.items))
            received += here
            changes = paging.following(next_request, answer, here, received)
            yield answer
            if changes is None or changes[paging.resume] in asked:
                return
            asked.add(changes[paging.resume])
            next_request = attrs.evolve(next_request, **changes)

    return pages()


def items_of(call: Callable[[Any], Awaitable[Any]], request: PagedRequest[Any, Item], /) -> AsyncGenerator[Item, None]:
    """
    Yield the items of all pages, from ``request`` on; as ``pages_of``.

    Raises:
        TypeError: ``request`` is no ``PagedRequest``; at once, not with the first item.

    """
    pages = pages_of(call, request)

    async def items() -> AsyncGenerator[Item, None]:
        async with contextlib.aclosing(pages):
            async for answer in pages:
                for item in getattr(answer, request.paging.items):
                    yield item

    return items()
