"""One loop for all styles of paging; and where each of them ends."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Generic, TypeVar

import attrs
import pytest

from wxunion_async._endpoint import (
    PagedRequest,
    UnionRequest,
    item_type_of,
    items_of,
    paged_by_key,
    paged_by_offset,
    paged_by_page,
    pages_of,
)

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Page:
    """The answer of every style; each looks at its own fields."""

    items: tuple[int, ...] = ()
    next_key: str | None = None
    page_context: str | None = None
    next_offset: int | None = None
    has_more: bool | None = None
    total: int | None = None


@attrs.frozen(kw_only=True)
class Lists(PagedRequest[Page, int]):
    """What all styles ask with."""

    next_key: str = ""
    page_context: str = ""
    offset: int = 0
    page: int | None = None
    size: int = 2
    resend = True


@paged_by_key("items")
@attrs.frozen(kw_only=True)
class ByKey(Lists):
    path = "/key"


@paged_by_key("items", more="has_more")
@attrs.frozen(kw_only=True)
class ByKeyAndMore(Lists):
    path = "/key/more"


@paged_by_key("items", "page_context", total="total")
@attrs.frozen(kw_only=True)
class ByContext(Lists):
    path = "/context"


@paged_by_key("items", "offset", following="next_offset", more="has_more")
@attrs.frozen(kw_only=True)
class ByNextOffset(Lists):
    path = "/next/offset"


@paged_by_offset("items")
@attrs.frozen(kw_only=True)
class ByOffset(Lists):
    path = "/offset"


@paged_by_page("items", size="size", total="total")
@attrs.frozen(kw_only=True)
class ByPage(Lists):
    path = "/page"


@paged_by_page("items", size="size", more="has_more", key="next_key")
@attrs.frozen(kw_only=True)
class ByPageAndKey(Lists):
    path = "/page/key"


class Pages:
    """Answers in turn, and remembers what it was asked with."""

    def __init__(self, *answers: Page | Exception) -> None:
        self.requests: list[Any] = []
        self._answers = iter(answers)

    async def __call__(self, request: UnionRequest[Any]) -> Any:
        self.requests.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def asked(self, *fields: str) -> list[Any]:
        """Return the values of ``fields`` in each request."""
        values = [tuple(getattr(request, name) for name in fields) for request in self.requests]
        return [value[0] if len(fields) == 1 else value for value in values]


def page(*items: int, **fields: Any) -> Page:
    """Return a page of these items."""
    return Page(items=items, **fields)


async def all_of(items: AsyncIterator[Any]) -> list[Any]:
    """Read to the end."""
    return [item async for item in items]


STYLES: list[Any] = [
    (ByKey(), [page(1, 2, next_key="a"), page(3, next_key="b"), page(4)], ["next_key"], ["", "a", "b"]),
    (ByKey(), [page(1, next_key="a"), page(2, next_key="")], ["next_key"], ["", "a"]),
    (
        ByKeyAndMore(),
        [
            page(1, next_key="a", has_more=True),
            page(next_key="b", has_more=True),
            page(2, next_key="c", has_more=False),
        ],
        ["next_key"],
        ["", "a", "b"],
    ),
    (ByKeyAndMore(), [page(1, next_key="a", has_more=True), page(2, next_key="b")], ["next_key"], ["", "a"]),
    (ByKeyAndMore(), [page(1, next_key="", has_more=True)], ["next_key"], [""]),
    (
        ByContext(),
        [page(1, 2, page_context="a", total=3), page(3, page_context="b", total=3)],
        ["page_context"],
        ["", "a"],
    ),
    (ByContext(), [page(1, page_context="a"), page(2, page_context="", total=9)], ["page_context"], ["", "a"]),
    (
        ByNextOffset(),
        [page(1, 2, next_offset=2, has_more=True), page(3, next_offset=3, has_more=False)],
        ["offset"],
        [0, 2],
    ),
    (ByNextOffset(), [page(1, next_offset=0, has_more=True)], ["offset"], [0]),
    (ByOffset(), [page(1, 2, total=5), page(3, 4, total=5), page(5, total=5)], ["offset"], [0, 2, 4]),
    (ByOffset(offset=3), [page(4, 5, total=5)], ["offset"], [3]),
    (ByOffset(), [page(1, 2, total=9), page(total=9)], ["offset"], [0, 2]),
    (ByOffset(), [page(1, 2), page()], ["offset"], [0, 2]),
    (ByPage(), [page(1, 2, total=5), page(3, 4, total=5), page(5, total=5)], ["page"], [None, 2, 3]),
    (ByPage(page=2), [page(3, 4, total=4)], ["page"], [2]),
    (ByPage(page=1, size=1), [page(1, total=3), page(total=3)], ["page", "size"], [(1, 1), (2, 1)]),
    (
        ByPageAndKey(page=1),
        [page(1, 2, next_key="a", has_more=True), page(3, 4, has_more=True), page(5, next_key="b")],
        ["page", "next_key"],
        [(1, ""), (2, "a"), (3, "")],
    ),
    (ByPageAndKey(page=2, next_key="a"), [page(1, next_key="a", has_more=True)], ["page"], [2]),
]


@pytest.mark.parametrize(("request_", "answers", "fields", "asked"), STYLES)
async def test_each_style_goes_to_its_end(
    request_: Any, answers: list[Page], fields: list[str], asked: list[Any]
) -> None:
    """What the document says ends a list, and an empty or repeated key, or an empty page, besides."""
    pages = Pages(*answers)
    assert await all_of(items_of(pages, request_)) == [item for answer in answers for item in answer.items]
    assert pages.asked(*fields) == asked


async def test_a_key_that_was_asked_with_before_ends_the_list() -> None:
    """A server that goes round in circles must not keep us for ever; the key that was given counts as used."""
    pages = Pages(page(1, next_key="b"), page(2, next_key="a"), page(3, next_key="b"))
    assert await all_of(items_of(pages, ByKey(next_key="a"))) == [1, 2]
    assert pages.asked("next_key") == ["a", "b"]
    offsets = Pages(page(1, next_offset=5, has_more=True), page(2, next_offset=5, has_more=True))
    assert await all_of(items_of(offsets, ByNextOffset())) == [1, 2]


async def test_whole_answers_come_page_by_page() -> None:
    """Totals are in them, and a page is asked for when it is wanted."""
    pages = Pages(page(1, next_key="a", total=2), page(2, total=2))
    answers = pages_of(pages, ByKey())
    assert (await anext(answers)).total == 2
    assert len(pages.requests) == 1
    assert await all_of(answers) == [page(2, total=2)]


async def test_what_fails_comes_out_after_the_items_before() -> None:
    """The request that failed resumes the list."""
    pages = Pages(page(1, next_key="a"), OSError("gone"))
    items = items_of(pages, ByKey(size=7))
    assert await anext(items) == 1
    with pytest.raises(OSError, match="gone"):
        await anext(items)
    assert await all_of(items_of(Pages(page(2)), pages.requests[-1])) == [2]
    assert pages.requests[-1] == ByKey(next_key="a", size=7)


@pytest.mark.parametrize("walk", [pages_of, items_of])
def test_what_is_no_paged_request_is_refused_at_the_call(walk: Any) -> None:
    """Not with the first item, which may be asked for somewhere else."""
    with pytest.raises(TypeError, match="request must be a PagedRequest, not str"):
        walk(Pages(), "x")


def test_a_paged_request_must_say_how() -> None:
    """And look only at fields that are there."""

    @attrs.frozen(kw_only=True)
    class Silent(PagedRequest[Page, int]):
        path = "/silent"

    @paged_by_key("itmes")
    @attrs.frozen(kw_only=True)
    class Misspelt(Lists):
        path = "/misspelt"

    @paged_by_key("items")
    @attrs.frozen(kw_only=True)
    class Raw(PagedRequest[dict[str, Any], int]):
        path = "/raw"
        next_key: str = ""

    with pytest.raises(TypeError, match=r"Silent\.paging is missing: declare it with @paged_by_key"):
        Silent()
    with pytest.raises(TypeError, match="Misspelt: its answer has no field itmes"):
        Misspelt()
    with pytest.raises(TypeError, match="Raw: its answer has no field items"):
        Raw()
    with pytest.raises(TypeError, match="Silent has no field next_key; its paging stands above"):
        paged_by_key("items")(Silent)


@attrs.frozen(kw_only=True)
class PageOf(Generic[T]):
    """A page of anything."""

    items: tuple[T, ...] = ()
    next_key: str | None = None


@paged_by_key("items")
@attrs.frozen(kw_only=True)
class Generally(PagedRequest[PageOf[int], int]):
    path = "/generally"
    next_key: str = ""


def test_a_page_may_be_generic() -> None:
    """With its argument filled in it is a class like any other."""
    assert Generally(next_key="k").next_key == "k"
    assert item_type_of(Generally) is int


def test_the_type_of_the_items_is_known() -> None:
    """The second argument, through a base as well."""
    assert item_type_of(ByKey) is int
    assert item_type_of(PagedRequest) is not int


def test_a_paging_can_be_read() -> None:
    """The fake server pages by it."""
    found: Mapping[str, Any] = ByPageAndKey.paging._asdict()
    assert (found["items"], found["resume"], found["says"]) == (
        "items",
        "page",
        {"more": "has_more", "following": "next_key"},
    )
