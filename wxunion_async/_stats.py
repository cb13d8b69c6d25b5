"""A snapshot of a client, for a health page or a metric."""

from collections.abc import Mapping

import attrs

__all__ = ["ClientStats"]


@attrs.frozen(kw_only=True)
class ClientStats:
    """
    What a client has done, and what it is doing; what ``client.stats()`` returns.

    .. versionadded:: 0.2.0
    """

    calls: int
    """How many calls have begun, items of bulk runs included."""
    under_way: int
    """How many of them are not over."""
    attempts: int
    """How many attempts were made, token requests included."""
    waiting: Mapping[str, int]
    """URL path → how many calls wait for their place in line or their permit; only paths where somebody does."""
    permits_granted: int
    """How many permits the limiter gave."""
    permits_used: int
    """How many of them were used to send; the others came too late for their callers."""
    token_age: float | None
    """Seconds since the token at hand was received; ``None`` if there is none."""
    token_ends_in: float | None
    """Seconds until it ends; ``None`` if there is none."""
    open_connections: int
    """How many connections of ours stand, in use or kept."""
    budget_left: float
    """How many retries are left in the budget."""
    host: str
    """Base URL that new attempts go to."""
