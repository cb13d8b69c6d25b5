"""
POST /cgi-bin/openapi/quota/get.

Source: doc/offiaccount/openApi/get_api_quota.html.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest, must


@must("cgi_path must begin with '/'", lambda of: of("cgi_path").startswith("/"), "cgi_path")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaGetRequest(UnionRequest["Quota"]):
    """
    Ask how many calls of one path are left today.

    Returns:
        The calls of this day (Beijing time) and, where the vendor tells them, the rate limits.

    Raises:
        ApiError: 76003, the path is malformed; 76021, it is unknown; 76022, it is not this account's.

    .. versionadded:: 0.1.0

    """

    path = "/cgi-bin/openapi/quota/get"
    resend = True

    cgi_path: str = attrs.field(kw_only=False)
    """URL path of the call that is asked about, with its leading "/" and without a query."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Quota:
    """The quota of one path."""

    quota: QuotaUsage
    """The calls of today."""
    rate_limit: QuotaRateLimit | None = None
    """The nominal rate limit of the account; may be absent, and 45011 has come below it."""
    component_rate_limit: QuotaRateLimit | None = None
    """The rate limit of a third-party platform; may be absent."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaUsage:
    """The calls of one path on this calendar day, Beijing time."""

    daily_limit: int | None = None
    """Calls a day that the account may make."""
    used: int | None = None
    """Calls made today."""
    remain: int | None = None
    """Calls left today."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaRateLimit:
    """How often a path may be called in a short time."""

    call_count: int | None = None
    """Calls in one period."""
    refresh_second: int | None = None
    """The period, in seconds."""
