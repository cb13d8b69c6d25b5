"""
How long ``import wxunion_async`` takes beyond its dependencies, with a hundred more endpoints too, and a first call.

Measured in new interpreters, on a copy of the package whose bytecode is there.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import wxunion_async
from benchmarks.figures import Figure, best_of_plain

__all__ = ["figures"]

MORE = 100
DEPENDENCIES = "import aiohttp, attrs, cattrs, aiolimiter"
CLIENT = f"{DEPENDENCIES}; import wxunion_async; wxunion_async.UnionClient"
FIRST_CALL = """
import time
import wxunion_async as w
from wxunion_async.testing import load_answer
client, body = w.UnionClient("a", "b"), load_answer("promoter/get_promote_product_list")
w.decode, w.PlanType
started = time.process_time()
client.promoter.get_promote_product_list
w.GetPromoteProductListRequest(w.PlanType.PUBLIC)
w.decode(w.GetPromoteProductListRequest, body)
print((time.process_time() - started) * 1e3)
"""
TIMED = "import time; started = time.process_time(); {}; print((time.process_time() - started) * 1e3)"


def _took(program: str, path: Path) -> float:
    """Return the milliseconds that ``program`` prints, run in a new interpreter on the package in ``path``."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True, env=environment, cwd=path
    )
    return float(done.stdout)


def _with_more_endpoints(path: Path, count: int) -> Path:
    """Copy the package to ``path`` and give its group ``promoter`` that many endpoints more."""
    package = path / "wxunion_async"
    shutil.copytree(Path(wxunion_async.__file__).parent, package)
    group = package / "endpoints/promoter"
    model = (group / "get_promote_product_list.py").read_text(encoding="utf-8")
    table, lines = dict[str, str](), list[str]()
    for number in range(count):
        call, cls = f"get_more_{number}", f"GetMore{number}Request"
        text = model.replace("GetPromoteProductListRequest", cls).replace("get_promote_product_list", call)
        (group / f"{call}.py").write_text(text, encoding="utf-8")
        table[cls] = f"promoter.{call}"
        lines.append(f"    {call}: Final = endpoint(lambda: endpoints.{cls})\n")
    with (group / "__init__.py").open("a", encoding="utf-8") as file:
        file.writelines(lines)
    with (package / "endpoints/_names.py").open("a", encoding="utf-8") as file:
        file.write(f"NAMES |= {table!r}\n")
    return path


def figures(rounds: int) -> list[Figure]:
    """Return what the import of ours adds to that of the dependencies, and what a first call costs, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        now = _with_more_endpoints(Path(folder) / "now", 0)
        more = _with_more_endpoints(Path(folder) / "more", MORE)
        programs = {
            "theirs": (TIMED.format(DEPENDENCIES), now),
            "ours": (TIMED.format(f"{DEPENDENCIES}; import wxunion_async"), now),
            "client": (TIMED.format(CLIENT), now),
            "more": (TIMED.format(CLIENT), more),
            "first call": (FIRST_CALL, more),
        }
        # The round that warms up writes the bytecode.
        took = best_of_plain(rounds, {name: functools.partial(_took, *program) for name, program in programs.items()})
    theirs = took["theirs"]

    def added(name: str, key: str, reach: str = "") -> Figure:
        return Figure(f"{name}, beyond the dependencies", "ms", took[key], theirs, took[key] - theirs, reach)

    return [
        added("import wxunion_async", "ours"),
        added("import, and UnionClient", "client", "<= 20"),
        added(f"the same with {MORE} more endpoints", "more"),
        Figure(f"first call of one endpoint among {MORE}", "ms", took["first call"], 0.0, took["first call"]),
    ]


if __name__ == "__main__":
    for figure in figures(9):
        print(f"{figure.name:56} {figure.figure:6.1f} ms {figure.reach}")
