"""What is said of all recipes: they are short, and the READMEs show them as they are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import wxunion_async
from wxunion_async.testing import FakeUnionServer

HERE = Path(__file__).parent
PACKAGE = Path(wxunion_async.__file__).parent
EVERYDAY = {"products_with_links", "first_link", "orders_of_yesterday", "lives_with_codes"}
SELF = {"wxunion_async", "aiohttp"}  # what comes with the library
RECIPES = sorted(file for file in HERE.glob("*.py") if not file.stem.startswith("test_") and file.stem != "conftest")


@pytest.mark.parametrize("file", RECIPES, ids=lambda file: file.stem)
def test_a_recipe_is_short_and_shown_as_it_is(file: Path) -> None:
    """A reader copies it from the page; what is there is what is tested."""
    everyday = file.stem in EVERYDAY
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < (40 if everyday else 50)
    page = (PACKAGE / ("endpoints" if everyday else "integrations") / "README.md").read_text(encoding="utf-8")
    assert f"<!-- tests/recipes/{file.name} -->\n```python\n{text}```\n" in page


def test_each_recipe_has_a_test() -> None:
    """A file that nobody runs is no recipe."""
    tests = "".join(file.read_text(encoding="utf-8") for file in HERE.parent.glob("*/test_*.py"))
    for file in RECIPES:
        assert re.search(rf'"{file.stem}(\.py)?"|"{file.stem}:|{file.stem}\.', tests), file.stem


def test_who_copies_a_program_knows_what_to_install() -> None:
    """Each section of the guide names the packages that its blocks import."""
    guide = (PACKAGE / "integrations" / "README.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", guide, flags=re.MULTILINE)[1:]:
        text, *blocks = re.split(r"^```python\n(?=.)", section, flags=re.MULTILINE)
        installed = " ".join(re.findall(r"pip install ([^`]+)`", text))
        code = "".join(block.partition("\n```\n")[0] for block in blocks)
        for name in set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE)) - sys.stdlib_module_names:
            assert name in SELF or name.partition("_")[0] in installed, (section.partition("\n")[0], name)


def test_two_processes_of_the_redis_guide_share_a_token(
    union: FakeUnionServer, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its program runs as it stands, twice at once, and one token is fetched."""
    guide = (PACKAGE / "redis" / "README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    monkeypatch.delenv("WXUNION_REDIS_URL")
    monkeypatch.setenv("REDIS_URL", redis_url)
    command = (sys.executable, "-W", "error", "-c", program)
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
        assert "used=" in out
    assert union.count("/cgi-bin/stable_token") == 1
