"""
What holds for every endpoint between client and fake server.

Its sample is served and fetched, its pages hold each item once, its errcodes lead to their classes, and its rules are
kept by both sides.

Names, files, models and samples by themselves: ``endpoints/test_every_endpoint.py``. A new endpoint is under test here
without a word; what fails names its file.
"""

import inspect
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import attrs
import pytest

import wxunion_async
from wxunion_async import ApiError, PagedRequest, UnionClient, UnionRequest, decode, request_classes
from wxunion_async._endpoint import Rule, answer_type_of, field_types, pages_of, path_rule, rules_of
from wxunion_async.testing import Account, FakeUnionServer, Fault, load_answer

ROOT = Path(__file__).parents[1]
RequestClass = type[UnionRequest[Any]]
Part = Any
"""A class of a request, or of a part of one."""
Values = dict[str, Any]
WRONG_PARAMETER = {10024000, 10071048, 40097, 76003, 202002}
"""What the fake says to a wrong parameter: in general, of a needed one, to a promoter, and where a call has its own."""
WRITES = {"add", "apply", "bind", "del", "remove", "set", "subscribe", "unbind", "unsubscribe", "upd", "update"}
"""Words of a call that changes something."""
CANDIDATES: Mapping[type, tuple[Any, ...]] = {
    str: ("1", "x", "/x", "2026-05-01", "xx", "x" * 5000, "-", "x,y"),
    int: (1, 2, 0, 100_000, 10**9, 1_777_622_400, -1),
    float: (1.0, 0.5, 1e9),
    bool: (True, False),
    datetime: (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)),
}
"""What may fulfil, or break, a condition that only says whether it holds; the first is the example of its kind."""


class MakeClient(Protocol):
    """See the fixture ``make_client``."""

    def __call__(self, account: Account, /, **settings: Any) -> UnionClient:
        """Return a client that the fixture closes."""
        ...


def name_of(cls: RequestClass) -> str:
    """Return group and call, as they stand in the path of the file."""
    return "/".join(path_rule(cls.path))


def sample_of(cls: RequestClass) -> str:
    """Return what the sample answer is called: a keyword needs no "_" there."""
    return name_of(cls).removesuffix("_")


def file_of(cls: RequestClass) -> str:
    """Return where to look when a check of ``cls`` fails."""
    return f"wxunion_async/endpoints/{name_of(cls)}.py"


every_endpoint = pytest.mark.parametrize("cls", request_classes(), ids=name_of)


# ── requests that a class takes, and requests that break one rule ────────────────────────────────────────────────────


def bare(kind: Any) -> Any:
    """Return a type without ``None``, and the plain type of a unit."""
    arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
    kind = arms[0] if type(None) in typing.get_args(kind) else kind
    while isinstance(kind, typing.NewType):
        kind = kind.__supertype__
    return kind


def candidates(kind: Any) -> tuple[Any, ...]:
    """Return values of a kind; the first is an ordinary one."""
    kind = bare(kind)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return args
    if origin in (tuple, list):
        make: Any = origin
        return tuple(make([value]) for value in candidates(args[0]))
    if kind in CANDIDATES:
        return CANDIDATES[kind]
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return (*kind,)
    return (kind(**example(kind)), kind(**filled(kind))) if hasattr(kind, "field_rules") else ({"a": "b"},)


def example(cls: Part) -> Values:
    """Return values that a request class or part takes: the required ones, and what its rules demand besides."""
    kinds = field_types(cls)
    values = {
        field.name: candidates(kinds[field.name])[0] for field in attrs.fields(cls) if field.default is attrs.NOTHING
    }
    for _ in range(10):
        broken = next((rule for rule in rules_of(cls) if is_broken(rule, cls, values)), None)
        if broken is None:
            break
        values = mended(broken, cls, values)
    return values


def filled(cls: Part) -> Values:
    """Return values that a part takes, of as many fields as its rules allow."""
    values = example(cls)
    for name, kind in field_types(cls).items():
        more = {name: candidates(kind)[-1 if hasattr(bare(kind), "field_rules") else 0], **values}
        if not any(is_broken(rule, cls, more) for rule in rules_of(cls)):
            values = more
    return values


def with_defaults(cls: Part, values: Values) -> Values:
    """Return ``values`` and the defaults of the other fields."""
    defaults = {
        field.name: field.default.factory() if hasattr(field.default, "factory") else field.default
        for field in attrs.fields(cls)
        if field.default is not attrs.NOTHING
    }
    return {**defaults, **values}


def is_broken(rule: Rule, cls: Part, values: Values) -> bool:
    """Say whether ``values`` break a rule."""
    return rule.problem(with_defaults(cls, values).get) is not None


