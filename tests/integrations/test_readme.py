"""The guide to one's own program: its short blocks run, its whole programs are the recipes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wxunion_async
from wxunion_async.testing import FakeUnionServer

GUIDE = (Path(wxunion_async.__file__).parent / "integrations" / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(
    r"(<!-- [^>]* -->\n)?^```python\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE
)
OWN = [code for shown, code in BLOCKS if not shown]


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("code", "said"), list(zip(OWN, ['"wxunion.attempts": 1', "ClientStats(calls=1"], strict=True))
)
def test_its_blocks_run(code: str, said: str, union_server: FakeUnionServer) -> None:
    """Copied as they stand; spans appear on the console, figures are there."""
    account = union_server.agency
    env = {"WXUNION_APP_ID": account.app_id, "WXUNION_APP_SECRET": account.app_secret}
    env |= {"WXUNION_BASE_URL": union_server.base_url}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout
    assert account.app_secret not in done.stdout


def test_every_metric_is_in_the_guide() -> None:
    """A dashboard is made from its table."""
    source = (Path(wxunion_async.__file__).parent / "integrations" / "otel.py").read_text(encoding="utf-8")
    docstring = source[source.index("Metrics, all named") : source.index("Args:")]
    names = re.findall(r"``([a-z.]+)``", re.sub(r"\(.*?\)", "", docstring, flags=re.DOTALL))
    assert len(names) == 9
    for name in names:
        assert f"`{name}`" in GUIDE, name
