"""What ``client.stats()`` says, before, during and after calls."""

import asyncio
from typing import Any

import attrs
import pytest

from wxunion_async import QuotaGetRequest, RateLimit
from wxunion_async.testing import FakeUnionServer, Fault

QUOTA = QuotaGetRequest.path
KNOWN = "/cgi-bin/token"


async def test_the_snapshot_of_a_client(make_client: Any, server: FakeUnionServer) -> None:
    """A health page shows it as it is: numbers, seconds, the host; what is not there yet is ``None``."""
    client = make_client(server.both)
    new = client.stats()
    assert attrs.asdict(new) == {
        "calls": 0,
        "under_way": 0,
        "attempts": 0,
        "waiting": {},
        "permits_granted": 0,
        "permits_used": 0,
        "token_age": None,
        "token_ends_in": None,
        "open_connections": 0,
        "budget_left": 50.0,
        "host": server.base_url,
    }
    await client.quota.get(KNOWN)
    server.fail(QUOTA, Fault(status=502))
    await client.quota.get(KNOWN)
    after = client.stats()
    assert (after.calls, after.under_way, after.attempts) == (2, 0, 4), "the token's request is an attempt, too"
    assert (after.permits_granted, after.permits_used) == (3, 3)
    assert after.budget_left == pytest.approx(49.2), "a retry costs 1, an answer gives 0.2 back"
    assert after.open_connections == 1
    assert 0 <= after.token_age < 60
    assert after.token_age + after.token_ends_in == pytest.approx(7200, abs=1)
    assert new.calls == 0, "a snapshot stays as it was"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        after.calls = 0


async def test_who_waits_is_counted_by_path(make_client: Any, server: FakeUnionServer) -> None:
    """Whoever looks for what is slow finds it here."""
    client = make_client(server.both, rate_limits={QUOTA: RateLimit(1, 60.0)})
    await client.quota.get(KNOWN)
    waiting = [asyncio.create_task(client.quota.get(KNOWN)) for _ in range(3)]
    await asyncio.sleep(0.05)
    stats = client.stats()
    assert (dict(stats.waiting), stats.under_way, stats.calls) == ({QUOTA: 3}, 3, 4)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    stats = client.stats()
    assert (dict(stats.waiting), stats.under_way, stats.permits_used) == ({}, 0, 1)
