"""``wxunion sandbox``: what it prints can be pasted, and it goes when told to."""

import io
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout

import pytest

from wxunion_async import GetPromoteProductDetailRequest, PlanInfoRequest, PlanType, UnionClient
from wxunion_async.cli import main

COMMAND = [sys.executable, "-m", "wxunion_async.cli", "sandbox"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")


@contextmanager
def sandbox(*argv: str) -> Generator[tuple["subprocess.Popen[str]", list[str]]]:
    """Run the sandbox in a process of its own; give the process and the lines of its introduction."""
    with subprocess.Popen([*COMMAND, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "asyncio.run(main())":
            lines.append(process.stdout.readline().rstrip("\n"))
            assert process.poll() is None
        try:
            yield process, lines
        finally:
            process.kill()


def exports(lines: list[str]) -> dict[str, str]:
    """Read the export lines of both accounts as a shell would."""
    return dict(shlex.split(line)[1].split("=", 1) for line in lines if line.startswith("export "))


def comment(lines: list[str], name: str) -> str:
    """Return what a comment line says about ``name``."""
    return next(line.removeprefix(f"# {name}").strip() for line in lines if line.startswith(f"# {name} "))


@pytest.fixture(scope="module")
def lines() -> Generator[list[str]]:
    """Run one of three products for any host, and of few calls a second; give the lines of its introduction."""
    with sandbox("--products", "3", "--rate-limit", "50", "--host", "0.0.0.0") as (_, lines):
        yield lines


async def test_what_it_prints_leads_a_client_to_it(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each family's lines are enough for ``from_env``, and the ids are those that the server knows."""
    for name, value in exports(lines).items():
        monkeypatch.setenv(name, value)
    async with UnionClient.from_env("PROMOTER") as client:
        info = await client.call(PlanInfoRequest(plan_invitation_url=comment(lines, "plan_invitation_url")))
        await client.target.apply_target(plan_id=comment(lines, "plan_id"), apply_reason="try")
    assert info.target_plan_info.plan_name == "TEST定向计划CR"
    product = dict(pair.split("=") for pair in comment(lines, "product").split(", "))
    async with UnionClient.from_env() as client:
        detail = await client.call(
            GetPromoteProductDetailRequest(
                shop_appid=product["shop_appid"].strip("'"),
                product_id=int(product["product_id"]),
                plan_type=PlanType(int(product["plan_type"])),
            )
        )
    assert detail.product.product_id == int(product["product_id"])


def test_the_example_runs_as_it_stands(
    lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A first program that fails is the last."""
    for name, value in exports(lines).items():
        monkeypatch.setenv(name, value)
    exec("\n".join(lines[lines.index("import asyncio") :]), {"__name__": "__main__"})
    out, errors = capsys.readouterr()
    assert errors == ""
    assert out.count("PromoteProduct(") == 3


def test_it_stops_cleanly_when_told_to() -> None:
    """Ctrl-C is the documented way out, so it is no failure; a container's stop is SIGTERM, as the tests below send."""
    with sandbox() as (process, _):
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert out == "Stopped after 0 requests.\n"


def test_a_port_in_use_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """The user chose the port, and can choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["sandbox", "--port", str(port)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"wxunion: cannot listen on 127.0.0.1, port {port}: Address already in use\n"


def test_a_host_that_there_is_not_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """As above."""
    assert main(["sandbox", "--host", "nowhere.invalid"]) == 2
    assert capsys.readouterr().err.startswith("wxunion: cannot listen on nowhere.invalid, port 0: ")


def test_it_has_the_rate_limit_that_was_asked_for(
    lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To see what one's own code does with 45011."""
    for name, value in exports(lines).items():
        monkeypatch.setenv(name, value)
    assert os.environ["WXUNION_BASE_URL"].startswith("http://127.0.0.1:")
    path = "/channels/ec/promoter/get_promote_product_detail"
    assert main(["quota", "get", path]) == 0
    assert re.search(r"call_count +50 ", capsys.readouterr().out)


class StopsAtTheEnd(io.StringIO):
    """Takes what is printed, and sends this process a signal when the introduction is complete."""

    def write(self, text: str) -> int:
        """Keep the text."""
        if "asyncio.run(main())" in text:
            signal.raise_signal(signal.SIGTERM)
        return super().write(text)


def test_the_port_is_the_one_asked_for() -> None:
    """A fixed port keeps a client's settings alive over restarts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    out = StopsAtTheEnd()
    with redirect_stdout(out):
        assert main(["sandbox", "--port", str(port), "--seed", "7"]) == 0
    assert out.getvalue().count(f"_BASE_URL=http://127.0.0.1:{port}\n") == 2
    assert "no_proxy" not in out.getvalue()
    assert "export WXUNION_APP_ID=wxf2a74de452e6b438\n" in out.getvalue()


def test_behind_a_proxy_the_lines_lead_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client honours the environment's proxy, which would look for the server on a machine of its own."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", "example.org")
    out = StopsAtTheEnd()
    with redirect_stdout(out):
        assert main(["sandbox"]) == 0
    assert out.getvalue().count("export no_proxy=example.org,127.0.0.1\n") == 2


def test_a_seed_makes_the_credentials_the_same() -> None:
    """So that a shell's settings, or a container's, outlive a restart."""
    found: list[set[str]] = []
    for seed in ("7", "7", "8"):
        out = StopsAtTheEnd()
        with redirect_stdout(out):
            assert main(["sandbox", "--seed", seed]) == 0
        known = exports(out.getvalue().splitlines()).items()
        found.append({value for name, value in known if not name.endswith("_URL")})
    assert found[0] == found[1]
    assert not found[0] & found[2]
