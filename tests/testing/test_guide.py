"""Every test in the guide passes, as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wxunion_async

GUIDE = (Path(wxunion_async.__file__).parent / "testing" / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```python\n# (test_\w+\.py)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def test_every_block_is_a_file_of_tests() -> None:
    """Else the next test would pass one over."""
    assert len(BLOCKS) == GUIDE.count("```python") == 4


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_its_tests_pass(tmp_path: Path, mode: str) -> None:
    """Copied into files of their own, with the plugin that pytest finds by itself."""
    for name, code in BLOCKS:
        tmp_path.joinpath(name).write_text(code, encoding="utf-8")
    options = ("-W", "error", "-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov", *options]
    env = {**os.environ, "PYTHONPATH": str(Path(wxunion_async.__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 passed" in done.stdout
