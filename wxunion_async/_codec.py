"""From the bytes of an answer to its typed value or its error, and from a value to its wire form. No I/O."""

import logging
import re
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from wxunion_async._decoding import Reading, prepare, read_patiently, read_quickly, unstructure
from wxunion_async._decoding.shapes import bare, fields_of, sort_of
from wxunion_async._endpoint import UnionRequest, answer_type_of, request_of_answer
from wxunion_async._envelope import api_error, errcode_of, load, load_exact
from wxunion_async._outcome import Outcome
from wxunion_async.errors import ApiError, DecodeError

if TYPE_CHECKING:
    from wxunion_async.events import DriftEvent

__all__ = ["check_readable", "decode", "decode_answer", "encode", "to_dict"]

Answer = TypeVar("Answer")
_drift_logger = logging.getLogger("wxunion_async.drift")
_BIG_INTEGER = re.compile(rb"[0-9]{19}")
_reported: set[tuple[str, str]] = set()
_MAX_REPORTED = 10_000


# ── what is known of a request class before its answer ───────────────────────────────────────────────────────────────


@attrs.frozen(eq=False, repr=False)
class _Plan:
    """How the answer of a request class is read."""

    kind: Any
    """The answer's type; ``NoneType`` where the envelope says it all."""
    key: str | None
    """The wire name under which the answer stands."""
    may_be_none: bool
    """Whether nothing may stand there."""
    names: frozenset[str] | None
    """Keys of which one says success, if there is no errcode; ``None`` for any key."""
    as_it_is: bool
    """Whether the body itself is the answer."""


_plans: dict[Any, _Plan] = {}


def check_readable(request: type[UnionRequest[Any]]) -> _Plan:
    """
    Make all that is needed to write a request and to read its answer; costs nothing but the first time.

    Raises:
        TypeError: ``request`` is no request class with a path, or its fields or its answer class are of no kind that
            JSON has. The message names the field.

    """
    try:
        return _plans[request]
    except (KeyError, TypeError):  # a TypeError: no hash
        pass
    given: object = request
    if not (isinstance(given, type) and hasattr(given, "path") and issubclass(given, UnionRequest)):
        raise TypeError(f"request must be a request class with a path, not {request!r}")
    declared = answer_type_of(request)
    kind, key, dialect = bare(declared), request.answer_key, request.dialect
    prepare(request, kind, dialect)
    names: frozenset[str] | None = None
    if key is not None or kind is type(None):
        names = frozenset(() if key is None else (key,))
    elif attrs.has(kind):
        names = frozenset(name for field in fields_of(kind, dialect) for name in field.wire_names)
    plan = _Plan(
        kind=kind,
        key=key,
        may_be_none=type(None) in typing.get_args(declared),
        names=names,
        as_it_is=key is None and kind in (dict, dict[str, Any]),
    )
    return _plans.setdefault(request, plan)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def decode_answer(
    request: type[UnionRequest[Answer]],
    raw: bytes | None,
    body: dict[str, Any],
    *,
    strict: bool,
    on_drift: "Callable[[DriftEvent], object] | None" = None,
) -> Answer:
    """
    Return the typed answer of a body whose errcode is 0, or absent.

    Args:
        request: the request class.
        raw: the bytes that ``body`` was read from, if there are any.
        body: the answer as ``load`` returned it.
        strict: raise on drift.
        on_drift: is told each drift, after the log.

    Raises:
        DecodeError: a required value is missing or of the wrong kind; or nothing says that the request succeeded:
            neither an errcode, which an answer of ``None`` must have, nor a key that the answer's class names.
        TypeError: the answer class of ``request`` is none that can be read into.

    """
    plan = check_readable(request)
    if body.get("errcode") is None and not plan.as_it_is:
        names = body if plan.names is None else plan.names
        if body.keys().isdisjoint(names):
            raise DecodeError("errcode: missing, and nothing else says that the request succeeded", path="errcode")
    if plan.kind is type(None):
        return None  # type: ignore[return-value]
    if plan.as_it_is:
        return load_exact(raw) if raw is not None and _BIG_INTEGER.search(raw) else body  # type: ignore[return-value]
    content = body if plan.key is None else _under_key(plan, body)
    if content is None:
        return None  # type: ignore[return-value]
    try:
        return read_quickly(plan.kind, content, request.dialect)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001, S110 - whatever it was, the patient reading finds it again and says where
        pass
    if raw is not None:
        body = load_exact(raw)
        content = body if plan.key is None else _under_key(plan, body)
    reading = Reading(strict=strict)
    answer = read_patiently(plan.kind, content, request.dialect, reading, plan.key or "")
    for path, found in reading.drift:
        _report(request.path, path, found, on_drift)
    return answer  # type: ignore[no-any-return]


