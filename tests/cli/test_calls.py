"""A command for each endpoint: what it is called, what it takes, what it shows."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from cyclopts import App
from rich.cells import cell_len

import wxunion_async
from wxunion_async import Fen, PlanInfoRequest, PlanType, RequestPart, UnionRequest, decode, encode
from wxunion_async.cli import main
from wxunion_async.cli.calls import add_commands
from wxunion_async.cli.requests import command_name, fields_of, request_classes
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


# ── which commands there are ─────────────────────────────────────────────────────────────────────────────────────────


def test_each_endpoint_has_its_command() -> None:
    """Short names where the vendor's are long; all others follow from the path."""
    assert {command_name(cls) for cls in request_classes()} >= {
        "plan-info",
        "apply-target",
        "apply-status",
        "product-detail",
        "product-list",
        "quota",
    }


@pytest.mark.parametrize("cls", request_classes(), ids=command_name)
def test_help_tells_every_field(cls: type[UnionRequest[Any]], capsys: pytest.CaptureFixture[str]) -> None:
    """A reader with the vendor's page open finds each parameter, and what it is."""
    assert main([command_name(cls), "--help"]) == 0
    help_text = shown(capsys)
    words = " ".join(help_text.replace("│", " ").split())
    names = "".join(re.split(" {2,}", row.strip("│ *"))[0] for row in help_text.splitlines())  # a long one is broken
    for field in fields_of(cls):
        assert f"--{field.option}" in names
        assert field.help.replace("`", "").split()[0] in words
    assert cls.path in words
    for common in ("--json", "--app-id", "--app-secret-file", "--base-url", "WXUNION_APP_SECRET", "Exit codes: 0"):
        assert common in words


