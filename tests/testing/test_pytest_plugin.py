"""The fixtures that users of pytest get, and the tests in the guide, in a run of pytest of their own."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wxunion_async.testing
from wxunion_async import UnionClient
from wxunion_async.testing import FakeUnionServer

# For an environment into which the library was installed before it had the entry point; elsewhere it changes nothing.
pytest_plugins = ["wxunion_async.testing.pytest_plugin"]

ROOT = Path(__file__).parents[2]
GUIDE = Path(wxunion_async.testing.__file__).with_name("README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```python\n# (test_\w+\.py)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)

TESTS = """
import asyncio, json, urllib.request
import pytest

pytestmark = pytest.mark.filterwarnings("error")

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_sync(union_server):
    with urllib.request.urlopen(union_server.base_url + "/a") as response:
        assert json.load(response)["errcode"] == 40066
    assert union_server.count() == 1

async def check(client, server):
    detail = await client.promoter.get_promote_product_detail(**server.product_request(7))
    plan = await client.target.plan_info(server.plan.invitation_url)
    assert detail.product.product_id == server.product_request(7)["product_id"]
    assert plan.target_plan_info.plan_id

@pytest.mark.asyncio
async def test_in_a_loop_of_its_own(union_client, union_server):
    await check(union_client, union_server)

@pytest.mark.asyncio(loop_scope="session")
async def test_in_the_loop_of_the_session(union_client, union_server):
    await check(union_client, union_server)

class TestMethods:
    @pytest.mark.asyncio(loop_scope="class")
    async def test_in_the_loop_of_a_class(self, union_client, union_server):
        await check(union_client, union_server)

@pytest.mark.anyio
async def test_under_anyio(union_client, union_server):
    await check(union_client, union_server)

@pytest.mark.asyncio
async def test_that_closes_the_client_itself(union_client, union_server):
    await check(union_client, union_server)
    await union_client.aclose()

@pytest.mark.asyncio
@pytest.mark.xfail(raises=KeyError, strict=True)
async def test_that_fails_closes_the_client_too(union_client, union_server):
    await check(union_client, union_server)
    raise KeyError

def test_with_a_loop_by_hand(union_client, union_server):
    async def main():
        async with union_client:
            await check(union_client, union_server)
    asyncio.run(main())
"""


def run(folder: Path, *options: str, **environment: str) -> str:
    """Run pytest in ``folder`` in a process of its own, and return what it said."""
    # Hypothesis takes longer to load than all the rest, and none of these tests is for it, nor for the others.
    without = [
        option
        for plugin in ("cacheprovider", "cov", "hypothesispytest", "xdist", "xdist.looponfail", "faker")
        for option in ("-p", f"no:{plugin}")
    ]
    command = [sys.executable, "-m", "pytest", "-q", *without, *options]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_block_of_the_guide_is_a_file_of_tests() -> None:
    """Else the next test would pass one over."""
    assert len(BLOCKS) == GUIDE.count("```python") == 4


@pytest.mark.untraced
@pytest.mark.parametrize(("mode", "conftest"), [("strict", False), ("auto", True)])
def test_the_fixtures_serve_tests_of_every_kind(tmp_path: Path, mode: str, conftest: bool) -> None:
    """
    The guide's, as they stand there, and ours: a proxy of the environment is not in the way, and no warning is left.

    Nothing is to be declared; a conftest may name the plugin, as version 0.1 had it, and it is registered once.
    """
    for name, code in [*BLOCKS, ("test_mine.py", TESTS)]:
        tmp_path.joinpath(name).write_text(code, encoding="utf-8")
    if conftest:
        tmp_path.joinpath("conftest.py").write_text('pytest_plugins = ["wxunion_async.testing.pytest_plugin"]\n')
    scope = ("-o", "asyncio_default_fixture_loop_scope=function")
    said = run(tmp_path, "-W", "error", "-o", f"asyncio_mode={mode}", *scope, http_proxy="http://127.0.0.1:9")
    assert "15 passed, 1 xfailed" in said


def test_it_costs_nothing_until_it_is_used(tmp_path: Path) -> None:
    """Every run of pytest in an environment with the library loads the plugin: it must not load the library."""
    loaded = "[name for name in sys.modules if name.split('.')[0] in ('wxunion_async', 'aiohttp', 'attrs', 'cattrs')]"
    test = f"import json, sys\n\ndef test_mine():\n    json.dump(sorted({loaded}), open('loaded.json', 'w'))\n"
    tmp_path.joinpath("test_mine.py").write_text(test)
    run(tmp_path)
    assert json.loads(tmp_path.joinpath("loaded.json").read_text()) == [
        "wxunion_async",
        "wxunion_async.testing",
        "wxunion_async.testing.pytest_plugin",
    ]


async def test_they_serve_in_this_run_too(union_client: UnionClient, union_server: FakeUnionServer) -> None:
    """The server lives in another thread, so that its work does not show as tasks of this loop."""
    quota = await union_client.quota.get("/cgi-bin/token")
    assert quota.quota.used == 0
    assert [record.family for record in union_server.requests] == ["both", "both"]


def test_a_test_with_a_loop_of_its_own_closes_the_client_itself(union_client: UnionClient) -> None:
    """Only of an async test is it known when its loop ends."""

    async def ask() -> int | None:
        async with union_client:
            return (await union_client.quota.get("/cgi-bin/token")).quota.used

    assert asyncio.run(ask()) == 0


def test_an_exception_of_no_proxy_is_kept(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The fixture adds the loopback address to what is there."""
    monkeypatch.setenv("no_proxy", "intranet.example")
    request.getfixturevalue("union_server")
    assert os.environ["no_proxy"] == "intranet.example,127.0.0.1"