def mended(rule: Rule, cls: Part, values: Values) -> Values:
    """Return values that obey a rule which ``values`` break."""
    kinds = field_types(cls)
    first, *others = rule.fields
    kept = {name: value for name, value in values.items() if name not in rule.fields}
    match rule.kind:
        case "one_of" | "at_most_one":
            return {**kept, first: candidates(kinds[first])[0]}
        case "needs":
            return {**values, **{name: candidates(kinds[name])[0] for name in others}}
        case "among":
            return {**values, first: rule.values[0]}
        case "within" if bare(kinds[first]) is str:
            return {**values, first: "x" * max(1, rule.values[0])}
        case "within" if bare(kinds[first]) in (int, float):
            return {**values, first: max(1, rule.values[0])}
        case "within":
            return {**values, first: candidates(kinds[first])[0] * max(1, rule.values[0])}
        case _:
            choices = itertools.product(*(candidates(kinds[name]) for name in rule.fields))
            tried = ({**values, **dict(zip(rule.fields, choice, strict=True))} for choice in choices)
            return next((values for values in tried if not is_broken(rule, cls, values)), values)


def breaking(rule: Rule, cls: Part) -> Values | None:
    """Return values that break a rule, as little else as can be; ``None`` if no candidate does."""
    kinds, values = field_types(cls), example(cls)
    first, *rest = rule.fields
    kept = {name: value for name, value in values.items() if name not in rule.fields}
    some = {name: candidates(kinds[name]) for name in rule.fields}
    tried: Iterator[Values]
    match rule.kind:
        case "one_of":
            tried = iter([kept, {**kept, **{name: some[name][0] for name in rule.fields}}])
        case "at_most_one":
            tried = iter([{**kept, first: some[first][0], rest[0]: some[rest[0]][0]}])
        case "needs":
            tried = iter([{**kept, first: value} for value in (*rule.values, some[first][0])])
        case "within" if bare(kinds[first]) in (int, float):
            tried = iter([{**values, first: rule.values[1] + 1}])
        case "within":
            tried = iter([{**values, first: some[first][0] * (rule.values[1] + 1)}])
        case "among":
            tried = iter([{**values, first: value} for value in some[first]])
        case "not_negative" if bare(kinds[first]) is int:
            tried = iter([{**values, first: -1}])
        case "not_negative":
            tried = iter([{**values, first: (-1,)}])
        case _:
            choices = itertools.product(*some.values())
            tried = ({**values, **dict(zip(rule.fields, choice, strict=True))} for choice in choices)
            # A condition may look at a field that it does not name, because there it may be absent.
            others = [{name: candidates(kind)[-1]} for name, kind in kinds.items() if name not in values]
            own = {name: some[name][0] for name in rule.fields}
            tried = itertools.chain(tried, ({**values, **own, **other} for other in others))
    return next((values for values in tried if is_broken(rule, cls, values)), None)


def unchecked(cls: Part, values: Values) -> Any:
    """Return a value as no caller could build it: what it holds goes over the wire as it is."""
    made = cls.__new__(cls)
    for name, value in with_defaults(cls, values).items():
        object.__setattr__(made, name, value)
    return made


def broken_requests(cls: RequestClass) -> Iterator[tuple[Part, Rule, Values | None, Any]]:
    """Yield (class of the rule, the rule, values that break it, a request with them) for it and its direct parts."""
    for rule in rules_of(cls):
        values = breaking(rule, cls)
        yield cls, rule, values, None if values is None else unchecked(cls, values)
    for name, kind in field_types(cls).items():
        origin: Any = typing.get_origin(bare(kind))
        args = typing.get_args(bare(kind))
        part: Part = args[0] if origin in (tuple, list) else bare(kind)
        for rule in rules_of(part) if hasattr(part, "field_rules") else ():
            values = breaking(rule, part)
            inner = None if values is None else unchecked(part, values)
            held: Values = {name: inner if origin is None else origin([inner])}
            yield part, rule, values, None if values is None else unchecked(cls, {**example(cls), **held})


# ── the checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def client(server: FakeUnionServer, make_client: MakeClient) -> UnionClient:
    """Be a client that may make every call, and finds fault with every drift."""
    return make_client(server.both, strict_decoding=True)


@pytest.mark.untraced
@every_endpoint
async def test_its_sample_is_served_and_fetched(
    cls: RequestClass, server: FakeUnionServer, client: UnionClient
) -> None:
    """What goes over a socket, and is checked and written by another hand, is the sample's value still."""
    request = cls(**example(cls))
    if server._service.routes.find(cls.path).work is not None:  # type: ignore[union-attr]  # pyright: ignore
        server.answer(cls, load_answer(sample_of(cls)))  # a call with a state of its own answers by that
    answer: Any = await client.call(request)
    if not hasattr(cls, "paging"):
        assert answer == decode(cls, load_answer(sample_of(cls)), strict=True), file_of(cls)
    if attrs.has(answer.__class__):
        server.answer(cls, answer)
        assert await client.call(request) == answer, f"{file_of(cls)}: its answer cannot be given as a value"
    assert server.requests(cls) == [request] * server.count(cls), file_of(cls)


