"""What comes with the installed package: types, samples, guides, the command, the pytest plugin."""

import importlib.metadata
import importlib.resources
import re

import pytest

import wxunion_async
from wxunion_async import request_classes
from wxunion_async.testing import load_answer

PACKAGE = importlib.resources.files("wxunion_async")
DISTRIBUTION = importlib.metadata.distribution("wxunion-async")


def test_type_checkers_find_types() -> None:
    """Without the marker they would take everything for ``Any``, and without the stubs for lazy names."""
    for name in ("py.typed", "__init__.pyi", "endpoints/__init__.pyi"):
        assert PACKAGE.joinpath(name).is_file(), name


@pytest.mark.parametrize("cls", request_classes(), ids=lambda cls: cls.__name__)
def test_each_call_has_its_sample(cls: type[wxunion_async.UnionRequest[object]]) -> None:
    """The fake server answers with it."""
    group, call = cls.__module__.split(".")[-2:]
    assert load_answer(f"{group}/{call.rstrip('_')}") is not None


@pytest.mark.parametrize("folder", ["cli", "endpoints", "integrations", "redis", "testing"])
def test_the_guides_are_beside_the_code(folder: str) -> None:
    """Who has the package has them, in the version that he has."""
    assert PACKAGE.joinpath(folder, "README.md").read_text(encoding="utf-8").startswith("# ")


def test_the_entry_points_lead_somewhere() -> None:
    """The command of the shell, and the plugin that pytest loads by itself."""
    found = {(point.group, point.name): point.value for point in DISTRIBUTION.entry_points}
    plugin = "wxunion_async.testing.pytest_plugin"
    assert found == {("console_scripts", "wxunion"): "wxunion_async.cli:main", ("pytest11", plugin): plugin}
    assert all(callable(point.load()) or point.group == "pytest11" for point in DISTRIBUTION.entry_points)


def test_the_metadata_say_what_a_package_index_shows() -> None:
    """Name, version, licence, links and the page itself."""
    metadata = DISTRIBUTION.metadata
    assert metadata["Version"] == wxunion_async.__version__
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("MIT", ">=3.11")
    assert {"redis", "speed", "cli", "otel", "all"} <= set(metadata.get_all("Provides-Extra") or ())
    links = dict(link.split(", ") for link in metadata.get_all("Project-URL") or ())
    assert {"Homepage", "Changelog", "Issues"} <= links.keys()
    assert "pip install wxunion-async" in metadata["Description"]
    assert not re.search(r"\]\((?!https://|#)", metadata["Description"]), "a link of the page must be absolute"


def test_no_dependency_has_a_ceiling_but_aiohttp() -> None:
    """A ceiling of ours would keep others from what they need; aiohttp's next major version will change its rim."""
    core = [line for line in DISTRIBUTION.requires or () if "extra ==" not in line]
    assert sorted(re.split(r"[<>=]", line)[0] for line in core) == ["aiohttp", "aiolimiter", "attrs", "cattrs"]
    assert [line for line in core if "<" in line] == [line for line in core if line.startswith("aiohttp")]
