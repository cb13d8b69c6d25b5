"""
Every error of the library, one tree, sorted by whose fault it is.

Branch on the class or on an attribute, never on the words of the message. Sources of the errcodes: the vendor's
commErrCode pages (``wechat-facts.md``, "Return codes") and the tables of the two interface documents.
"""

import copyreg
import math
import re
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
        return self._advise()

    def _advise(self) -> str:
        return self._advice

    def _what(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.endpoint}: {self._what()}" if self.endpoint else self._what()

    def __reduce__(self) -> tuple[Any, ...]:
        # What keeps a state of its own in __init__ would be called without its keywords.
        return copyreg.__newobj__, (type(self),), {**self.__dict__, "args": self.args}  # type: ignore[attr-defined]


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

    _advice = DeadlineExceededError._advice

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


COMMON_ERRCODES: dict[int, "type[ApiError]"] = {}
"""errcode → class for the codes that mean the same on every path."""
BUSINESS_ERRCODES: dict[int, "type[ApiError]"] = {}
"""errcode → class for the codes of the family; they count where an endpoint's document lists them."""


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

    def __init_subclass__(
        cls, errcodes: tuple[int, ...] = (), business: tuple[int, ...] = (), advice: str = ""
    ) -> None:
        super().__init_subclass__()
        cls.errcodes = errcodes or cls.errcodes
        cls._advice = advice or cls._advice
        COMMON_ERRCODES.update(dict.fromkeys(errcodes, cls))
        BUSINESS_ERRCODES.update(dict.fromkeys(business, cls))

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        super().__init__(errcode, errmsg)
        self.errcode = errcode
        self.errmsg = errmsg

    @property
    def rid(self) -> str | None:
        """The vendor's request id from the end of ``errmsg``, which its support asks for; ``None`` if absent."""
        found = re.search(r"\brid:\s*([0-9A-Za-z-]+)", self.errmsg)
        return found[1] if found else None

    def _what(self) -> str:
        return f"errcode {self.errcode}: {self.errmsg}"


class TokenError(ApiError, errcodes=(40001, 40014, 42001, 41001)):
    """40001, 40014, 42001, 41001: the access token is refused, and a new one did not help."""

    _advice = "A new token did not help: see whether something else refreshes this app's token."


class CredentialError(ApiError, errcodes=(40013, 40125, 41002, 41004, 40243)):
    """40013, 40125, 41002, 41004, 40243: app id or secret is wrong, missing or frozen. Configuration."""

    _advice = "Check the app id and the secret."


class IPNotAllowedError(CredentialError, errcodes=(40164, 45035, 61004, 89503)):
    """40164, 45035, 61004, 89503: the caller's IP is not on the account's allow-list, or not yet confirmed."""

    _advice = "Put this machine's IP address, or your proxy's, on the account's allow-list."


class PermissionDeniedError(ApiError, errcodes=(48001, 48004, 50001, 50002, 61007)):
    """48001, 48004, 50001, 50002, 61007: this account may not call this API (wrong family, banned, not granted)."""

    _advice = "Use the account that the call is for, a promoter's or an agency's, or have the API granted."


class SystemBusyError(ApiError, errcodes=(-1,), advice="Try again later: the service is busy."):
    """-1: the service is busy; the attempts are used up."""

    _transient = True


class RateLimitedError(ApiError, errcodes=(45011,)):
    """45011: too many calls this minute, and the wait would outlast the call's deadline."""

    retry_after: float = 61.0
    """Seconds from the answer until the minute is over, plus 1; the most that this can be, outside of a call."""
    _transient = True

    def _advise(self) -> str:
        return f"Wait {math.ceil(self.retry_after)} s, then try again; send fewer calls a minute."


class QuotaExhaustedError(ApiError, errcodes=(45009,)):
    """45009: the daily quota of this path is used up; see ``client.quota.get``."""

    resets_at: datetime | None = None
    """When the quota starts anew: the next midnight in Shanghai, an aware ``datetime``; ``None`` outside of a call."""

    def _advise(self) -> str:
        when = f" It starts anew at {self.resets_at}." if self.resets_at else ""
        return f"The calls of today are used up.{when} See client.quota.get."


class PlanExpiredError(ApiError, business=(202001,), advice="Drop the plan: it is over."):
    """202001: the targeted plan has expired."""


class PlanNotFoundError(ApiError, business=(202002,)):
    """202002: the targeted plan does not exist."""

    _advice = "Check the plan; its id is the base64 text that plan_info tells."


class AlreadyAppliedError(ApiError, business=(202004,), advice="Nothing: see how it went with apply_status."):
    """202004: this promoter has applied for the targeted plan before."""


class NotAppliedError(ApiError, business=(202005,), advice="Apply first, with apply_target."):
    """202005: this promoter has not applied for the targeted plan."""


class ApplyReasonTooLongError(ApiError, business=(202006,), advice="Shorten the reason."):
    """202006: the reason for the application is too long."""


class InvalidParameterError(ApiError, business=(10024000, 10071003, 10071048), advice="Check the arguments."):
    """10024000, 10071003, 10071048: the service found a parameter wrong."""


class InvalidAppIdError(ApiError, business=(10024003, 10071033), advice="Check the shop's app id."):
    """10024003, 10071033: the shop's app id is wrong."""


class ProductNotFoundError(ApiError, business=(10024004,), advice="Drop the product, or check its id."):
    """10024004: there is no such product."""


class ProductNotListedError(ApiError, business=(10071053,)):
    """10071053: the product is not on the shelf."""

    _advice = "Drop the product, or try again when it is back on the shelf."


class NotBoundError(ApiError, business=(10071029, 10071058)):
    """10071029, 10071058: the promoter is not bound to this agency."""

    _advice = (
        "Have the promoter bind to this agency first; get_promoter_register_and_bind_status tells what is missing."
    )


class OpenIdNotBoundError(ApiError, business=(10071056,)):
    """10071056: the openid is of a mini program that is not bound to this agency."""

    _advice = "Take the openid from the mini program that is bound to this agency."


class PromoterNotFoundError(ApiError, business=(10071030,), advice="Check the promoter's or the talent's app id."):
    """10071030: the promoter's, or the talent's, account was not found."""


class FeatureClosedError(ApiError, business=(10071049,), advice="Drop it: its owner has switched the promotion off."):
    """10071049: the promoter function is switched off."""


class CouponError(ApiError, business=(10071034, 10071035), advice="Drop the coupon, or check its id."):
    """10071034, 10071035: the coupon could not be read, or is not in force."""


class NoCooperationError(ApiError, business=(10024007, 10071047)):
    """10024007, 10071047: there is no cooperation between this agency and the merchant or talent."""

    _advice = "Agree on a cooperation first, or drop the merchant or talent."


class OrderNotFoundError(ApiError, business=(10024006,)):
    """10024006: there is no such commission order."""

    _advice = "Check the order's id; a new order takes a while to appear."


class ClientClosedError(UnionError):
    """
    The client was closed, before the call or during it.

    If ``ambiguous`` is true, the request had been sent: ask ``client.target.apply_status`` before you apply again.
    """

    _advice = "Make a new client, or send the request before this one is closed."
