"""
Every error of the library, one tree, sorted by whose fault it is.

Branch on the class or on an attribute, never on the words of the message. Sources of the errcodes: the vendor's
commErrCode pages (``wechat-facts.md``, "Return codes") and the tables of the two interface documents.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from wxunion_async._endpoint import UnionRequest

__all__ = [
    "COMMON_ERRCODES",
    "AlreadyAppliedError",
    "ApiError",
    "ApplyReasonTooLongError",
    "ClientClosedError",
    "CouponError",
    "CredentialError",
    "DeadlineExceededError",
    "DecodeError",
    "FeatureClosedError",
    "HttpStatusError",
    "IPNotAllowedError",
    "InvalidAppIdError",
    "InvalidParameterError",
    "NoCooperationError",
    "NotAppliedError",
    "NotBoundError",
    "OpenIdNotBoundError",
    "OrderNotFoundError",
    "PermissionDeniedError",
    "PlanExpiredError",
    "PlanNotFoundError",
    "ProductNotFoundError",
    "ProductNotListedError",
    "PromoterNotFoundError",
    "QuotaExhaustedError",
    "RateLimitedError",
    "ResponseError",
    "SystemBusyError",
    "TokenError",
    "TransportError",
    "UnionError",
]

WaitingFor = Literal["permit", "token", "answer", "backoff"]

_RID = re.compile(r"\brid:\s*([0-9A-Za-z-]+)")


def _rebuild(cls: type["UnionError"], args: tuple[Any, ...], state: dict[str, Any]) -> "UnionError":
    error = cls.__new__(cls, *args)
    error.args = args  # OSError, and so TimeoutError, leaves this to __init__
    error.__dict__.update(state)
    return error


class UnionError(Exception):
    """The root: whatever a call of this library raises, other than for a wrong argument or a cancellation."""

    endpoint: str | None = None
    """URL path of the request that failed (for a failed token fetch, the token's); ``None`` outside of a call."""
    request: "UnionRequest[Any] | None" = None
    """The caller's request value; ``None`` outside of a call."""
    attempts: int = 0
    """How many times the request was tried, the first included; 0 when it never got so far."""
    ambiguous: bool = False
    """True when the service may have carried out a request that must not be repeated blindly."""

    _transient: bool = False
    _advice: str = "Read the message; if it does not help, report it."

    @property
    def retryable(self) -> bool:
        """True when the same call, made again later, may succeed and does no harm (so never when ambiguous)."""
        return self._transient and not self.ambiguous

    @property
    def advice(self) -> str:
        """One sentence: what to do about it."""
        if self.ambiguous:
            return "It may have been carried out: ask the service for its state before you send it again."
        return self._advice

    def _what(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.endpoint}: {self._what()}" if self.endpoint else self._what()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class DeadlineExceededError(UnionError, TimeoutError):
    """
    ``call_timeout`` is over.

    If ``ambiguous`` is true, the request had been sent: ask ``client.target.apply_status`` before you apply again.
    """

    _advice = "Try again later; if it stays so, check the network, the proxy and the base URL."

    waiting_for: WaitingFor
    """
    What the call waited for when the time was over.

    ``"permit"`` covers the place in line, ``"answer"`` the connection too.
    """
    last: UnionError | None = None
    """What failed last during the call, of the token's requests too; ``None`` if nothing had. The text ends with it."""
    _transient = True

    def __init__(self, message: str, *, waiting_for: WaitingFor, last: UnionError | None = None) -> None:
        super().__init__(message)
        self.waiting_for = waiting_for
        self.last = last

    def _what(self) -> str:
        return super()._what() if self.last is None else f"{super()._what()}; last: {self.last}"


class TransportError(UnionError):
    """
    No usable answer came: no connection, TLS, a cut connection, or attempts used up by timeouts.

    If ``ambiguous`` is true, the request may have been carried out: ask ``client.target.apply_status``.
    """

    _advice = "Try again later; if it stays so, check the network, the proxy and the base URL."

    def __init__(self, message: str = "", *, retryable: bool = True) -> None:
        super().__init__(message)
        self._transient = retryable  # a certificate stays what it is


class ResponseError(UnionError):
    """
    An answer outside the contract: not what the interface document says.

    If ``ambiguous`` is true, the request may have been carried out: ask ``client.target.apply_status``.
    """

    _advice = "Something between here and the service answered: check the proxy and the base URL."

    body: str = ""
    """The first 4 KiB of the answer as text, with token and secret replaced."""

    def __init__(self, message: str, *, body: str = "") -> None:
        super().__init__(message)
        self.body = body


class HttpStatusError(ResponseError):
    """An HTTP status other than 2xx; the vendor answers 200 even for errors, so a proxy or gateway spoke."""

    status: int
    """The HTTP status code."""

    def __init__(self, message: str, *, status: int, body: str = "") -> None:
        super().__init__(message, body=body)
        self.status = status
        self._transient = status >= 500 or status == 429


class DecodeError(ResponseError):
    """An answer that cannot be read: no JSON object, or a required value is missing or of the wrong kind."""

    _advice = "The answer is outside of the vendor's documents: report it with the path."

    path: str
    """Where, in wire names (``product.product_id``, ``productListInfo[0].productId``); "" for the whole body."""

    def __init__(self, message: str, *, path: str = "", body: str = "") -> None:
        super().__init__(message, body=body)
        self.path = path


class ApiError(UnionError):
    """
    The service said no: a non-zero errcode. A code that no subclass names is an ``ApiError`` itself.

    If ``ambiguous`` is true, an earlier attempt may have been carried out: ask ``client.target.apply_status``.
    """

    _advice = "Look the errcode up in the vendor's documents."

    errcodes: ClassVar[tuple[int, ...]] = ()
    """The codes that this class stands for on every path; business codes belong to their endpoints."""
    errcode: int
    """The vendor's code."""
    errmsg: str
    """The vendor's text, with token and secret replaced; "" if the answer had none."""

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        super().__init__(errcode, errmsg)
        self.errcode = errcode
        self.errmsg = errmsg

    @property
    def rid(self) -> str | None:
        """The vendor's request id from the end of ``errmsg``, which its support asks for; ``None`` if absent."""
        found = _RID.search(self.errmsg)
        return found[1] if found else None

    def _what(self) -> str:
        return f"errcode {self.errcode}: {self.errmsg}"


class TokenError(ApiError):
    """40001, 40014, 42001, 41001: the access token is refused, and a new one did not help."""

    _advice = "A new token did not help: see whether something else refreshes this app's token."

    errcodes: ClassVar[tuple[int, ...]] = (40001, 40014, 42001, 41001)


class CredentialError(ApiError):
    """40013, 40125, 41002, 41004, 40243: app id or secret is wrong, missing or frozen. Configuration."""

    _advice = "Check the app id and the secret."

    errcodes: ClassVar[tuple[int, ...]] = (40013, 40125, 41002, 41004, 40243)


class IPNotAllowedError(CredentialError):
    """40164, 45035, 61004, 89503: the caller's IP is not on the account's allow-list, or not yet confirmed."""

    _advice = "Put this machine's IP address, or your proxy's, on the account's allow-list."

    errcodes: ClassVar[tuple[int, ...]] = (40164, 45035, 61004, 89503)


class PermissionDeniedError(ApiError):
    """48001, 48004, 50001, 50002, 61007: this account may not call this API (wrong family, banned, not granted)."""

    _advice = "Use the account that the call is for, a promoter's or an agency's, or have the API granted."

    errcodes: ClassVar[tuple[int, ...]] = (48001, 48004, 50001, 50002, 61007)


class SystemBusyError(ApiError):
    """-1: the service is busy; the attempts are used up."""

    _advice = "Try again later: the service is busy."

    errcodes: ClassVar[tuple[int, ...]] = (-1,)
    _transient = True


class RateLimitedError(ApiError):
    """45011: too many calls this minute, and the wait would outlast the call's deadline."""

    errcodes: ClassVar[tuple[int, ...]] = (45011,)
    retry_after: float = 61.0
    """Seconds from the answer until the minute is over, plus 1; the most that this can be, outside of a call."""
    _transient = True

    @property
    def advice(self) -> str:
        """One sentence: what to do about it."""
        if self.ambiguous:
            return super().advice
        return f"Wait {math.ceil(self.retry_after)} s, then try again; send fewer calls a minute."


class QuotaExhaustedError(ApiError):
    """45009: the daily quota of this path is used up; see ``client.quota.get``."""

    errcodes: ClassVar[tuple[int, ...]] = (45009,)
    resets_at: datetime | None = None
    """When the quota starts anew: the next midnight in Shanghai, an aware ``datetime``; ``None`` outside of a call."""

    @property
    def advice(self) -> str:
        """One sentence: what to do about it."""
        when = f" It starts anew at {self.resets_at}." if self.resets_at else ""
        return super().advice if self.ambiguous else f"The calls of today are used up.{when} See client.quota.get."


class PlanExpiredError(ApiError):
    """202001: the targeted plan has expired."""

    _advice = "Drop the plan: it is over."


class PlanNotFoundError(ApiError):
    """202002: the targeted plan does not exist."""

    _advice = "Check the plan; its id is the base64 text that plan_info tells."


class AlreadyAppliedError(ApiError):
    """202004: this promoter has applied for the targeted plan before."""

    _advice = "Nothing: see how it went with apply_status."


class NotAppliedError(ApiError):
    """202005: this promoter has not applied for the targeted plan."""

    _advice = "Apply first, with apply_target."


class ApplyReasonTooLongError(ApiError):
    """202006: the reason for the application is too long."""

    _advice = "Shorten the reason."


class InvalidParameterError(ApiError):
    """10024000, 10071003, 10071048: the service found a parameter wrong."""

    _advice = "Check the arguments."


class InvalidAppIdError(ApiError):
    """10024003, 10071033: the shop's app id is wrong."""

    _advice = "Check the shop's app id."


class ProductNotFoundError(ApiError):
    """10024004: there is no such product."""

    _advice = "Drop the product, or check its id."


class ProductNotListedError(ApiError):
    """10071053: the product is not on the shelf."""

    _advice = "Drop the product, or try again when it is back on the shelf."


class NotBoundError(ApiError):
    """10071029, 10071058: the promoter is not bound to this agency."""

    _advice = (
        "Have the promoter bind to this agency first; get_promoter_register_and_bind_status tells what is missing."
    )


class OpenIdNotBoundError(ApiError):
    """10071056: the openid is of a mini program that is not bound to this agency."""

    _advice = "Take the openid from the mini program that is bound to this agency."


class PromoterNotFoundError(ApiError):
    """10071030: the promoter's, or the talent's, account was not found."""

    _advice = "Check the promoter's or the talent's app id."


class FeatureClosedError(ApiError):
    """10071049: the promoter function is switched off."""

    _advice = "Drop it: its owner has switched the promotion off."


class CouponError(ApiError):
    """10071034, 10071035: the coupon could not be read, or is not in force."""

    _advice = "Drop the coupon, or check its id."


class NoCooperationError(ApiError):
    """10024007, 10071047: there is no cooperation between this agency and the merchant or talent."""

    _advice = "Agree on a cooperation first, or drop the merchant or talent."


class OrderNotFoundError(ApiError):
    """10024006: there is no such commission order."""

    _advice = "Check the order's id; a new order takes a while to appear."


class ClientClosedError(UnionError):
    """
    The client was closed, before the call or during it.

    If ``ambiguous`` is true, the request had been sent: ask ``client.target.apply_status`` before you apply again.
    """

    _advice = "Make a new client, or send the request before this one is closed."


COMMON_ERRCODES: Mapping[int, type[ApiError]] = {
    errcode: cls
    for cls in (
        TokenError,
        CredentialError,
        IPNotAllowedError,
        PermissionDeniedError,
        SystemBusyError,
        RateLimitedError,
        QuotaExhaustedError,
    )
    for errcode in cls.errcodes
}
"""errcode → class for the codes that mean the same on every path."""
