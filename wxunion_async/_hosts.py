"""Which host the next attempt goes to. Decisions only: no I/O."""

import math
from collections.abc import Callable, Sequence

from wxunion_async.errors import UnionError

__all__ = ["Hosts"]

_PROBE_AFTER = 60.0


class _Host:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.probe_at: float | None = None
        """When one call may try a demoted host again; ``None`` for a host that is not demoted."""


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
        self._hosts = {base_url: _Host(base_url) for base_url in base_urls}
        self._on_change = on_change
        self.current = base_urls[0]
        """The host that attempts go to at present."""
        self.troubled = False
        """Some host is demoted."""
        self.answered_at = dict.fromkeys(base_urls, -math.inf)
        """Base URL → when it last answered. While no host is in trouble, all that an answer changes."""

    def choose(self, now: float, tried: Sequence[str] = ()) -> str:
        """
        Return the host of an attempt that begins now.

        Args:
            now: the loop's clock.
            tried: where this call has gone in vain, once for each attempt; it counts if every host is demoted.

        """
        for host in self._hosts.values():
            if host.probe_at is None:
                return host.base_url
            if now >= host.probe_at:
                host.probe_at = now + _PROBE_AFTER
                return host.base_url
        return min(self._hosts, key=tried.count)

    def untried(self, tried: Sequence[str]) -> bool:
        """Say whether there is a host that a call has not tried yet."""
        return len(set(tried)) < len(self._hosts)

    def demoted(self, base_url: str) -> bool:
        """Say whether only a probe goes to this host."""
        return self._hosts[base_url].probe_at is not None

    def answered(self, base_url: str, now: float) -> None:
        """Count an answer."""
        host = self._hosts[base_url]
        self.answered_at[base_url] = now
        if host.probe_at is not None:
            host.probe_at = None
            self._settle(None)

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
        host = self._hosts[base_url]
        if host.probe_at is None and (refused or (fresh and self.answered_at[base_url] < began)):
            host.probe_at = now + _PROBE_AFTER
            self._settle(error)

    def _settle(self, error: UnionError | None) -> None:
        self.troubled = any(host.probe_at is not None for host in self._hosts.values())
        first = next((host.base_url for host in self._hosts.values() if host.probe_at is None), None)
        if first is not None and first != self.current:
            old, self.current = self.current, first
            self._on_change(old, first, error)
