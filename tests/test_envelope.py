"""From bytes to a JSON object, and from an object to the error that its envelope names."""

import importlib.util
import math
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from wxunion_async import _envelope
from wxunion_async._envelope import api_error, dump, errcode_of, load, load_exact
from wxunion_async._values import int_of_json, kind_of
from wxunion_async.errors import (
    ApiError,
    DecodeError,
    PlanNotFoundError,
    RateLimitedError,
)

READERS = [load, load_exact]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1}', 1),
        (b'\xef\xbb\xbf {"a": 1}\r\n', 1),
        (b'{"a": "x\x01\n"}', "x\x01\n"),
        (b'{"a": "\xff"}', "\ufffd"),
        (b'{"a": "\\ud83d\\ude00"}', "\U0001f600"),
        (b'{"a": "\\ud800x"}', "\ufffdx"),
        (b'{"a": "\\udc00\\ud800"}', "\ufffd\ufffd"),
        (b'{"a": "\\\\ud800"}', "\\ud800"),
        (b'{"a": 1, "a": 2}', 2),
        (b'{"a": 1' + b"0" * 400 + b"}", 10**400),
        (b'{"a": -0.5e1}', -5.0),
    ],
)
def test_what_the_vendor_sends_is_read(read: Any, body: bytes, value: object) -> None:
    """Control characters, a byte order mark and bad UTF-8 have been seen; a half surrogate would fail much later."""
    assert read(body) == {"a": value}


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the answer is empty"),
        (b" \xef\xbb\xbf\n", "the answer is not JSON"),
        (b"\xef\xbb\xbf\n", "the answer is empty"),
        (b"<html></html>", "the answer is not JSON"),
        (b'{"a": 1', "the answer is not JSON"),
        (b'{"a": NaN}', "the answer is not JSON"),
        (b'{"a": -Infinity}', "the answer is not JSON"),
        (b'{"a": 1e999}', "the answer is not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "the answer is not JSON"),
        (b'{"a":' * 100_000, "the answer is not JSON"),
        (b"[]", "the answer is a JSON array, not an object"),
        (b'"x"', "the answer is a JSON string, not an object"),
        (b"1", "the answer is a JSON number, not an object"),
        (b"1.5", "the answer is a JSON number, not an object"),
        (b"true", "the answer is a JSON boolean, not an object"),
        (b"null", "the answer is a JSON null, not an object"),
    ],
)
def test_what_is_no_object_is_a_decode_error(read: Any, body: bytes, message: str) -> None:
    """Both readers refuse the same things, whatever is installed; nothing else escapes."""
    with pytest.raises(DecodeError, match=message) as caught:
        read(body)
    assert caught.value.path == ""
    assert caught.value.__context__ is None, "a JSONDecodeError keeps the whole text"


def test_only_the_exact_reader_promises_every_digit() -> None:
    """Orjson makes a float of an integer beyond 64 bits; the typed reading asks the exact reader then."""
    body = b'{"a": 123456789012345678901}'
    assert load_exact(body) == {"a": 123456789012345678901}
    assert load(body)["a"] == pytest.approx(123456789012345678901)


def test_without_orjson_the_standard_library_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orjson is an extra."""
    monkeypatch.setitem(sys.modules, "orjson", None)
    spec = importlib.util.spec_from_file_location("fresh_envelope", _envelope.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.load(b'{"a": 123456789012345678901}') == {"a": 123456789012345678901}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 0),
        ({"errcode": None}, 0),
        ({"errcode": 0}, 0),
        ({"errcode": "0"}, 0),
        ({"errcode": -1}, -1),
        ({"errcode": "-1"}, -1),
        ({"errcode": "40001"}, 40001),
        ({"errcode": 0.0}, 0),
        ({"errcode": 40001.0}, 40001),
    ],
)
def test_the_errcode_may_be_text_or_absent(body: dict[str, Any], errcode: int) -> None:
    """All of these have been seen."""
    assert errcode_of(body) == errcode


@pytest.mark.parametrize("errcode", [True, False, 0.5, 1e300, "", "x", "1.0", " 0", "٤", [], {}, "9" * 5000])
def test_what_is_no_errcode_is_not_success(errcode: object) -> None:
    """Reading it as 0 would be silently wrong."""
    with pytest.raises(DecodeError, match="is no errcode") as caught:
        errcode_of({"errcode": errcode})
    assert caught.value.path == "errcode"


def test_the_endpoint_knows_its_codes_better_than_the_common_table() -> None:
    """Business codes mean different things on different pages."""
    assert type(api_error(45011, {}, {})) is RateLimitedError
    assert type(api_error(45011, {}, {45011: PlanNotFoundError})) is PlanNotFoundError
    assert type(api_error(123, {}, {})) is ApiError


@pytest.mark.parametrize(("errmsg", "text"), [("no", "NO"), (None, ""), (5, "")])
def test_the_errmsg_is_redacted_text(errmsg: object, text: str) -> None:
    """An errmsg of another kind is of no use."""
    assert api_error(1, {"errmsg": errmsg}, {}, str.upper).errmsg == text


def test_every_kind_has_its_json_name() -> None:
    """What is no JSON at all is called by its Python name."""
    values: tuple[Any, ...] = ({}, [], "", 1, 1.0, True, None, b"")
    assert [kind_of(value) for value in values] == [
        "object",
        "array",
        "string",
        "number",
        "number",
        "boolean",
        "null",
        "bytes",
    ]


@pytest.mark.parametrize("with_orjson", [True, False])
@pytest.mark.parametrize("number", [1, 2**63, 2**64, 10**40])
def test_a_written_integer_keeps_its_digits(number: int, with_orjson: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs more than 64 bits is too much for orjson; the service may still be sent it, with orjson and without."""
    if not with_orjson:
        monkeypatch.setattr(_envelope, "_fast_dumps", None)
    assert dump({"product_id": number, "名": "推"}) == f'{{"product_id":{number},"名":"推"}}'.encode()


@pytest.mark.parametrize("with_orjson", [True, False])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        (math.nan, ValueError),
        ([math.inf], ValueError),
        ("\ud800", ValueError),
        ({"\ud800": 1}, ValueError),
        (datetime(2026, 1, 1, tzinfo=UTC), TypeError),
        (object(), TypeError),
        ({1}, TypeError),
    ],
)
def test_what_has_no_json_form_is_refused_by_key(
    value: object, error: type[Exception], with_orjson: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orjson writes NaN as null and a datetime as text; the wire must not depend on what is installed."""
    if not with_orjson:
        monkeypatch.setattr(_envelope, "_fast_dumps", None)
    with pytest.raises(error, match=r"^wrong has no JSON form"):
        dump({"right": 1, "wrong": value})
    assert dump({"right": None}) == b'{"right":null}'


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        (10**400, 10**400),
        ("-5", -5),
        (500.0, 500),
        (-0.0, 0),
        (2.0**53 - 1, 2**53 - 1),
        (2.0**53, None),
        (-(2.0**53), None),
        (0.5, None),
        (math.nan, None),
        (math.inf, None),
        (True, None),
        ("1.0", None),
        (" 1", None),
        ("٤", None),
        ("9" * 5000, None),
        (None, None),
        ([], None),
    ],
)
def test_an_integer_may_be_spelled_in_three_ways(value: object, number: int | None) -> None:
    """As itself, as text, and with a point; from 2**53 on a float stands for several integers."""
    assert int_of_json(value) == number
    assert number is None or type(int_of_json(value)) is int
