"""A cancel at every step of the event loop, found by counting steps and not by a list, leaves nothing behind."""

import asyncio
import subprocess
import sys

import pytest

from .scenes import BULK, SCENES, Make
from .sweeps import End, cancel, close, sweep, sweep_turns

every_scene = pytest.mark.parametrize("make", SCENES, ids=lambda make: make.__name__)


@pytest.mark.untraced
@pytest.mark.parametrize("turns", [0, 1, 2])
@every_scene
async def test_a_call_cancelled_at_any_step_leaves_nothing_behind(make: Make, turns: int) -> None:
    """Cancellation is a feature."""
    async with asyncio.timeout(30):
        assert await sweep(make, cancel, turns) >= 1


@every_scene
async def test_a_client_closed_at_any_step_ends_at_once(make: Make) -> None:
    """12 of 40 closes waited for the answer."""
    async with asyncio.timeout(30):
        assert await sweep(make, close) >= 1


@pytest.mark.untraced
@pytest.mark.parametrize("end", [cancel, close], ids=lambda end: end.__name__)
@pytest.mark.parametrize("make", BULK, ids=lambda make: make.__name__)
async def test_a_run_ended_at_any_turn_of_the_loop_leaves_nothing_behind(make: Make, end: End) -> None:
    """The workers of a run have steps of their own."""
    async with asyncio.timeout(30):
        assert await sweep_turns(make, end) > 10


@pytest.mark.untraced
@pytest.mark.parametrize("way", [["uvloop"], ["eager"], ["eager", "uvloop"]], ids="-".join)
def test_the_same_in_other_loops(way: list[str], request: pytest.FixtureRequest) -> None:
    """With eager tasks (3.12) one may be over when ``create_task`` returns; uvloop takes its turns in another order."""
    if "eager" in way and sys.version_info < (3, 12):
        pytest.skip("there are no eager tasks before 3.12")
    if "uvloop" in way:
        pytest.importorskip("uvloop")
    command = [sys.executable, "-m", "tests.client.sweeps", *way]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=request.config.rootpath)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) == len(SCENES) + len(BULK)
