"""Places in line, and their order: single calls before bulk items, each first come, first served."""

import asyncio
import heapq
from collections.abc import Iterator
from typing import Protocol

from wxunion_async._alarm import Alarm

__all__ = ["Order", "Place", "wake"]

_BULK_SHARE = 8
"""One turn in so many goes to bulk items that wait."""


class Place(Protocol):
    """One call's place in line; it is kept until the call is over."""

    number: int
    """Who has the smaller one came first."""
    alarm: Alarm
    """Ends a wait that is no longer wanted."""
    bulk: bool
    """It is an item of a bulk run."""
    turn: "asyncio.Future[None] | None" = None
    """Resolved when it is this place's turn to go on, or to look again."""
    granted: bool = False
    """It has a permit that is not used yet."""

    def fit(self) -> bool:
        """Say whether the call could send now: its connection lives, its host is the right one, its token valid."""
        ...


class _Waiting:
    """Places by number; leaving costs nothing, and those who have left are dropped in time."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Place]] = []
        self._members: set[Place] = set()

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Place]:
        return iter(sorted(self._members, key=lambda place: place.number))

    def add(self, place: Place) -> None:
        self._members.add(place)
        if len(self._heap) > 2 * len(self._members) + 16:
            self._heap = [(other.number, id(other), other) for other in self._members - {place}]
            heapq.heapify(self._heap)
        heapq.heappush(self._heap, (place.number, id(place), place))

    def discard(self, place: Place) -> None:
        self._members.discard(place)

    def first(self) -> Place | None:
        while self._heap and self._heap[0][2] not in self._members:
            heapq.heappop(self._heap)
        return self._heap[0][2] if self._heap else None


class Order:
    """Single calls before bulk items, but one turn in eight is a bulk item's; each first come, first served."""

    def __init__(self) -> None:
        self._single = _Waiting()
        self._bulk = _Waiting()
        self._singles_in_a_row = 0
        self.count = 0
        """How many places there are."""

    def __iter__(self) -> Iterator[Place]:
        yield from self._single
        yield from self._bulk

    def add(self, place: Place) -> None:
        (self._bulk if place.bulk else self._single).add(place)
        self.count = len(self._single) + len(self._bulk)

    def discard(self, place: Place) -> None:
        (self._bulk if place.bulk else self._single).discard(place)
        self.count = len(self._single) + len(self._bulk)

    def first(self) -> Place | None:
        single, bulk = self._single.first(), self._bulk.first()
        if single is None or (bulk is not None and self._singles_in_a_row >= _BULK_SHARE - 1):
            return bulk
        return single

    def serve(self, place: Place) -> None:
        """Count that it was this place's turn, which is over."""
        self.discard(place)
        self._singles_in_a_row = 0 if place.bulk else self._singles_in_a_row + 1


def wake(place: Place) -> None:
    """Have a place look again, if it waits."""
    if place.turn is not None and not place.turn.done():
        place.turn.set_result(None)
