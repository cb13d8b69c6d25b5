"""The public ``decode`` and ``encode``."""

import json
from typing import Any

import attrs
import pytest

from wxunion_async import _codec
from wxunion_async._codec import check_readable, decode, decode_answer, encode
from wxunion_async._endpoint import UnionRequest
from wxunion_async.endpoints.quota.get import Quota, QuotaGetRequest, QuotaUsage
from wxunion_async.endpoints.target.apply_status import ApplyStatus, ApplyStatusRequest
from wxunion_async.endpoints.target.plan_info import PlanInfoRequest
from wxunion_async.errors import ApiError, DecodeError, PlanNotFoundError, TokenError
from wxunion_async.testing import load_answer, read_answer


@attrs.frozen(kw_only=True)
class BodyRequest(UnionRequest[dict[str, Any]]):
    """Wants the body as it is."""

    path = "/body"


@attrs.frozen(kw_only=True)
class ItemsRequest(UnionRequest[list[dict[str, Any]]]):
    """Wants a list that stands under a name."""

    path = "/items"
    answer_key = "items"


@attrs.frozen(kw_only=True)
class NothingRequest(UnionRequest[None]):
    """The envelope says it all."""

    path = "/nothing"


@attrs.frozen(kw_only=True)
class MaybeRequest(UnionRequest[QuotaUsage | None]):
    """Wants an object that may be missing."""

    path = "/maybe"
    answer_key = "found"


@attrs.frozen(kw_only=True)
class Optional:
    """An answer that requires nothing."""

    name: str | None = None
    ids: tuple[int, ...] = attrs.field(default=(), metadata={"also": ("id_list",)})


@attrs.frozen(kw_only=True)
class OptionalRequest(UnionRequest[Optional]):
    """Asks for it."""

    path = "/optional"


@attrs.frozen(kw_only=True)
class CountRequest(UnionRequest[dict[str, int]]):
    """Wants an object of numbers that is the body."""

    path = "/count"


@attrs.frozen(kw_only=True)
class CountsRequest(UnionRequest[dict[str, int]]):
    """Wants an object of numbers that stands under a name."""

    path = "/counts"
    answer_key = "counts"


def test_bytes_and_objects_with_and_without_envelope_are_the_same() -> None:
    """A test has the object, a queue the bytes, a log the content alone."""
    raw, body = read_answer("target/apply_status"), load_answer("target/apply_status")
    answer = decode(ApplyStatusRequest, raw)
    assert decode(ApplyStatusRequest, body) == answer
    assert decode(ApplyStatusRequest, {"data": body["data"]}) == answer
    assert decode(ApplyStatusRequest, json.dumps(encode(answer)).encode()) == answer


def test_a_non_zero_errcode_is_the_error_of_a_client() -> None:
    """It says where it comes from and what the vendor said; the class is the endpoint's or the common one."""
    with pytest.raises(PlanNotFoundError, match="/union/promoter/target/plan_info: errcode 202002: gone") as caught:
        decode(PlanInfoRequest, b'{"errcode": "202002", "errmsg": "gone rid: a-b"}')
    assert (caught.value.endpoint, caught.value.rid) == (PlanInfoRequest.path, "a-b")
    with pytest.raises(TokenError, match="40001"):
        decode(PlanInfoRequest, {"errcode": 40001})
    with pytest.raises(ApiError, match="errcode 5: ") as plain:
        decode(PlanInfoRequest, {"errcode": 5, "errmsg": None})
    assert type(plain.value) is ApiError


def test_an_unreadable_errcode_is_not_success() -> None:
    """A body that cannot say whether it failed is no answer."""
    with pytest.raises(DecodeError, match="errcode: a boolean is no errcode"):
        decode(BodyRequest, {"errcode": False})


FOREIGN: list[dict[str, Any]] = [
    {},
    {"code": 500},
    {"ret": -1},
    {"success": False},
    {"errmsg": "system error"},
    {"errCode": 40001, "errMsg": "invalid credential"},
    {"errcode": None},
]


@pytest.mark.parametrize(
    "request_class", [NothingRequest, OptionalRequest, ItemsRequest, MaybeRequest, QuotaGetRequest]
)
@pytest.mark.parametrize("body", FOREIGN)
def test_success_is_said_not_assumed(request_class: type[UnionRequest[Any]], body: dict[str, Any]) -> None:
    """A gateway answers 200 with JSON of its own: without an errcode, and without a key of ours, it is no success."""
    for form in (body, json.dumps(body).encode()):
        with pytest.raises(DecodeError, match="errcode: missing, and nothing else says") as caught:
            decode(request_class, form)
        assert caught.value.path == "errcode"


