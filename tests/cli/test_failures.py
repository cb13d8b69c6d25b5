"""The panel of an error: what happened, what to do, and the rid."""

from datetime import UTC, datetime
from typing import Any

import pytest

import wxunion_async
from wxunion_async import (
    AlreadyAppliedError,
    ApiError,
    CredentialError,
    DeadlineExceededError,
    DecodeError,
    HttpStatusError,
    IPNotAllowedError,
    QuotaExhaustedError,
    RateLimitedError,
    TransportError,
    UnionError,
)
from wxunion_async.cli.failures import exit_code_of, facts, show

MORE: dict[type[UnionError], dict[str, Any]] = {
    DeadlineExceededError: {"waiting_for": "token"},
    HttpStatusError: {"status": 404},
}


def limited() -> RateLimitedError:
    """Return a pause of a minute."""
    error = RateLimitedError(45011, "api minute-quota reach limit")
    error.retry_after = 31.4
    return error


def exhausted() -> QuotaExhaustedError:
    """Return the end of a day's quota."""
    error = QuotaExhaustedError(45009, "reach max api daily quota limit")
    error.resets_at = datetime(2026, 1, 1, 16, tzinfo=UTC)
    return error


@pytest.mark.parametrize(
    ("error", "exit_code", "advice"),
    [
        (IPNotAllowedError(40164, "invalid ip"), 1, "allow-list"),
        (CredentialError(40125, "invalid appsecret"), 1, "Check the app id and the secret."),
        (AlreadyAppliedError(202004, "applied"), 1, "apply_status"),
        (limited(), 3, "Wait 32 s"),
        (exhausted(), 3, "starts anew at 2026-01-01 16:00:00+00:00"),
        (QuotaExhaustedError(45009, ""), 3, "used up"),
        (TransportError("no connection [red]at all[/]"), 3, "Try again later"),
        (HttpStatusError("HTTP status 407", status=407), 1, "check the proxy"),
        (DecodeError("product: missing", path="product"), 1, "report it"),
        (ApiError(99, "who knows"), 1, "Look the errcode up"),
    ],
)
def test_each_error_has_advice_and_exit_code(
    error: UnionError, exit_code: int, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who reads it at night wants the next step, not the class tree."""
    show(error)
    words = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert advice in words
    assert str(error) in words
    assert exit_code_of(error) == exit_code


def test_every_error_of_the_library_has_advice(capsys: pytest.CaptureFixture[str]) -> None:
    """A new error class falls back to that of its base, so that none is left without."""
    public = (getattr(wxunion_async, name) for name in wxunion_async.__all__)
    classes = [value for value in public if isinstance(value, type) and issubclass(value, UnionError)]
    assert len(classes) > 20
    for cls in classes:
        show(cls(77, "no") if issubclass(cls, ApiError) else cls("no", **MORE.get(cls, {})))
        assert "What to do" in capsys.readouterr().err


def test_the_rid_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what one copies into a letter to the vendor's support."""
    error = ApiError(-2, "oops rid: 6b0224bb-3d97f515-4878804a")
    show(error)
    assert "rid            6b0224bb-3d97f515-4878804a" in capsys.readouterr().err
    assert facts(error)["rid"] == "6b0224bb-3d97f515-4878804a"


def test_an_error_without_errcode_has_its_words_for_errmsg() -> None:
    """A program finds the words in one place, whatever failed."""
    known = facts(TransportError("no connection"))
    assert (known["errcode"], known["errmsg"], known["rid"], known["retryable"]) == (None, "no connection", None, True)