@pytest.mark.untraced
@every_endpoint
async def test_its_pages_hold_each_item_once(cls: Any, server: FakeUnionServer, client: UnionClient) -> None:
    """One item a page, as many pages as the sample has items, and no more."""
    assert hasattr(cls, "paging") is issubclass(cls, PagedRequest), file_of(cls)
    if not hasattr(cls, "paging"):
        return
    sample: Any = decode(cls, load_answer(sample_of(cls)))
    items = getattr(sample, cls.paging.items)
    assert items, f"{file_of(cls)}: a list without an item shows nothing"
    server.answer(cls, [*items, *items])
    size = next((name for name in (cls.paging.size, "page_size", "limit") if name in field_types(cls)), None)
    request = cls(**example(cls), **({size: 1} if size else {}))
    pages = [getattr(page, cls.paging.items) async for page in pages_of(client.call, request)]
    assert [item for page in pages for item in page] == [*items, *items], file_of(cls)
    assert len(pages) == (2 * len(items) if size else 1), file_of(cls)


@pytest.mark.untraced
@every_endpoint
async def test_its_errcodes_lead_to_their_classes(
    cls: RequestClass, server: FakeUnionServer, client: UnionClient
) -> None:
    """And are not sent again: the service said no."""
    request = cls(**example(cls))
    assert cls.done_errcode is None or cls.done_errcode in cls.errcodes, file_of(cls)
    for errcode, error in cls.errcodes.items():
        server.fail(cls, Fault(errcode=errcode))
        with pytest.raises(error) as caught:
            await client.call(request)
        assert type(caught.value) is error, f"{file_of(cls)}: {errcode}"
        assert (caught.value.errcode, caught.value.endpoint) == (errcode, cls.path)
    assert server.count(cls) == len(cls.errcodes), file_of(cls)


@every_endpoint
async def test_its_rules_are_kept_by_both_sides(
    cls: RequestClass, server: FakeUnionServer, client: UnionClient
) -> None:
    """The client refuses before any I/O; what comes over the wire nevertheless gets the vendor's errcode."""
    for owner, rule, values, request in broken_requests(cls):
        where = f"{file_of(cls)}: {owner.__name__}: {rule.text}"
        assert values is not None, f"{where} Nothing in CANDIDATES breaks it."
        with pytest.raises(ValueError, match=re.escape(rule.fields[0])):
            owner(**values)
        with pytest.raises((ApiError, ValueError)) as caught:
            await client.call(request)
        if isinstance(caught.value, ApiError):  # else it has no form on the wire at all
            assert caught.value.errcode in WRONG_PARAMETER, where
    assert server.requests(cls) == [], file_of(cls)


@every_endpoint
def test_what_may_be_sent_twice_is_a_read(cls: RequestClass) -> None:
    """A read that may not be sent twice is given up for nothing; a write that may has to say why it is harmless."""
    words = path_rule(cls.path)[1].rstrip("_").split("_")
    writes = words[0] != "get" and words[-1] not in ("get", "status") and not WRITES.isdisjoint(words)
    if not writes:
        assert cls.resend, f"{file_of(cls)}: resend = True is missing"
    elif cls.resend:
        assert "twice" in (cls.__doc__ or ""), f"{file_of(cls)}: say in the docstring why it may be sent twice"


@every_endpoint
def test_its_sample_is_a_whole_answer(cls: RequestClass) -> None:
    """With the envelope of a success, and readable in a diff."""
    file = Path(wxunion_async.__file__).parent / "testing/answers" / f"{sample_of(cls)}.json"
    sample = load_answer(sample_of(cls))
    assert int(sample["errcode"]) == 0, file
    assert json.dumps(sample, ensure_ascii=False, indent=4) + "\n" == file.read_text(encoding="utf-8"), file
    if answer_type_of(cls) is type(None):
        assert sample.keys() <= {"errcode", "errmsg"}, f"{file_of(cls)} has no answer for what {file} holds"


# ── one file, one sample, one line ───────────────────────────────────────────────────────────────────────────────────

