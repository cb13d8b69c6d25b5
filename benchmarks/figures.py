"""What is measured, and how rivals take turns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import attrs

__all__ = ["Effort", "Figure", "best_of", "best_of_plain", "ratio"]


@attrs.frozen(kw_only=True)
class Effort:
    """How much is measured."""

    rounds: int
    """How often each contestant has its turn."""
    calls: int
    """How many calls a turn has."""
    lookups: int
    """How many lookups a bulk run has."""
    lookup_rounds: int
    """How often each bulk run has its turn."""
    imports: int
    """How many new interpreters import each side."""
    seconds: float
    """How long each payload is decoded."""
    few: int
    """How many lookups the smaller of the two runs has whose memory is compared."""
    many: int
    """How many the larger has."""
    growth: int
    """How often each point of the plot is measured."""


@attrs.frozen
class Figure:
    """One line of the table."""

    name: str
    """What is compared."""
    unit: str
    """Of ``ours`` and ``rival``."""
    ours: float
    rival: float
    figure: float
    """What has to reach something: a ratio, or a difference where the name says so."""
    reach: str = ""
    """Where it has to be, ``"<= 1.05"`` or ``">= 5"``; empty if it is only told."""

    @property
    def reached(self) -> bool:
        """Whether it is where it has to be."""
        if not self.reach:
            return True
        sign, number = self.reach.split()
        shown = round(self.figure, 2)
        return shown <= float(number) if sign == "<=" else shown >= float(number)


def ratio(name: str, unit: str, ours: float, rival: float, reach: str = "") -> Figure:
    """Return the figure of ours by the rival's."""
    return Figure(name, unit, ours, rival, ours / rival, reach)


async def best_of(rounds: int, ways: Mapping[str, Callable[[], Awaitable[float]]]) -> dict[str, float]:
    """
    Let each way have its turn in each round, another one first each time, and return the least that each took.

    On a machine that others use the least is what repeats; a slow spell meets whoever has its turn, hence the turns.
    The first round only warms up.
    """
    order = list(ways)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        first = number % len(order)
        for name in order[first:] + order[:first]:
            seconds = await ways[name]()
            if number:
                took[name].append(seconds)
    return {name: min(column) for name, column in took.items()}


def best_of_plain(rounds: int, ways: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """As ``best_of``, for ways that need no event loop."""

    def turn(way: Callable[[], float]) -> Callable[[], Awaitable[float]]:
        async def take() -> float:
            return way()

        return take

    return asyncio.run(best_of(rounds, {name: turn(way) for name, way in ways.items()}))
