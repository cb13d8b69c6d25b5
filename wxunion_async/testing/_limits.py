"""Rate limits and daily quotas, counted for each app and path."""

from collections import deque
from collections.abc import Mapping

from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._types import Family, Rejected

_Key = tuple[Family, str]


class Limits:
    """Admit calls until a path's limit is reached; a call that is turned down is not counted."""

    def __init__(
        self, rate_limits: Mapping[str, tuple[int, float]], daily_quotas: Mapping[str, int], clock: ServerClock
    ) -> None:
        self.rate_limits = dict(rate_limits)
        self.daily_quotas = dict(daily_quotas)
        self._clock = clock
        self._recent: dict[_Key, deque[float]] = {}
        self._used: dict[_Key, int] = {}
        self._used_on = clock.day()

    def used(self, family: Family, path: str) -> int:
        """Count the calls admitted today (Beijing time)."""
        today = self._clock.day()
        if today != self._used_on:
            self._used.clear()
            self._used_on = today
        return self._used.get((family, path), 0)

    def admit(self, family: Family, path: str) -> None:
        """Count a call, or turn it down: 45009 when the day's quota is used up, 45011 when the window's calls are."""
        used = self.used(family, path)
        quota = self.daily_quotas.get(path)
        if quota is not None and used >= quota:
            raise Rejected(45009)
        limit = self.rate_limits.get(path)
        if limit is not None:
            self._admit_rate(family, path, *limit)
        self._used[family, path] = used + 1

    def _admit_rate(self, family: Family, path: str, calls: int, window: float) -> None:
        now = self._clock.now()
        recent = self._recent.setdefault((family, path), deque())
        while recent and now - recent[0] >= window:
            recent.popleft()
        if len(recent) >= calls:
            raise Rejected(45011)
        recent.append(now)
