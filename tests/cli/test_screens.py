"""
What people see, as it was looked at: each screen at 80 and 120 columns, as a terminal gets it.

A screen that is changed on purpose is written anew by ``WRITE_SCREENS=1 pytest tests/cli/test_screens.py``, and then
looked at. Two groups stand for all, so that a new endpoint changes no screen.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from wxunion_async.cli import catalogue
from wxunion_async.testing import FakeUnionServer

SCREENS = Path(__file__).parent / "screens"
CHANGING = {
    r"127\.0\.0\.1:\d{5}": "127.0.0.1:12345",
    r"\bwx[0-9a-f]{16}\b": "wx0123456789abcdef",
    r"\d\d\d\d-\d\d-\d\d": "2026-01-31",
    r"in \d+\.\d s": "in 0.0 s",
    r"[\d,]+ ms": "1 ms",
    r"\d+\.\d s (ahead of|behind)": "0.0 s behind",
    r"\b[\d,]+ calls/s": "999 calls/s",
    r"\b\d+ (retries|retry)": "9 retries",
    r"\b[\d,]+/s +[-\d]+:[-\d]+": "999/s 00:00",
    r"of [\d,]+ calls used": "of 5,000,000 calls used",
}
"""What is another in each run, and what stands for it."""


@pytest.fixture
def compare(for_a_terminal: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run a command for a terminal, and compare what it shows with what was looked at."""
    monkeypatch.chdir(tmp_path)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    every = catalogue.groups()

    def two() -> dict[str, Any]:
        return {name: every[name] for name in ("quota", "target")}

    def compare(name: str, columns: int, *argv: str, exit_code: int = 0) -> None:
        if name != "bulk":
            for module in ("catalogue", "app"):
                monkeypatch.setattr(f"wxunion_async.cli.{module}.groups", two)
        screen = for_a_terminal(*argv, columns=columns)
        assert screen.exit_code == exit_code
        # A line with a spinner is gone when its work is done.
        shown = "\n".join(line.rstrip() for line in screen.lines if not line.startswith("⠋"))
        for pattern, instead in CHANGING.items():
            shown = re.sub(pattern, instead, shown)
        file = SCREENS / f"{name}-{columns}.txt"
        if "WRITE_SCREENS" in os.environ:
            SCREENS.mkdir(exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        assert shown == file.read_text(encoding="utf-8")
        assert name in ("bulk", "doctor") or max(map(cell_len, shown.splitlines())) <= columns

    return compare


pytestmark = pytest.mark.parametrize("columns", [80, 120])


def test_help(columns: int, compare: Callable[..., None]) -> None:
    """The first thing that is typed."""
    compare("help", columns, "--help")


def test_calls(columns: int, compare: Callable[..., None]) -> None:
    """The second."""
    compare("calls", columns, "calls")


def test_help_of_a_call(columns: int, compare: Callable[..., None]) -> None:
    """What it takes, and of whom."""
    compare("call", columns, "target", "apply-target", "--help")


def test_help_of_bulk(columns: int, compare: Callable[..., None]) -> None:
    """The longest."""
    compare("bulk-help", columns, "bulk", "--help")


def test_bulk(columns: int, as_agency: FakeUnionServer, compare: Callable[..., None]) -> None:
    """A bar, what is bad, what failed, and how many."""
    rows = [
        f"{product['shop_appid']},{product['product_id']},2,好" for product in map(as_agency.product_request, range(9))
    ]
    rows[3:5] = ["wx1,1.00001E+13,2,", "wx1,5,2,"]
    Path("in.csv").write_text("\n".join(["shop_appid,product_id,plan_type,备注", *rows]))
    compare("bulk", columns, "bulk", "in.csv", "-o", "out.csv", exit_code=1)


@pytest.mark.usefixtures("as_agency")
def test_doctor(columns: int, compare: Callable[..., None]) -> None:
    """A line for each thing, whole however narrow the terminal is: it is copied into letters."""
    compare("doctor", columns, "doctor")


def test_demo(columns: int, compare: Callable[..., None]) -> None:
    """The library's first impression."""
    compare("demo", columns, "demo", "--products", "45", "--rate", "1000")
