"""Rate limits and daily quotas."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async.testing import Account, FakeUnionServer

Advance = Callable[[float], None]
Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]
Quota = Callable[[Account], Awaitable[int]]

QUOTA = "/cgi-bin/openapi/quota/get"


@pytest.fixture
def ask_quota(call: Call, stable_token: Ask) -> Quota:
    """Call quota/get, the one API call that both families may make, and give the errcode."""

    async def ask(account: Account) -> int:
        answer = await call(QUOTA, token=await stable_token(account), body={"cgi_path": QUOTA})
        errcode: int = answer["errcode"]
        return errcode

    return ask


async def test_the_window_slides(ask_quota: Quota, server: FakeUnionServer, advance: Advance) -> None:
    """A limiter that only looks at whole minutes would be let through by a server that does so too."""
    server.rate_limits[QUOTA] = (2, 60.0)
    assert [await ask_quota(server.agency), await ask_quota(server.agency)] == [0, 0]
    advance(59)
    assert await ask_quota(server.agency) == 45011
    advance(1)
    assert await ask_quota(server.agency) == 0


async def test_limits_are_counted_for_each_app(ask_quota: Quota, server: FakeUnionServer) -> None:
    """One app's burst leaves the other its share."""
    server.rate_limits[QUOTA] = (1, 60.0)
    assert [await ask_quota(server.agency), await ask_quota(server.agency)] == [0, 45011]
    assert await ask_quota(server.promoter) == 0
    server.rate_limits.clear()
    assert await ask_quota(server.agency) == 0


@pytest.mark.usefixtures("midnight")
async def test_the_daily_quota_starts_afresh_at_midnight_in_beijing(
    ask_quota: Quota, server: FakeUnionServer, advance: Advance
) -> None:
    """A quota used up lasts until the calendar day ends, not for 24 hours."""
    server.daily_quotas[QUOTA] = 2
    assert [await ask_quota(server.agency) for _ in range(3)] == [0, 0, 45009]
    advance(86_398)
    assert await ask_quota(server.agency) == 45009
    advance(2)
    assert await ask_quota(server.agency) == 0


async def test_token_paths_have_limits_too(call: Call, server: FakeUnionServer) -> None:
    """The vendor gives 2,000 plain tokens a day; a client in a refresh loop must meet that here."""
    server.daily_quotas["/cgi-bin/token"] = 1
    account = server.promoter
    query = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
    assert "access_token" in await call("/cgi-bin/token", query=query)
    assert (await call("/cgi-bin/token", query=query))["errcode"] == 45009
    assert account.token_requests == 1


async def test_limits_can_be_given_at_the_start(call: Call) -> None:
    """What is given to the constructor is copied: the caller's dict stays the caller's."""
    limits = {QUOTA: (1, 60.0)}
    server = FakeUnionServer(rate_limits=limits, daily_quotas={QUOTA: 7})
    server.rate_limits.clear()
    assert limits == {QUOTA: (1, 60.0)}
    assert server.daily_quotas == {QUOTA: 7}
