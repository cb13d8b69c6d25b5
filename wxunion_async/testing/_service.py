"""The vendor's calls without the network: bytes in, errcode and bytes out."""

import re
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from attrs import define

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._accounts import Account, Token
from wxunion_async.testing._catalogue import Catalogue
from wxunion_async.testing._json import dumps, load_answer, loads
from wxunion_async.testing._limits import Limits
from wxunion_async.testing._plans import Plan
from wxunion_async.testing._routes import Routes, checked_class
from wxunion_async.testing._types import INVALID_CREDENTIAL, JsonObject, Rejected, ServerClock, error_body, may_call
from wxunion_async.testing._wire import typed

ANY_PATH = "*"

_ISSUE_STABLE = "/cgi-bin/stable_token"
_TOKEN_METHODS = {"/cgi-bin/token": "GET", _ISSUE_STABLE: "POST"}
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_MAX_BODY = 1024**2
_EITHER_HEADER = 47
"""For zlib: the header tells whether it is gzip's or deflate's."""


@define
class Call:
    """A request: what came, what is known of it, and what came of it."""

    path: str
    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    """Arrival, in seconds on the server's clock."""
    raw: bytes = b""
    body: JsonObject | None = None
    """The JSON object of ``raw``, None when it is none."""
    account: Account | None = None
    """Whose token or app id was presented, as far as the server knows it."""
    token: Token | None = None
    status: int | None = None
    errcode: int | None = None

    @property
    def presented(self) -> str:
        """Quote the token and the secret that came with the request."""
        secret = self.query.get("secret") or (self.body or {}).get("secret")
        parts = {"access_token": self.query.get("access_token"), "secret": secret}
        return "".join(f" {name}={value}" for name, value in parts.items() if value)


