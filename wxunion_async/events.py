"""What ``on_event`` is told: small values, one class per thing that can happen."""

import attrs

__all__ = ["DriftEvent", "Event", "TokenRefreshedEvent"]


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


Event = DriftEvent | TokenRefreshedEvent
"""Any of the events; new kinds may come, so ignore what you do not know."""
