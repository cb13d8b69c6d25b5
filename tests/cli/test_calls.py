"""A command for each endpoint: what it is called, what it takes, what it shows."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import attrs
import pytest
from rich.cells import cell_len

from wxunion_async import (
    Fen,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    PagedRequest,
    PlanInfoRequest,
    PlanType,
    RequestPart,
    UnionRequest,
    at_most_one,
    decode,
    encode,
    paged_by_offset,
    request_classes,
)
from wxunion_async._endpoint import Group, endpoint, path_rule
from wxunion_async.cli import main
from wxunion_async.cli.app import make_app
from wxunion_async.cli.catalogue import dashed, every_call
from wxunion_async.cli.fields import fields_of, rules_of
from wxunion_async.testing import FakeUnionServer, Fault, load_answer

DETAIL = "/channels/ec/promoter/get_promote_product_detail"
LIST = "/channels/ec/promoter/get_promote_product_list"
APPLY = "/union/promoter/target/apply_target"


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed, and see to it that it fits and that nothing went to stderr."""
    printed = capsys.readouterr()
    assert printed.err == ""
    assert max(map(cell_len, printed.out.splitlines())) <= 80
    return printed.out


def shown_json(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the JSON value that was printed, alone."""
    printed = capsys.readouterr()
    assert printed.err == ""
    return json.loads(printed.out)


CALLS = list(every_call())
GROUPS = list(dict.fromkeys(group for group, _, _ in CALLS))


# ── which commands there are ─────────────────────────────────────────────────────────────────────────────────────────


def test_each_call_has_its_command_by_the_path_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has the vendor's page open finds it, and needs no list."""
    assert {cls for _, _, cls in CALLS} == set(request_classes())
    for group, call, cls in CALLS:
        assert (group, call) == path_rule(cls.path)


def calls_of_group(group: str) -> list[tuple[str, type[UnionRequest[Any]]]]:
    """Return name and request class of each call of a group."""
    return [(call, cls) for name, call, cls in CALLS if name == group]


def options_of(cls: type[UnionRequest[Any]]) -> dict[str, str]:
    """Return option → what its help says, of each field of a request, and of its parts."""
    fields = [field for field in fields_of(cls) if not attrs.has(field.kind)]
    return {f"--{'.'.join(dashed(name) for name in field.name.split('.'))}": field.help for field in fields}


@pytest.mark.untraced
@pytest.mark.parametrize("group", GROUPS)
def test_each_command_has_an_option_for_every_field(group: str) -> None:
    """A reader with the vendor's page open finds each parameter, and what it is; the next test prints some of them."""
    commands = make_app([dashed(group)])[dashed(group)]
    for call, cls in calls_of_group(group):
        command = commands[dashed(call)]
        arguments = command.assemble_argument_collection()
        found = {name: argument.parameter.help for argument in arguments for name in argument.names}
        assert all(options_of(cls).values()), call
        assert found.items() >= options_of(cls).items(), call
        assert found.keys() >= {"--json", "--app-id", "--app-secret-file", "--base-url", "--env-file"}, call
        for told in (*rules_of(cls), cls.path):
            assert told in command.help, call


@pytest.mark.untraced
@pytest.mark.parametrize("group", GROUPS)
def test_help_tells_every_field_and_fits_a_terminal(
    group: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each group the call with the longest option: a frame that is wrapped cannot be read."""
    call, cls = max(calls_of_group(group), key=lambda known: max(map(len, options_of(known[1])), default=0))
    argv = [dashed(group), dashed(call), "--help"]
    assert main(argv) == 0
    assert shown(capsys)
    monkeypatch.setenv("COLUMNS", "1000")
    assert main(argv) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "Exit codes" not in words
    for option, about in options_of(cls).items():
        assert re.search(rf"{re.escape(option)}[ │]", words)
        assert about in words
    for told in (*rules_of(cls), cls.path, "--json", "--app-id", "--env-file", "WXUNION_APP_SECRET"):
        assert told in words


def test_the_calls_are_listed(capsys: pytest.CaptureFixture[str], for_a_terminal: Callable[..., Any]) -> None:
    """Whose account, read or write, pages, and what it is about, one line each."""
    assert main(["calls"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "promoter (agency account)" in lines
    assert "get-promote-product-list read pages List one page of products to promote." in lines
    assert "apply-target write Apply to join a targeted plan." in lines
    screen = for_a_terminal("calls")
    assert max(map(cell_len, screen.lines)) == 80
    assert any(line.endswith("…") for line in screen.lines)


def test_the_calls_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line, and the name as ``bulk --request`` takes it."""
    assert main(["calls", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == len(CALLS)
    assert next(known for known in found if known["call"] == "target.apply_target") == {
        "call": "target.apply_target",
        "account": "promoter",
        "kind": "write",
        "pages": False,
        "path": APPLY,
        "about": "Apply to join a targeted plan.",
    }


def test_the_choices_are_those_of_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    """An enumeration may know more than one of its calls takes."""
    assert main(["promoter", "get-promote-product-list", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "One of targeted (1), public (2)." in words
    assert "agency-targeted" not in words
    assert main(["promoter", "get-promote-product-list", "3"]) == 2
    assert "plan_type: '3' is none of targeted (1), public (2)" in capsys.readouterr().err


@pytest.fixture
def news(as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> FakeUnionServer:
    """Add a group with two calls to the library, as a package would; give the server."""

    class News(Group):
        """News of the vendor."""

        list: Final = endpoint(lambda: NewsListRequest)
        del_: Final = endpoint(lambda: NewsDelRequest)

    monkeypatch.setattr("wxunion_async.cli.catalogue.groups", lambda: {"news": News})
    monkeypatch.setattr("wxunion_async.cli.app.groups", lambda: {"news": News})
    as_agency.answer(NewsListRequest, lambda request: {"earned": 1234, "newsList": [{"title": "a"}], "total": 9})
    as_agency.register(NewsDelRequest)
    return as_agency


def test_a_new_endpoint_gets_its_command(news: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever adds an endpoint writes a request class, and no code for the command line."""
    argv = [
        "news",
        "list",
        "7",
        "--since",
        "2026-01-31T08:00:00+08:00",
        "--share",
        "0.5",
        "--hot",
        "--where.city",
        "成都",
    ]
    assert (
        main([*argv, "--tags", "a, b", "--kind", "agency_targeted", "--more", '{"x": 1}', "--where.zip.code", "5"]) == 0
    )
    out = shown(capsys)
    assert "12.34 yuan" in out
    assert re.search(r"total +9 ", out)
    body = news.requests[-1].body
    assert body == {
        "newsId": 7,
        "since": 1769817600,
        "share": 0.5,
        "hot": True,
        "where": {"city": "成都", "zip": {"code": "5"}},
        "tags": ["a", "b"],
        "kind": 3,
        "more": {"x": 1},
        "offset": 8,
    }
    assert main(["news", "list", "7", "--limit", "2", "--max-items", "3", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["news", "list", "7", "--since", "1769817600", "--until", "1769817600"]) == 2
    assert "at most one" in capsys.readouterr().err


def test_a_call_that_is_a_keyword_has_its_plain_name(news: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """``del_`` is Python's trouble, not the shell's."""
    assert main(["news", "del"]) == 0
    assert shown(capsys) == "news.del : done\n"
    assert main(["news", "--help"]) == 0
    assert "List news." in shown(capsys)


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--where.zip.code", "5"], "where.city is missing"),
        (["--since", "2026-01-31"], "since must have a time zone"),
        (["--kind", "9"], "kind: '9' is none of targeted (1), public (2), agency-targeted (3), agency-ordinary (4)"),
        (["--share", "x"], "share: 'x' is no JSON"),
    ],
)
def test_what_a_field_does_not_take_is_one_line(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the name of the field, that of a part's field with the part's in front."""
    assert main(["news", "list", "7", *argv]) == 2
    assert capsys.readouterr().err == f"wxunion: {words}\n"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Zip(RequestPart):
    code: str


@attrs.frozen(kw_only=True, weakref_slot=False)
class Where(RequestPart):
    city: str
    """Where."""
    zip: Zip | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Title:
    title: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class News:
    earned: Fen | None = None
    news_list: tuple[Title, ...] = ()
    total: int | None = None


@paged_by_offset("news_list")
@at_most_one("since", "until")
@attrs.frozen(kw_only=True, weakref_slot=False)
class NewsListRequest(PagedRequest[News, Title]):
    """
    List one page of news.

    .. versionadded:: 9.9
    """

    path = "/channels/ec/news/list"
    dialect = "camel"
    resend = True

    news_id: int = attrs.field(kw_only=False)
    since: datetime | None = None
    """The oldest."""
    until: datetime | None = None
    share: float | None = None
    hot: bool | None = None
    where: Where | None = None
    """The place; only one."""
    tags: tuple[str, ...] = ()
    kind: PlanType | None = None
    more: dict[str, Any] | None = None
    offset: int = 0
    limit: int | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class NewsDelRequest(UnionRequest[None]):
    """Delete all news."""

    path = "/channels/ec/news/del"


# ── one answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_a_panel_with_units(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """People read yuan, percent, names of states and days in Beijing; a list of like things is a table."""
    assert main(["target", "plan-info", as_promoter.plan.invitation_url]) == 0
    out = shown(capsys)
    for words in (
        "target.plan info",
        "TEST定向计划CR",
        "effective (1)",
        "2021-08-18 00:00:00+08:00",
        "7.00 %",
        "1.10 yuan",
    ):
        assert words in out
    assert "cat_id   name" in out
    assert "sub_title" not in out  # the sample has an empty one


def test_json_is_the_wire_form(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads the vendor's names and units, and can decode it again."""
    assert main(["target", "plan-info", as_promoter.plan.invitation_url, "--json"]) == 0
    answer = decode(PlanInfoRequest, load_answer("target/plan_info"))
    assert shown_json(capsys) == encode(answer)


def test_applying_says_that_it_is_done(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The vendor answers nothing but success, and silence would leave doubt."""
    assert main(["target", "apply-target", as_promoter.plan.plan_id, "--apply-reason", "读者喜欢"]) == 0
    assert shown(capsys) == "target.apply target: done\n"
    assert as_promoter.requests[-1].body == {"planId": as_promoter.plan.plan_id, "applyReason": "读者喜欢"}
    assert main(["target", "apply-status", as_promoter.plan.plan_id]) == 0
    assert "pending (1)" in shown(capsys)
    assert main(["target", "apply-status", as_promoter.plan.plan_id, "--json"]) == 0
    assert shown_json(capsys)["data"]["promoterStatus"] == 1


def test_an_answer_without_content_is_an_empty_object(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--json`` there is always exactly one JSON value."""
    assert main(["target", "apply-target", as_promoter.plan.plan_id, "why", "--json"]) == 0
    assert shown_json(capsys) == {}


def test_a_product_is_asked_for_by_place_or_by_name(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is required may be given either way; a kind of plan by name or number."""
    product = as_agency.product_request(3)
    shop, number = product["shop_appid"], str(product["product_id"])
    assert main(["promoter", "get-promote-product-detail", shop, number, "public"]) == 0
    out = shown(capsys)
    assert number in out
    argv = ["--plan-type", "2", "--product-id", number, "--shop-appid", shop, "--no-get-available-coupon"]
    assert main(["promoter", "get-promote-product-detail", *argv]) == 0
    assert shown(capsys) == out
    bodies = [request.body for request in as_agency.requests if request.path == DETAIL]
    assert bodies == [
        {"shop_appid": shop, "product_id": int(number), "plan_type": 2},
        {"shop_appid": shop, "product_id": int(number), "plan_type": 2, "get_available_coupon": False},
    ]


def test_the_quota_of_a_path(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The quota is the first thing to look at when calls are refused."""
    as_agency.daily_quotas[DETAIL] = 10
    assert main(["quota", "get", DETAIL]) == 0
    assert "remain              10" in shown(capsys)


# ── all pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
def test_a_list_is_one_table_of_all_pages(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Pages are the vendor's business, not the reader's."""
    assert main(["promoter", "get-promote-product-list", "public"]) == 0
    out = shown(capsys)
    assert all(str(as_agency.product_request(index)["product_id"]) in out for index in range(300))
    assert as_agency.count(LIST) == 15
    assert "next_key" not in out


def test_a_limit_asks_for_no_more_pages_than_it_takes(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A look at the first few costs a few calls of the quota."""
    assert main(["promoter", "get-promote-product-list", "--plan-type", "2", "--page-size", "8", "--limit", "20"]) == 0
    out = shown(capsys)
    last = as_agency.product_request(19)["product_id"]
    assert str(last) in out
    assert str(last + 1) not in out
    assert as_agency.count(LIST) == 3


def test_a_list_as_json_is_one_line_an_item(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON Lines can be cut, filtered and fed to ``wxunion bulk`` while the pages still come."""
    assert main(["promoter", "get-promote-product-list", "public", "--limit", "25", "--json"]) == 0
    items = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [item["product_id"] for item in items] == [
        as_agency.product_request(index)["product_id"] for index in range(25)
    ]
    assert set(items[0]) == {"product_id", "shop_appid", "head_supplier_appid"}


@pytest.mark.parametrize("as_json", [False, True])
def test_an_empty_list_is_no_error(
    as_json: bool, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A search may find nothing."""
    argv = ["promoter", "get-promote-product-list", "public", "--keyword", "飞机", *(["--json"] if as_json else [])]
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert out == "" if as_json else "nothing to show" in out


def test_a_list_that_repeats_itself_ends(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A service that answers the same key again would have us ask for ever."""
    page = {"errcode": 0, "product_list": [{"product_id": 1, "shop_appid": "wx1"}], "next_key": "again"}
    as_agency.fail(LIST, Fault(body=json.dumps(page)), times=None)
    assert main(["promoter", "get-promote-product-list", "public", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_table_has_a_row_for_each_item(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """As wide as it gets, for ``less -S``; what is wide on a terminal is counted as such."""
    answer: Any = {
        "product_list": [
            {"product_id": 1, "shop_appid": "高山", "head_supplier_appid": "a\n\x1b[2Jb"},
            {"product_id": 22, "shop_appid": "x"},
        ]
    }
    as_agency.answer(GetPromoteProductListRequest, answer)
    assert main(["promoter", "get-promote-product-list", "public", "--table"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "product_id  shop_appid  head_supplier_appid",
        "1           高山        a \\x1b[2Jb",
        "22          x",
    ]
    as_agency.answer(GetPromoteProductListRequest, {"product_list": []})
    assert main(["promoter", "get-promote-product-list", "public", "--table"]) == 0
    assert capsys.readouterr().out == ""


def test_a_part_of_a_request_is_options(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody types JSON into a shell, where each quote has to be quoted."""
    argv = ["--limit", "1", "--spu-item-condition.selling-price-range.min", "100"]
    assert main(["promoter", "get-promote-product-list", "public", *argv]) == 0
    assert shown(capsys)
    body = as_agency.requests[-1].body
    assert body is not None
    assert body["spu_item_condition"] == {"selling_price_range": {"min": "100"}}


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["promoter", "get-promote-product-detail", "wx1", "abc", "public"], "product_id: 'abc' is no decimal number"),
        (
            ["promoter", "get-promote-product-detail", "wx1", "1", "private"],
            "plan_type: 'private' is none of targeted (1), public (2)",
        ),
        (["promoter", "get-promote-product-detail", "wx1", "1", "3"], "head_supplier_appid is missing"),
        (["promoter", "get-promote-product-detail", "wx1", "-1", "2"], "product_id must not be negative"),
        (["promoter", "get-promote-product-detail", "wx1"], "--product-id"),
        (["promoter", "get-promote-product-list", "public", "--page-size", "21"], "page_size must be in 1 … 20"),
        (["promoter", "get-promote-product-list", "public", "--limit", "0"], "--limit"),
        (["promoter", "get-promote-product-list", "public", "--limit", "1.5"], "'1.5' is no whole number"),
        (["promoter", "get-promote-product-list", "public", "--category", "{"], "--category"),
        (
            [
                *("promoter", "get-promote-product-list", "public", "--spu-item-condition.promote-time-range.min", "9"),
                *("--spu-item-condition.promote-time-range.max", "1"),
            ],
            "min must not be above max (1), not 9",
        ),
        (["promoter", "get-promote-product-list", "public", "--category.category-ids-1", "[" * 100_000], "is no JSON"),
        (["nobody", "get"], "nobody"),
        (["quota", "nothing"], "nothing"),
        (["target", "apply-target", "plan", "--apply-reason", " "], "apply_reason is missing"),
        (["quota", "get", "no-slash"], "cgi_path must begin with '/'"),
    ],
)
def test_a_wrong_argument_is_one_line(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told before any I/O, and even before the credentials are looked for."""
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("wxunion: ")
    assert words in printed.err
    assert printed.err.count("\n") == 1


def test_a_refusal_is_a_panel(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What happened, what to do, and the rid that the vendor's support asks for."""
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert max(map(cell_len, printed.err.splitlines())) <= 80
    words = " ".join(printed.err.replace("│", " ").split())
    assert "ProductNotFoundError" in words
    assert "errcode 10024004" in words
    assert "What to do Drop the product, or check its id." in words
    assert "rid " in words


def test_a_refusal_as_json_is_an_object_on_stderr(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that asked for JSON gets the errcode without reading words; stdout stays empty."""
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public", "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    error = json.loads(printed.err)["error"]
    assert (error["class"], error["errcode"], error["attempts"]) == ("ProductNotFoundError", 10024004, 1)
    assert error["rid"] in error["errmsg"]


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize("as_json", [False, True])
def test_what_may_pass_has_an_exit_code_of_its_own(
    as_json: bool, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script tries again on 3, and gives up on 1."""
    as_agency.fail(DETAIL, Fault(status=503), times=4)
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public", *(["--json"] if as_json else [])]) == 3
    error = capsys.readouterr().err
    assert '"attempts": 4' in error if as_json else "Attempts       4" in error


@pytest.mark.usefixtures("no_backoff")
def test_an_application_that_may_have_arrived_is_told_as_such(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Applying again blindly is what must not happen, so 3 would be wrong."""
    as_promoter.fail(APPLY, Fault(reset=True), times=4)
    assert main(["target", "apply-target", as_promoter.plan.plan_id, "why"]) == 1
    assert "ask the service for its state" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells a closed pipe by another error")
@pytest.mark.usefixtures("as_agency")
def test_a_reader_that_leaves_ends_a_list_quietly() -> None:
    """``wxunion promoter get-promote-product-list public --json | head -1`` is no fault of anybody's."""
    argv = [
        sys.executable,
        "-m",
        "wxunion_async.cli",
        "promoter",
        "get-promote-product-list",
        "public",
        "--json",
        "--page-size",
        "1",
    ]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith('{"product_id"')
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, "")


def test_a_terminal_of_80_columns_holds_it(as_agency: FakeUnionServer, for_a_terminal: Callable[..., Any]) -> None:
    """Frames that are broken by wrapping cannot be read."""
    product = as_agency.product_request(0)
    screen = for_a_terminal(
        "promoter", "get-promote-product-detail", product["shop_appid"], str(product["product_id"]), "targeted"
    )
    assert screen.exit_code == 0
    assert "\x1b[36m" in screen.sent
    assert {cell_len(line) for line in screen.lines if line} == {80}


def test_a_value_that_could_not_be_read_is_told(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Left out in silence, it would look as if the vendor had not sent it."""
    answer: dict[str, Any] = {
        "errcode": 0,
        "product": {"shop_appid": "wx1", "product_id": 1, "product_info": {"title": {}}},
    }
    as_agency.fail(DETAIL, Fault(body=json.dumps(answer)))
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(f"wxunion: warning: {DETAIL}: product.product_info.title: ")
    assert printed.err.count("\n") == 1


def test_a_failure_is_told_once(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library logs a warning as well, which without a handler, as in a process of its own, goes to stderr."""
    monkeypatch.setenv("WXUNION_APP_SECRET", "wrong")
    with monkeypatch.context() as patch:
        patch.setattr(logging.getLogger(), "handlers", [])
        assert main(["quota", "get", DETAIL]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("╭─ CredentialError")
    assert errors.count("errcode 40125") == 1
    assert as_agency.count(DETAIL) == 0


def test_no_secret_is_shown(
    as_agency: FakeUnionServer, secrets: Callable[[], set[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What the service echoes, a screen or a log would keep."""
    as_agency.fail(DETAIL, Fault(errcode=10024000, echo=True), times=None)
    for more in ([], ["--json"]):
        assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public", *more]) == 1
    printed = capsys.readouterr()
    assert not [secret for secret in secrets() if secret in printed.out + printed.err]


def test_docs_are_left_out_where_there_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of compiled files only has commands, too."""

    def no_source(_: object) -> str:
        raise OSError("source code not available")

    monkeypatch.setattr("inspect.getsource", no_source)
    fresh = attrs.make_class("FreshRequest", {}, bases=(PlanInfoRequest,), kw_only=True, frozen=True)
    assert fields_of(fresh)[0].help == ""


@pytest.mark.untraced
@pytest.mark.parametrize("as_json", [False, True])
def test_what_a_terminal_would_obey_is_shown_as_text(
    as_json: bool, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A title is anybody's; it must not clear the screen, nor rename the window, nor turn the line round."""
    escape = "\x1b]0;owned\x07\x1b[2J\x9b2J\u202eabc\r\x7f"
    more = ["--json"] if as_json else []
    answer: Any = {"product": {"shop_appid": "wx1", "product_id": 1, "product_info": {"title": f"a{escape}b"}}}
    as_agency.answer(GetPromoteProductDetailRequest, answer)
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public", *more]) == 0
    as_agency.fail(DETAIL, Fault(errcode=10024000, errmsg=f"a{escape}b"))
    assert main(["promoter", "get-promote-product-detail", "wx1", "1", "public", *more]) == 1
    assert main(["promoter", "get-promote-product-detail", f"wx{escape}", escape, "public"]) == 2
    assert main(["bulk", f"no{escape}.csv", "-o", "x.jsonl"]) == 2
    printed = capsys.readouterr()
    assert [character for character in "\x1b\x07\x9b\u202e\r\x7f" if character in printed.out + printed.err] == []
    if as_json:
        assert json.loads(printed.out)["product"]["product_info"]["title"] == f"a{escape}b"
