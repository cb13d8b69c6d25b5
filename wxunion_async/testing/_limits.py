"""Rate limits and daily quotas, counted for each app and path."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping

from wxunion_async.testing._types import Family, Rejected, ServerClock


class Limits:
    """Admit calls until a path's limit is reached; a call that is turned down is not counted."""

    def __init__(
        self, rate_limits: Mapping[str, tuple[int, float]], daily_quotas: Mapping[str, int], clock: ServerClock
    ) -> None:
        self.rate_limits, self.daily_quotas = dict(rate_limits), dict(daily_quotas)
        self._clock = clock
        self._recent = defaultdict[tuple[Family, str], deque[float]](deque)
        self._used = Counter[tuple[Family, str, int]]()

    def used(self, family: Family, path: str) -> int:
        """Count the calls admitted today (Beijing time)."""
        return self._used[family, path, self._clock.day()]

    def admit(self, family: Family, path: str) -> None:
        """Count a call, or turn it down: 45009 when the day's quota is used up, 45011 when the window's calls are."""
        if path in self.daily_quotas and self.used(family, path) >= self.daily_quotas[path]:
            raise Rejected(45009)
        if path in self.rate_limits:
            calls, window = self.rate_limits[path]
            now, recent = self._clock.now(), self._recent[family, path]
            while recent and now - recent[0] >= window:
                recent.popleft()
            if len(recent) >= calls:
                raise Rejected(45011)
            recent.append(now)
        self._used[family, path, self._clock.day()] += 1
