"""POST /cgi-bin/openapi/quota/get."""

import attrs

from wxunion_async._endpoint import Group, UnionRequest

__all__ = ["Quota", "QuotaGetRequest", "QuotaRateLimit", "QuotaUsage", "get"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaUsage:
    """
    The calls of one path on this calendar day, Beijing time.

    Source: doc/offiaccount/openApi/get_api_quota.html, quota.
    """

    daily_limit: int | None = None
    """Calls a day that the account may make."""
    used: int | None = None
    """Calls made today."""
    remain: int | None = None
    """Calls left today."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaRateLimit:
    """
    How often a path may be called in a short time.

    Source: doc/offiaccount/openApi/get_api_quota.html, rate_limit and component_rate_limit.
    """

    call_count: int | None = None
    """Calls in one period."""
    refresh_second: int | None = None
    """The period, in seconds."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Quota:
    """
    The quota of one path.

    Source: doc/offiaccount/openApi/get_api_quota.html.
    """

    quota: QuotaUsage
    """The calls of today."""
    rate_limit: QuotaRateLimit | None = None
    """The nominal rate limit of the account; may be absent, and 45011 has come below it."""
    component_rate_limit: QuotaRateLimit | None = None
    """The rate limit of a third-party platform; may be absent."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuotaGetRequest(UnionRequest[Quota]):
    """
    Ask for the quota of one path.

    Raises:
        ValueError: ``cgi_path`` does not begin with "/".

    Source: doc/offiaccount/openApi/get_api_quota.html.
    """

    path = "/cgi-bin/openapi/quota/get"
    resend = True

    cgi_path: str
    """URL path of the call that is asked about, with its leading "/" and without a query."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.cgi_path.startswith("/"):
            raise ValueError(f"cgi_path must begin with '/', not {self.cgi_path!r}")


async def get(group: Group, cgi_path: str) -> Quota:
    """
    Ask how many calls of one path are left today.

    Args:
        group: the group of the client that sends the request; bound for you in ``client.quota``.
        cgi_path: URL path of the call that is asked about, with its leading "/":
            ``/channels/ec/promoter/get_promote_product_detail``.

    Returns:
        The calls of this day (Beijing time) and, where the vendor tells them, the rate limits.

    Raises:
        ApiError: 76003, the path is malformed; 76021, it is unknown; 76022, it is not this account's.

    Source:
        doc/offiaccount/openApi/get_api_quota.html.

    .. versionadded:: 0.1.0

    """
    return await group.call(QuotaGetRequest(cgi_path=cgi_path))
