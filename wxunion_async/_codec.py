"""From the bytes of an answer to its typed value or its error, and from a value to its wire form. No I/O."""

import logging
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from wxunion_async._decoding import Reading, read_patiently, read_quickly, unstructure
from wxunion_async._endpoint import UnionRequest, answer_type_of, request_of_answer
from wxunion_async._envelope import api_error, errcode_of, load, load_exact
from wxunion_async.errors import DecodeError
from wxunion_async.events import DriftEvent

__all__ = ["decode", "decode_answer", "encode"]

Answer = TypeVar("Answer")
_drift_logger = logging.getLogger("wxunion_async.drift")
_BIG_INTEGER = re.compile(rb"[0-9]{19}")
_reported: set[tuple[str, str]] = set()
_MAX_REPORTED = 10_000
_BODY_AS_IT_IS = dict[str, Any]


def _untouched(_: object) -> None:
    return None


def decode_answer(
    request: type[UnionRequest[Answer]],
    raw: bytes | None,
    body: dict[str, Any],
    *,
    strict: bool,
    on_drift: Callable[[DriftEvent], object] = _untouched,
) -> Answer:
    """
    Return the typed answer of a body whose errcode is 0.

    Args:
        request: the request class.
        raw: the bytes that ``body`` was read from, if there are any.
        body: the answer as ``load`` returned it.
        strict: raise on drift.
        on_drift: is told each drift, after the log.

    Raises:
        DecodeError: a required value is missing or of the wrong kind.
        TypeError: the answer class of ``request`` is none that can be read into.

    """
    kind = answer_type_of(request)
    if kind is type(None):
        return None  # type: ignore[return-value]
    if kind == _BODY_AS_IT_IS and request.answer_key is None:
        return load_exact(raw) if raw is not None and _BIG_INTEGER.search(raw) else body  # type: ignore[return-value]
    try:
        return read_quickly(kind, _content(request, body), request.dialect)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001, S110 - whatever it was, the patient reading finds it again and says where
        pass
    reading = Reading(strict=strict, path=[] if request.answer_key is None else [f".{request.answer_key}"])
    exact = body if raw is None else load_exact(raw)
    answer = read_patiently(kind, _content(request, exact), request.dialect, reading)
    for path, found in reading.drift:
        _report(DriftEvent(endpoint=request.path, path=path, found=found), on_drift)
    return answer  # type: ignore[no-any-return]


def _content(request: type[UnionRequest[Any]], body: Mapping[str, Any]) -> Any:
    key = request.answer_key
    if key is None:
        return body
    if body.get(key) is None:
        raise DecodeError(f"{key}: a required value is missing", path=key)
    return body[key]


def _report(event: DriftEvent, on_drift: Callable[[DriftEvent], object]) -> None:
    field = (event.endpoint, re.sub(r"\[\d+\]", "[]", event.path))
    if field not in _reported and len(_reported) < _MAX_REPORTED:
        _reported.add(field)
        _drift_logger.warning(
            "%s: %s: a JSON %s is of the wrong kind and was read as absent", event.endpoint, event.path, event.found
        )
    on_drift(event)


def decode(request: type[UnionRequest[Answer]], body: bytes | dict[str, Any], *, strict: bool = False) -> Answer:
    """
    Return the typed answer of a body, with or without its envelope, as a client would.

    Args:
        request: the request class whose answer it is.
        body: the bytes of the answer, or the JSON object that they hold.
        strict: raise where an optional value is of the wrong kind, instead of a warning on the logger
            ``wxunion_async.drift`` (once per field and process).

    Raises:
        ApiError: the errcode is not 0; of the class that the endpoint or the common table names.
        DecodeError: the body cannot be read, or a required value is missing or of the wrong kind; see ``.path``.
        TypeError: an argument is of the wrong kind, or nothing can be read into the answer class.

    .. versionadded:: 0.1.0

    """
    _check(request, body)
    raw = body if isinstance(body, bytes) else None
    content = load(body) if isinstance(body, bytes) else body
    errcode = errcode_of(content)
    if errcode:
        error = api_error(errcode, content, request.errcodes)
        error.endpoint = request.path
        raise error
    return decode_answer(request, raw, content, strict=strict)


def _check(request: Any, body: object) -> None:
    if not (isinstance(request, type) and hasattr(request, "path") and issubclass(request, UnionRequest)):
        raise TypeError(f"request must be a request class with a path, not {request!r}")
    if not isinstance(body, (bytes, dict)):
        raise TypeError(f"body must be bytes or a dict, not {type(body).__name__}")


def encode(value: Any) -> dict[str, Any]:
    """
    Return a request, or the answer of one, as the JSON-ready object that goes over the wire, without an envelope.

    An absent value is left out. ``decode(R, encode(answer)) == answer`` for an answer of ``R``.

    Raises:
        TypeError: the value is neither a request nor an answer of a known request class.

    .. versionadded:: 0.1.0

    """
    kind: type[Any] = value.__class__
    if value is None:
        return {}
    if issubclass(kind, dict):
        return dict(value)
    if issubclass(kind, UnionRequest):
        return typing.cast("dict[str, Any]", unstructure(value, value.dialect, flags_as_numbers=False))
    request = request_of_answer(kind)
    if request is None:
        raise TypeError(f"value must be a request or the answer of one, not {kind.__name__}")
    content = unstructure(value, request.dialect)
    return content if request.answer_key is None else {request.answer_key: content}
