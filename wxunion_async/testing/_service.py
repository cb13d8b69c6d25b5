"""The vendor's calls without the network: bytes in, errcode and bytes out."""

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from attrs import define

from wxunion_async._endpoint import UnionRequest
from wxunion_async.testing._accounts import Account, Token, is_well_formed
from wxunion_async.testing._catalogue import Catalogue
from wxunion_async.testing._clock import ServerClock
from wxunion_async.testing._json import as_object, dumps, load_answer, loads
from wxunion_async.testing._limits import Limits
from wxunion_async.testing._plans import Plan
from wxunion_async.testing._routes import Routes, checked_class
from wxunion_async.testing._types import INVALID_CREDENTIAL, SUCCESS, JsonObject, Rejected, error_body, may_call
from wxunion_async.testing._wire import typed

ISSUE_PLAIN = "/cgi-bin/token"
ISSUE_STABLE = "/cgi-bin/stable_token"
QUOTA_GET = "/cgi-bin/openapi/quota/get"

ANY_PATH = "*"
_MASKED = "***"
_MAX_BODY = 1024**2
_EITHER_HEADER = 47
"""For zlib: the header tells whether it is gzip's or deflate's."""


@define
class Call:
    """A request, read but not yet judged."""

    path: str
    method: str
    query: Mapping[str, str]
    content_type: str
    raw: bytes
    body: JsonObject | None
    """The JSON object of ``raw``, None when it is none."""
    account: Account | None
    """Whose token or app id was presented, as far as the server knows it."""
    token: Token | None

    @property
    def presented(self) -> str:
        """Quote the token and the secret that came with the request."""
        secret = self.query.get("secret") or (self.body or {}).get("secret")
        parts = {"access_token": self.query.get("access_token"), "secret": secret}
        return "".join(f" {name}={value}" for name, value in parts.items() if value)

    def shown_query(self) -> Mapping[str, str]:
        """Copy the query without token and secret."""
        return {name: _mask(name, value) for name, value in self.query.items() if name != "access_token"}

    def shown_body(self) -> JsonObject | None:
        """Copy the body, if it is a JSON object, without token and secret."""
        return None if self.body is None else {name: _mask(name, value) for name, value in self.body.items()}


def _mask(name: str, value: Any) -> Any:
    return _MASKED if name in ("secret", "access_token") else value


