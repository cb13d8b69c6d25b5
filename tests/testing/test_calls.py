"""What every call has to pass before its own work begins, and quota/get."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async.testing import Account, FakeUnionServer, load_answer

Advance = Callable[[float], None]
Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]

DETAIL = "/channels/ec/promoter/get_promote_product_detail"
PLAN_INFO = "/union/promoter/target/plan_info"
QUOTA = "/cgi-bin/openapi/quota/get"


@pytest.mark.parametrize(("token", "errcode"), [(None, 41001), ("", 41001), ("71_unknown", 40001), ("a b", 40014)])
async def test_a_wrong_token_has_its_errcode(call: Call, token: str | None, errcode: int) -> None:
    """41001 is a bug of the client, the others ask for a refresh."""
    answer = await call(DETAIL, token=token, body={})
    assert answer["errcode"] == errcode
    assert set(answer) == {"errcode", "errmsg"}


async def test_a_token_ends_with_42001(
    call: Call, server: FakeUnionServer, stable_token: Ask, advance: Advance
) -> None:
    """A natural end is told apart from a token that was replaced."""
    token = await stable_token(server.agency)
    advance(7200)
    assert (await call(DETAIL, token=token, body={}))["errcode"] == 42001


async def test_an_error_is_worded_as_by_the_vendor_with_a_fresh_rid(call: Call) -> None:
    """Clients take the rid out of errmsg for the vendor's support."""
    messages = [(await call(DETAIL, token="71_unknown", body={}))["errmsg"] for _ in range(2)]
    pattern = r"invalid credential, access_token is invalid or not latest rid: [0-9a-f]+-[0-9a-f]+-[0-9a-f]+"
    assert all(re.fullmatch(pattern, message) for message in messages)
    assert messages[0] != messages[1]


async def test_the_other_familys_token_is_48001(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """Promoter and agency have separate apps; mixing them up must not look like a token problem."""
    promoter, agency = await stable_token(server.promoter), await stable_token(server.agency)
    assert (await call(DETAIL, token=promoter, body={}))["errcode"] == 48001
    assert (await call(PLAN_INFO, token=agency))["errcode"] == 48001


async def test_unknown_paths_and_wrong_methods_are_told(call: Call) -> None:
    """Both are bugs of the client, found before the token is looked at."""
    assert (await call("/union/promoter/target/plan_infos"))["errcode"] == 40066
    assert (await call(PLAN_INFO, body={}))["errcode"] == 43001
    assert (await call(DETAIL))["errcode"] == 43002


@pytest.mark.parametrize(
    ("raw", "errcode"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[1]", 47001),
        (b'{"keyword": "\\u8336"}', 40033),
        ('{"keyword": "茶"}'.encode(), 10024000),
    ],
)
async def test_bodies_have_to_be_unescaped_json_objects(
    call: Call, server: FakeUnionServer, stable_token: Ask, raw: bytes, errcode: int
) -> None:
    r"""The vendor refuses what `json.dumps` writes by default: \uXXXX escapes."""
    token = await stable_token(server.agency)
    assert (await call(DETAIL, token=token, raw=raw, method="POST"))["errcode"] == errcode


async def test_quota_counts_the_calls_of_the_asking_app(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """`used` is real, the other numbers are the sample's until a quota is set."""
    token = await stable_token(server.agency)
    for _ in range(3):
        await call(DETAIL, token=token, body=server.product_request(0))
    answer = await call(QUOTA, token=token, body={"cgi_path": DETAIL})
    sample = load_answer("quota/get")
    limit = sample["quota"]["daily_limit"]
    assert answer == {**sample, "quota": {"daily_limit": limit, "used": 3, "remain": limit - 3}}


async def test_quota_tells_the_configured_limits(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """A client that adapts its limiter to quota/get can be tested; component_rate_limit may be absent."""
    token = await stable_token(server.agency)
    server.daily_quotas[DETAIL] = 1
    server.rate_limits[DETAIL] = (50, 60)
    await call(DETAIL, token=token, body=server.product_request(0))
    assert await call(QUOTA, token=token, body={"cgi_path": DETAIL}) == {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 1, "used": 1, "remain": 0},
        "rate_limit": {"call_count": 50, "refresh_second": 60},
    }


@pytest.mark.parametrize(
    ("path", "errcode"),
    [
        (None, 76003),
        ("channels/ec", 76003),
        ("/channels/ec/nothing", 76021),
        (PLAN_INFO, 76022),
        (QUOTA, 0),
        ("/cgi-bin/stable_token", 0),
    ],
)
async def test_quota_judges_the_path(
    call: Call, server: FakeUnionServer, stable_token: Ask, path: str | None, errcode: int
) -> None:
    """Malformed, unknown and another family's path are told apart."""
    token = await stable_token(server.agency)
    assert (await call(QUOTA, token=token, body={"cgi_path": path}))["errcode"] == errcode
