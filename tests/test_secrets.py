"""What finds a secret where it should not be: that it does, and that reporters of other people find none."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import wxunion_async
from wxunion_async import ApiError, RetryPolicy, TransportError, UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer, Fault

from .client.raw import TOKEN, RawServer
from .matrix.walk import near


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return what ``conftest.py`` keeps of this test, and let it be forgotten at its end."""
    conftest: Any = request.config.pluginmanager.get_plugin(str(request.path.with_name("conftest.py")))
    yield conftest._kept
    conftest._kept.secrets.clear()


async def test_the_secrets_of_a_call_are_known_and_looked_for(kept: Any, server: FakeUnionServer) -> None:
    """The check after every test would pass for ever if it knew no secret, saw no error, or read no text."""
    account = server.promoter
    config = UnionConfig(base_urls=(server.base_url,))
    async with UnionClient(account.app_id, account.app_secret, config=config) as client:
        server.fail("/union/promoter/target/apply_status", Fault(errcode=77777))
        with pytest.raises(ApiError) as caught:
            await client.target.apply_status("1")
    assert {account.app_secret, account.issued_tokens[0]} <= kept.secrets
    assert kept.errors == [caught.value]
    kept.assert_nothing_shows([("call", "stdout", "all is well")])
    for hidden in (account.app_secret, account.issued_tokens[0]):
        with pytest.raises(AssertionError, match="shows in log of the call"):
            kept.assert_nothing_shows([("call", "log", f"GET /?access_token={hidden}&x")])
    caught.value.errmsg = f"invalid {account.app_secret}"
    with pytest.raises(AssertionError, match="shows in a ApiError"):
        kept.assert_nothing_shows([])
    kept.errors.clear()


def test_a_module_that_is_loaded_anew_is_noticed(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test's endpoint took the place of the library's, and others failed, hours later, now and then."""
    kept.assert_same_modules()
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "wxunion_async.errors")
        with pytest.raises(AssertionError, match=r"wxunion_async\.errors"):
            kept.assert_same_modules()


class Holder:
    """Holds something, in the one or the other way."""

    __slots__ = ("__dict__", "slot")

    def __init__(self, value: object) -> None:
        self.slot = value


@pytest.mark.parametrize(("steps", "found"), [(0, True), (6, True), (7, False)])
def test_the_walk_finds_what_is_near_a_frame_of_the_library(steps: int, found: bool) -> None:
    """In slots, dicts, lists and mappings; what is further away, no crash reporter reaches."""
    value: Any = [{"a": "my-secret"}]
    for step in range(steps):
        holder = Holder(value if step % 2 else None)
        if not step % 2:
            vars(holder)["inner"] = (value,)
        value = holder
    scope: dict[str, Any] = {}
    file = str(Path(wxunion_async.__file__).with_name("made_up.py"))
    exec(compile("def fail(value):\n    raise ValueError", file, "exec"), scope)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - it says nothing
        scope["fail"](value)
    assert bool(near(caught.value, "my-secret")) is found


# ── other people's reporters ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.untraced
def test_sentry_and_opentelemetry_show_no_secret_whatever_the_fault(request: pytest.FixtureRequest) -> None:
    """With local variables, headers, bodies and spans of aiohttp, as eager as they can be set."""
    for module in ("sentry_sdk", "opentelemetry.sdk", "opentelemetry.instrumentation.aiohttp_client"):
        pytest.importorskip(module)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.matrix.reporters"],
        capture_output=True,
        text=True,
        check=False,
        cwd=request.config.rootpath,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["shown"] == []
    assert min(told["errors"], told["frames of the library with variables"], told["spans"]) > 150


BROKEN = {
    "framing": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + TOKEN,
    "status line": b"HTTP/1.1 2x0 " + TOKEN + b"\r\n\r\n",
    "cut head": b"HTTP/1.1 200 " + TOKEN + b"\r\nContent-Length: 9\r\nX: ",
    "cut body": b"HTTP/1.1 200 " + TOKEN + b"\r\nContent-Length: 9\r\n\r\n{",
    "proxy": b"HTTP/1.1 407 " + TOKEN + b"\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_traces_of_a_session_are_told_nothing_of_what_the_peer_sent(name: str) -> None:
    """They get aiohttp's exceptions, which quote a token that nobody knows yet, and the URL of a proxy; spans do too."""
    seen: list[str] = []

    async def broken(server: RawServer, head: str) -> bytes | None:
        server.answer = hang_up
        return BROKEN[name]

    async def hang_up(server: RawServer, head: str) -> None: ...

    async def note(_session: object, _context: object, params: aiohttp.TraceRequestExceptionParams) -> None:
        error = params.exception
        seen.extend(f"{link!s} {link!r} {vars(link)}" for link in (error, error.__cause__, error.__context__) if link)
        seen.extend(near(error, "raw-server") + near(error, "pa55word"))

    trace = aiohttp.TraceConfig()
    trace.on_request_exception.append(note)
    async with RawServer(broken, idle=0.1) as server:
        proxy = server.url.replace("http://", "http://user:pa55word@") if name == "proxy" else None
        url = "https://api.weixin.qq.com" if proxy else server.url
        config = UnionConfig(base_urls=(url,), retry=RetryPolicy(max_attempts=1))
        async with aiohttp.ClientSession(trace_configs=[trace], proxy=proxy) as session:
            async with UnionClient("wx", "s3cret-s3cret", config=config, session=session) as client:
                with pytest.raises(TransportError):
                    await client.target.apply_status("1")
    assert seen or name == "cut body"
    for hidden in ("raw-server", "access_token", "s3cret", "pa55word"):
        assert hidden not in "".join(seen)
