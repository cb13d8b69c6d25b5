"""
How long ``import wxunion_async`` takes beyond its dependencies, with a hundred more endpoints too, and a first call.

Measured in new interpreters, on a copy of the package whose bytecode is there.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import wxunion_async

__all__ = ["first_call", "rows"]

ROUNDS = 15
MORE = 100
DEPENDENCIES = "import aiohttp, attrs, cattrs, aiolimiter"
CLIENT = f"{DEPENDENCIES}; import wxunion_async; wxunion_async.UnionClient"
FIRST_CALL = """
import time
import wxunion_async as w
from wxunion_async.testing import load_answer
client, body = w.UnionClient("a", "b"), load_answer("promoter/get_promote_product_list")
w.decode, w.PlanType
started = time.perf_counter()
client.promoter.get_promote_product_list
w.GetPromoteProductListRequest(w.PlanType.PUBLIC)
w.decode(w.GetPromoteProductListRequest, body)
print((time.perf_counter() - started) * 1e6)
"""
TIMED = "import time; started = time.perf_counter(); {}; print((time.perf_counter() - started) * 1e6)"


def _took(program: str, path: Path) -> float:
    """Return the microseconds that ``program`` prints, run in a new interpreter on the package in ``path``."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, env=environment, cwd=path
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


def _medians(*programs: tuple[str, Path]) -> list[float]:
    """Return the median of each program's microseconds, over interleaved rounds."""
    for program, path in programs:
        _took(program, path)  # writes the bytecode
    rounds = [[_took(*program) for program in programs] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def rows() -> list[tuple[str, float, float, float]]:
    """Return (name, our µs, the dependencies' µs, ratio)."""
    with tempfile.TemporaryDirectory() as folder:
        now = _with_more_endpoints(Path(folder) / "now", 0)
        more = _with_more_endpoints(Path(folder) / "more", MORE)
        programs = {
            "import / the dependencies alone": (TIMED.format(f"{DEPENDENCIES}; import wxunion_async"), now),
            "import and UnionClient / the same": (TIMED.format(CLIENT), now),
            f"with {MORE} more endpoints / the same": (TIMED.format(CLIENT), more),
        }
        theirs, *ours = _medians((TIMED.format(DEPENDENCIES), now), *programs.values())
    return [(name, taken, theirs, taken / theirs) for name, taken in zip(programs, ours, strict=True)]


def first_call() -> float:
    """Return the µs that the first call of one endpoint adds, in a group of a hundred: load, build, read its answer."""
    with tempfile.TemporaryDirectory() as folder:
        (taken,) = _medians((FIRST_CALL, _with_more_endpoints(Path(folder), MORE)))
    return taken


if __name__ == "__main__":
    for name, ours, theirs, _ in rows():
        print(
            f"{name:<44} {ours / 1000:7.1f} ms, the dependencies {theirs / 1000:.1f} ms, more {(ours - theirs) / 1000:.1f}"
        )
    print(f"first call of one endpoint among {MORE}: {first_call() / 1000:.1f} ms")
