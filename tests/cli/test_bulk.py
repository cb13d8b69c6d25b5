"""``wxunion bulk``: every line exactly once, whatever happens on the way."""

import contextlib
import csv
import errno
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Task, TaskID

from wxunion_async import DriftEvent, GetPromoteProductDetailRequest, PathPausedEvent, QuotaGetRequest
from wxunion_async.cli import main
from wxunion_async.cli.journal import open_journal
from wxunion_async.cli.outputs import _cells, row_of
from wxunion_async.cli.progress import SpeedColumn, reading
from wxunion_async.testing import FakeUnionServer, Fault

COMMAND = (sys.executable, "-m", "wxunion_async.cli", "bulk")
DETAIL = "/channels/ec/promoter/get_promote_product_detail"
APPLY = "/union/promoter/target/apply_target"
TOKEN = "/cgi-bin/stable_token"
_TABLE = re.compile(
    r"^Failures.*?(?=^\d[\d,]* (?:skipped )?(?:lines? |done)|^wxunion: |^╭|\Z)", re.DOTALL | re.MULTILINE
)
_SLOW = re.compile(r"^reading .* so far\n", re.MULTILINE)
HEADER = "shop_appid,product_id,plan_type"

pytestmark = pytest.mark.usefixtures("_in_a_folder_of_its_own")


@pytest.fixture
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File names in the tests are as short as a user's."""
    monkeypatch.chdir(tmp_path)


def row(server: FakeUnionServer, index: int) -> str:
    """Return the CSV line of a product; an index below 0 is a product that there is not."""
    if index < 0:
        return f"wx1,{-index},2"
    product = server.product_request(index)
    return f"{product['shop_appid']},{product['product_id']},2"


def write_rows(rows: Iterable[str], name: str = "in.csv") -> None:
    """Write an input."""
    Path(name).write_text("\n".join([HEADER, *rows, ""]))


