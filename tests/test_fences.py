"""What a re-cut must not change: public names, their parameters, and how far one call has to travel."""

import asyncio
import inspect
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest

import wxunion_async
from wxunion_async import UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer

PACKAGE = str(Path(wxunion_async.__file__).parent)

# What 0.1.0 had; a parameter may be added behind these, if it has a default.
PARAMETERS = {
    "AccessToken": ["value", "expires_at"],
    "Credentials": ["app_id", "app_secret"],
    "DriftEvent": ["endpoint", "path", "found"],
    "ExternalTokenSource": ["get_token"],
    "LocalRateLimiter": [],
    "MemoryTokenStore": [],
    "Outcome": ["index", "request", "value", "error", "attempts", "elapsed"],
    "RateLimit": ["max_rate", "time_period", "burst"],
    "RetryPolicy": ["max_attempts", "base_delay", "max_delay", "budget"],
    "TokenRefreshedEvent": ["app_id", "lifetime", "forced"],
    "UnionClient": [
        *["app_id", "app_secret", "config", "session", "token_source", "token_store", "rate_limiter", "on_event"],
    ],
    "UnionClient.call": ["self", "request"],
    "UnionClient.from_env": ["prefix", "config", "on_event"],
    "UnionClient.gather": ["self", "requests", "max_at_once"],
    "UnionClient.map": ["self", "requests", "max_at_once", "ordered"],
    "UnionClient.with_options": ["self", "call_timeout", "retry"],
    "UnionConfig": [
        *["base_urls", "call_timeout", "attempt_timeout", "max_connections", "retry", "default_rate_limit"],
        *["rate_limits", "strict_decoding"],
    ],
    "decode": ["request", "body", "strict"],
    "encode": ["value"],
}
CALLS = {
    "target.plan_info": ["plan_invitation_url"],
    "target.apply_target": ["plan_id", "apply_reason"],
    "target.apply_status": ["plan_id"],
    "promoter.get_promote_product_detail": ["shop_appid", "product_id", "plan_type", "head_supplier_appid"],
    "promoter.get_promote_product_list": [
        *["plan_type", "page_size", "next_key", "keyword", "category", "spu_item_condition", "shop_appid"],
    ],
    "promoter.iter_promote_product_list": [
        *["plan_type", "page_size", "next_key", "keyword", "category", "spu_item_condition", "shop_appid"],
    ],
    "quota.get": ["cgi_path"],
}
PROTOCOLS = {
    "RateLimiter": ["acquire", "pause", "paused_for", "aclose"],
    "TokenSource": ["fetch"],
    "TokenStore": ["load", "save", "discard", "lease"],
}


def named(dotted: str) -> Any:
    """Return what a dotted public name stands for."""
    found: Any = wxunion_async
    for part in dotted.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_callers_pass_stays(name: str) -> None:
    """Others' code and tests are written against these."""
    known = inspect.signature(named(name)).parameters
    assert set(PARAMETERS[name]) <= set(known)
    for added in set(known) - set(PARAMETERS[name]):
        assert known[added].default is not inspect.Parameter.empty, added


@pytest.mark.parametrize("name", CALLS)
def test_what_calls_take_stays(name: str) -> None:
    """By these names, whatever makes the calls."""
    client: Any = UnionClient("wx", "secret")
    group, call = name.split(".")
    known = inspect.signature(getattr(getattr(client, group), call)).parameters
    assert set(CALLS[name]) <= set(known)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_what_plug_ins_have_to_do_stays(name: str) -> None:
    """What is added to a protocol is optional."""
    known: dict[str, Any] = {**named(name).__dict__}
    assert [method for method, value in known.items() if inspect.isfunction(value) and method[0] != "_"] == (
        PROTOCOLS[name]
    )


async def test_one_warm_call_is_a_short_trip() -> None:
    """It ran 110 functions of ours and changed module 50 times; reading it was as long."""
    with FakeUnionServer() as server:  # in a thread of its own, which is not measured
        config = UnionConfig(base_urls=(server.base_url,))
        async with UnionClient(server.promoter.app_id, server.promoter.app_secret, config=config) as client:
            for _ in range(2):
                await client.target.apply_status(await _applied(client, server))
            files: list[str] = []

            def note(frame: Any, event: str, arg: object) -> None:
                file = frame.f_code.co_filename
                # A coroutine that goes on is no new call; what is generated belongs to who had it generated.
                if event == "call" and file.startswith(PACKAGE) and "/testing/" not in file and frame.f_lasti <= 4:
                    files.append(file)

            profile = sys.getprofile()
            sys.setprofile(note)
            try:
                await client.target.apply_status(server.plan.plan_id)
            finally:
                sys.setprofile(profile)
    changes = sum(one != other for one, other in itertools.pairwise(files))
    assert len(files) <= 60, files
    assert changes <= 30, files


async def _applied(client: UnionClient, server: FakeUnionServer) -> str:
    if not server.plan.applications:
        await client.target.apply_target(plan_id=server.plan.plan_id, apply_reason="r")
    await asyncio.sleep(0)
    return server.plan.plan_id
