"""What is said of all recipes: they are short, and the READMEs show them as they are."""

import re
from pathlib import Path

import pytest

import wxunion_async

HERE = Path(__file__).parent
PACKAGE = Path(wxunion_async.__file__).parent
EVERYDAY = {"products_with_links", "first_link", "orders_of_yesterday", "lives_with_codes"}
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
