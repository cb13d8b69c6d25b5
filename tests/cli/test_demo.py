"""``wxunion demo``, from its first line to its last."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from wxunion_async import Fen, GetPromoteProductDetailRequest, PromoteProductDetail, decode
from wxunion_async.cli import main
from wxunion_async.cli.demo import _offers
from wxunion_async.testing import FakeUnionServer, Fault

COMMAND = [sys.executable, "-m", "wxunion_async.cli", "demo"]
DETAIL = "/channels/ec/promoter/get_promote_product_detail"


@pytest.mark.untraced
def test_a_pipe_gets_the_whole_story_in_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    """What goes to a file or a pager has neither control codes nor a progress bar, and fits 80 columns."""
    assert main(["demo", "--products", "45", "--rate", "1000"]) == 0
    out, errors = capsys.readouterr()
    assert errors == ""
    assert "\x1b" not in out
    assert "\r" not in out
    assert max(map(cell_len, out.splitlines())) == 80
    for words in ("TEST定向计划CR", "then pending, then agreed", "Best products", "service_fee", "3 token requests"):
        assert words in out
    assert re.search(r"^52 calls · ", out, re.MULTILINE)


@pytest.mark.untraced
def test_it_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A reader must not take it for the service, and wants to know what the figures mean and what to type next."""
    assert main(["demo", "--products", "5", "--rate", "1000"]) == 0
    words = " ".join(capsys.readouterr().out.replace("│", "").split())
    assert words.startswith("A fake server in this process plays the service, on http://127.0.0.1:")
    assert "nothing leaves this machine" in words
    today = datetime.now(timezone(timedelta(hours=8)))
    assert f"plan_start_time {today:%Y-%m-%d}" in words
    assert f"plan_end_time {today + timedelta(days=10):%Y-%m-%d}" in words
    assert "one token request more than there are accounts" in words
    assert "Next: wxunion calls" in words


def test_a_terminal_gets_a_progress_bar_and_colours(on_a_terminal: Callable[..., Any]) -> None:
    """Three seconds without a sign of life look like a hang."""
    screen = on_a_terminal("demo", "--products", "15", "--rate", "1000")
    assert screen.exit_code == 0
    assert "\x1b[36m" in screen.sent
    assert any("Looking up products" in line and "15/15" in line for line in screen.lines)
    assert max(map(cell_len, screen.lines)) <= 80
    frames = [line for line in screen.lines if line.startswith(("╭", "│", "╰"))]
    assert {cell_len(line) for line in frames} == {80}


@pytest.mark.untraced
def test_no_color_is_honoured(for_a_terminal: Callable[..., Any]) -> None:
    """https://no-color.org: no colour codes, whatever the terminal can do."""
    argv = ("demo", "--products", "5", "--rate", "1000")
    assert "\x1b[36m" in for_a_terminal(*argv).sent
    assert "\x1b[3" not in for_a_terminal(*argv, NO_COLOR="1").sent.replace("\x1b[3m", "")


def test_a_terminal_without_chinese_gets_question_marks() -> None:
    """A title that cannot be shown must not end the run."""
    out = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(out, encoding="ascii", write_through=True)):
        assert main(["demo", "--products", "5", "--rate", "1000"]) == 0
        assert b"TEST????CR" in out.getvalue()


