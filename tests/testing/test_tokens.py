"""The vendor's token semantics: doc/oplatform/developers/dev/AccessToken.html and getStableAccessToken.html."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async.testing import Account, FakeUnionServer

Advance = Callable[[float], None]
Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]

QUOTA = "/cgi-bin/openapi/quota/get"


def credentials(account: Account, **more: object) -> dict[str, Any]:
    """Give the parameters of a token request."""
    return {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret, **more}


async def ask_plain(call: Call, account: Account) -> dict[str, Any]:
    """Ask for a plain token."""
    return await call("/cgi-bin/token", query=credentials(account))


async def ask_stable(call: Call, account: Account, **more: object) -> dict[str, Any]:
    """Ask for the stable token."""
    return await call("/cgi-bin/stable_token", body=credentials(account, **more))


async def errcode_with(call: Call, token: str) -> int:
    """Present a token to quota/get, which is open to both families."""
    errcode: int = (await call(QUOTA, token=token, body={"cgi_path": QUOTA}))["errcode"]
    return errcode


def test_credentials_have_the_vendors_form(server: FakeUnionServer) -> None:
    """Code that checks the form of an app id or secret must accept those of the fake; two servers share none."""
    assert len(server.agency.app_id) == 18
    assert server.agency.app_id.startswith("wx")
    assert len(server.agency.app_secret) == 32
    assert int(server.agency.app_secret, 16) >= 0
    assert server.agency.app_id != server.promoter.app_id


def test_the_secret_is_not_in_a_repr(server: FakeUnionServer) -> None:
    """A failing test prints its objects; they must not teach people to expect secrets in logs."""
    server.agency.plain_token()
    shown = repr(server) + repr(server.agency)
    assert server.agency.app_secret not in shown
    assert server.agency.issued_tokens[0] not in shown


async def test_a_plain_token_is_new_at_each_call(call: Call, server: FakeUnionServer) -> None:
    """That is why two processes with the plain endpoint take each other's tokens away."""
    first, second = await ask_plain(call, server.agency), await ask_plain(call, server.agency)
    assert first["access_token"] != second["access_token"]
    assert first["expires_in"] == second["expires_in"] == 7200
    assert server.agency.token_requests == 2
    assert server.agency.issued_tokens == (first["access_token"], second["access_token"])


async def test_the_former_plain_token_serves_for_the_overlap_only(
    call: Call, server: FakeUnionServer, advance: Advance
) -> None:
    """The vendor promises at most five more minutes to the token before the newest."""
    former = (await ask_plain(call, server.agency))["access_token"]
    newest = (await ask_plain(call, server.agency))["access_token"]
    advance(299)
    assert await errcode_with(call, former) == 0
    advance(1)
    assert await errcode_with(call, former) == 40001
    assert await errcode_with(call, newest) == 0


async def test_a_plain_token_before_the_former_is_dead(call: Call, server: FakeUnionServer) -> None:
    """Only one old token is spared."""
    tokens = [(await ask_plain(call, server.agency))["access_token"] for _ in range(3)]
    assert [await errcode_with(call, token) for token in tokens] == [40001, 0, 0]


async def test_the_stable_token_is_repeated_with_its_remaining_life(
    call: Call, server: FakeUnionServer, advance: Advance
) -> None:
    """A client that reads expires_in as the full life would hold the token too long."""
    first = await ask_stable(call, server.agency)
    advance(6000)
    second = await ask_stable(call, server.agency)
    assert second == {"access_token": first["access_token"], "expires_in": 1200}
    assert server.agency.token_requests == 2


async def test_old_and_new_stable_token_both_serve_in_the_overlap(
    call: Call, server: FakeUnionServer, advance: Advance
) -> None:
    """The overlap is what lets processes change over one after the other."""
    old = (await ask_stable(call, server.agency))["access_token"]
    advance(6900)
    new = (await ask_stable(call, server.agency))["access_token"]
    assert new != old
    assert [await errcode_with(call, token) for token in (old, new)] == [0, 0]
    advance(300)
    assert [await errcode_with(call, token) for token in (old, new)] == [42001, 0]


async def test_a_forced_refresh_kills_the_old_token_at_once(call: Call, server: FakeUnionServer) -> None:
    """force_refresh is for a leaked token, so there is no overlap."""
    old = (await ask_stable(call, server.agency))["access_token"]
    new = (await ask_stable(call, server.agency, force_refresh=True))["access_token"]
    assert new != old
    assert [await errcode_with(call, token) for token in (old, new)] == [40001, 0]
    assert server.agency.forced_refreshes == 1


async def test_a_second_forced_refresh_within_30_seconds_has_no_effect(
    call: Call, server: FakeUnionServer, advance: Advance
) -> None:
    """The vendor answers the current token; a client that counts on a new one would loop."""
    first = await ask_stable(call, server.agency, force_refresh=True)
    advance(29)
    second = await ask_stable(call, server.agency, force_refresh=True)
    advance(1)
    third = await ask_stable(call, server.agency, force_refresh=True)
    assert first["access_token"] == second["access_token"] != third["access_token"]
    assert (server.agency.forced_refreshes, server.agency.token_requests) == (2, 3)


