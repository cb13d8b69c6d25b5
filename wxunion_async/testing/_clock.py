"""The one clock of a fake server, and its one lock."""

import threading
import time
from collections.abc import Callable

_BEIJING = 8 * 3600
_DAY = 86_400


class ServerClock:
    """Tell a server's time: monotonic for lifetimes and windows, Unix time for what it answers."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.now = monotonic
        self.lock = threading.RLock()
        """Held by each step of a request and of a script: a test in another thread finds nothing half done."""
        self._offset = time.time() - monotonic()

    def unix(self) -> int:
        """Return the Unix time in whole seconds; it moves with the monotonic clock."""
        return int(self.now() + self._offset)

    def day(self) -> int:
        """Number the calendar day in Beijing, on which the vendor's daily quotas start afresh."""
        return (self.unix() + _BEIJING) // _DAY
