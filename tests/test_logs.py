"""What the library logs where the program has set up nothing, and what ``WXUNION_LOG`` changes."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from wxunion_async import _logs

PROGRAM = """
import asyncio, logging, pathlib, sys
{first}
from wxunion_async import UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer, Fault

async def main():
    async with FakeUnionServer() as server:
        async with UnionClient(
            server.both.app_id, server.both.app_secret, config=UnionConfig(base_urls=(server.base_url,), call_timeout=1)
        ) as client:
            await client.quota.get("/cgi-bin/token")
            server.fail("/cgi-bin/openapi/quota/get", Fault(errcode=45011))
            await asyncio.gather(client.quota.get("/cgi-bin/token"), return_exceptions=True)
            assert (await client.token()).value not in pathlib.Path(sys.argv[1]).read_text()
            assert server.both.app_secret not in pathlib.Path(sys.argv[1]).read_text()
logging.getLogger("somebody.else").info("theirs")
asyncio.run(main())
"""


def stderr(tmp_path: object, level: str | None, first: str = "") -> str:
    """Run a program with one call that works and one that is paused; return what it wrote to stderr."""
    path = f"{tmp_path}/stderr"
    env = {name: value for name, value in os.environ.items() if name != "WXUNION_LOG" and "proxy" not in name.lower()}
    env |= {} if level is None else {"WXUNION_LOG": level}
    with open(path, "w", encoding="utf-8") as file:
        command = [sys.executable, "-W", "error", "-c", PROGRAM.format(first=first), path]
        done = subprocess.run(command, env=env, stderr=file, check=False)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert done.returncode == 0, text
    return text


@pytest.mark.untraced
def test_silent_where_nobody_set_up_logging(tmp_path: object) -> None:
    """A library leaves the program's stderr alone; its lines are there for whoever wants them."""
    assert stderr(tmp_path, None) == ""


def test_an_empty_level_is_none() -> None:
    """As a shell, or a container, says that a variable is not set."""
    program = "import logging, wxunion_async\nlogging.getLogger('wxunion_async').warning('heard')"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "WXUNION_LOG": ""}, capture_output=True, check=True
    )
    assert done.stderr == b""


@pytest.mark.untraced
def test_info_tells_start_and_pause(tmp_path: object) -> None:
    """What an operator wants to know, of this library alone."""
    lines = stderr(tmp_path, "info").splitlines()
    assert len(lines) == 2
    assert "INFO wxunion_async: " in lines[0]
    assert "started" in lines[0]
    assert "WARNING wxunion_async: /cgi-bin/openapi/quota/get: paused for" in lines[1]


@pytest.mark.untraced
def test_debug_tells_each_attempt(tmp_path: object) -> None:
    """In capitals, too; ``ms`` is what the answer took, in a program whose calls may take a second."""
    lines = stderr(tmp_path, "DEBUG").splitlines()
    assert all(0 < float(ms) < 1000 for ms in re.findall(r" ms=(\S+) ", "\n".join(lines)))
    assert sum("DEBUG wxunion_async: " in line for line in lines) == 3
    assert not any("somebody.else" in line or "asyncio" in line for line in lines)


@pytest.mark.untraced
def test_the_programs_own_logging_shows_a_line_once(tmp_path: object) -> None:
    """Its handlers have them, in its own form; ours are silent then."""
    first = "logging.basicConfig(level=logging.WARNING, format='mine %(name)s %(levelname)s')"
    assert stderr(tmp_path, "info", first) == "mine wxunion_async INFO\nmine wxunion_async WARNING\n"


def test_another_level_is_refused() -> None:
    """A typo would be found out on the day when the lines are needed."""
    env = {**os.environ, "WXUNION_LOG": "verbose"}
    done = subprocess.run([sys.executable, "-c", "import wxunion_async"], env=env, capture_output=True, check=False)
    assert b"ValueError: WXUNION_LOG must be debug or info, not 'verbose'" in done.stderr


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """Give the library's logger, and leave it as it was."""
    found = logging.getLogger("wxunion_async")
    handlers, level = found.handlers[:], found.level
    yield found
    found.handlers[:] = handlers
    found.setLevel(level)


def test_it_is_set_up_once_asked(logger: logging.Logger) -> None:
    """Only the library's logger is touched; spaces are no level of their own."""
    root = logging.getLogger().level, logging.getLogger().handlers[:]
    _logs.set_up(" Info ")
    assert logger.level == logging.INFO
    assert (logging.getLogger().level, logging.getLogger().handlers[:]) == root
    assert logger.propagate
    with pytest.raises(ValueError, match="WXUNION_LOG must be debug or info, not 'warn'"):
        _logs.set_up("warn")
