"""The entry point: exit codes, and one line on stderr for whatever goes wrong."""

import builtins
import contextlib
import importlib.util
import io
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import wxunion_async
from wxunion_async.cli import main
from wxunion_async.cli.failures import InputError


def test_the_command_runs_as_a_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``python -m wxunion_async.cli`` is the command where its script is not on the path; other tests start it so."""
    spec = importlib.util.find_spec("wxunion_async.cli.__main__")
    assert spec is not None
    assert spec.origin is not None
    code = compile(Path(spec.origin).read_bytes(), spec.origin, "exec")
    monkeypatch.setattr(sys, "argv", ["wxunion", "--version"])
    with pytest.raises(SystemExit) as ended:
        exec(code, {"__name__": "__main__", "__spec__": spec})
    assert ended.value.code == 0
    assert capsys.readouterr() == (f"{wxunion_async.__version__}\n", "")


def test_the_extra_is_imported_only_by_running() -> None:
    """Without the extra the module must be importable, or the hint below could never be printed."""
    program = (
        "import sys, wxunion_async.cli\n"
        "sys.exit(any(name in sys.modules for name in ('cyclopts', 'rich', 'wxunion_async.cli.app')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_one_line_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command is installed even without the extra; its user must not meet an ImportError."""
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["--version"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "the command line needs the extra: pip install 'wxunion-async[cli]'\n"


def test_the_arguments_default_to_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The installed script calls ``main()`` without any."""
    monkeypatch.setattr(sys, "argv", ["wxunion", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.strip() == wxunion_async.__version__


def test_output_may_go_to_any_text_stream() -> None:
    """A caller who redirects stdout to a ``StringIO`` has no encoding to be made tolerant."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["--version"]) == 0
    assert out.getvalue().strip() == wxunion_async.__version__


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], ["demo", "sandbox", "--version", "Exit codes: 0"]),
        (["--help"], ["bulk", "calls", "doctor", "promoter", "target", "--install-completion", "Exit codes: 0"]),
        (["open-product", "--help"], ["list  ", "Commands"]),
        (["bulk", "--help"], ["INPUT", "--output", "--encoding", "--ignore-columns", "--summary", "--env-file"]),
        (["doctor", "--help"], ["--app-id", "--prefix"]),
        (["demo", "--help"], ["--products", "--rate", "--json", "300", "100"]),
        (["sandbox", "--help"], ["--port", "--products", "Ctrl-C", "1000", "--seed", "--rate-limit", "--host"]),
    ],
)
def test_help_names_every_command_and_option(
    argv: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Help is the command line's only manual, and has to fit 80 columns."""
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word not in shown] == []
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["nonsense"], "nonsense"),
        (["demo", "--bogus"], "--bogus"),
        (["demo", "extra"], "extra"),
        (["demo", "--products"], "--products"),
        (["demo", "--products", "0"], "--products"),
        (["demo", "--products", "100001"], "--products"),
        (["demo", "--rate", "fast"], "--rate"),
        (["demo", "--rate", "0"], "--rate"),
        (["demo", "--rate", "1.5"], "--rate"),
        (["demo", "--rate", "10001"], "--rate"),
        (["sandbox", "--port", "65536"], "--port"),
        (["sandbox", "--port", "-1"], "--port"),
        (["sandbox", "--products", "0"], "--products"),
    ],
)
def test_bad_input_is_one_line_that_names_it(argv: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who mistypes an option wants to read which, not a traceback."""
    assert main(argv) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("wxunion: ")
    assert named in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "exit_code", "line"),
    [
        (InputError("no such\nthing"), 2, "wxunion: no such thing\n"),
        (OSError(28, "No space left on device", "out.jsonl"), 1, "wxunion: out.jsonl: No space left on device\n"),
        (OSError(28, "No space left on device"), 1, "wxunion: [Errno 28] No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_failure_is_told_by_line_and_exit_code(
    error: BaseException,
    exit_code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scripts branch on the exit code, and people read one line, square brackets included."""

    async def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("wxunion_async.cli.demo._demo", fail)
    assert main(["demo"]) == exit_code
    assert capsys.readouterr().err == line


def test_a_stream_that_is_closed_is_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a place for its output a command says so; without one for what it tells, it works the same."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert main(["--version"]) == 2
    assert capsys.readouterr() == ("", "wxunion: standard output is closed\n")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", None)
        assert main(["nonsense"]) == 2
        sys.stderr.close()
    assert capsys.readouterr() == ("", "")


def test_a_command_imports_what_it_needs_only() -> None:
    """Completion asks for it with each tab; aiohttp and a hundred endpoints take longer than a finger."""
    program = (
        "import sys; from wxunion_async.cli import main\n"
        "for argv in (['--version'], ['--help'], ['bulk', '--help'], ['quota', 'get', '--help']):\n"
        "    assert main(argv) == 0\n"
        "    assert not {'aiohttp', 'wxunion_async.endpoints.target.plan_info'} & set(sys.modules), argv"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.untraced
def test_completion_is_installed_for_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a hundred calls, nobody types their names."""
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["--install-completion"]) == 0
    written = "".join(file.read_text() for file in tmp_path.rglob("*") if file.is_file())
    assert "get-promote-product-detail" in written
    assert "--head-supplier-appid" in written


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("milliseconds", [30, 120])
def test_ctrl_c_at_the_start_is_quiet(milliseconds: int) -> None:
    """An impatient user sees 130, and no traceback of an import."""
    # Before the first line of ours runs, it is the interpreter that tells.
    program = "import sys; from wxunion_async.cli import main; print(flush=True); sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", program, "calls"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode in (0, 130)
    assert errors == ""


def test_ctrl_c_while_the_commands_are_loaded_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An import may swallow a KeyboardInterrupt; so the process goes at once, and its exit code is the shell's."""
    ended: list[int] = []
    real = builtins.__import__

    def load(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "wxunion_async.cli.app":
            signal.raise_signal(signal.SIGINT)
        return real(name, *arguments, **options)

    monkeypatch.setattr("os._exit", ended.append)
    monkeypatch.setattr(sys, "argv", ["wxunion", "--version"])
    monkeypatch.setattr("builtins.__import__", load)
    assert main() == 0
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert ended == [130]


def test_no_thread_is_left_to_the_end_of_the_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar's thread that draws while the interpreter goes down may take the exit code with it: -11 after Ctrl-C."""
    drawn: list[bool] = []

    def draw() -> None:
        time.sleep(0.1)
        drawn.append(True)

    def interrupted(*_: object) -> int:
        threading.Thread(target=draw, daemon=True).start()
        raise KeyboardInterrupt

    monkeypatch.setattr("wxunion_async.cli.app.run", interrupted)
    monkeypatch.setattr(sys, "argv", ["wxunion", "demo"])
    assert main() == 130
    assert drawn == [True]


def test_an_error_is_red_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An error must stand out between other output."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert main(["nonsense"]) == 2
    assert capsys.readouterr().err.startswith("\x1b[31mwxunion: ")
