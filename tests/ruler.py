"""The ruler of all tests of limits."""


def busiest(times: list[float], window: float) -> int:
    """Return the greatest number of sends in any half-open window; the ``times`` are in order."""
    first, greatest = 0, 0
    for index, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        greatest = max(greatest, index - first + 1)
    return greatest
