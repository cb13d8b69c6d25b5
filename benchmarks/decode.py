"""
How long it takes to get from the bytes of an answer to its typed value, beside pydantic on models written by hand.

Run ``python -m benchmarks.decode``.
"""

import functools
import time
import tracemalloc
from collections.abc import Callable, Sequence

from benchmarks.figures import Figure, best_of_plain, ratio
from benchmarks.payloads import detail_bodies, payloads
from benchmarks.rivals import PromoteProductDetail
from wxunion_async import GetPromoteProductDetailRequest, decode

__all__ = ["figures", "kept"]

_TURN = 0.02
"""Seconds of one turn."""


def _time(read: Callable[[bytes], object], bodies: Sequence[bytes], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        for body in bodies:
            read(body)
    return (time.process_time() - started) / len(bodies) / times * 1e6


def figures(seconds: float) -> list[Figure]:
    """Return each payload's reading by pydantic's; ``seconds`` is how long each is read."""
    found: list[Figure] = []
    for name, request, rival, bodies, reach in payloads():
        ours = functools.partial(decode, request)
        times = max(1, round(_TURN * 1e6 / len(bodies) / _time(ours, bodies, 3)))
        turns = {
            "ours": functools.partial(_time, ours, bodies, times),
            "pydantic": functools.partial(_time, rival.model_validate_json, bodies, times),
        }
        took = best_of_plain(max(2, round(seconds / _TURN / 2)), turns)
        found.append(ratio(f"{name} / pydantic", "µs", took["ours"], took["pydantic"], reach))
    return found


def kept() -> Figure:
    """Return the bytes that a decoded product detail keeps, by those of pydantic's."""
    bodies = detail_bodies(200)

    def weigh(read: Callable[[bytes], object]) -> float:
        read(bodies[0])
        tracemalloc.start()
        values = [read(body) for body in bodies]
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size / len(values)

    ours = weigh(functools.partial(decode, GetPromoteProductDetailRequest))
    return ratio(
        "memory of a decoded product / pydantic's",
        "bytes",
        ours,
        weigh(PromoteProductDetail.model_validate_json),
        "<= 0.3",
    )


if __name__ == "__main__":
    for figure in figures(1.0):
        print(f"{figure.name:56} {figure.ours:8.1f} us   {figure.rival:8.1f} us   ratio {figure.figure:.2f}")
