"""What no client should send: the vendor's errcode, never a 500 or a traceback."""

import gzip
import json
import logging
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from wxunion_async.testing import Account, FakeUnionServer, _json

Ask = Callable[[Account], Awaitable[str]]
Send = Callable[..., Awaitable[int]]

LIST = "/channels/ec/promoter/get_promote_product_list"
GOOD = b'{"plan_type": 1, "page_size": 20}'


@pytest.fixture
def send(
    server: FakeUnionServer, session: aiohttp.ClientSession, stable_token: Ask, caplog: pytest.LogCaptureFixture
) -> Send:
    """Send raw bytes to a list, give the errcode, and see to it that nothing was logged."""

    async def send(raw: bytes, encoding: str = "") -> int:
        headers = {"Content-Type": "application/json"} | ({"Content-Encoding": encoding} if encoding else {})
        params = {"access_token": await stable_token(server.agency)}
        caplog.set_level(logging.WARNING)
        async with session.post(LIST, params=params, data=raw, headers=headers) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
        assert caplog.records == []
        return int(answer["errcode"])

    return send


@pytest.fixture(params=["fast", "plain"])
def _both_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with orjson, and as where it is missing."""
    if request.param == "plain":
        monkeypatch.setattr(_json, "_loads", _json._plain_loads)


@pytest.mark.usefixtures("_both_readers")
@pytest.mark.parametrize(
    "raw",
    [b"[" * 200_000, b'{"a":' * 100_000, b'{"plan_type": ' + b"9" * 5000, b'"\xff"', b"\x00", b"null"],
    ids=["brackets", "objects", "digits", "utf-8", "nul", "null"],
)
async def test_what_is_no_json_object_is_47001(send: Send, raw: bytes) -> None:
    """However deep or long it is."""
    assert await send(raw) == 47001


@pytest.mark.usefixtures("_both_readers")
async def test_a_number_of_5000_digits_is_wrong_in_either_way(send: Send) -> None:
    """Python refuses to read it as an int, orjson as JSON; neither is a reason to fail."""
    assert await send(b'{"page_size": 20, "plan_type": ' + b"9" * 5000 + b"}") in (10024000, 47001)


@pytest.mark.parametrize("digits", [19, 5000])
async def test_a_key_of_too_many_digits_is_a_wrong_parameter(send: Send, digits: int) -> None:
    """No such key was ever given out."""
    key = f"bmV4dA+/{'9' * digits}=="
    assert await send(json.dumps({"plan_type": 1, "page_size": 20, "next_key": key}).encode()) == 10024000


@pytest.mark.parametrize(
    ("raw", "encoding", "errcode"),
    [
        (gzip.compress(GOOD), "gzip", 0),
        (zlib.compress(GOOD), "deflate", 0),
        (b"not gzip at all", "gzip", 47001),
        (gzip.compress(GOOD)[:20], "gzip", 47001),
        (b"brotli", "br", 47001),
        (b"zstandard", "zstd", 47001),
        (b"whatever", "nonsense", 47001),
    ],
    ids=["gzip", "deflate", "no gzip", "cut", "brotli", "zstd", "nonsense"],
)
async def test_a_packed_body_is_unpacked_or_47001(send: Send, raw: bytes, encoding: str, errcode: int) -> None:
    """One that cannot be unpacked is one that did not arrive."""
    assert await send(raw, encoding) == errcode


async def test_a_bomb_is_47001(send: Send) -> None:
    """A hundred megabytes in a hundred kilobytes are not unpacked to their end."""
    assert await send(gzip.compress(b"[" * 100_000_000, compresslevel=1), "gzip") == 47001


async def test_the_connection_is_good_after_a_hostile_body(
    server: FakeUnionServer, session: aiohttp.ClientSession, send: Send
) -> None:
    """The next request on it is answered as if nothing had been."""
    assert [await send(b"not gzip", "gzip"), await send(b"[" * 200_000), await send(GOOD)] == [47001, 47001, 0]
    assert [record.errcode for record in server.requests if record.path == LIST] == [47001, 47001, 0]


async def test_hostile_paths_and_queries_are_told(session: aiohttp.ClientSession) -> None:
    """A path is looked up by the rule for names, and must not find what is no request."""
    for path in ("/union/__class__/x", "/union/promoter", "//", "/union/promoter/target/plan_info/", "/endpoints/x"):
        async with session.get(path) as response:
            assert (await response.json())["errcode"] == 40066
    async with session.get("/union/promoter/target/plan_info?a=%ff&planInvitationUrl=%zz&&=") as response:
        assert (await response.json())["errcode"] == 41001


def test_an_integer_beyond_64_bits_can_be_answered() -> None:
    """What orjson refuses to write, the plain writer writes."""
    assert _json.dumps({"id": 10**30}) == b'{"id":1000000000000000000000000000000}'
