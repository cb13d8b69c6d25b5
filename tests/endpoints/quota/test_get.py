"""client.quota.get."""

from collections.abc import Callable
from typing import Any

import pytest

from wxunion_async._codec import decode, encode
from wxunion_async.endpoints.quota import Quota as QuotaGroup
from wxunion_async.endpoints.quota.get import Quota, QuotaGetRequest, QuotaRateLimit, QuotaUsage
from wxunion_async.errors import DecodeError


def test_every_leaf_of_the_sample_is_kept(read_sample: Callable[..., Any]) -> None:
    """Both rate limits are there, though the vendor may leave them out."""
    answer: Quota = read_sample(QuotaGetRequest, "quota/get")
    assert answer.quota == QuotaUsage(daily_limit=5000000, used=17, remain=4999983)
    assert answer.rate_limit == QuotaRateLimit(call_count=3000, refresh_second=60)


def test_only_quota_is_required() -> None:
    """The vendor's page says that the limits may be absent."""
    assert decode(QuotaGetRequest, {"quota": {}}) == Quota(quota=QuotaUsage())
    with pytest.raises(DecodeError, match="quota: a required value is missing"):
        decode(QuotaGetRequest, {"rate_limit": {}})


def test_a_path_without_its_slash_is_refused() -> None:
    """The vendor would answer 76003; it is known before."""
    with pytest.raises(ValueError, match="cgi_path must begin with '/'"):
        QuotaGetRequest(cgi_path="channels/ec")


async def test_the_call_takes_the_path_positionally(make_caller: Callable[..., Any]) -> None:
    """With one required field, nobody wants to write its name."""
    wanted = Quota(quota=QuotaUsage())
    caller = make_caller(wanted)
    assert await QuotaGroup(caller).get("/cgi-bin/x") is wanted
    (request,) = caller.requests
    assert encode(request) == {"cgi_path": "/cgi-bin/x"}
    assert (request.method, request.resend) == ("POST", True)
