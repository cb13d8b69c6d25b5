"""What ``on_event`` is told: small values, one class per thing that can happen."""

import attrs

from wxunion_async.errors import UnionError

__all__ = [
    "AttemptFailedEvent",
    "CallFinishedEvent",
    "DriftEvent",
    "Event",
    "HostChangedEvent",
    "PathPausedEvent",
    "StoreDownEvent",
    "StoreUpEvent",
    "TokenRefreshedEvent",
]


@attrs.frozen(kw_only=True)
class CallFinishedEvent:
    """A call is over, or an item of a bulk run; one that was cancelled has no event."""

    endpoint: str
    """URL path of the request."""
    seconds: float
    """From its beginning to its end, waits included."""
    attempts: int
    """How many times it was tried."""
    waited: float
    """How many of the seconds passed before the first permit: for the token, in line, for a connection."""
    error: UnionError | None
    """How it failed; ``None`` for an answer."""
    bulk: bool
    """True for an item of ``map`` or ``gather``."""
    method: str = ""
    """``"GET"`` or ``"POST"``."""
    host: str = ""
    """Base URL that the last attempt went to; "" if there was none."""
    status: int | None = None
    """HTTP status of the last attempt's answer; ``None`` if no answer came."""


@attrs.frozen(kw_only=True)
class AttemptFailedEvent:
    """An attempt of a call failed."""

    endpoint: str
    """URL path of the request."""
    attempt: int
    """Which one of its call, from 1."""
    host: str
    """Base URL that it went to."""
    error: UnionError
    """How it failed."""
    retry_in: float | None
    """Seconds until the next attempt; ``None`` if the call is over."""


@attrs.frozen(kw_only=True)
class PathPausedEvent:
    """The service wants no more calls of a path for a while (45011)."""

    endpoint: str
    """URL path."""
    seconds: float
    """How long."""


@attrs.frozen(kw_only=True)
class HostChangedEvent:
    """New attempts go to another host."""

    old: str
    """Base URL that they went to."""
    new: str
    """Base URL that they go to."""
    error: UnionError | None
    """Why the old one was left; ``None`` when one that is preferred answers again."""


@attrs.frozen(kw_only=True)
class StoreDownEvent:
    """What is shared with other processes is out of reach: this process goes on by itself."""

    reason: str
    """Why: refused, or silent."""


@attrs.frozen(kw_only=True)
class StoreUpEvent:
    """What is shared with other processes is within reach again."""

    seconds: float
    """How long it was not."""


@attrs.frozen(kw_only=True)
class DriftEvent:
    """An optional value of an answer was of the wrong kind and was read as absent."""

    endpoint: str
    """URL path of the request."""
    path: str
    """Where in the answer, in wire names: ``product.product_info.skus[0].stock_num``."""
    found: str
    """The JSON kind that was found there: ``"object"``, ``"array"``, ``"string"``, ``"number"`` or ``"boolean"``."""


@attrs.frozen(kw_only=True)
class TokenRefreshedEvent:
    """A new access token is in use. The token itself is never part of an event."""

    app_id: str
    """Whose token."""
    lifetime: float
    """Seconds until the token ends, at receipt."""
    forced: bool
    """True after a forced refresh, of which the vendor grants 20 a day."""


Event = (
    AttemptFailedEvent
    | CallFinishedEvent
    | DriftEvent
    | HostChangedEvent
    | PathPausedEvent
    | StoreDownEvent
    | StoreUpEvent
    | TokenRefreshedEvent
)
"""Any of the events; new kinds may come, so ignore what you do not know."""