def test_an_errcode_of_0_or_a_key_of_the_answer_says_success() -> None:
    """An answer of ``None`` has no keys, so there the errcode must be."""
    for errcode in (0, "0", 0.0):
        assert decode(NothingRequest, {"errcode": errcode}) is None
        assert decode(OptionalRequest, {"errcode": errcode}) == Optional()
    assert decode(OptionalRequest, {"name": None}) == Optional()
    assert decode(OptionalRequest, {"id_list": [1]}) == Optional(ids=(1,))
    assert decode(CountRequest, {"a": 1}) == {"a": 1}
    with pytest.raises(DecodeError, match="errcode: missing"):
        decode(NothingRequest, {"name": "x", "data": {}})
    with pytest.raises(DecodeError, match="errcode: missing"):
        decode(CountRequest, {})
    assert decode(BodyRequest, {}) == {}


def test_what_may_be_missing_under_the_key_may_be_missing() -> None:
    """A list is never required, and who says ``| None`` means it."""
    assert decode(ItemsRequest, {"errcode": 0}) == []
    assert decode(ItemsRequest, {"items": None}) == []
    assert decode(MaybeRequest, {"errcode": 0}) is None
    assert decode(MaybeRequest, {"found": {"used": 1}}) == QuotaUsage(used=1)
    for request, key in ((QuotaGetRequest, "quota"), (ApplyStatusRequest, "data")):
        with pytest.raises(DecodeError, match=f"{key}: a required value is missing") as caught:
            decode(request, {"errcode": 0, key: None})
        assert caught.value.path == key


def test_digits_beyond_64_bits_under_a_key_are_kept() -> None:
    """The exact reading finds the key again."""
    assert decode(CountsRequest, b'{"counts": {"a": 12345678901234567890123}}') == {"a": 12345678901234567890123}


@pytest.mark.parametrize("request_class", [{}, [], {"path": 1}])
def test_what_has_no_hash_is_no_request_class(request_class: Any) -> None:
    """It is asked for before it is looked up."""
    with pytest.raises(TypeError, match="request must be a request class with a path"):
        check_readable(request_class)


@pytest.mark.parametrize("body", ["{}", bytearray(b"{}"), None, []])
def test_a_body_of_another_type_is_a_type_error(body: Any) -> None:
    """It is the caller's mistake."""
    with pytest.raises(TypeError, match="body must be bytes or a dict, not"):
        decode(BodyRequest, body)


@pytest.mark.parametrize("request_class", [None, int, "x", UnionRequest, Quota, QuotaGetRequest(cgi_path="/x")])
def test_only_a_request_class_says_what_to_decode(request_class: Any) -> None:
    """An instance or an answer class is a likely slip."""
    with pytest.raises(TypeError, match="request must be a request class with a path"):
        decode(request_class, {})


def test_a_dict_answer_is_the_body_as_it_is() -> None:
    """Nothing is taken off, and nothing loses its digits."""
    body = {"errcode": 0, "errmsg": "ok", "a": [True, None, 1.5], "id": 2**70}
    assert decode(BodyRequest, body) is body
    assert decode(BodyRequest, json.dumps(body).encode()) == body
    assert decode(BodyRequest, b'{"a": {"b": 12345678901234567890123}}') == {"a": {"b": 12345678901234567890123}}
    assert encode({"a": 1}) == {"a": 1}


def test_a_list_or_a_mapping_may_be_the_answer() -> None:
    """Users name them for endpoints that the library does not know."""
    assert decode(ItemsRequest, {"items": [{"a": 1}]}) == [{"a": 1}]
    assert decode(CountsRequest, {"counts": {"a": "1"}}) == {"a": 1}
    with pytest.raises(DecodeError, match="a JSON object is of the wrong kind") as caught:
        decode(ItemsRequest, {"items": {}})
    assert caught.value.path == "items"
    with pytest.raises(DecodeError, match="of the wrong kind") as caught:
        decode(CountsRequest, {"counts": {"a": []}})
    assert caught.value.path == "counts.a"


def test_the_encoding_of_an_answer_stands_under_its_key() -> None:
    """It is what the vendor would send, without the envelope."""
    assert encode(ApplyStatus(plan_id="1")) == {"data": {"planId": "1"}}
    assert encode(Quota(quota=QuotaUsage(used=0))) == {"quota": {"used": 0}}
    assert encode(None) == {}


@pytest.mark.parametrize("value", [5, "x", [], QuotaUsage(), object()])
def test_only_requests_and_answers_are_encoded(value: object) -> None:
    """A part of an answer does not know its dialect."""
    with pytest.raises(TypeError, match="value must be a request or the answer of one, not"):
        encode(value)


def test_the_memory_of_reported_drift_is_bounded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Keys come from the vendor; a process that lives for months must not remember them all."""
    monkeypatch.setattr(_codec, "_MAX_REPORTED", 1)
    body: dict[str, Any] = {"quota": {"used": [], "remain": []}}
    decode_answer(QuotaGetRequest, None, body, strict=False)
    assert [record.getMessage() for record in caplog.records] == [
        "/cgi-bin/openapi/quota/get: quota.used: a JSON array is of the wrong kind and was read as absent"
    ]