def records(name: str = "out.jsonl") -> list[dict[str, Any]]:
    """Read an output."""
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def results(name: str = "out.jsonl") -> dict[int, str]:
    """Return line number → the class of its error, or ``ok``; fail if a line is there twice or out of order."""
    found = [(record["line"], record.get("error", {"class": "ok"})["class"]) for record in records(name)]
    assert found == sorted(dict(found).items())
    return dict(found)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what stderr says, without the seconds and the table of failures; stdout has to be empty."""
    printed = capsys.readouterr()
    assert printed.out == ""
    return re.sub(r"in \d+\.\d s", "in 0 s", _SLOW.sub("", _TABLE.sub("", printed.err)))


def kept(name: str = "out.jsonl.part") -> list[tuple[int, str]]:
    """Return line and record of what a journal holds, when no run has it."""
    with contextlib.closing(sqlite3.connect(name)) as journal:
        rows = journal.execute("SELECT line, head, rest FROM outcome ORDER BY line").fetchall()
    return [(line, f"{head},{rest}") for line, head, rest in rows]


def put_back(lines: Iterable[str], name: str = "out.jsonl.part") -> None:
    """Make a journal of the lines of an output."""
    with open_journal(Path(name), durable=False) as journal:
        journal.run("COMMIT")
        for line in lines:
            journal.put(row_of(json.loads(line)))


# ── one run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_line_has_its_outcome_in_the_order_of_the_input(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output can be laid beside the input; nothing else is left in the folder."""
    write_rows([row(as_agency, 0), "wx1,abc,2", row(as_agency, -5), row(as_agency, 1), "", row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    assert told(capsys) == (
        "in.csv, line 3: product_id: 'abc' is no decimal number\n"
        "3 done, 1 failed, 0 skipped, 1 bad, in 0 s: out.jsonl\n"
    )
    assert results() == {2: "ok", 3: "BadLine", 4: "ProductNotFoundError", 5: "ok", 7: "ok"}
    first, bad, missing, *_ = records()
    product = as_agency.product_request(0)
    assert first["call"] == "promoter.get_promote_product_detail"
    assert first["request"] == product | {"plan_type": 2}
    assert first["value"]["product"]["product_id"] == product["product_id"]
    assert bad["request"] == {"shop_appid": "wx1", "product_id": "abc", "plan_type": "2"}
    assert set(bad["error"]) == set(missing["error"])
    rid = missing["error"].pop("rid")
    assert rid in missing["error"].pop("errmsg")
    assert missing["error"] == {
        "class": "ProductNotFoundError",
        "errcode": 10024004,
        "retryable": False,
        "ambiguous": False,
        "attempts": 1,
    }
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl"]


def test_any_request_can_be_sent(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """By the name of the call, with dashes too; an answer without content is an empty object."""
    plan_id = as_promoter.plan.plan_id
    Path("in.jsonl").write_text(json.dumps({"plan_id": plan_id, "apply_reason": "读者喜欢"}))
    assert main(["bulk", "in.jsonl", "-o", "applied.jsonl", "--request", "target.apply_target"]) == 0
    (applied,) = records("applied.jsonl")
    assert applied["request"] == {"planId": plan_id, "applyReason": "读者喜欢"}
    assert applied["value"] == {}
    Path("in.jsonl").write_text(json.dumps({"plan_id": plan_id}))
    assert main(["bulk", "in.jsonl", "-o", "status.jsonl", "--request", "target.apply-status"]) == 0
    assert records("status.jsonl")[0]["value"]["data"]["promoterStatus"] == 1
    assert "1 done" in told(capsys)


def test_an_empty_input_gives_an_empty_output(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A pipeline's days without work are not its failures, and cost no token."""
    Path("in.jsonl").touch()
    assert main(["bulk", "in.jsonl", "-o", "out.jsonl"]) == 0
    assert records() == []
    assert as_agency.count(DETAIL) == 0
    assert told(capsys).startswith("0 done")


@pytest.mark.untraced
def test_the_rate_is_kept(as_agency: FakeUnionServer) -> None:
    """Other programs of the account need their share of the limit; the first two of 24 calls may go at once."""
    write_rows(row(as_agency, index) for index in range(24))
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--rate", "20", "--max-at-once", "8"]) == 0
    token, last = as_agency.requests[0], as_agency.requests[-1]
    assert last.at - token.at >= 22 / 20
    assert as_agency.in_flight_peak <= 8


def test_only_the_first_bad_lines_are_told(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The wrong file would fill the screen; the output has them all."""
    write_rows(["wx1,abc,2"] * 13 + [row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    lines = told(capsys).splitlines()
    assert lines[9] == "in.csv, line 11: product_id: 'abc' is no decimal number"
    assert lines[10] == "and 3 more bad lines, see the output"
    assert lines[11] == "1 done, 0 failed, 0 skipped, 13 bad, in 0 s: out.jsonl"
    assert list(results().values()).count("BadLine") == 13


@pytest.mark.untraced
def test_a_terminal_gets_a_progress_bar(as_agency: FakeUnionServer, for_a_terminal: Callable[..., Any]) -> None:
    """Done, failed, rate and time left, on one line of 80 columns."""
    write_rows([*(row(as_agency, index) for index in range(40)), "wx1,abc,2", row(as_agency, -1)])
    screen = for_a_terminal("bulk", "in.csv", "-o", "out.jsonl", "--rate", "200")
    assert screen.exit_code == 1
    assert max(map(cell_len, screen.lines)) <= 80
    assert any(
        re.fullmatch(r"get-promote-product-detail ━+ 41/41 1 failed \d+/s \d\d:\d\d", line) for line in screen.lines
    )
    assert "in.csv, line 42: product_id: 'abc' is no decimal number" in screen.lines


def test_no_secret_is_shown_or_kept(
    as_agency: FakeUnionServer, secrets: Callable[[], set[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """An output is handed on to others."""
    as_agency.fail(DETAIL, Fault(errcode=10024000, echo=True), times=None)
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    everything = told(capsys) + Path("out.jsonl").read_text()
    assert not [secret for secret in secrets() if secret in everything]


# ── run again ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("no_backoff")
def test_a_second_run_retries_what_failed_for_a_while(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done costs no call again, and what was refused would be refused again; 3 says that it is worth it."""
    as_agency.fail(DETAIL, Fault(status=503), times=4)
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--max-at-once", "1"]) == 3
    assert results() == {2: "HttpStatusError", 3: "ok"}
    assert records()[0]["error"]["retryable"] is True
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok", 3: "ok"}
    assert as_agency.count(DETAIL) == 6
    assert told(capsys).endswith("1 done, 0 failed, 1 skipped, 0 bad, in 0 s: out.jsonl\n")


def test_a_third_run_does_nothing(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A cron job may run it until the exit code is 0, and the output stays as it is, mode and all."""
    write_rows([row(as_agency, 0), row(as_agency, -1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    before = Path("out.jsonl").read_bytes()
    os.chmod("out.jsonl", 0o640)
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    assert Path("out.jsonl").read_bytes() == before
    assert Path("out.jsonl").stat().st_mode & 0o777 == 0o640
    assert as_agency.count(DETAIL) == 2
    assert "1 skipped line was refused before: --only-failed sends again." in told(capsys)


def test_a_bad_line_that_stays_bad_is_kept_once(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told again, and the output stays as it is."""
    write_rows(["wx1,abc,2", row(as_agency, 0)])
    for _ in range(2):
        assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
        assert told(capsys).startswith("in.csv, line 2: product_id: 'abc' is no decimal number\n")
    assert results() == {2: "BadLine", 3: "ok"}


def test_only_failed_runs_what_was_refused_too(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The shop has listed its products meanwhile; lines that were never run stay so."""
    product = as_agency.product_request(0)["product_id"]
    as_agency.unlisted.update({product, product + 1})
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    write_rows([row(as_agency, 0), row(as_agency, 1), row(as_agency, 2)])
    as_agency.unlisted.clear()
    told(capsys)
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--only-failed"]) == 3
    assert told(capsys) == (
        "2 done, 0 failed, 0 skipped, 0 bad, in 0 s: out.jsonl.part\n1 line is left: run the same command again.\n"
    )
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok", 3: "ok", 4: "ok"}


def test_a_mended_line_is_run(as_agency: FakeUnionServer) -> None:
    """To mend what was bad or refused, in place, is what one does with the list of such lines."""
    write_rows(["wx1,abc,2", row(as_agency, -1), row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    write_rows([row(as_agency, 2), row(as_agency, 1), row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok", 3: "ok", 4: "ok"}
    assert as_agency.count(DETAIL) == 4


@pytest.mark.parametrize("last", ["wx1,abc,2", "refused"])
def test_a_failed_line_that_was_taken_from_the_end_is_gone(last: str, as_agency: FakeUnionServer) -> None:
    """To take out what was bad or refused is the other thing that one does with the list of such lines."""
    write_rows([row(as_agency, 0), row(as_agency, -1) if last == "refused" else last])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok"}


@pytest.mark.parametrize("change", ["another line", "a line less", "another request", "a bad line"])
def test_another_input_is_refused_before_anything_is_sent(
    change: str, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers beside the wrong lines are worse than none."""
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    before = Path("out.jsonl").read_bytes()
    more: list[str] = []
    if change == "another request":
        Path("in.csv").write_text("plan_type\n2\n1\n")
        more = ["--request", "promoter.get_promote_product_list"]
    else:
        write_rows([row(as_agency, 0), {"another line": row(as_agency, 3), "a bad line": "x"}.get(change, "")])
    told(capsys)
    assert main(["bulk", "in.csv", "-o", "out.jsonl", *more]) == 2
    number = 2 if change == "another request" else 3
    assert told(capsys).startswith(f"wxunion: line {number} of the input is not what it was when out.jsonl was written")
    assert Path("out.jsonl").read_bytes() == before
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl"]
    assert as_agency.count(DETAIL) == 2


def test_a_journal_of_another_input_is_left_alone(as_agency: FakeUnionServer) -> None:
    """It holds what cost calls, and nothing else does."""
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    put_back(Path("out.jsonl").read_text().splitlines())
    os.remove("out.jsonl")
    journal = kept()
    write_rows([row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 2
    assert kept() == journal
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert as_agency.count(DETAIL) == 1


def test_lines_may_be_added(as_agency: FakeUnionServer) -> None:
    """A list that grows at its end is the same list."""
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok", 3: "ok"}
    assert as_agency.count(DETAIL) == 2


@pytest.mark.parametrize(
    "content",
    [
        "a letter to my mother\n",
        "[]\n",
        '{"line": 1}\n',
        '{"line": 1, "error": {}}\n',
        '{"line":Infinity,"call":"x","request":{}}\n',
        "[" * 200_000 + "\n",
    ],
    ids=range(6),
)
@pytest.mark.usefixtures("as_agency")
def test_a_file_of_something_else_is_left_alone(content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the hand must not cost the file."""
    write_rows([])
    Path("out.jsonl").write_text(content)
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 2
    assert told(capsys) == "wxunion: out.jsonl, line 1: no output of wxunion bulk; choose another\n"
    assert Path("out.jsonl").read_text() == content
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl"]


def test_a_link_stays_a_link(as_agency: FakeUnionServer) -> None:
    """What it leads to is what the user means to replace."""
    os.mkdir("data")
    os.symlink("data/real.jsonl", "out.jsonl")
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert os.path.islink("out.jsonl")
    assert results("data/real.jsonl") == {2: "ok"}


# ── what ends a run ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
def test_a_fatal_error_stops_it_and_nothing_is_lost(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the quota used up, every other line would fail too; the next run, tomorrow, goes on there."""
    as_agency.daily_quotas[DETAIL] = 5
    write_rows([row(as_agency, index) for index in range(60)] + ["x"])
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--max-at-once", "4"]) == 3
    errors = told(capsys)
    assert errors.count("QuotaExhaustedError") == 1
    assert "out.jsonl.part" in errors
    assert re.search(r"^\d+ lines are left: run the same command again\.$", errors, re.MULTILINE)
    assert os.path.exists("out.jsonl.part")
    assert not os.path.exists("out.jsonl")
    sent = as_agency.count(DETAIL)
    assert sent < 30
    as_agency.daily_quotas.clear()
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    assert [*results().values()] == ["ok"] * 60 + ["BadLine"]
    assert as_agency.count(DETAIL) == sent + 55


def test_a_wrong_secret_costs_no_line(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one line there is gets the error that ended the run, and is run when it is mended."""
    secret = os.environ["WXUNION_APP_SECRET"]
    monkeypatch.setenv("WXUNION_APP_SECRET", "wrong")
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    assert "CredentialError" in told(capsys)
    monkeypatch.setenv("WXUNION_APP_SECRET", secret)
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok"}


@contextlib.contextmanager
def signalled(signum: signal.Signals, condition: Callable[[], bool]) -> Generator[None]:
    """Send this process a signal once something has happened within the block."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            if condition():
                signal.raise_signal(signum)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


@pytest.mark.untraced
@pytest.mark.skipif(sys.platform == "win32", reason="Windows' loops take no signal handlers")
def test_ctrl_c_keeps_what_is_done(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how far it is, and the next run goes on there."""
    write_rows(row(as_agency, index) for index in range(60))
    with signalled(signal.SIGINT, lambda: as_agency.count(DETAIL) >= 5):
        assert main(["bulk", "in.csv", "-o", "out.jsonl", "--rate", "50"]) == 130
    assert re.fullmatch(
        r"\d+ done, 0 failed, 0 skipped, 0 bad, in 0 s: out\.jsonl\.part\n"
        r"\d+ lines are left: run the same command again\.\n",
        told(capsys),
    )
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--rate", "5000"]) == 0
    assert len(results()) == 60


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until something has happened, or the process is over."""
    end = time.monotonic() + 30
    while not condition() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.untraced
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_run_that_is_killed_again_and_again_ends_as_an_undisturbed_one(as_agency: FakeUnionServer) -> None:
    """``kill -9`` at random moments: nothing is lost, nothing is there twice, and what is done is not sent again."""
    rows = [row(as_agency, index) for index in range(80)]
    rows[7] = rows[8] = row(as_agency, -1)  # refused, and twice the same request
    rows[40] = rows[41]
    rows[60] = "wx1,abc,2"
    write_rows(rows)
    assert main(["bulk", "in.csv", "-o", "undisturbed.jsonl", "--rate", "5000"]) == 1
    as_agency.reset_record()
    chance = random.Random(2)
    argv = [*COMMAND, "in.csv", "-o", "out.jsonl", "--rate", "200", "--max-at-once", "8"]
    for moment in (chance.randrange(1, 20), chance.randrange(30, 60)):
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            wait_for(lambda at_least=moment: as_agency.count(DETAIL) >= at_least, process)  # type: ignore[misc]
            time.sleep(chance.random() * 0.01)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert not os.path.exists("out.jsonl")
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--rate", "5000"]) == 1

    def without_rid(name: str) -> str:
        return re.sub(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", "", Path(name).read_text())

    assert without_rid("out.jsonl") == without_rid("undisturbed.jsonl")
    assert list(results()) == list(range(2, 82))
    assert as_agency.count(DETAIL) <= 79 + 2 * 8 * 2
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl", "undisturbed.jsonl"]


def test_a_kill_between_the_new_output_and_the_end_of_the_old_journal_does_no_harm(as_agency: FakeUnionServer) -> None:
    """Then both are there, and say the same."""
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    whole = Path("out.jsonl").read_bytes()
    put_back(reversed(whole.decode().splitlines()))
    Path("out.jsonl.part-new").write_bytes(b"torn")
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert Path("out.jsonl").read_bytes() == whole
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl"]
    assert as_agency.count(DETAIL) == 2


# ── what must not happen twice ───────────────────────────────────────────────────────────────────────────────────────


def write_application(server: FakeUnionServer) -> list[str]:
    """Write one application; return the arguments that send it."""
    Path("in.jsonl").write_text(json.dumps({"plan_id": server.plan.plan_id, "apply_reason": "why"}))
    return ["bulk", "in.jsonl", "-o", "out.jsonl", "--request", "target.apply-target"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_an_application_that_was_under_way_at_a_kill_is_not_repeated_blindly(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may have been carried out. Sent again on purpose, "applied before" is success."""
    argv = write_application(as_promoter)
    as_promoter.fail(APPLY, Fault(after=True, delay=60))
    with subprocess.Popen([*COMMAND[:-1], *argv], stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: as_promoter.count(APPLY) == 1, process)
        process.kill()
    for _ in range(2):
        assert main(argv) == 1
        assert results() == {1: "Interrupted"}
        assert "1 line may have been carried out: check, or run again with --retry-ambiguous." in told(capsys)
    assert main([*argv, "--only-failed"]) == 1
    assert as_promoter.count(APPLY) == 1
    assert main([*argv, "--retry-ambiguous"]) == 0
    assert results() == {1: "ok"}
    assert as_promoter.plan.applications == 1


@pytest.mark.untraced
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_only_what_was_sent_is_in_doubt_after_a_kill(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was pulled and stood in line has not left this machine."""
    argv = write_application(as_promoter)
    Path("in.jsonl").write_text(f"{Path('in.jsonl').read_text()}\n" * 40)
    as_promoter.fail(APPLY, Fault(delay=60), times=None)
    with subprocess.Popen([*COMMAND[:-1], *argv, "--rate", "4"], stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: as_promoter.count(APPLY) >= 2, process)
        process.kill()
    as_promoter.heal()
    sent = as_promoter.count(APPLY)
    doubtful = [line for line, record in kept() if "Interrupted" in record]
    assert sent <= len(doubtful) <= sent + 1  # marked, and killed before the write
    assert len(doubtful) < 5
    assert main([*argv, "--rate", "5000"]) == 1
    assert as_promoter.count(APPLY) == 40 - len(doubtful) + sent
    assert f"{len(doubtful)} lines may have been carried out" in told(capsys)


@pytest.fixture
def _survive_sigterm() -> Iterator[None]:
    """Make a failure of a SIGTERM that nobody takes, where it would end the tests."""

    def fail(*_: object) -> None:
        pytest.fail("nobody has taken the SIGTERM")

    before = signal.signal(signal.SIGTERM, fail)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' loops take no signal handlers")
@pytest.mark.usefixtures("_survive_sigterm")
def test_a_run_that_is_asked_to_stop_lets_what_is_under_way_end(
    as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A container that is replaced sends SIGTERM and waits a little: then nothing needs to be in doubt."""
    argv = write_application(as_promoter)
    Path("in.jsonl").write_text(f"{Path('in.jsonl').read_text()}\n" * 40)
    as_promoter.fail(APPLY, Fault(delay=0.2), times=None)
    with signalled(signal.SIGTERM, lambda: as_promoter.count(APPLY) >= 3):
        assert main([*argv, "--max-at-once", "3"]) in (1, 3)
    errors = told(capsys)
    assert re.search(r"^\d\d lines are left: run the same command again\.$", errors, re.MULTILINE)
    assert "may have been carried out" not in errors


@pytest.mark.usefixtures("no_backoff")
def test_an_ambiguous_error_is_kept_as_such(as_promoter: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Lost answers are the other way not to know."""
    argv = write_application(as_promoter)
    as_promoter.fail(APPLY, Fault(reset=True), times=4)
    assert main(argv) == 1
    assert records()[0]["error"]["ambiguous"] is True
    assert main(argv) == 1
    assert as_promoter.count(APPLY) == 4
    assert main([*argv, "--retry-ambiguous"]) == 0
    assert "1 line may" in told(capsys)


def test_applied_before_is_an_error_on_the_first_send(as_promoter: FakeUnionServer) -> None:
    """Only after an ambiguous end does it mean success: a list with a plan in it twice has a mistake."""
    argv = write_application(as_promoter)
    Path("in.jsonl").write_text(f"{Path('in.jsonl').read_text()}\n" * 2)
    assert main([*argv, "--max-at-once", "1"]) == 1
    assert results() == {1: "ok", 2: "AlreadyAppliedError"}


# ── outputs that cannot be written ───────────────────────────────────────────────────────────────────────────────────


def test_two_runs_do_not_write_one_output(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A cron job that overtakes itself would send everything twice."""
    write_rows([row(as_agency, 0)])
    with open_journal(Path("out.jsonl.part"), durable=False):
        assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 2
    assert told(capsys) == "wxunion: out.jsonl.part: another run is writing it\n"
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0


def test_a_journal_that_vanished_before_it_was_locked_is_not_written(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another run has just finished and removed it: what is written to it would be lost."""
    connect = sqlite3.connect

    def late(path: Path, **options: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = connect(path, **options)
        opened.execute("PRAGMA user_version")  # SQLite opens the file with its first statement
        os.remove(path)
        return opened

    monkeypatch.setattr("sqlite3.connect", late)
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 2
    assert "another run is writing it" in told(capsys)


def test_where_no_open_file_can_be_removed_it_works_the_same(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows."""
    unlink, refused = Path.unlink, list[Path]()

    def refuse_once(path: Path, **options: bool) -> None:
        if path.suffix == ".part" and not refused:
            refused.append(path)
            raise PermissionError
        unlink(path, **options)

    monkeypatch.setattr("pathlib.Path.unlink", refuse_once)
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl"]


@pytest.mark.parametrize("content", [b"precious\nno newline at the end", b"SQLite format 3\0" + bytes(100)])
@pytest.mark.usefixtures("as_agency")
def test_a_foreign_file_where_the_journal_belongs_is_left_alone(
    content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is somebody's, whatever it is called, and another program's database too."""
    write_rows([])
    Path("mine.part").write_bytes(content)
    assert main(["bulk", "in.csv", "-o", "mine"]) == 2
    assert told(capsys) == "wxunion: mine.part is there, and no journal of wxunion bulk: choose another output\n"
    assert Path("mine.part").read_bytes() == content


@pytest.mark.parametrize(("source", "output"), [("in.part", "in"), ("in.jsonl", "in.jsonl")])
def test_the_input_is_never_touched(
    source: str, output: str, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be the only copy."""
    Path(source).write_text(json.dumps(as_agency.product_request(0)))
    before = Path(source).read_bytes()
    assert main(["bulk", source, "-o", output]) == 2
    assert "over the input" in told(capsys)
    assert Path(source).read_bytes() == before
    assert os.listdir() == [source]


def test_what_the_disk_refuses_is_told_by_the_name_of_the_journal() -> None:
    """SQLite says what, and not where."""
    with (
        open_journal(Path("out.jsonl.part"), durable=True) as journal,
        pytest.raises(OSError, match="no such table") as caught,
    ):
        journal.run("SELECT * FROM nowhere")
    assert caught.value.filename == "out.jsonl.part"


def test_a_journal_that_is_broken_is_told(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A disk may lose what it has promised; then a person has to look."""
    put_back(['{"line":1,"call":"x","request":{},"value":{}}'])
    whole = Path("out.jsonl.part").read_bytes()
    Path("out.jsonl.part").write_bytes(whole[:100] + b"?" * (len(whole) - 100))
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 2
    assert told(capsys).startswith("wxunion: out.jsonl.part: ")
    assert as_agency.count(DETAIL) == 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nowhere.csv", "-o", "out.jsonl"], "wxunion: nowhere.csv: No such file or directory\n"),
        (["in.csv", "-o", "nowhere/out.jsonl"], "wxunion: nowhere/out.jsonl.part: No such file or directory\n"),
        (["in.csv", "-o", "."], "wxunion: .: Is a directory\n"),
        (["in.csv"], "--output requires an argument"),
        (["in.csv", "-o", "out.jsonl", "--bogus"], "--bogus"),
        (["in.csv", "-o", "out.jsonl", "--request", "nonsense"], "--request: 'nonsense' is none of "),
        (["in.csv", "-o", "out.jsonl", "--rate", "0"], "--rate"),
        (["in.csv", "-o", "out.jsonl", "--rate", "1.5"], "'1.5' is no whole number"),
        (["in.csv", "-o", "out.xlsx"], "promises another format"),
        (["in.csv", "-o", "out.jsonl", "--encoding", "klingon"], "--encoding: 'klingon' is no encoding"),
        (["in.csv", "-o", "out.jsonl", "--max-at-once", "0"], "--max-at-once"),
        (["-", "-o", "out.jsonl", "--app-secret-file", "-"], "standard input cannot be both"),
        (["in.csv", "-o", "-", "--only-failed"], "--only-failed: standard output does not say what failed"),
    ],
)
@pytest.mark.usefixtures("as_agency")
def test_bad_input_is_one_line(argv: list[str], words: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is sent, and nothing is left behind."""
    write_rows([])
    assert main(["bulk", *argv]) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert os.listdir() == ["in.csv"]


# ── what people look at ──────────────────────────────────────────────────────────────────────────────────────────────


def test_failures_are_told_by_kind(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten thousand failures are a few kinds of failure; of each one wants to see an example and the way out."""
    write_rows(["wx1,abc,2", row(as_agency, 0), *(row(as_agency, index) for index in range(-1, -6, -1))])
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--summary", "how.json"]) == 1
    table = capsys.readouterr().err.split("out.jsonl\n")[1]
    lines = [" ".join(line.split()) for line in table.splitlines()]
    assert "5 ProductNotFoundError 4, 5, 6, … Drop the product, or check" in lines
    assert "1 BadLine 2 Mend the line, and run the" in lines
    summary = json.loads(Path("how.json").read_text())
    assert summary.pop("seconds") >= 0
    assert summary == {
        "input": "in.csv",
        "output": "out.jsonl",
        "call": "promoter.get_promote_product_detail",
        "exit_code": 1,
        "done": 1,
        "failed": 5,
        "skipped": 0,
        "bad": 1,
        "failures": [
            {
                "error": "ProductNotFoundError",
                "errcode": 10024004,
                "advice": "Drop the product, or check its id.",
                "count": 5,
                "lines": [4, 5, 6, 7, 8],
            },
            {
                "error": "BadLine",
                "errcode": None,
                "advice": "Mend the line, and run the same command again.",
                "count": 1,
                "lines": [2],
            },
        ],
        "left": 0,
        "ambiguous": 0,
    }


def test_the_reading_of_a_long_file_is_told(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A million lines take ten seconds, in which nothing else is to be seen."""
    monkeypatch.setattr("wxunion_async.cli.progress._SECONDS_A_LINE", 0.0)
    monkeypatch.setattr("wxunion_async.cli.progress._LINES_A_LOOK", 100)
    write_rows(["wx1,abc,2"] * 250 + [row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["reading in.csv: 100 lines so far", "reading in.csv: 200 lines so far"]


def test_on_a_terminal_the_reading_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is redrawn, and gone when the bar comes."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    def slow() -> Iterator[int]:
        yield from range(3000)
        time.sleep(0.2)  # it is redrawn some times a second

    assert list(reading("in.csv", slow())) == list(range(3000))
    sent = capsys.readouterr().err
    assert "reading in.csv: 3,000 lines" in sent
    assert "so far" not in sent
    assert sent.count("\n") == 1
    assert sent.endswith("\x1b[2K")


def test_a_pause_of_the_service_is_shown_in_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """A bar that stands still for a minute looks like a hang; the clock says when it goes on."""
    column, console = SpeedColumn(), Console(width=80)
    task = Task(TaskID(0), "x", 10, 1, _get_time=time.monotonic)
    column.take(DriftEvent(endpoint="/x", path="a", found="object"))
    console.print(column.render(task))
    column.take(PathPausedEvent(endpoint="/x", seconds=3000.0))
    console.print(column.render(task))
    free, paused = capsys.readouterr().out.splitlines()
    assert free.startswith("0/s")
    assert re.fullmatch(r"paused by the service until \d\d:\d\d:\d\d", paused)


# ── tables as people have them ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
def test_a_stray_quote_costs_one_line(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What a csv module makes of it is one cell with the rest of the file in it."""
    rows = [row(as_agency, index) for index in range(30)]
    rows[3] = '"' + rows[3]
    write_rows(rows)
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--rate", "9000"]) == 1
    assert told(capsys) == (
        "in.csv, line 5: a quote is opened and not closed\n29 done, 0 failed, 0 skipped, 1 bad, in 0 s: out.jsonl\n"
    )
    assert [line for line, result in results().items() if result != "ok"] == [5]


def test_other_columns_are_named_and_passed_through(
    as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A buyer's remark belongs to the answer; a misspelled column has to be seen."""
    Path("in.csv").write_text(f"{HEADER},备注\n{row(as_agency, 0)},好\n,,,\n")
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert told(capsys).startswith("in.csv: passed through, since no field is called so: 备注\n1 done")
    (record,) = records()
    assert record["columns"] == {"备注": "好"}
    assert main(["bulk", "in.csv", "-o", "dropped.jsonl", "--ignore-columns"]) == 0
    assert told(capsys).startswith("1 done")
    assert "columns" not in records("dropped.jsonl")[0]


@pytest.mark.untraced
def test_an_input_that_grows_is_read_as_it_was(as_agency: FakeUnionServer) -> None:
    """Another program appends to it, or mends it, meanwhile; the next run takes up what is new."""

    def answer(request: GetPromoteProductDetailRequest) -> dict[str, Any]:
        if as_agency.count(DETAIL) == 3:
            write_rows(row(as_agency, index) for index in range(60))
        return {"product": {"shop_appid": request.shop_appid, "product_id": request.product_id, "product_info": {}}}

    write_rows(row(as_agency, index) for index in range(50))
    as_agency.answer(GetPromoteProductDetailRequest, answer)
    assert main(["bulk", "in.csv", "-o", "out.jsonl", "--max-at-once", "1", "--rate", "5000"]) == 0
    assert len(results()) == 50
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert len(results()) == 60


def test_the_limit_is_shared_through_redis(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    """Ten jobs of one app have one limit, and the variable says so to the command line too."""
    monkeypatch.setenv("WXUNION_REDIS_URL", redis_url)
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert main(["bulk", "in.csv", "-o", "again.jsonl"]) == 0
    assert as_agency.agency.token_requests == 1


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(name: str = "out.csv") -> list[dict[str, str]]:
    """Read a CSV as a spreadsheet does."""
    with open(name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_csv_has_a_cell_for_each_leaf(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The input's columns stand in front, in their order; Excel opens it, and pandas reads it."""
    product = as_agency.product_request(0)
    content = (
        f"备注,plan_type,product_id,shop_appid\n好,public,{product['product_id']},{product['shop_appid']}\n=1,2,5,wx1\n"
    )
    Path("in.csv").write_text(content)
    assert main(["bulk", "in.csv", "-o", "out.csv"]) == 1
    told(capsys)
    assert Path("out.csv").read_bytes().startswith(b"\xef\xbb\xbfline,plan_type,product_id,shop_appid,")
    good, refused = table()
    columns = list(good)
    assert columns[4:12] == [
        "备注",
        "error.class",
        "error.errcode",
        "error.errmsg",
        "error.rid",
        "error.retryable",
        "error.ambiguous",
        "error.attempts",
    ]
    assert good["product.shop_appid"] == product["shop_appid"]
    assert isinstance(json.loads(good["product.product_info.skus"]), list)
    assert (good["line"], good["plan_type"], good["备注"], good["error.class"]) == ("2", "2", "好", "")
    assert (refused["error.class"], refused["error.retryable"]) == ("ProductNotFoundError", "false")
    assert refused["备注"] == "\t=1"  # as text: a spreadsheet would compute it


def test_an_answer_s_column_that_the_request_has_too_is_told_apart(as_agency: FakeUnionServer) -> None:
    """Two columns of one name are one too many for whoever reads it."""
    as_agency.answer(QuotaGetRequest, lambda request: {"quota": {"remain": 1}, "cgi_path": request.cgi_path})
    Path("in.jsonl").write_text(json.dumps({"cgi_path": DETAIL}))
    assert main(["bulk", "in.jsonl", "-o", "out.csv", "--request", "quota.get"]) == 0
    assert table()[0]["quota.remain"] == "1"
    row_ = (1, 2, '"call":"x","request":{"a":1}', '"value":{"a":2,"b":{"c":true}}')
    assert _cells(row_) == ({"line": 1, "a": 1}, {"value.a": 2, "b.c": "true"})


def test_a_csv_goes_on_from_its_journal(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The journal beside it stays, so that the same command may be run until it says 0."""
    as_agency.unlisted.add(as_agency.product_request(1)["product_id"])
    write_rows([row(as_agency, 0), row(as_agency, 1)])
    assert main(["bulk", "in.csv", "-o", "out.csv"]) == 1
    as_agency.unlisted.clear()
    assert main(["bulk", "in.csv", "-o", "out.csv", "--only-failed"]) == 0
    assert [cells["error.class"] for cells in table()] == ["", ""]
    before = Path("out.csv").read_bytes()
    assert main(["bulk", "in.csv", "-o", "out.csv"]) == 0
    assert Path("out.csv").read_bytes() == before
    assert as_agency.count(DETAIL) == 3
    assert sorted(os.listdir()) == ["in.csv", "out.csv", "out.csv.part"]
    assert told(capsys).endswith("0 done, 0 failed, 2 skipped, 0 bad, in 0 s: out.csv\n")


@pytest.mark.parametrize("changed", [False, True])
def test_a_csv_that_somebody_has_changed_is_left_alone(
    changed: bool, as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """There may be a day's work of notes in it."""
    write_rows([row(as_agency, 0)])
    if changed:
        assert main(["bulk", "in.csv", "-o", "out.csv"]) == 0
        told(capsys)
    Path("out.csv").write_text("mine")
    assert main(["bulk", "in.csv", "-o", "out.csv"]) == 2
    assert told(capsys).startswith("wxunion: out.csv was not written by wxunion bulk, or was changed since: ")
    assert Path("out.csv").read_text() == "mine"


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of Unix")
@pytest.mark.usefixtures("as_agency")
def test_a_standard_output_that_is_closed_is_one_line() -> None:
    """As a daemon's is."""
    write_rows([])
    shell = f"{sys.executable} -m wxunion_async.cli bulk in.csv -o - >&-"
    ran = subprocess.run(["sh", "-c", shell], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (2, "wxunion: standard output is closed\n")


@pytest.mark.usefixtures("as_agency")
def test_a_standard_input_that_is_closed_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python has ``None`` for it then."""
    monkeypatch.setattr("sys.stdin", None)
    assert main(["bulk", "-", "-o", "out.jsonl"]) == 2
    assert told(capsys) == "wxunion: standard input is closed\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of Unix")
def test_without_stderr_it_works_the_same(as_agency: FakeUnionServer) -> None:
    """Nobody is told, and nothing is lost."""
    write_rows([row(as_agency, 0), "x"])
    shell = f"{sys.executable} -m wxunion_async.cli bulk in.csv -o out.jsonl 2>&-"
    assert subprocess.run(["sh", "-c", shell], check=False).returncode == 1
    assert results() == {2: "ok", 3: "BadLine"}


def test_standard_output_gets_the_lines_as_they_come(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """For ``jq`` and its like; all that is told goes to stderr."""
    content = "\n".join([HEADER, row(as_agency, 0), "x", row(as_agency, 1)])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert main(["bulk", "-", "-o", "-"]) == 1
    printed = capfd.readouterr()
    found = {record["line"]: "value" in record for record in map(json.loads, printed.out.splitlines())}
    assert found == {2: True, 3: False, 4: True}
    assert printed.err.startswith("standard input, line 3: it has 1 cells, the header 3\n2 done")


def test_standard_output_has_no_line_twice(as_promoter: FakeUnionServer, capfd: pytest.CaptureFixture[str]) -> None:
    """The mark of an application under way is for another run, and there is none."""
    argv = write_application(as_promoter)
    argv[argv.index("out.jsonl")] = "-"
    assert main(argv) == 0
    assert len(capfd.readouterr().out.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_device_is_one_line(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What was not written must not look as if it were."""
    write_rows([row(as_agency, 0)])
    assert main(["bulk", "in.csv", "-o", "/dev/full"]) == 1
    assert told(capsys).splitlines()[-1] == "wxunion: /dev/full: No space left on device"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells a closed pipe by another error")
def test_a_reader_that_leaves_is_one_line(as_agency: FakeUnionServer, closed_pipe: int) -> None:
    """Not all lines were written, so it must not be silent."""
    write_rows(row(as_agency, index) for index in range(20))
    argv = [*COMMAND, "in.csv", "-o", "-"]
    ran = subprocess.run(argv, check=False, stdout=closed_pipe, stderr=subprocess.PIPE, text=True)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "wxunion: standard output: Broken pipe"
    assert "left" not in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.untraced
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")
def test_a_disk_that_runs_full_loses_nothing(as_agency: FakeUnionServer, capsys: pytest.CaptureFixture[str]) -> None:
    """It stops with one red line; with room again, it goes on where it was."""
    import resource

    write_rows(row(as_agency, index) for index in range(50))
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert told(capsys).splitlines()[-1] == "wxunion: out.jsonl.part: disk I/O error"
    done = len(kept())
    assert 0 < done < 50
    as_agency.reset_record()
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert len(results()) == 50
    assert as_agency.count(DETAIL) == 50 - done


def test_a_disk_that_runs_full_at_the_end_loses_nothing(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal stays until the whole output is safe; what is half written is removed, to give room."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_rows([row(as_agency, 0)])
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 1
    assert told(capsys) == "wxunion: out.jsonl.part-new: No space left on device\n"
    assert sorted(os.listdir()) == ["in.csv", "out.jsonl.part"]
    assert main(["bulk", "in.csv", "-o", "out.jsonl"]) == 0
    assert results() == {2: "ok"}
    assert as_agency.count(DETAIL) == 1
