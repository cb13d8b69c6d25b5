"""Which host the next attempt goes to. Decisions only: no I/O."""

import math
from collections.abc import Callable, Sequence

from wxunion_async.errors import UnionError

__all__ = ["Hosts"]

_PROBE_AFTER = 60.0


class Hosts:
    """
    The hosts of the service, in the order of preference.

    | what an attempt met | what becomes of its host |
    |---|---|
    | an answer, of whatever status | it is not demoted (any more) |
    | a refused connection | demoted, for all calls |
    | no answer on a fresh connection, while nobody else had one since the attempt began | demoted, for all calls |
    | anything else: a kept connection that was closed, one slow answer among others | nothing |

    After 60 s one attempt probes a demoted host; the others follow its answer. If all are demoted, the order counts.
    """

    def __init__(self, base_urls: Sequence[str], on_change: Callable[[str, str, UnionError | None], object]) -> None:
        # When one call may try a demoted host again; ``None`` for a host that is not demoted.
        self._probe_at: dict[str, float | None] = dict.fromkeys(base_urls)
        self._on_change = on_change
        self.current = base_urls[0]
        """The host that attempts go to at present."""
        self.troubled = False
        """Some host is demoted."""
        self.answered_at = dict.fromkeys(base_urls, -math.inf)
        """Base URL → when it last answered. While no host is in trouble, all that an answer changes."""

    def choose(self, now: float, tried: Sequence[str] = ()) -> str:
        """Return the host of an attempt that begins now, of a call that has gone in vain to those ``tried``."""
        for base_url, probe_at in self._probe_at.items():
            if probe_at is None:
                return base_url
            if now >= probe_at:
                self._probe_at[base_url] = now + _PROBE_AFTER
                return base_url
        return min(self._probe_at, key=tried.count)

    def untried(self, tried: Sequence[str]) -> bool:
        """Say whether there is a host that a call has not tried yet."""
        return len(set(tried)) < len(self._probe_at)

    def demoted(self, base_url: str) -> bool:
        """Say whether only a probe goes to this host."""
        return self._probe_at[base_url] is not None

    def answered(self, base_url: str, now: float) -> None:
        """Count an answer."""
        self.answered_at[base_url] = now
        if self.demoted(base_url):
            self._settle(base_url, None, None)

    def failed(self, base_url: str, now: float, error: UnionError, *, began: float, refused: bool, fresh: bool) -> None:
        """
        Count an attempt that ended without an answer.

        Args:
            base_url: the host.
            now: the loop's clock.
            error: how it ended.
            began: when the attempt began.
            refused: the connection was refused.
            fresh: the connection was made for this attempt, or could not be made.

        """
        if not self.demoted(base_url) and (refused or (fresh and self.answered_at[base_url] < began)):
            self._settle(base_url, now + _PROBE_AFTER, error)

    def _settle(self, base_url: str, probe_at: float | None, error: UnionError | None) -> None:
        self._probe_at[base_url] = probe_at
        good = [base_url for base_url, probe_at in self._probe_at.items() if probe_at is None]
        self.troubled = len(good) < len(self._probe_at)
        if good and good[0] != self.current:
            old, self.current = self.current, good[0]
            self._on_change(old, self.current, error)