class Service:
    """Answer calls as the vendor does."""

    def __init__(
        self, accounts: tuple[Account, ...], plan: Plan, catalogue: Catalogue, limits: Limits, clock: ServerClock
    ) -> None:
        self._accounts = accounts
        self._limits = limits
        self._clock = clock
        group = "/union/promoter/target/"
        self.routes = Routes(
            {
                group + "plan_info": lambda asked, _: plan.info(asked.plan_invitation_url),
                group + "apply_target": lambda asked, _: plan.apply(asked.plan_id, asked.apply_reason),
                group + "apply_status": lambda asked, _: plan.application(asked.plan_id),
                "/channels/ec/promoter/get_promote_product_detail": lambda asked, _: catalogue.detail(asked),
                "/channels/ec/promoter/get_promote_product_list": lambda asked, _: catalogue.page(asked),
                "/cgi-bin/openapi/quota/get": self._quota,
            }
        )

    def serves(self, path: str) -> bool:
        """Say whether a path is a token call's or a request class's."""
        return path in _TOKEN_METHODS or self.routes.find(path) is not None

    def served(self, target: str | type[UnionRequest[Any]]) -> str:
        """Return the path of a request class, or a path as it is; a ValueError if nobody serves it. ``"*"`` is any."""
        path = target if isinstance(target, str) else checked_class(target).path
        if path != ANY_PATH and not self.serves(path):
            raise ValueError(
                f"path: {path!r} is served by nobody; a request class of your own needs register() or answer()"
            )
        return path

    def matcher(
        self, target: str | type[UnionRequest[Any]], when: Callable[[Any], object] | None
    ) -> Callable[[Call], bool]:
        """Return what says whether a request is of the class, or of that of its path, and ``when`` is true of it."""
        if when is None:
            return lambda _: True
        if target in _TOKEN_METHODS:
            raise ValueError(f"when: {target} has no request class")

        def matches(call: Call) -> bool:
            route = self.routes.find(call.path)
            cls = target if isinstance(target, type) else route and route.request
            request = typed(cls, call.method, call.query, call.body) if cls else None
            return request is not None and bool(when(request))

        return matches

    def read(self, call: Call, raw: bytes) -> None:
        """Read the body of a request and find out whose it is."""
        if call.headers.get("Content-Encoding"):
            with suppress(zlib.error):  # what cannot be unpacked is no JSON, and answered as such
                raw = zlib.decompressobj(_EITHER_HEADER).decompress(raw, _MAX_BODY)
        call.raw = raw
        with suppress(ValueError):
            body = loads(raw) if raw else None
            call.body = body if body.__class__ is dict else None
        value = call.query.get("access_token", "")
        call.account = next((account for account in self._accounts if account.find(value)), None)
        call.token = None if call.account is None else call.account.find(value)
        if call.path in _TOKEN_METHODS:
            app_id = call.query.get("appid") or (call.body or {}).get("appid")
            call.account = next((account for account in self._accounts if account.app_id == app_id), None)

    def answer(self, call: Call) -> tuple[int, bytes]:
        """Do what a request asks for, and return errcode (0 for success) and JSON body."""
        try:
            answer = self._answer(call)
            return int(answer.get("errcode", 0)), dumps(answer)
        except Rejected as rejected:
            return rejected.errcode, error_body(rejected.errcode, self._clock.unix())

    def _answer(self, call: Call) -> JsonObject:
        with self._clock.lock:
            if call.path in _TOKEN_METHODS:
                return self._issue(call)
            route = self.routes.find(call.path)
            if route is None:
                raise Rejected(40066)
            _check_method(call, route.request.method)
            account = self._check_token(call)
            if not may_call(account.family, call.path):
                raise Rejected(48001)
            self._limits.admit(account.family, call.path)
            asked = route.check(call.query if call.method == "GET" else _json_body(call))
        # Without the lock: a test's own function may wait for what another thread does to the server.
        return route.answer(asked, account)

    def _check_token(self, call: Call) -> Account:
        value = call.query.get("access_token")
        if not value:
            raise Rejected(41001)
        if call.account is None or call.token is None:
            raise Rejected(INVALID_CREDENTIAL if _TOKEN.fullmatch(value) else 40014)
        if self._clock.now() >= call.token.ends:
            raise Rejected(call.token.end_errcode)
        return call.account

    def _issue(self, call: Call) -> JsonObject:
        _check_method(call, _TOKEN_METHODS[call.path])
        is_stable = call.path == _ISSUE_STABLE
        given = _json_body(call) if is_stable else call.query
        if given.get("grant_type") != "client_credential":
            raise Rejected(40002)
        if not given.get("appid"):
            raise Rejected(41002)
        if not given.get("secret"):
            raise Rejected(41004)
        account = next((account for account in self._accounts if account.app_id == given["appid"]), None)
        if account is None:
            raise Rejected(40013)
        if given["secret"] != account.app_secret:
            raise Rejected(40125)
        self._limits.admit(account.family, call.path)
        if account.frozen:
            raise Rejected(40243)
        return (
            account.stable_token(force_refresh=given.get("force_refresh") is True)
            if is_stable
            else account.plain_token()
        )

    def _quota(self, asked: Any, account: Account) -> JsonObject:
        path: str = asked.cgi_path
        if not self.serves(path):
            raise Rejected(76021)
        if not may_call(account.family, path):
            raise Rejected(76022)
        used = self._limits.used(account.family, path)
        answer = load_answer("quota/get")
        daily_limit: Any = self._limits.daily_quotas.get(path, answer["quota"]["daily_limit"])
        answer["quota"] = {"daily_limit": daily_limit, "used": used, "remain": max(0, daily_limit - used)}
        limit = self._limits.rate_limits.get(path)
        if limit is not None:
            answer["rate_limit"] = {"call_count": limit[0], "refresh_second": limit[1]}
            del answer["component_rate_limit"]
        return answer


def path_of(target: Any) -> Any:
    """Return the path of a request class, and anything else as it is."""
    return getattr(target, "path", target)


def _check_method(call: Call, method: str) -> None:
    if call.method != method:
        raise Rejected(43002 if method == "POST" else 43001)


def _json_body(call: Call) -> JsonObject:
    if not call.raw:
        raise Rejected(44002)
    if b"\\u" in call.raw:
        raise Rejected(40033)
    content_type = call.headers.get("Content-Type", "")
    if call.body is None or (content_type and "json" not in content_type):
        raise Rejected(47001)
    return call.body
