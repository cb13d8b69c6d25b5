"""
Async client library for WeChat's union promoter API (微信联盟推客).

Start with ``UnionClient``; every public name can be imported from here, and is loaded when it is. Type checkers read
the stub beside this file; ``python -m tests.names`` writes it anew, and the names of the endpoints with it.
"""

import importlib
import logging
import os
from typing import Any

__version__ = "0.1.0"

_NAMES_BY_MODULE = {
    "_bulk": ("Outcome", "Outcomes"),
    "_codec": ("decode", "encode", "to_dict"),
    "_endpoint": (
        "PagedRequest",
        "RequestPart",
        "UnionRequest",
        "among",
        "at_most_one",
        "in_order",
        "must",
        "needs",
        "one_of",
        "paged_by_key",
        "paged_by_offset",
        "paged_by_page",
        "within",
    ),
    "_limiter": ("LocalRateLimiter",),
    "_stats": ("ClientStats",),
    "_token": ("ExternalTokenSource", "MemoryTokenStore", "PlainTokenSource", "StableTokenSource"),
    "client": ("ClientView", "UnionClient", "request_classes"),
    "config": ("RateLimit", "RetryPolicy", "UnionConfig"),
    "enums": ("CommissionType", "OpenIntEnum", "PlanType", "PromoterType"),
    "errors": (
        "AlreadyAppliedError",
        "ApiError",
        "ApplyReasonTooLongError",
        "ClientClosedError",
        "CouponError",
        "CredentialError",
        "DeadlineExceededError",
        "DecodeError",
        "FeatureClosedError",
        "HttpStatusError",
        "IPNotAllowedError",
        "InvalidAppIdError",
        "InvalidParameterError",
        "NoCooperationError",
        "NotAppliedError",
        "NotBoundError",
        "OpenIdNotBoundError",
        "OrderNotFoundError",
        "PermissionDeniedError",
        "PlanExpiredError",
        "PlanNotFoundError",
        "ProductNotFoundError",
        "ProductNotListedError",
        "PromoterNotFoundError",
        "QuotaExhaustedError",
        "RateLimitedError",
        "ResponseError",
        "SystemBusyError",
        "TokenError",
        "TransportError",
        "UnionError",
    ),
    "events": (
        "AttemptFailedEvent",
        "CallFinishedEvent",
        "DriftEvent",
        "Event",
        "HostChangedEvent",
        "PathPausedEvent",
        "StoreDownEvent",
        "StoreUpEvent",
        "TokenRefreshedEvent",
    ),
    "protocols": ("AccessToken", "Credentials", "RateLimiter", "Secret", "TokenCall", "TokenSource", "TokenStore"),
    "units": ("Fen", "Per100k", "Per10k", "Per1M", "commission_of", "fen_to_yuan", "rate_to_percent"),
}


def _names() -> dict[str, str]:
    """Return each public name → its module."""
    from wxunion_async.endpoints._names import NAMES

    core = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names}
    return core | {name: f"endpoints.{module}" for name, module in NAMES.items()}


def __getattr__(name: str) -> Any:
    if name == "__all__":  # what a star import asks for
        return sorted(_names())
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _names().get(name)
    try:
        found = importlib.import_module(f"{__name__}.{module or name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = globals()[name] = getattr(found, name) if module else found
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_names()})


logging.getLogger(__name__).addHandler(logging.NullHandler())
if os.environ.get("WXUNION_LOG"):
    importlib.import_module(f"{__name__}._logs").set_up(os.environ["WXUNION_LOG"])