NEW_FILE = '''"""
POST /channels/ec/promoter/get_made_up_list.

Source: nowhere, it is made up.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import (
    AS_TEXT,
    PagedRequest,
    RequestPart,
    among,
    at_most_one,
    errcodes,
    in_order,
    must,
    needs,
    one_of,
    paged_by_key,
    within,
)
from wxunion_async.enums import PlanType


@errcodes(10024000, 10071056)
@paged_by_key("made_up_list")
@one_of("sharer_appid", "sharer_openid")
@one_of("create_range", "update_range", unless="order_id")
@at_most_one("keyword", "tags")
@needs("product_id", "shop_appid")
@needs("plan_type", "head_supplier_appid", when=(PlanType.AGENCY_TARGETED,))
@among("plan_type", PlanType.TARGETED, PlanType.AGENCY_TARGETED)
@must("day must be like 2026-05-01", lambda of: of("day").count("-") == 2, "day")
@within("page_size", 1, 20)
@within("keyword", 2, 9)
@within("tags", 2, 3)
@attrs.frozen(kw_only=True, weakref_slot=False)
class GetMadeUpListRequest(PagedRequest["MadeUpList", "MadeUp"]):
    """
    List what is made up.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/promoter/get_made_up_list"
    resend = True

    page_size: int = 20
    """Things a page, 1 … 20."""
    next_key: str = ""
    """``next_key`` of the page before; "" for the first page."""
    product_id: int | None = None
    """The product."""
    shop_appid: str | None = None
    """App id of its shop."""
    sharer_appid: str | None = None
    """App id of a promoter."""
    sharer_openid: str | None = None
    """Openid of a promoter."""
    create_range: Span | None = None
    """When it was made up."""
    update_range: Span | None = None
    """When it was made up anew."""
    order_id: str | None = None
    """The order."""
    keyword: str | None = None
    """A text."""
    tags: tuple[str, ...] = ()
    """Marks."""
    product_ids: tuple[int, ...] = ()
    """Products."""
    plan_type: PlanType = PlanType.TARGETED
    """The kind of plan."""
    head_supplier_appid: str | None = None
    """App id of the head supplier."""
    day: str = attrs.field(kw_only=False)
    """A local date."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MadeUpList:
    """One page of them."""

    made_up_list: tuple[MadeUp, ...] = ()
    """Those of this page."""
    next_key: str | None = None
    """What to ask the next page with."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class MadeUp:
    """Something that is made up."""

    name: str | None = None
    """Its name."""


@in_order("start", "end")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Span(RequestPart):
    """A time."""

    start: int | None = attrs.field(default=None, metadata=AS_TEXT)
    """Its begin."""
    end: int | None = attrs.field(default=None, metadata=AS_TEXT)
    """Its end."""
'''
NEW_LINES = """
    get_made_up_list: Final = endpoint(lambda: endpoints.GetMadeUpListRequest)
    iter_made_up_list: Final = pages(lambda: endpoints.GetMadeUpListRequest)
"""
NEW_SAMPLE = {"errcode": "0", "errmsg": "ok", "made_up_list": [{"name": "one"}, {"name": "two"}], "next_key": ""}
NEW_CALLER = """
import asyncio
from wxunion_async import GetMadeUpListRequest, UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer

async def main():
    async with FakeUnionServer() as server:
        config = UnionConfig(base_urls=(server.base_url,))
        async with UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as client:
            arguments = {"day": "2026-05-01", "order_id": "1", "sharer_appid": "wx1"}
            request = GetMadeUpListRequest(**arguments)
            names = [thing.name async for thing in client.promoter.iter_made_up_list(page_size=1, **arguments)]
            async with client.map([request]) as outcomes:
                bulk = [thing.name async for outcome in outcomes for thing in outcome.unwrap().made_up_list]
        assert names == bulk == ["one", "two"], (names, bulk)
        assert server.requests(GetMadeUpListRequest)[-1] == request

asyncio.run(main())
"""


@pytest.mark.untraced
def test_a_new_endpoint_is_one_file_one_sample_and_one_line(tmp_path: Path) -> None:
    """Callable, faked, in bulk and under test, with no other change: in a copy of the library, with one more call."""
    package = tmp_path / "wxunion_async"
    shutil.copytree(Path(wxunion_async.__file__).parent, package)  # its bytecode, too: a copy keeps the times of files
    for test in ("names.py", "conftest.py", "test_endpoints_generic.py", "endpoints"):
        source, target = ROOT / "tests" / test, tmp_path / "tests" / test
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    (package / "endpoints/promoter/get_made_up_list.py").write_text(NEW_FILE, encoding="utf-8")
    with (package / "endpoints/promoter/__init__.py").open("a", encoding="utf-8") as group:
        group.write(NEW_LINES)
    sample = package / "testing/answers/promoter/get_made_up_list.json"
    sample.write_text(json.dumps(NEW_SAMPLE, indent=4) + "\n", encoding="utf-8")

    # What coverage measures is the library itself, not its copy.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHONDONT"))}
    env["PYTHONPATH"] = str(tmp_path)
    tests = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--no-cov", "-k", "get_made_up_list", "tests")
    for arguments in (("tests/names.py",), ("-c", NEW_CALLER), tests):
        run = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=env, capture_output=True, check=False, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr
    passed = int(re.search(r"(\d+) passed", run.stdout)[1])  # type: ignore[index]
    assert passed >= 12, run.stdout
