"""``wxunion doctor``: one line for each thing that a call needs."""

import io
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async.cli import main
from wxunion_async.testing import FakeUnionServer, Fault

TOKEN = "/cgi-bin/stable_token"
QUOTA = "/cgi-bin/openapi/quota/get"
DETAIL = "/channels/ec/promoter/get_promote_product_detail"


@pytest.fixture(autouse=True)
def _no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what a test sets only."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def findings(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, tuple[str, str]]]]:
    """Run it; give the exit code, and for each thing its mark and what was found."""

    def run(*argv: str) -> tuple[int, dict[str, tuple[str, str]]]:
        exit_code = main(["doctor", *argv])
        printed = capsys.readouterr()
        assert printed.err == ""
        lines = [re.fullmatch(r"(ok|fail|-) +(\S+) +(.*)", line) for line in printed.out.splitlines()]
        return exit_code, {line[2]: (line[1], line[3]) for line in lines if line is not None}

    return run


def test_an_account_that_is_well_has_nothing_but_good_lines(as_agency: FakeUnionServer, findings: Any) -> None:
    """Each thing that may be wrong on the first day is named; and nothing is changed by looking."""
    exit_code, found = findings()
    assert exit_code == 0
    assert {what: mark for what, (mark, _) in found.items()} == {
        "proxy": "-",
        "service": "ok",
        "clock": "ok",
        "credentials": "ok",
        "allow-list": "ok",
        "quota": "ok",
        "Redis": "-",
    }
    assert found["credentials"][1] == f"{as_agency.agency.app_id} gets a token"
    assert re.fullmatch(
        r"promoter\.get_promote_product_detail: 0 of [\d,]+ calls used today \(agency account\)", found["quota"][1]
    )
    assert {request.path for request in as_agency.requests} == {"/cgi-bin/token", TOKEN, QUOTA}
    assert as_agency.agency.forced_refreshes == 0


def test_a_promoter_is_known_as_one(as_promoter: FakeUnionServer, findings: Any) -> None:
    """The wrong family is the most frequent mistake of all."""
    exit_code, found = findings()
    assert exit_code == 0
    assert "target.plan_info" in found["quota"][1]
    assert "(promoter account)" in found["quota"][1]


def test_an_account_of_neither_family_is_told(as_agency: FakeUnionServer, findings: Any) -> None:
    """A mini program's credentials get a token as well."""
    as_agency.fail(QUOTA, Fault(errcode=76022), times=None)
    exit_code, found = findings()
    assert (exit_code, found["quota"]) == (1, ("fail", "neither a promoter's nor an agency's account"))


def test_an_address_that_is_not_allowed_is_named(as_agency: FakeUnionServer, findings: Any) -> None:
    """It is that of the proxy, or of the provider, and nobody knows it but the service."""
    as_agency.fail(TOKEN, Fault(errcode=40164, errmsg="invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9"), times=None)
    exit_code, found = findings()
    assert exit_code == 1
    assert found["allow-list"][0] == "fail"
    assert found["allow-list"][1].startswith("the service saw 203.0.113.9, which is not on it: Put this machine")
    assert found["credentials"] == ("-", "not judged: the address comes first")
    as_agency.heal()
    as_agency.fail(TOKEN, Fault(errcode=89503), times=None)
    assert findings()[1]["allow-list"][1].startswith("the service saw this address, ")


