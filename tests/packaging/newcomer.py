"""
The newcomer's path, timed: ``python -m tests.packaging.newcomer``.

Each begins with nothing but Python, installs the wheel with pip as the page says, and pastes from the page: README to
the first answer, a FastAPI app, a test of one's own, two workers on Redis, spans on a console.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path

from wxunion_async.testing import FakeUnionServer

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "wxunion_async"
SECONDS = 30


class Newcomer:
    """Somebody with an empty folder, one page, and an account."""

    def __init__(self, folder: Path, wheel: Path, page: Path, account: dict[str, str]) -> None:
        self.folder = folder
        self._wheel = wheel
        self._page = page.read_text(encoding="utf-8")
        self.env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | account
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)

    def install(self, beginning: str) -> None:
        """Run the first ``pip install`` behind some words of the page."""
        line = self._page[self._page.index(beginning) :]
        packages: list[str] = re.findall(r"pip install ([^`\n]+)", line)[0].replace("'", "").split()
        wanted = [re.sub(r"^wxunion-async", str(self._wheel), package) for package in packages]
        subprocess.run([self.folder / "bin" / "pip", "install", "--quiet", *wanted], check=True, capture_output=True)

    def paste(self, words: str, name: str) -> None:
        """Put the block with these words into a file."""
        blocks: list[str] = re.findall(r"^```python\n(.*?)^```$", self._page, re.DOTALL | re.MULTILINE)
        self.folder.joinpath(name).write_text(next(code for code in blocks if words in code), encoding="utf-8")

    def run(self, *command: str) -> str:
        """Run a command to its end, and return what it printed."""
        done = subprocess.run(
            (self.folder / "bin" / command[0], *command[1:]),
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    @contextlib.contextmanager
    def running(self, *command: str) -> Generator[Callable[[], str]]:
        """Run a command within the block, which gets who reads its lines."""
        program = (str(self.folder / "bin" / command[0]), *command[1:])
        with subprocess.Popen(program, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline
            finally:
                process.kill()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_answer(who: Newcomer) -> None:
    """Without an account: the sandbox says what to set."""
    who.install("Without an account")
    who.paste("iter_promote_product_list(PlanType.PUBLIC)", "first.py")
    with who.running("wxunion", "sandbox") as read:
        said = ""
        while "WXUNION_BASE_URL" not in said:
            said += read()
        who.env |= dict(re.findall(r"^export (\w+)=(.+)$", said, re.MULTILINE))
        with who.running("python", "-u", "first.py") as answer:
            assert answer().startswith("10000000000 ")


def fastapi_app(who: Newcomer) -> None:
    """Served as its docstring says."""
    who.install("## FastAPI")
    who.paste("FastAPI: one client", "fastapi_app.py")
    port, product = free_port(), who.env["PRODUCT"]
    with who.running("fastapi", "run", "fastapi_app.py", "--port", str(port)):
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(ConnectionError, urllib.error.URLError):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/products/{product}") as answer:
                    assert b'"title"' in answer.read()
                return
            time.sleep(0.05)
    raise AssertionError("the app does not answer")


def own_test(who: Newcomer) -> None:
    """With the fixtures that are there by themselves."""
    who.install("With pytest")
    who.paste("# test_shop.py", "test_shop.py")
    assert "2 passed" in who.run("pytest", "-q", "test_shop.py")


def two_workers(who: Newcomer) -> None:
    """The README's program, twice at once."""
    who.install("# Many processes")
    who.folder.joinpath("first.py").write_text(first_block(), encoding="utf-8")
    port = free_port()
    who.env["WXUNION_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    quiet = ("redis-server", "--port", str(port), "--save", "")
    with subprocess.Popen(quiet, stdout=subprocess.DEVNULL) as redis:
        try:
            with who.running("python", "-u", "first.py") as one, who.running("python", "-u", "first.py") as other:
                assert one().startswith("10000000000 ")
                assert other().startswith("10000000000 ")
        finally:
            redis.terminate()


def first_block() -> str:
    """Return the README's first program."""
    (block, *_) = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return str(block)


def spans(who: Newcomer) -> None:
    """On the console, from the call's end on."""
    who.install("## OpenTelemetry")
    who.paste("ConsoleSpanExporter", "spans.py")
    assert '"kind": "SpanKind.CLIENT"' in who.run("python", "spans.py")


PATHS: tuple[tuple[str, Path, Callable[[Newcomer], None]], ...] = (
    ("README to the first typed answer", ROOT / "README.md", first_answer),
    ("a FastAPI app that answers", GUIDES / "integrations/README.md", fastapi_app),
    ("a test of one's own", GUIDES / "testing/README.md", own_test),
    ("two workers on Redis", GUIDES / "redis/README.md", two_workers),
    ("spans on a console", GUIDES / "integrations/README.md", spans),
)


def main() -> None:
    """Walk each path, and print how long it took."""
    with tempfile.TemporaryDirectory(prefix="wxunion-") as folder, FakeUnionServer() as server:
        subprocess.run([sys.executable, "-m", "uv", "build", "--quiet", "--out-dir", folder, ROOT], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        product = server.product_request(0)
        account = {
            "WXUNION_APP_ID": server.agency.app_id,
            "WXUNION_APP_SECRET": server.agency.app_secret,
            "WXUNION_BASE_URL": server.base_url,
            "PRODUCT": f"{product['shop_appid']}/{product['product_id']}",
            "no_proxy": "127.0.0.1",
        }
        for number, (name, page, walk) in enumerate(PATHS):
            begun, tokens = time.monotonic(), server.count("/cgi-bin/stable_token")
            walk(Newcomer(Path(folder) / str(number), wheel, page, account))
            print(f"{time.monotonic() - begun:6.1f} s  {name}", flush=True)
            assert server.count("/cgi-bin/stable_token") <= tokens + 1, "two workers share a token"


if __name__ == "__main__":
    main()
