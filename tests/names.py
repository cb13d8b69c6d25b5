"""
Write the table of the endpoints' names and the stubs: ``python -m tests.names``, after an endpoint or name was added.

The table says in which module a request class or a top-level answer stands, so that it is loaded when it is asked for;
the stubs say the same to type checkers. ``tests/test_names.py`` fails where they are stale.
"""

import fnmatch
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

import wxunion_async
from wxunion_async._endpoint import UnionRequest, answer_type_of, calls_of, groups_of
from wxunion_async.cli.catalogue import account_of, kind_of, summary_of
from wxunion_async.endpoints._names import NAMES

__all__ = ["main", "texts"]

PACKAGE = Path(wxunion_async.__file__).parent
COMMAND = "python -m tests.names"
README = PACKAGE / "endpoints/README.md"
WITH_PARTS = (
    "promoter.get_promote_product_detail",
    "promoter.get_promote_product_list",
    "quota.get",
    "target.apply_status",
    "target.apply_target",
    "target.plan_info",
)
"""The endpoints of 0.1.0: the root exported the parts of their answers too, and goes on to."""
SECTIONS = {
    "Find products": (
        "promoter.get_promote_product_*",
        "headsupplier.productdetail_*",
        "category.*",
        "product.[!g]*",
        "open_product.list",
    ),
    "Join a targeted plan (定向计划)": ("target.*",),
    "Get links and codes for products": ("promoter.get_product_*", "promoter.*_single_product_*", "*product.generate"),
    "Register promoters, bind them, set their rates": (
        "promoter.*sharer*",
        "promoter.get_promoter_*",
        "promoter.*unbind*",
        "headsupplier.promoteraction_*",
    ),
    "Follow orders and money": ("headsupplier.order_*", "headsupplier.clue_*", "headsupplier.funds_*", "order.*"),
    "See which talents and shops cooperate": ("promoter.get_bind_*", "headsupplier.shop_*"),
    "Hand out coupons": ("promoter.*coupon*",),
    "Promote a shop's lives, videos and articles": ("promoter.get_shop_*",),
    "Promote a talent's lives, videos and articles": ("promoter.*", "headsupplier.liveprotection_*"),
    "Fill a talent's shop window (橱窗)": ("headsupplier.window*",),
    "Supply talents and other agencies with products": ("headsupplier.*",),
    "Run a promoter account": ("promotion.*", "open_account.*"),
    "See how many calls are left": ("quota.*",),
}
"""What one wants to do → the calls for it; a call stands where it fits first, and under "More" if nowhere."""
HOW_TO_READ = (
    "The account is an agency's (联盟带货机构) or a promoter's (联盟推客); the other family's gets "
    "`PermissionDeniedError` (48001).\n\n"
    "A *read* is repeated where that helps. A *write* that may have arrived is repeated only where that does no harm, "
    "or where the service tells that it was done; else its error is `.ambiguous`, and its docstring names the call that "
    "tells. An iterator stands beside its call and yields the items of all pages; `client.pages(request)` yields the "
    "pages."
)


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
    NAMES.update(names)  # where the groups look a request class up, a new one too
    public = CORE | {name: f"endpoints.{module}" for name, module in names.items()}
    requests = {name: f"endpoints.{module}" for name, module in names.items() if name.endswith("Request")}
    table = "".join(f'    "{name}": "{module}",\n' for name, module in names.items())
    return {
        PACKAGE / "endpoints/_names.py": (
            f'"""Public name → module below ``endpoints``. Written by ``{COMMAND}``."""\n\nNAMES = {{\n{table}}}\n'
        ),
        PACKAGE / "endpoints/__init__.pyi": _stub(requests),
        PACKAGE / "__init__.pyi": _stub(public, "__version__: str\n\n"),
        PACKAGE / "endpoints/README.md": _readme(),
    }


def _readme() -> str:
    """Return the endpoints' README with the table of all calls, by what one wants to do."""
    left = {
        f"{group.__module__.split('.')[-1]}.{call}": request
        for group in groups_of(wxunion_async.UnionClient)
        for call, request in calls_of(group).items()
    }
    lines = ["# All calls", f"Written by `{COMMAND}` from the request classes. {HOW_TO_READ}"]
    for title, patterns in (*SECTIONS.items(), ("More", ("*",))):
        names = [name for name in left if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]
        if names:
            lines += ["", f"## {title}", "| call | account | | iterator | |", "|---|---|---|---|---|"]
            lines += [_row(name, left.pop(name)) for name in names]
    rest = README.read_text(encoding="utf-8")
    return "\n".join(lines) + "\n\n" + rest[rest.index("# Everyday jobs") :]


def _row(name: str, request: type[UnionRequest[Any]]) -> str:
    call = name.split(".")[1].removeprefix("get_").removesuffix("_get")
    pages = f"`iter_{call}`" if hasattr(request, "paging") else ""
    return f"| `{name}` | {account_of(request)} | {kind_of(request)} | {pages} | {summary_of(request)} |"


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
