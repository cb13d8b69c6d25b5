"""Fixtures for the command line: a server beside the commands, their environment, and a terminal."""

import contextlib
import functools
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import attrs
import pytest
from rich.text import Text

import wxunion_async
from wxunion_async import RetryPolicy, UnionConfig
from wxunion_async.cli import main
from wxunion_async.testing import Account, FakeUnionServer

COMMAND = (sys.executable, "-m", "wxunion_async.cli")
_FORCING = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES", "TERM")


@pytest.fixture(autouse=True)
def _nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let neither colours nor a width of the developer's environment into the tests, nor an account."""
    account = [name for name in os.environ if name.startswith(("WXUNION_", "PROMOTER_"))]
    for name in (*_FORCING, *account):
        monkeypatch.delenv(name, raising=False)


# ── a server, and the account in the environment ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def service() -> Iterator[FakeUnionServer]:
    """Run a fake server of 300 products beside the test, because a command has an event loop of its own."""
    with FakeUnionServer(products=300) as server:
        yield server


def _take_account(monkeypatch: pytest.MonkeyPatch, server: FakeUnionServer, account: Account) -> None:
    monkeypatch.setenv("WXUNION_APP_ID", account.app_id)
    monkeypatch.setenv("WXUNION_APP_SECRET", account.app_secret)
    monkeypatch.setenv("WXUNION_BASE_URL", server.base_url)


@pytest.fixture
def as_agency(service: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> FakeUnionServer:
    """Put the agency's account into the environment; give the server."""
    _take_account(monkeypatch, service, service.agency)
    return service


@pytest.fixture
def as_promoter(service: FakeUnionServer, monkeypatch: pytest.MonkeyPatch) -> FakeUnionServer:
    """Put the promoter's account into the environment; give the server."""
    _take_account(monkeypatch, service, service.promoter)
    return service


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Run a Redis of the test's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server on PATH")
    socket = tmp_path / "redis.sock"
    argv = [program, "--port", "0", "--unixsocket", str(socket), "--save", ""]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        while not socket.exists():
            time.sleep(0.01)
        yield f"unix://{socket}"
        process.terminate()


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have attempts follow each other at once."""
    at_once = functools.partial(UnionConfig, retry=RetryPolicy(base_delay=0))
    monkeypatch.setattr(wxunion_async, "UnionConfig", at_once)


# ── the command as a process ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    """Give a pipe that nobody reads any more, before anything is written."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@attrs.frozen
class Screen:
    """What a command did on a terminal."""

    exit_code: int
    sent: str
    """All that the terminal was sent."""

    @property
    def lines(self) -> list[str]:
        """The lines without control codes; where a line was redrawn, its last state."""
        text = re.sub(r"\x1b\[\d*[ABJ]", "", self.sent.replace("\r\n", "\n"))
        return [Text.from_ansi(line.split("\r")[-1]).plain for line in text.split("\n")]


@pytest.fixture
def for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Screen]:
    """Run the command in this process, which takes its output for a terminal; much quicker than a real one."""

    def run(*argv: str, columns: int = 80, **changes: str) -> Screen:
        look = {"FORCE_COLOR": "1", "TTY_INTERACTIVE": "1", "TERM": "xterm-256color", "COLUMNS": str(columns)}
        for name, value in (look | changes).items():
            monkeypatch.setenv(name, value)
        sent = io.StringIO()
        with contextlib.redirect_stdout(sent), contextlib.redirect_stderr(sent):
            exit_code = main(argv)
        return Screen(exit_code, sent.getvalue())

    return run


class OnATerminal(Protocol):
    """See the fixture ``on_a_terminal``."""

    def __call__(
        self, *argv: str, typed: str = "", columns: int = 80, command: Sequence[str] = COMMAND, **changes: str
    ) -> Screen:
        """Run ``wxunion`` with these arguments, and this text at the keyboard, after its first output."""
        ...


@pytest.fixture
def on_a_terminal() -> OnATerminal:
    """Run the command in a pseudo-terminal, with changes to the environment."""
    pytest.importorskip("termios")
    import fcntl
    import pty
    import termios

    def run(*argv: str, typed: str = "", columns: int = 80, command: Sequence[str] = COMMAND, **changes: str) -> Screen:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        with subprocess.Popen(
            [*command, *argv],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm-256color"} | changes,
            start_new_session=True,
        ) as process:
            os.close(theirs)
            sent = b""
            try:
                while chunk := os.read(ours, 65_536):
                    sent += chunk
                    # Not before the prompt: what was typed ahead is thrown away when a password is asked for.
                    typed = typed[os.write(ours, typed.encode()) :] if typed else ""
            except OSError:  # how Linux says that the other end is closed
                pass
            finally:
                os.close(ours)
        return Screen(process.returncode, sent.decode())

    return run


@pytest.fixture
def secrets(service: FakeUnionServer) -> Callable[[], set[str]]:
    """Tell what must not be in any output."""

    def find() -> set[str]:
        accounts = (service.promoter, service.agency)
        return {secret for account in accounts for secret in (account.app_secret, *account.issued_tokens)}

    return find