class Service:
    """Answer calls as the vendor does."""

    def __init__(
        self, accounts: tuple[Account, ...], plan: Plan, catalogue: Catalogue, limits: Limits, clock: ServerClock
    ) -> None:
        self._accounts = accounts
        self._limits = limits
        self._clock = clock
        self._token_calls = {ISSUE_PLAIN: ("GET", self._plain_token), ISSUE_STABLE: ("POST", self._stable_token)}
        group = "/union/promoter/target/"
        self.routes = Routes(
            {
                group + "plan_info": lambda sent, _: plan.info(sent.get("planInvitationUrl")),
                group + "apply_target": lambda sent, _: plan.apply(sent["planId"], sent["applyReason"]),
                group + "apply_status": lambda sent, _: plan.application(sent.get("planId")),
                "/channels/ec/promoter/get_promote_product_detail": lambda sent, _: catalogue.detail(sent),
                "/channels/ec/promoter/get_promote_product_list": lambda sent, _: catalogue.page(sent),
                QUOTA_GET: self._quota,
            }
        )

    def serves(self, path: str) -> bool:
        """Say whether a path is a token call's or a request class's."""
        return path in self._token_calls or self.routes.find(path) is not None

    def served(self, target: str | type[UnionRequest[Any]]) -> str:
        """Return the path of a request class, or a path as it is; a ValueError if nobody serves it. ``"*"`` is any."""
        path = target if isinstance(target, str) else checked_class(target).path
        if path != ANY_PATH and not self.serves(path):
            raise ValueError(
                f"path: {path!r} is served by nobody; a request class of your own needs register() or answer()"
            )
        return path

    def matcher(self, target: str | type[UnionRequest[Any]], when: Callable[[Any], object]) -> Callable[["Call"], bool]:
        """Return what says whether a request is of the class, or of that of its path, and ``when`` is true of it."""
        if target in self._token_calls:
            raise ValueError(f"when: {target} has no request class")

        def matches(call: Call) -> bool:
            route = self.routes.find(call.path)
            cls = target if isinstance(target, type) else route and route.request
            request = typed(cls, call.method, call.query, call.body) if cls else None
            return request is not None and bool(when(request))

        return matches

    def read(self, path: str, method: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes) -> Call:
        """Read a request and find out whose it is."""
        if headers.get("Content-Encoding"):
            with suppress(zlib.error):  # what cannot be unpacked is no JSON, and answered as such
                raw = zlib.decompressobj(_EITHER_HEADER).decompress(raw, _MAX_BODY)
        body: JsonObject | None = None
        with suppress(ValueError):
            body = as_object(loads(raw)) if raw else None
        value = query.get("access_token", "")
        account = next((account for account in self._accounts if account.find(value)), None)
        token = None if account is None else account.find(value)
        if path in self._token_calls:
            account = self._by_app_id(query.get("appid") or (body or {}).get("appid"))
        return Call(path, method, query, headers.get("Content-Type", ""), raw, body, account, token)

    def answer(self, call: Call) -> tuple[int, bytes]:
        """Do what a request asks for, and return errcode (0 for success) and JSON body."""
        try:
            answer = self._answer(call)
            return int(answer.get("errcode", SUCCESS)), dumps(answer)
        except Rejected as rejected:
            return rejected.errcode, error_body(rejected.errcode, self._clock.unix())

    def _answer(self, call: Call) -> JsonObject:
        with self._clock.lock:
            if call.path in self._token_calls:
                method, issue = self._token_calls[call.path]
                _check_method(call, method)
                return issue(call)
            route = self.routes.find(call.path)
            if route is None:
                raise Rejected(40066)
            _check_method(call, route.request.method)
            account = self._check_token(call)
            if not may_call(account.family, call.path):
                raise Rejected(48001)
            self._limits.admit(account.family, call.path)
            sent = call.query if call.method == "GET" else _json_body(call)
            values = route.check(sent)
            if route.function is None:
                return route.answer(sent, values, account)
        # Without the lock: a test's own function may wait for what another thread does to the server.
        return route.answer_by_function(route.function, values)

    def _check_token(self, call: Call) -> Account:
        value = call.query.get("access_token")
        if not value:
            raise Rejected(41001)
        if call.account is None or call.token is None:
            raise Rejected(INVALID_CREDENTIAL if is_well_formed(value) else 40014)
        call.account.check(call.token)
        return call.account

    def _by_app_id(self, app_id: object) -> Account | None:
        return next((account for account in self._accounts if account.app_id == app_id), None)

    def _plain_token(self, call: Call) -> JsonObject:
        return self._check_credentials(call, call.query).plain_token()

    def _stable_token(self, call: Call) -> JsonObject:
        body = _json_body(call)
        return self._check_credentials(call, body).stable_token(force_refresh=body.get("force_refresh") is True)

    def _check_credentials(self, call: Call, given: Mapping[str, Any]) -> Account:
        if given.get("grant_type") != "client_credential":
            raise Rejected(40002)
        if not given.get("appid"):
            raise Rejected(41002)
        if not given.get("secret"):
            raise Rejected(41004)
        account = self._by_app_id(given["appid"])
        if account is None:
            raise Rejected(40013)
        if given["secret"] != account.app_secret:
            raise Rejected(40125)
        self._limits.admit(account.family, call.path)
        return account

    def _quota(self, sent: Mapping[str, Any], account: Account) -> JsonObject:
        path: str = sent["cgi_path"]
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


def _check_method(call: Call, method: str) -> None:
    if call.method != method:
        raise Rejected(43002 if method == "POST" else 43001)


def _json_body(call: Call) -> JsonObject:
    if not call.raw:
        raise Rejected(44002)
    if b"\\u" in call.raw:
        raise Rejected(40033)
    if call.body is None or (call.content_type and "json" not in call.content_type):
        raise Rejected(47001)
    return call.body
