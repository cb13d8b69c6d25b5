"""Every code block of the README runs; what it says of the project is true."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import wxunion_async
from wxunion_async import errors
from wxunion_async.testing import FakeUnionServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
PYTHON = [code for language, code in BLOCKS if language == "python"]
URLS: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
CONSOLE = [code for language, code in BLOCKS if language == "console"]


@pytest.fixture
def _account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a fake server beside the test, with its accounts in the environment, as the README names them."""
    with FakeUnionServer(products=25) as running:
        for prefix, account in (("WXUNION", running.agency), ("PROMOTER", running.promoter)):
            monkeypatch.setenv(f"{prefix}_APP_ID", account.app_id)
            monkeypatch.setenv(f"{prefix}_APP_SECRET", account.app_secret)
            monkeypatch.setenv(f"{prefix}_BASE_URL", running.base_url)
        yield


@pytest.mark.usefixtures("_account")
@pytest.mark.parametrize("code", PYTHON, ids=[f"block{number}" for number in range(len(PYTHON))])
def test_each_python_block_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Copied as it stands, as a program; a warning is an error."""
    exec(compile(code, "README.md", "exec", dont_inherit=True), {"__name__": "__main__"})
    out, err = capsys.readouterr()
    assert err == ""
    assert out or "print" not in code


def anchors(page: str) -> set[str]:
    """Return what a forge makes of a page's headings."""
    headings: list[str] = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def place(name: str) -> Path:
    """Return where a file of the repository is; the package may be installed somewhere else."""
    return (Path(wxunion_async.__file__).parents[1] if name.startswith("wxunion_async/") else ROOT) / name


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "wxunion_async/integrations/README.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    """Each promise links to the test that holds it; links are absolute, since a package index shows the page too."""
    page = place(name).read_text(encoding="utf-8")
    links: list[str] = re.findall(r"\]\(([^)]+)\)", page)
    for link in links:
        path, _, anchor = link.partition("#")
        ours = path.removeprefix(f"{URLS['Source']}/blob/main/").removeprefix(f"{URLS['Source']}/tree/main/")
        if ours.startswith("https://"):
            continue  # somebody else's
        target = place(ours or name)
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link
    assert not any(link.startswith(("tests", "wxunion_async", "CHANGELOG", ".")) for link in links)


def test_the_urls_have_one_base() -> None:
    """Who moves the project changes it in one place of ``pyproject.toml``, and in the links that begin with it."""
    assert {"Homepage", "Changelog", "Issues"} <= URLS.keys()
    assert all(url.startswith(URLS["Homepage"]) for url in URLS.values())
    links: list[str] = re.findall(r"\]\((https://github[^)]+)\)", README)
    assert len(links) > 12
    assert all(link.startswith(URLS["Homepage"]) for link in links)


def test_the_blocks_are_only_of_kinds_that_are_run() -> None:
    """A block of another kind would be a promise that nobody checks."""
    assert {language for language, _ in BLOCKS} <= {"python", "console"}


def test_the_two_commands_are_those_of_the_ci() -> None:
    """``.ci/run`` takes the two lines from the README and runs them as they stand."""
    runner = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    patterns: list[str] = re.findall(r'grep -oE "([^"]+)"', runner)
    for line in (line for code in CONSOLE for line in code.splitlines()):
        assert any(re.search(pattern, line) for pattern in patterns), line


def test_the_first_example_is_short() -> None:
    """The first screen is for the impatient."""
    assert len(PYTHON[0].splitlines()) <= 14


def test_every_error_is_in_the_readme() -> None:
    """A reader looks his error up there."""
    for name in errors.__all__:
        if name.endswith("Error") and name not in ("UnionError", "ApiError", "ResponseError"):
            assert f"`{name}`" in README, name


def test_the_number_of_calls_is_right() -> None:
    """In both languages; a call that is added, or lost, shows."""
    groups = {cls.__module__.split(".")[-2] for cls in wxunion_async.request_classes()}
    numbers: list[str] = re.findall(r"(\d+) (?:calls in ten groups|个接口)", README)
    assert [int(number) for number in numbers] == [len(wxunion_async.request_classes())] * 2
    assert len(groups) == 10


def test_it_is_short() -> None:
    """What is longer belongs into a folder's own page, where it is shown with the folder."""
    assert len(README.splitlines()) <= 175


def test_every_common_errcode_is_in_the_readme() -> None:
    """So does one who has only the number."""
    for errcode, cls in errors.COMMON_ERRCODES.items():
        row = next(line for line in README.splitlines() if line.startswith(f"| `{cls.__name__}`"))
        assert str(errcode) in row


def test_the_readme_and_the_package_agree_on_extras() -> None:
    """An extra that the README names must exist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(re.findall(r"'\.\[(\w+)\]'", README))
    assert named <= set(project["optional-dependencies"])


def test_every_public_name_can_be_imported() -> None:
    """``__all__`` is what the docs promise."""
    assert all(hasattr(wxunion_async, name) for name in wxunion_async.__all__)
    assert set(errors.__all__) - {"COMMON_ERRCODES"} <= set(wxunion_async.__all__)


def test_the_commands_of_the_first_screen_need_no_more_than_python() -> None:
    """``python3``, ``pip`` and what they install."""
    for line in (line for code in CONSOLE for line in code.splitlines()):
        assert shlex.split(line)[:4] == ["python3", "-m", "venv", ".venv"]
