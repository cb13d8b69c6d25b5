"""
The two clocks of the library, in one place so that a test can move them.

Ages and waits run on the monotonic clock of the event loop; wall time only hands an expiry to others.
"""

import asyncio
import time

__all__ = ["monotonic", "wall_time"]


def monotonic() -> float:
    """Return the time of the running loop in seconds; it never jumps."""
    return asyncio.get_running_loop().time()


def wall_time() -> float:
    """Return Unix seconds; the operator or NTP may set it at any moment."""
    return time.time()
