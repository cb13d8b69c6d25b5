"""The layers of the library: imports point down only, and each big dependency has one owner."""

import ast
import functools
from pathlib import Path

import pytest

import wxunion_async

PACKAGE = Path(wxunion_async.__file__).parent

LAYERS = (
    {"errors", "protocols", "units", "_clock", "_logs", "_values"},
    {"enums", "events", "config", "_held", "_source", "_stats"},
    {"_envelope", "_decoding"},
    {"_endpoint"},
    {"_outcome"},  # the codec writes it for people
    {"_codec", "_retry", "_alarm", "_hosts", "_redact", "_limiter", "_token", "_transport"},
    {"_order", "_outgoing", "_told", "redis"},  # redis falls back on the local limiter
    {"_attempt", "_line"},
    {"_token_request"},
    {"_token_manager"},
    {"_session", "_environment"},
    {"_trip"},
    {"endpoints", "_call", "_bulk"},
    {"client"},
    {"cli", "testing", "integrations"},
)
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}

OWNERS = {
    "aiohttp": {"_transport", "testing"},
    "redis": {"redis"},
    "aiolimiter": {"_limiter"},
    "cattrs": {"_decoding", "_endpoint"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "opentelemetry": {"integrations"},
}


@functools.cache
def modules() -> list[tuple[str, set[str]]]:
    """Return (top-level name within the package, full names of what it imports) of each module but the package's own."""
    files = [(file, file.relative_to(PACKAGE).with_suffix("").parts[0]) for file in sorted(PACKAGE.rglob("*.py"))]
    return [(name, imported(file)) for file, name in files if name != "__init__"]


class Imports(ast.NodeVisitor):
    """Collects what a module imports at run time."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.names.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module is not None and node.level == 0:
            whole = node.module == "wxunion_async"
            self.names.update(f"{node.module}.{alias.name}" for alias in node.names if whole)
            self.names.update({node.module} - {"wxunion_async"})


def imported(file: Path) -> set[str]:
    """Return the full names that a module imports at run time."""
    visitor = Imports()
    visitor.visit(ast.parse(file.read_text(encoding="utf-8"), str(file)))
    return visitor.names


def test_every_module_has_a_layer() -> None:
    """A new module must be placed, or the next test does not see it."""
    assert {name for name, _ in modules()} <= LAYER_OF.keys()


def test_imports_point_down() -> None:
    """A module that imports its own layer or a higher one is where cycles begin."""
    wrong = [
        f"{name} imports {full}"
        for name, imports in modules()
        for full in imports
        if full.startswith("wxunion_async.")
        and (target := full.split(".")[1]) != name
        and target in LAYER_OF
        and LAYER_OF[target] >= LAYER_OF[name]
        and LAYER_OF[name] < len(LAYERS) - 1  # the top may look at its neighbours: the demo runs the fake server
    ]
    assert wrong == []


@pytest.mark.parametrize("library", OWNERS)
def test_each_big_dependency_has_one_owner(library: str) -> None:
    """What a library does is known in one place, so that it can be replaced there."""
    users = {name for name, imports in modules() for full in imports if full.split(".")[0] == library}
    assert users <= OWNERS[library]


def test_endpoints_do_no_io() -> None:
    """An endpoint is a value and its models; what waits and sends is elsewhere."""
    forbidden = {"asyncio", "socket", "ssl", "urllib", "aiohttp", "logging"}
    used = {full.split(".")[0] for name, imports in modules() if name == "endpoints" for full in imports}
    assert not used & forbidden