def test_a_new_endpoint_gets_its_command(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever adds an endpoint writes a request class, and no code for the command line."""
    monkeypatch.setattr(wxunion_async, "NewsListRequest", NewsListRequest, raising=False)
    monkeypatch.setattr(wxunion_async, "__all__", [*wxunion_async.__all__, "NewsListRequest"])
    as_agency.fail(NewsListRequest.path, Fault(body='{"errcode": 0, "earned": 1234}'))
    app = App(result_action="return_value")
    add_commands(app)
    argv = ["news-list", "7", "--since", "2026-01-31T08:00:00+08:00", "--share", "0.5", "--hot", "--where"]
    exit_code = app([*argv, '{"city": "成都"}', "--tags", '["a"]', "--kind", "agency_targeted"])
    assert exit_code == 0
    assert "12.34 yuan" in shown(capsys)
    body = as_agency.requests[-1].body
    assert body == {
        "newsId": 7,
        "since": 1769817600,
        "share": 0.5,
        "hot": True,
        "where": {"city": "成都"},
        "tags": ["a"],
        "kind": 3,
    }


@attrs.frozen(kw_only=True, weakref_slot=False)
class Where(RequestPart):
    city: str


@attrs.frozen(kw_only=True, weakref_slot=False)
class News:
    earned: Fen | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class NewsListRequest(UnionRequest[News]):
    """
    Ask for news.

    Source: nowhere.
    """

    path = "/channels/ec/news/list"
    dialect = "camel"

    news_id: int
    since: datetime | None = None
    """The oldest."""
    share: float | None = None
    hot: bool | None = None
    where: Where | None = None
    tags: tuple[str, ...] = ()
    kind: PlanType | None = None


# ── one answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_a_panel_with_units(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """People read yuan, percent, names of states and days in Beijing; a list of like things is a table."""
    assert main(["plan-info", as_promoter.plan.invitation_url]) == 0
    out = shown(capsys)
    for words in ("plan info", "TEST定向计划CR", "effective (1)", "2021-08-18 00:00:00+08:00", "7.00 %", "1.10 yuan"):
        assert words in out
    assert "cat_id   name" in out
    assert "sub_title" not in out  # the sample has an empty one


def test_json_is_the_wire_form(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads the vendor's names and units, and can decode it again."""
    assert main(["plan-info", as_promoter.plan.invitation_url, "--json"]) == 0
    answer = decode(PlanInfoRequest, load_answer("target/plan_info"))
    assert shown_json(capsys) == encode(answer)


def test_applying_says_that_it_is_done(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The vendor answers nothing but success, and silence would leave doubt."""
    assert main(["apply-target", as_promoter.plan.plan_id, "--reason", "读者喜欢"]) == 0
    assert shown(capsys) == "apply target: done\n"
    assert as_promoter.requests[-1].body == {"planId": as_promoter.plan.plan_id, "applyReason": "读者喜欢"}
    assert main(["apply-status", as_promoter.plan.plan_id]) == 0
    assert "pending (1)" in shown(capsys)
    assert main(["apply-status", as_promoter.plan.plan_id, "--json"]) == 0
    assert shown_json(capsys)["data"]["promoterStatus"] == 1


def test_an_answer_without_content_is_an_empty_object(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--json`` there is always exactly one JSON value."""
    assert main(["apply-target", as_promoter.plan.plan_id, "why", "--json"]) == 0
    assert shown_json(capsys) == {}


def test_a_product_is_asked_for_by_place_or_by_name(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is required may be given either way; a kind of plan by name or number."""
    product = as_agency.product_request(3)
    shop, number = product["shop_appid"], str(product["product_id"])
    assert main(["product-detail", shop, number, "public"]) == 0
    out = shown(capsys)
    assert number in out
    argv = ["--plan-type", "2", "--product-id", number, "--shop-appid", shop, "--no-get-available-coupon"]
    assert main(["product-detail", *argv]) == 0
    assert shown(capsys) == out
    bodies = [request.body for request in as_agency.requests if request.path == DETAIL]
    assert bodies == [
        {"shop_appid": shop, "product_id": int(number), "plan_type": 2},
        {"shop_appid": shop, "product_id": int(number), "plan_type": 2, "get_available_coupon": False},
    ]


def test_the_quota_of_a_path(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The quota is the first thing to look at when calls are refused."""
    as_agency.daily_quotas[DETAIL] = 10
    assert main(["quota", DETAIL]) == 0
    assert "remain              10" in shown(capsys)


# ── all pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_one_table_of_all_pages(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Pages are the vendor's business, not the reader's."""
    assert main(["product-list", "public"]) == 0
    out = shown(capsys)
    assert all(str(as_agency.product_request(index)["product_id"]) in out for index in range(300))
    assert as_agency.count(LIST) == 15
    assert "next_key" not in out


def test_a_limit_asks_for_no_more_pages_than_it_takes(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A look at the first few costs a few calls of the quota."""
    assert main(["product-list", "--plan-type", "2", "--page-size", "8", "--limit", "20"]) == 0
    out = shown(capsys)
    last = as_agency.product_request(19)["product_id"]
    assert str(last) in out
    assert str(last + 1) not in out
    assert as_agency.count(LIST) == 3


def test_a_list_as_json_is_one_line_an_item(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON Lines can be cut, filtered and fed to ``wxunion bulk`` while the pages still come."""
    assert main(["product-list", "public", "--limit", "25", "--json"]) == 0
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
    argv = ["product-list", "public", "--keyword", "飞机", *(["--json"] if as_json else [])]
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert out == "" if as_json else "nothing to show" in out


def test_a_list_that_repeats_itself_ends(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A service that answers the same key again would have us ask for ever."""
    page = {"errcode": 0, "product_list": [{"product_id": 1, "shop_appid": "wx1"}], "next_key": "again"}
    as_agency.fail(LIST, Fault(body=json.dumps(page)), times=None)
    assert main(["product-list", "public", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_nested_argument_is_json(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """One rule for all that is no plain value, here and in the columns of a table."""
    condition = {"selling_price_range": {"min": 100, "max": 500}}
    argv = ["product-list", "public", "--limit", "1", "--spu-item-condition", json.dumps(condition)]
    assert main(argv) == 0
    assert shown(capsys)
    body = as_agency.requests[-1].body
    assert body is not None
    assert body["spu_item_condition"] == {"selling_price_range": {"min": "100", "max": "500"}}


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["product-detail", "wx1", "abc", "public"], "product_id: 'abc' is no decimal number"),
        (["product-detail", "wx1", "1", "private"], "plan_type: 'private' is none of targeted (1), public (2)"),
        (["product-detail", "wx1", "1", "3"], "head_supplier_appid is missing"),
        (["product-detail", "wx1", "-1", "2"], "product_id must not be negative"),
        (["product-detail", "wx1"], "--product-id"),
        (["product-list", "public", "--page-size", "21"], "page_size must be in 1 … 20"),
        (["product-list", "public", "--limit", "0"], "--limit"),
        (["product-list", "public", "--category", "{"], "category: '{' is no JSON"),
        (["product-list", "public", "--category", "[" * 100_000], "is no JSON"),
        (["product-list", "public", "--category", '{"name": 1}'], "category has no field name"),
        (["apply-target", "plan", "--reason", " "], "apply_reason is missing"),
        (["quota", "no-slash"], "cgi_path must begin with '/'"),
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
    assert main(["product-detail", "wx1", "1", "public"]) == 1
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
    assert main(["product-detail", "wx1", "1", "public", "--json"]) == 1
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
    assert main(["product-detail", "wx1", "1", "public", *(["--json"] if as_json else [])]) == 3
    error = capsys.readouterr().err
    assert '"attempts": 4' in error if as_json else "Attempts       4" in error


@pytest.mark.usefixtures("no_backoff")
def test_an_application_that_may_have_arrived_is_told_as_such(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Applying again blindly is what must not happen, so 3 would be wrong."""
    as_promoter.fail(APPLY, Fault(reset=True), times=4)
    assert main(["apply-target", as_promoter.plan.plan_id, "why"]) == 1
    assert "ask apply-status" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells a closed pipe by another error")
@pytest.mark.usefixtures("as_agency")
def test_a_reader_that_leaves_ends_a_list_quietly() -> None:
    """``wxunion product-list public --json | head -1`` is no fault of anybody's."""
    argv = [sys.executable, "-m", "wxunion_async.cli", "product-list", "public", "--json", "--page-size", "1"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith('{"product_id"')
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, "")


def test_a_terminal_of_80_columns_holds_it(as_agency: FakeUnionServer, on_a_terminal: Callable[..., Any]) -> None:
    """Frames that are broken by wrapping cannot be read."""
    product = as_agency.product_request(0)
    screen = on_a_terminal("product-detail", product["shop_appid"], str(product["product_id"]), "targeted")
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
    assert main(["product-detail", "wx1", "1", "public"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(f"wxunion: warning: {DETAIL}: product.product_info.title: ")
    assert printed.err.count("\n") == 1


def test_a_failure_is_told_once(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> None:
    """The library logs a warning as well, which without a handler goes to stderr."""
    monkeypatch.setenv("WXUNION_APP_SECRET", "wrong")
    ran = run("quota", DETAIL)
    assert ran.returncode == 1
    assert ran.stderr.startswith("╭─ CredentialError")
    assert ran.stderr.count("errcode 40125") == 1
    assert as_agency.count(DETAIL) == 0


def test_no_secret_is_shown(
    as_agency: FakeUnionServer, secrets: Callable[[], set[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What the service echoes, a screen or a log would keep."""
    as_agency.fail(DETAIL, Fault(errcode=10024000, echo=True), times=None)
    for more in ([], ["--json"]):
        assert main(["product-detail", "wx1", "1", "public", *more]) == 1
    printed = capsys.readouterr()
    assert not [secret for secret in secrets() if secret in printed.out + printed.err]


def test_docs_are_left_out_where_there_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of compiled files only has commands, too."""

    def no_source(_: object) -> str:
        raise OSError("source code not available")

    monkeypatch.setattr("inspect.getsource", no_source)
    fresh = attrs.make_class("FreshRequest", {}, bases=(PlanInfoRequest,), kw_only=True, frozen=True)
    assert fields_of(fresh)[0].help == ""
    assert isinstance(PlanInfoRequest.errcodes, MappingProxyType)
