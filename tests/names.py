"""
Write the table of the endpoints' names and the stubs: ``python -m tests.names``, after an endpoint or name was added.

The table says in which module a request class or a top-level answer stands, so that it is loaded when it is asked for;
the stubs say the same to type checkers. ``tests/test_names.py`` fails where they are stale.
"""

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

import wxunion_async
from wxunion_async._endpoint import UnionRequest, answer_type_of

__all__ = ["main", "texts"]

PACKAGE = Path(wxunion_async.__file__).parent
COMMAND = "python -m tests.names"
WITH_PARTS = (
    "promoter.get_promote_product_detail",
    "promoter.get_promote_product_list",
    "quota.get",
    "target.apply_status",
    "target.apply_target",
    "target.plan_info",
)
"""The endpoints of 0.1.0: the root exported the parts of their answers too, and goes on to."""


_BY_MODULE: Mapping[str, Iterable[str]] = vars(wxunion_async)["_NAMES_BY_MODULE"]
CORE: dict[str, str] = {name: module for module, names in _BY_MODULE.items() for name in names}
"""Name → module of what the root has beside endpoints."""


def endpoint_modules() -> list[str]:
    """Return the endpoints' modules, as ``target.plan_info``; what begins with "_" holds shapes that several share."""
    files = (file.relative_to(PACKAGE / "endpoints") for file in (PACKAGE / "endpoints").glob("*/[!_]*.py"))
    return sorted(".".join(file.with_suffix("").parts) for file in files)


def names_of(module: str) -> dict[str, str]:
    """Return name → module of what the root takes from an endpoint's module."""
    found = importlib.import_module(f"wxunion_async.endpoints.{module}")
    taken: list[type[Any]] = [cls for _, cls in inspect.getmembers(found, inspect.isclass)]
    taken = [cls for cls in taken if cls.__module__ == found.__name__]
    if module not in WITH_PARTS:
        requests: list[Any] = [cls for cls in taken if issubclass(cls, UnionRequest)]
        taken = [cls for request in requests for cls in (request, answer_type_of(request)) if attrs.has(cls)]
    return {cls.__name__: cls.__module__.removeprefix("wxunion_async.endpoints.") for cls in taken}


def endpoint_names() -> dict[str, str]:
    """
    Return name → module for all endpoints, sorted by name.

    Raises:
        ValueError: two endpoints, or an endpoint and the rest of the library, give the root the same name.

    """
    names: dict[str, str] = {}
    for module in endpoint_modules():
        for name, where in names_of(module).items():
            if name in CORE or names.setdefault(name, where) != where:
                raise ValueError(f"{name} of {where} is taken; the answer's name gets Answer behind it")
    return dict(sorted(names.items()))


def texts() -> dict[Path, str]:
    """Return path → content of the generated files, as they should be."""
    names = endpoint_names()
    public = CORE | {name: f"endpoints.{module}" for name, module in names.items()}
    requests = {name: f"endpoints.{module}" for name, module in names.items() if name.endswith("Request")}
    table = "".join(f'    "{name}": "{module}",\n' for name, module in names.items())
    return {
        PACKAGE / "endpoints/_names.py": (
            f'"""Public name → module below ``endpoints``. Written by ``{COMMAND}``."""\n\nNAMES = {{\n{table}}}\n'
        ),
        PACKAGE / "endpoints/__init__.pyi": _stub(requests),
        PACKAGE / "__init__.pyi": _stub(public, "__version__: str\n\n"),
    }


def _stub(modules: Mapping[str, str], more: str = "") -> str:
    lines = [f"# Written by `{COMMAND}`.\n\n"]
    for module in sorted(set(modules.values())):
        names = sorted(name for name, where in modules.items() if where == module)
        lines.append(f"from wxunion_async.{module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n")
    exported = "".join(f'    "{name}",\n' for name in sorted(modules))
    return _tidy(f"{''.join(lines)}\n{more}__all__ = [\n{exported}]\n")


def _tidy(text: str) -> str:
    """Return a stub as ruff sorts it."""
    ruff: list[Any] = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length=120", "--stdin-filename=names.pyi"]
    rules = ["--select=I,RUF022", "--fix", "--quiet"]
    done = subprocess.run(
        [*ruff, "check", *rules, *options, "-"], input=text, capture_output=True, check=True, text=True
    )
    done = subprocess.run(
        [*ruff, "format", *options, "-"], input=done.stdout, capture_output=True, check=True, text=True
    )
    return done.stdout


def main() -> None:
    """Write all of them."""
    for path, text in texts().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(PACKAGE.parent))


if __name__ == "__main__":
    main()
