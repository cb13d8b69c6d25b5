"""The server as a program: ``python -m wxunion_async.testing``."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pytest

import wxunion_async.testing.__main__ as program
from wxunion_async.testing import FakeUnionServer

ROOT = Path(program.__file__).parents[2]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[bytes]]:
    """A pipe in the place of stdin, and its writing end."""
    reading, writing = os.pipe()
    with open(reading) as reader, open(writing, "wb", buffering=0) as writer:
        monkeypatch.setattr(sys, "stdin", reader)
        yield writer


def test_it_answers_questions_until_eof(stdin: IO[bytes], capsys: pytest.CaptureFixture[str]) -> None:
    """A test process measures a server that shares no core and no loop with it."""
    stdin.write(b"count\ncount /a\nnonsense \xff\n")
    stdin.close()
    program.main(["--until-eof", "--products", "3"])
    hello, *answers = map(json.loads, capsys.readouterr().out.splitlines())
    assert hello["base_url"].startswith("http://127.0.0.1:")
    assert hello["promoter"].keys() == hello["agency"].keys() == {"app_id", "app_secret"}
    assert answers[:2] == [{"count": 0}, {"count": 0}]
    assert answers[2].keys() == {"error"}


def test_questions_are_answered_from_the_record() -> None:
    """Each kind of question has one answer; a question that is not understood is told so."""
    server = FakeUnionServer()
    old = server.agency.stable_token()
    assert program.answer_question(server, "count") == {"count": 0}
    assert program.answer_question(server, "peak /a 60\n") == {"peak": 0}
    assert program.answer_question(server, "rotate agency") == {"rotate": "agency"}
    assert program.answer_question(server, "rotate promoter") == {"rotate": "promoter"}
    assert server.agency.stable_token() != old
    assert "window" in program.answer_question(server, "peak /a 0")["error"]
    assert "could not convert" in program.answer_question(server, "peak /a minute")["error"]
    assert "say count" in program.answer_question(server, "rotate nobody")["error"]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the program says; as soon as it has said where it is, it gets a signal."""
    said: list[dict[str, Any]] = []

    def say(answer: dict[str, Any]) -> None:
        said.append(answer)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(program, "_say", say)
    return said


def test_a_signal_ends_it(said: list[dict[str, Any]]) -> None:
    """By hand in a terminal: stdin is left alone."""
    program.main([])
    assert [answer.keys() for answer in said] == [{"base_url", "promoter", "agency"}]


def test_a_question_after_the_end_harms_nobody(stdin: IO[bytes], said: list[dict[str, Any]]) -> None:
    """The thread that waits for questions outlives the loop."""
    program.main(["--until-eof"])
    (listener,) = [thread for thread in threading.enumerate() if thread.name == program.LISTENER]
    stdin.write(b"count\n")
    stdin.close()
    listener.join(5)
    assert not listener.is_alive()
    assert len(said) == 1


def test_a_wrong_option_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback for a typo."""
    with pytest.raises(SystemExit, match="2"):
        program.main(["--port", "70000"])
    assert "port: 70000 is out of range" in capsys.readouterr().err


def test_it_runs_in_a_process_of_its_own() -> None:
    """The first line is all that another process needs."""
    command = [sys.executable, "-m", "wxunion_async.testing", "--until-eof"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        stdin, stdout = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        hello: dict[str, Any] = json.loads(stdout.readline())
        agency = hello["agency"]
        query = f"grant_type=client_credential&appid={agency['app_id']}&secret={agency['app_secret']}"
        with urllib.request.urlopen(f"{hello['base_url']}/cgi-bin/token?{query}") as response:
            assert json.load(response)["expires_in"] == 7200
        stdin.write("peak /cgi-bin/token 60\n")
        stdin.flush()
        assert json.loads(stdout.readline()) == {"peak": 1}
        stdin.close()
        assert process.wait(10) == 0