def run_json(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    """Run the demo in this process and return what it reports."""
    assert main(["demo", "--json", *argv]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    report: dict[str, Any] = json.loads(shown.out)
    return report


def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """It is piped into other programs."""
    report = run_json(capsys, "--products", "45", "--rate", "1000")
    assert report["plan"]["plan_name"] == "TEST定向计划CR"
    assert report["plan"]["shop"] == "猪腩肉小商店"
    assert [step["promoter_status"] for step in report["application"]] == [1, 2]
    assert len(report["best_products"]) == 10
    fees = [product["service_fee"] for product in report["best_products"]]
    assert fees == sorted(fees, reverse=True)
    assert report["figures"]["lookups"] == 45


def test_progress_is_kept_apart_from_the_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``--json > file`` the terminal still shows how far it is."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    assert main(["demo", "--json", "--products", "20", "--rate", "1000"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["figures"]["lookups"] == 20
    assert "Looking up products" in shown.err


def test_the_figures_are_true(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A call is a request that was answered with success, a retry any other that is not for a token."""
    servers: list[FakeUnionServer] = []

    def remember(**arguments: Any) -> FakeUnionServer:
        server = FakeUnionServer(**arguments)
        server.fail(DETAIL, Fault(status=503), times=3)
        servers.append(server)
        return server

    monkeypatch.setattr("wxunion_async.cli.demo.FakeUnionServer", remember)
    figures = run_json(capsys, "--products", "45", "--rate", "1000")["figures"]
    requests = servers[0].requests
    ours = [request for request in requests if not request.path.startswith("/cgi-bin/")]
    assert figures["calls"] == sum(request.errcode == 0 for request in ours) == 4 + 3 + 45
    assert figures["retries"] == sum(request.errcode != 0 for request in ours) >= 4
    assert figures["token_requests"] == len(requests) - len(ours) == 3


def test_even_one_product_meets_the_rotation(capsys: pytest.CaptureFixture[str]) -> None:
    """The smallest run shows the same as a big one: the dead token is replaced, the call is sent again."""
    report = run_json(capsys, "--products", "1", "--rate", "10")
    assert report["figures"]["token_requests"] == 3
    assert report["figures"]["retries"] == 1


def test_the_rate_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The limit is what the demo is about; the first two of 24 lookups may go at once."""
    servers: list[FakeUnionServer] = []

    def remember(**arguments: Any) -> FakeUnionServer:
        servers.append(FakeUnionServer(**arguments))
        return servers[0]

    monkeypatch.setattr("wxunion_async.cli.demo.FakeUnionServer", remember)
    run_json(capsys, "--products", "24", "--rate", "20")
    lookups = [request.at for request in servers[0].requests if request.path == DETAIL]
    assert lookups[-1] - servers[0].requests[0].at >= 22 / 20


def test_a_proxy_of_the_environment_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Our users sit behind an egress proxy, which cannot reach a server in this process."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    run_json(capsys, "--products", "2", "--rate", "1000")
    assert "no_proxy" not in os.environ
    monkeypatch.setenv("no_proxy", "example.org")
    run_json(capsys, "--products", "2", "--rate", "1000")
    assert os.environ["no_proxy"] == "example.org"


def test_a_failed_call_ends_it_with_one_panel(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One error is told, not one for each call that was under way."""

    def broken(**arguments: Any) -> FakeUnionServer:
        server = FakeUnionServer(**arguments)
        server.fail(DETAIL, Fault(errcode=48001), times=None)
        return server

    monkeypatch.setattr("wxunion_async.cli.demo.FakeUnionServer", broken)
    assert main(["demo", "--json", "--products", "20", "--rate", "1000"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("╭─ PermissionDeniedError")
    assert shown.err.count("errcode") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_quietly() -> None:
    """130 is what shells expect of a program that was stopped by Ctrl-C; a traceback is what nobody expects."""
    with subprocess.Popen(
        [*COMMAND, "--rate", "5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the panel: its calls are done, the lookups begin
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (130, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells a closed pipe by another error")
def test_a_closed_pipe_ends_it_quietly(closed_pipe: int) -> None:
    """``wxunion demo | head -1`` is no fault of anybody's."""
    argv = [*COMMAND, "--products", "1", "--rate", "1000"]
    ran = subprocess.run(argv, check=False, stdout=closed_pipe, stderr=subprocess.PIPE, text=True)
    assert (ran.returncode, ran.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    """The report could not be written, and the exit code must say so."""
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*COMMAND, "--products", "1", "--json"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "No space left" in ran.stderr


def detail(**changes: Any) -> PromoteProductDetail:
    """Return a product that can be sold, with changes; ``None`` stands for an absent value."""
    info: dict[str, Any] = {
        "title": "高山蜂蜜",
        "status": 5,
        "skus": [{"sale_price": 1999, "stock_num": 3}, {"sale_price": 999, "stock_num": 2}, {}],
    }
    commission_info = changes.pop("commission_info", {"status": 1, "service_ratio": 70_000})
    product = {"shop_appid": "wx1", "product_id": 7, "product_info": info | changes, "commission_info": commission_info}
    return decode(GetPromoteProductDetailRequest, {"product": product})


def test_an_offer_is_the_cheapest_variant_of_a_product() -> None:
    """A promoter names the lowest price, and all that is in stock counts; the title is optional on the wire."""
    (offer,) = _offers(detail(title=None))
    assert (offer.title, offer.sale_price, offer.service_fee, offer.stock_num) == ("", Fen(999), Fen(69), 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"commission_info": None},
        {"commission_info": {"status": 1}},
        {"commission_info": {"status": 2, "service_ratio": 70_000}},
        {"commission_info": {"service_ratio": 70_000}},
        {"status": 11},
        {"status": None},
        {"skus": []},
        {"skus": [{"stock_num": 1}]},
        {"skus": [{"sale_price": 999, "stock_num": 0}]},
        {"skus": [{"sale_price": 999}]},
    ],
)
def test_what_cannot_be_sold_is_no_offer(changes: dict[str, Any]) -> None:
    """A table of the best products must not send a promoter to an empty shelf; nothing absent is taken for good."""
    assert not list(_offers(detail(**changes)))
