"""
Prove the packages: ``python -m tests.packaging``, and with ``3.11 3.12 3.13`` all tests on these Pythons, old and new.

What is tested is the wheel, made from the sdist, in new environments, from a folder without the source: each extra
alone makes a call, pytest runs beside it without any extra, and tests pass with the lowest version of every dependency
and with the newest.
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXTRAS = ("bare", "redis", "speed", "cli", "otel")
TOOLS = ("blockbuster", "hypothesis", "lupa", "pytest", "pytest-asyncio", "ruff")
"""What the quick tests need beside the extras."""
QUICK = (
    "tests/packaging",
    "tests/test_names.py",
    "tests/test_typed_user.py",
    "tests/test_endpoints_generic.py",
    "tests/test_codec.py",
    "tests/client/test_calls.py",
    "tests/client/test_transport.py",
    "tests/testing/test_server.py",
    "tests/redis/test_token_store.py",
    "tests/cli/test_account.py",
    "--deselect=tests/test_endpoints_generic.py::test_a_new_endpoint_is_one_file_one_sample_and_one_line",  # needs coverage
)
ADDOPTS = "addopts=--import-mode=importlib --strict-markers --strict-config -ra"
FIXTURE_TEST = "def test_mine(union_server):\n    assert union_server.base_url\n"
STRANGER_TEST = "import sys\n\ndef test_theirs():\n    assert not {'aiohttp', 'attrs', 'cattrs'} & sys.modules.keys()\n"


class Bench:
    """A folder with both packages, checked, and the tests without the source."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run("uv", "build", "--quiet", "--out-dir", str(folder / "dist"), str(ROOT))  # the wheel from the sdist
        (self._wheel,) = (folder / "dist").glob("*.whl")
        (sdist,) = (folder / "dist").glob("*.tar.gz")
        self._run("twine", "--no-color", "check", "--strict", str(self._wheel), str(sdist))
        self._run("check_wheel_contents", "--config", str(ROOT / "pyproject.toml"), str(self._wheel))
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        self._away = folder / sdist.name.removesuffix(".tar.gz")
        (self._away / "wxunion_async").rename(folder / "source")  # no test may find it
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        dev: list[str] = project["optional-dependencies"]["dev"]
        self._tools = [line for line in dev if line.partition(">")[0] in TOOLS]
        assert len(self._tools) == len(TOOLS), self._tools

    def extra(self, extra: str) -> None:
        """Make one call with an extra alone; without any, run pytest too."""
        python = self._environment(extra, sys.executable)
        name = "" if extra == "bare" else f"[{extra}]"
        self._run("uv", "pip", "install", "--quiet", "--python", str(python), f"{self._wheel}{name}")
        program = self._away / "tests/packaging/one_call.py"
        self._run(str(program), extra, python=python, cwd=python.parent)
        if extra == "bare":
            self._run("uv", "pip", "install", "--quiet", "--python", str(python), "pytest")
            tests = self._folder / "theirs"
            tests.mkdir()
            (tests / "test_theirs.py").write_text(STRANGER_TEST, encoding="utf-8")
            (tests / "test_within_reach.py").write_text(FIXTURE_TEST, encoding="utf-8")
            self._run("pytest", "-q", "-W", "error", "-p", "no:cacheprovider", python=python, cwd=tests)

    def tests(self, version: str, resolution: str, extras: str, tests: Sequence[str]) -> bool:
        """Run tests on a Python with the ``lowest-direct`` or the ``highest`` version of each dependency; say if all pass."""
        name = f"{version.strip('/').replace('/', '_')}-{resolution}"
        python, pins = self._environment(name, version), self._folder / f"{name}.txt"
        wanted = self._folder / "tools.in"
        wanted.write_text("\n".join(self._tools), encoding="utf-8")
        here = ("--quiet", "--python", str(python))
        bounds = (str(ROOT / "pyproject.toml"), str(wanted), "--extra", extras, "--output-file", str(pins))
        self._run("uv", "pip", "compile", *here, "--resolution", resolution, *bounds)
        self._run("uv", "pip", "install", *here, "--constraints", str(pins), f"{self._wheel}[{extras}]", *self._tools)
        where = (
            "import wxunion_async, sys; assert wxunion_async.__file__.startswith(sys.prefix), wxunion_async.__file__"
        )
        self._run("-c", where, python=python, cwd=self._away)
        print(f"== {version}, {resolution}", flush=True)
        return self._try("pytest", "-q", "-o", ADDOPTS, *tests, python=python, cwd=self._away)

    def _environment(self, name: str, python: str) -> Path:
        where = self._folder / name
        self._run("uv", "venv", "--quiet", "--no-python-downloads", "--python", python, str(where))
        return where / "bin" / "python"

    def _run(self, *command: str, python: Path | None = None, cwd: Path | None = None) -> None:
        if not self._try(*command, python=python, cwd=cwd):
            raise SystemExit(f"failed: {' '.join(command)}")

    def _try(self, *command: str, python: Path | None = None, cwd: Path | None = None) -> bool:
        """Run a module, or a program of a file, with a Python, ours by default, and say whether it succeeded."""
        begun = time.monotonic()
        start = () if command[0].endswith(".py") or command[0] == "-c" else ("-m",)
        line = (str(python or sys.executable), *start, *command)
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHONPATH", "PYTHONDONT", "VIRTUAL_ENV"))
        }
        done = subprocess.run(line, cwd=cwd or self._folder, env=env, check=False)
        said = " ".join(command).replace(f"{self._folder}/", "").replace(f"{ROOT}/", "")
        print(f"{time.monotonic() - begun:6.1f} s  {said[:100]}", flush=True)
        return done.returncode == 0


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.packaging", description=__doc__)
    parser.add_argument("pythons", nargs="*", metavar="3.12", help="run all tests on this Python (or its path)")
    parser.add_argument("--tests", nargs=argparse.REMAINDER, help="run these instead; options of pytest may follow")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wxunion-") as folder:
        bench = Bench(Path(folder))
        ways = [
            (version, way, "dev", ["-n", "4", "tests"])
            for version in options.pythons
            for way in ("lowest-direct", "highest")
        ]
        if not ways:
            for extra in EXTRAS:
                bench.extra(extra)
            ways = [(sys.executable, "lowest-direct", "all", list(QUICK))]
        failed = [way[:2] for way in ways if not bench.tests(*way[:3], options.tests or way[3])]
    if failed:
        raise SystemExit(f"tests failed: {failed}")


if __name__ == "__main__":
    main()