@pytest.mark.usefixtures("midnight")
async def test_forced_refreshes_are_20_a_day(call: Call, server: FakeUnionServer, advance: Advance) -> None:
    """A client that forces at every 40001 uses this up in ten minutes; the next day it works again."""
    answers: list[dict[str, Any]] = []
    for _ in range(21):
        answers.append(await ask_stable(call, server.agency, force_refresh=True))
        advance(30)
    assert [answer.get("errcode", 0) for answer in answers] == [0] * 20 + [45009]
    assert (await ask_stable(call, server.agency))["access_token"] == answers[19]["access_token"]
    advance(86_400)
    assert "access_token" in await ask_stable(call, server.agency, force_refresh=True)


async def test_plain_and_stable_tokens_leave_each_other_alone(call: Call, server: FakeUnionServer) -> None:
    """Moving from one endpoint to the other must not cut off what still runs with the first."""
    stable = (await ask_stable(call, server.agency))["access_token"]
    plain = [(await ask_plain(call, server.agency))["access_token"] for _ in range(3)][-1]
    await ask_stable(call, server.agency, force_refresh=True)
    assert await errcode_with(call, plain) == 0
    assert await errcode_with(call, stable) == 40001


@pytest.mark.parametrize(("way", "errcode"), [("rotate", 40001), ("expire", 42001)])
async def test_tokens_taken_back_are_replaced_at_the_next_request(
    call: Call, server: FakeUnionServer, stable_token: Ask, way: str, errcode: int
) -> None:
    """A client has to refresh once for either errcode, and gets a token that serves."""
    old = await stable_token(server.agency)
    getattr(server.agency, way)()
    assert await errcode_with(call, old) == errcode
    assert await errcode_with(call, await stable_token(server.agency)) == 0


async def test_a_stuck_rotation_needs_a_forced_refresh(
    call: Call, server: FakeUnionServer, stable_token: Ask, advance: Advance
) -> None:
    """The one case for force_refresh in a client: the endpoint repeats a token that the calls reject."""
    dead = await stable_token(server.agency)
    server.agency.rotate(stuck=True)
    advance(1)
    assert await ask_stable(call, server.agency) == {"access_token": dead, "expires_in": 7199}
    assert await errcode_with(call, dead) == 40001
    new = (await ask_stable(call, server.agency, force_refresh=True))["access_token"]
    assert await errcode_with(call, new) == 0
    assert await stable_token(server.agency) == new


async def test_a_stuck_token_is_replaced_at_its_promised_end(
    call: Call, server: FakeUnionServer, stable_token: Ask, advance: Advance
) -> None:
    """Without a forced refresh the trouble ends with the life that was promised."""
    dead = await stable_token(server.agency)
    server.agency.expire(stuck=True)
    advance(6900)
    new = await stable_token(server.agency)
    assert new != dead
    assert await errcode_with(call, new) == 0


async def test_a_frozen_secret_gets_no_token(call: Call, server: FakeUnionServer, stable_token: Ask) -> None:
    """40243 is a matter of configuration: the tokens at hand still serve."""
    token = await stable_token(server.agency)
    server.agency.freeze()
    assert (await ask_stable(call, server.agency))["errcode"] == 40243
    assert (await ask_plain(call, server.agency))["errcode"] == 40243
    assert await errcode_with(call, token) == 0
    server.agency.unfreeze()
    assert await stable_token(server.agency) == token


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"grant_type": "refresh_token"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "0" * 32}, 40125),
    ],
)
async def test_wrong_credentials_have_their_errcodes(
    call: Call, server: FakeUnionServer, changes: dict[str, str], errcode: int
) -> None:
    """Both endpoints say which part of the credentials is wrong."""
    query = {**credentials(server.agency), **changes}
    assert (await call("/cgi-bin/token", query=query))["errcode"] == errcode
    assert (await call("/cgi-bin/stable_token", body=query))["errcode"] == errcode
    assert server.agency.token_requests == 0


async def test_the_endpoints_insist_on_their_method(call: Call, server: FakeUnionServer) -> None:
    """The vendor documents 43002 for the stable endpoint."""
    query = credentials(server.agency)
    assert (await call("/cgi-bin/stable_token", query=query))["errcode"] == 43002
    assert (await call("/cgi-bin/token", query=query, body={}))["errcode"] == 43001


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b"\xff{}"])
async def test_a_malformed_body_of_the_stable_endpoint_is_47001(call: Call, raw: bytes) -> None:
    """Anything but one JSON object in UTF-8 is malformed."""
    assert (await call("/cgi-bin/stable_token", raw=raw))["errcode"] == 47001


async def test_short_lives_shorten_the_overlap(call: Call) -> None:
    """Tests want tokens of a second or two; an overlap beyond the life would mean a new token at each call."""
    server = FakeUnionServer(token_lifetime=2.0)
    first = server.agency.stable_token()
    assert first == server.agency.stable_token()
    assert first["expires_in"] == 2


def test_only_the_newest_tokens_are_remembered(server: FakeUnionServer) -> None:
    """A soak test that takes a million tokens must not eat the memory."""
    first = server.agency.plain_token()["access_token"]
    for _ in range(10_000):
        server.agency.plain_token()
    assert len(server.agency.issued_tokens) == 10_000
    assert server.agency.find(first) is None