def test_a_wrong_secret_is_told(as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the vendor's words, and what to do."""
    monkeypatch.setenv("WXUNION_APP_SECRET", "wrong")
    exit_code, found = findings()
    assert (exit_code, found["credentials"][0]) == (1, "fail")
    assert "errcode 40125" in found["credentials"][1]
    assert "Check the app id and the secret." in found["credentials"][1]
    assert "quota" not in found


def test_missing_credentials_are_told_beside_the_rest(
    as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first line of a checklist is no reason not to read the others."""
    monkeypatch.delenv("WXUNION_APP_SECRET")
    exit_code, found = findings()
    assert (exit_code, found["credentials"]) == (
        1,
        ("fail", "no app secret: set WXUNION_APP_SECRET, or give --app-secret-file"),
    )
    assert found["service"][0] == "ok"


def test_a_secret_is_asked_for_once(as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input has it only once."""
    monkeypatch.delenv("WXUNION_APP_SECRET")
    monkeypatch.setattr("sys.stdin", io.StringIO(as_agency.agency.app_secret))
    assert findings("--app-secret-file", "-")[0] == 0


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://user:s3cret@127.0.0.1"])
@pytest.mark.usefixtures("as_agency")
def test_a_base_url_that_is_none_is_bad_input(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is opened."""
    assert main(["doctor", "--base-url", url]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("wxunion: WXUNION_BASE_URL: base_urls: ")
    assert "s3cret" not in printed.err


def test_a_day_s_quota_that_is_used_up_is_told(as_agency: FakeUnionServer, findings: Any) -> None:
    """Every call would fail."""
    as_agency.daily_quotas[DETAIL] = 0
    exit_code, found = findings()
    assert (exit_code, found["quota"][0]) == (1, "fail")
    assert "0 of 0 calls" in found["quota"][1]


@pytest.mark.usefixtures("no_backoff")
def test_a_call_that_fails_otherwise_is_told(as_agency: FakeUnionServer, findings: Any) -> None:
    """With what to do."""
    as_agency.fail(QUOTA, Fault(errcode=48001), times=None)
    exit_code, found = findings()
    assert (exit_code, found["quota"][0]) == (1, "fail")
    assert "errcode 48001" in found["quota"][1]


def test_a_clock_that_is_wrong_is_told(as_agency: FakeUnionServer, findings: Any) -> None:
    """A token's end and a pause are counted by it."""
    as_agency.date_offset = 120
    exit_code, found = findings()
    assert (exit_code, found["clock"][0]) == (1, "fail")
    assert re.fullmatch(r"1(19|20)\.\d s behind the service's", found["clock"][1])


def test_an_answer_without_a_date_is_no_clock(as_agency: FakeUnionServer, findings: Any) -> None:
    """Some proxies take it away; another status than 200 has one as well."""
    as_agency.fail("/cgi-bin/token", Fault(status=503))
    assert findings()[1]["clock"][0] == "ok"
    as_agency.fail("/cgi-bin/token", Fault(headers={"Date": ""}))
    exit_code, found = findings()
    assert exit_code == 0
    assert found["clock"] == ("-", "not compared: the answer has no date")


@pytest.mark.usefixtures("no_backoff")
def test_a_service_that_is_out_of_reach_is_told(
    as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firewall's work, mostly."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("WXUNION_BASE_URL", f"http://127.0.0.1:{port}")
    exit_code, found = findings()
    assert exit_code == 1
    assert "Connection refused" in found["service"][1]
    assert found["clock"] == ("-", "not compared")


def test_a_proxy_is_named_without_its_password(
    as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose address the service sees is the proxy's."""
    monkeypatch.setenv("http_proxy", f"http://user:s3cret@{as_agency.base_url.removeprefix('http://')}/")
    assert findings()[1]["proxy"] == ("ok", f"{as_agency.base_url.removeprefix('http://')} (http_proxy)")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert findings()[1]["proxy"] == ("-", "none")


def test_redis_is_only_looked_at(
    as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    """Neither a token is shared nor a permit taken."""
    monkeypatch.setenv("WXUNION_REDIS_URL", redis_url)
    for _ in range(2):
        assert findings()[1]["Redis"] == ("ok", "answers; it has no token of this app yet")
    assert main(["quota", "get", DETAIL]) == 0


def test_a_token_in_redis_is_told(
    as_agency: FakeUnionServer,
    findings: Any,
    monkeypatch: pytest.MonkeyPatch,
    redis_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Then other processes of the app are at work."""
    monkeypatch.setenv("WXUNION_REDIS_URL", redis_url)
    assert main(["quota", "get", DETAIL]) == 0
    capsys.readouterr()
    assert findings()[1]["Redis"] == ("ok", "answers; it has this app's token")


def test_redis_that_is_down_is_told(as_agency: FakeUnionServer, findings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls go on without it, so nothing else would say so."""
    monkeypatch.setenv("WXUNION_REDIS_URL", "redis://127.0.0.1:1/0")
    exit_code, found = findings()
    assert (exit_code, found["Redis"][0]) == (1, "fail")
    monkeypatch.setenv("WXUNION_REDIS_URL", "ftp://x")
    exit_code, found = findings()
    assert found["Redis"][1].startswith("WXUNION_REDIS_URL: this is no redis://")
    monkeypatch.setitem(__import__("sys").modules, "wxunion_async.redis", None)
    assert findings()[1]["Redis"] == ("fail", "redis is missing: pip install 'wxunion-async[redis]'")