def _under_key(plan: _Plan, body: Mapping[str, Any]) -> Any:
    key = typing.cast("str", plan.key)
    found = body.get(key)
    if found is not None or plan.may_be_none:
        return found
    if sort_of(plan.kind) == "list":
        return []
    raise DecodeError(f"{key}: a required value is missing", path=key)


def _report(endpoint: str, path: str, found: str, on_drift: "Callable[[DriftEvent], object] | None") -> None:
    field = (endpoint, re.sub(r"\[\d+\]", "[]", path))
    if field not in _reported and len(_reported) < _MAX_REPORTED:
        _reported.add(field)
        _drift_logger.warning("%s: %s: a JSON %s is of the wrong kind and was read as absent", endpoint, path, found)
    if on_drift is not None:
        from wxunion_async.events import DriftEvent  # most programs need none

        on_drift(DriftEvent(endpoint=endpoint, path=path, found=found))


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
        DecodeError: the body cannot be read, or a required value is missing or of the wrong kind; see ``.path``. With
            the path ``errcode``: nothing in the body says that the request succeeded.
        TypeError: an argument is of the wrong kind, or nothing can be read into the answer class.

    .. versionadded:: 0.1.0

    """
    check_readable(request)
    if isinstance(body, bytes):
        raw, content = body, load(body)
    elif isinstance(body, dict):
        raw, content = None, body
    else:
        raise TypeError(f"body must be bytes or a dict, not {type(body).__name__}")
    errcode = errcode_of(content)
    if errcode:
        error = api_error(errcode, content, request.errcodes)
        error.endpoint = request.path
        raise error
    return decode_answer(request, raw, content, strict=strict)


# ── to the wire, and to people ───────────────────────────────────────────────────────────────────────────────────────


def encode(value: Any) -> dict[str, Any]:
    """
    Return a request, or the answer of one, as the JSON-ready object that goes over the wire, without an envelope.

    An absent value is left out. ``decode(R, encode(answer)) == answer`` for an answer of ``R`` other than ``None``; one
    whose every value is absent is ``{"errcode": 0}``, because an empty object says nothing.

    Raises:
        TypeError: the value is neither a request nor an answer of a known request class, or a value in it has no JSON
            form; the message names the field.
        ValueError: a number is not finite, a text holds a lone surrogate, a datetime has no time zone; likewise.

    .. versionadded:: 0.1.0

    """
    kind: type[Any] = value.__class__
    if value is None:
        return {}
    if issubclass(kind, dict):
        return dict(value)
    if issubclass(kind, UnionRequest):
        return typing.cast("dict[str, Any]", unstructure(value, value.dialect, "request"))
    request = request_of_answer(kind)
    if request is None:
        raise TypeError(f"value must be a request or the answer of one, not {kind.__name__}")
    content = unstructure(value, request.dialect)
    return {request.answer_key: content} if request.answer_key is not None else content or {"errcode": 0}


def to_dict(value: Any) -> dict[str, Any]:
    """
    Return a model, a part of one, a request or an outcome as a JSON-ready dict, whatever its payload's dialect.

    Names are Python's, instants ISO 8601, enumerations numbers, lists kept even if they are empty; what is ``None`` is
    left out. An answer of ``None`` is ``{}``.

    An outcome has ``index``, ``request``, ``attempts``, ``elapsed`` (seconds) and either ``value``, which may be
    ``None``, or ``error`` with ``type``, ``message``, ``errcode``, ``rid`` (both ``None`` unless the service said no),
    ``retryable``, ``ambiguous`` and ``advice``.

    Raises:
        TypeError: ``value`` is of another kind, or holds what has no JSON form; the message names the field.
        ValueError: it holds a number that is not finite, a lone surrogate, or a datetime without a time zone.

    .. versionadded:: 0.2.0

    """
    if isinstance(value, Outcome):
        return _outcome_to_dict(value)  # pyright: ignore[reportUnknownArgumentType]
    kind: type[Any] = value.__class__
    if value is None:
        return {}
    if not attrs.has(kind) and not issubclass(kind, dict):
        raise TypeError(f"value must be a model, a request or an outcome, not {kind.__name__}")
    return typing.cast("dict[str, Any]", unstructure(value, "snake", "python"))


def _outcome_to_dict(outcome: Outcome[Any]) -> dict[str, Any]:
    told = {
        "index": outcome.index,
        "request": to_dict(outcome.request),
        "attempts": outcome.attempts,
        "elapsed": outcome.elapsed,
    }
    error = outcome.error
    if error is None:
        return {**told, "value": unstructure(outcome.value, "snake", "python")}
    said = error if isinstance(error, ApiError) else None
    told["error"] = {
        "type": type(error).__name__,
        "message": str(error),
        "errcode": said and said.errcode,
        "rid": said and said.rid,
        "retryable": error.retryable,
        "ambiguous": error.ambiguous,
        "advice": error.advice,
    }
    return told
