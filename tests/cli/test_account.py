"""Credentials: from the environment, or a file, or standard input; never from the command line."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wxunion_async.cli import main
from wxunion_async.testing import FakeUnionServer

PATH = "/cgi-bin/openapi/quota/get"


def test_options_go_before_the_environment(
    as_promoter: FakeUnionServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One shell may hold one account, and ask for another once."""
    agency = as_promoter.agency
    secret = tmp_path / "secret"
    secret.write_text(f"{agency.app_secret}\n")
    argv = ["--app-id", agency.app_id, "--app-secret-file", str(secret), "--base-url", as_promoter.base_url + "/"]
    assert main(["quota", "get", PATH, *argv]) == 0
    assert "daily_limit" in capsys.readouterr().out
    assert as_promoter.requests[-1].family == "agency"


def test_a_secret_comes_through_standard_input(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A password manager prints it, and no file or variable holds it."""
    monkeypatch.delenv("WXUNION_APP_SECRET")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{as_agency.agency.app_secret}\n"))
    assert main(["quota", "get", PATH, "--app-secret-file", "-"]) == 0
    assert "daily_limit" in capsys.readouterr().out


def test_a_secret_that_is_typed_is_not_shown(as_agency: FakeUnionServer, on_a_terminal: Callable[..., Any]) -> None:
    """On a terminal others may look on."""
    secret = as_agency.agency.app_secret
    screen = on_a_terminal("quota", "get", PATH, "--app-secret-file", "-", typed=f"{secret}\n", WXUNION_APP_SECRET="")
    assert screen.exit_code == 0
    assert "App secret:" in screen.sent


def test_a_typed_secret_is_asked_for_without_echo(
    as_agency: FakeUnionServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``getpass`` is what turns the echo off."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return as_agency.agency.app_secret

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", getpass)
    assert main(["quota", "get", PATH, "--app-secret-file", "-"]) == 0
    assert asked == ["App secret: "]
    assert "daily_limit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "argv", "words"),
    [
        ({"WXUNION_APP_ID": ""}, [], "no app id: set WXUNION_APP_ID, or give --app-id"),
        ({"WXUNION_APP_SECRET": " "}, [], "no app secret: set WXUNION_APP_SECRET, or give --app-secret-file"),
        ({}, ["--app-secret-file", "empty"], "no app secret: empty is empty"),
        ({}, ["--app-secret-file", "-"], "no app secret: standard input is empty"),
        ({}, ["--app-secret-file", "nowhere"], "--app-secret-file: nowhere: No such file or directory"),
        ({}, ["--app-secret-file", "binary"], "--app-secret-file: binary is no UTF-8 text"),
        ({"WXUNION_REDIS_URL": "ftp://x"}, [], "WXUNION_REDIS_URL: this is no redis://"),
        ({}, ["--env-file", "nowhere"], "--env-file: nowhere: No such file or directory"),
        ({}, ["--env-file", "odd"], "--env-file: odd, line 2 is no NAME=value"),
        ({}, ["--env-file", "open"], "--env-file: open, line 1 is no NAME=value"),
        ({}, ["--prefix", "PROMOTER"], "no app id: set PROMOTER_APP_ID, or give --app-id"),
        ({"WXUNION_BASE_URL": "ftp://x"}, [], "WXUNION_BASE_URL: base_urls: 'ftp://x' is not an http:// or https://"),
    ],
)
@pytest.mark.usefixtures("as_agency")
def test_what_is_missing_is_told_by_name(
    changes: dict[str, str],
    argv: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A new user meets these first; they are configuration, so the exit code is 2."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    Path("empty").write_text("\n")
    Path("binary").write_bytes(b"\xff\xfe")
    Path("odd").write_text("# an account\ns3cret\n")
    Path("open").write_text("WXUNION_APP_SECRET='s3cret\n")
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    assert main(["quota", "get", PATH, *argv]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert "s3cret" not in printed.err
    assert printed.err.count("\n") == 1


def test_a_standard_input_that_is_closed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a daemon's is."""
    monkeypatch.setattr("sys.stdin", None)
    assert main(["quota", "get", PATH, "--app-id", "x", "--app-secret-file", "-"]) == 2
    assert capsys.readouterr().err == "wxunion: --app-secret-file: standard input is closed\n"


def test_a_secret_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As a file's."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8"))
    assert main(["quota", "get", PATH, "--app-id", "x", "--app-secret-file", "-"]) == 2
    assert "--app-secret-file: standard input is no UTF-8 text" in capsys.readouterr().err


def test_an_account_may_stand_in_a_file(
    service: FakeUnionServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As ``wxunion sandbox`` prints it; it goes before the environment, and stays out of it."""
    monkeypatch.setenv("PROMOTER_APP_ID", "another")
    file = tmp_path / ".env"
    account = service.promoter
    file.write_text(
        f"# the promoter\n\nexport PROMOTER_APP_ID={account.app_id}\n"
        f"PROMOTER_APP_SECRET = '{account.app_secret}' # ours\nPROMOTER_BASE_URL=\"{service.base_url}\"\n"
    )
    assert main(["quota", "get", PATH, "--env-file", str(file), "--prefix", "PROMOTER"]) == 0
    assert "daily_limit" in capsys.readouterr().out
    assert service.requests[-1].family == "promoter"
    assert os.environ["PROMOTER_APP_ID"] == "another"
    assert "PROMOTER_APP_SECRET" not in os.environ


def test_an_empty_base_url_is_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A variable that is set to nothing is how a shell script says "not set"."""
    called: list[Any] = []

    def from_env(prefix: str, *, config: Any, on_event: Any) -> Any:
        called.append((prefix, config.base_urls, os.environ["WXUNION_BASE_URL"]))
        raise OSError("far enough")

    monkeypatch.setenv("WXUNION_BASE_URL", "")
    monkeypatch.setenv("WXUNION_APP_ID", "wx1")
    monkeypatch.setenv("WXUNION_APP_SECRET", "s")
    monkeypatch.setattr("wxunion_async.UnionClient.from_env", from_env)
    assert main(["quota", "get", PATH]) == 1
    assert called == [("WXUNION", ("https://api.weixin.qq.com", "https://api2.weixin.qq.com"), "")]
    assert "far enough" in capsys.readouterr().err


def test_there_is_no_option_for_the_secret_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A command line is there for every user of the machine to read, and stays in the shell's history."""
    assert main(["quota", "get", PATH, "--app-secret", "s3cret"]) == 2
    assert "s3cret" not in capsys.readouterr().err
    assert "WXUNION_APP_SECRET" not in os.environ
