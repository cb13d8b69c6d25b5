"""What the modules of the fake server share: names of types, and how a call is turned down."""

import secrets
from typing import Any, Literal, TypeAlias

from wxunion_async.testing._json import dumps

Family: TypeAlias = Literal["promoter", "agency", "both"]
"""Whose app it is: ``/union/*`` is for a promoter, ``/channels/ec/*`` for an agency, the rest for either."""

JsonObject: TypeAlias = dict[str, Any]

SUCCESS = 0
INVALID_CREDENTIAL = 40001
TOKEN_EXPIRED = 42001

ERRMSGS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7, not in whitelist",
    40243: "appsecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    44002: "empty post data",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    48001: "api unauthorized",
    76003: "invalid cgi_path",
    76021: "cgi_path not found",
    76022: "could not use this cgi_path, no permission",
    202001: "plan has expired",
    202002: "plan does not exist",
    202004: "promoter has already applied for the plan",
    202005: "promoter has not applied for the plan",
    202006: "apply reason exceeds the length limit",
    10024000: "参数错误",
    10024003: "不合法的appid",
    10024004: "不存在该商品",
    10071033: "shop_appid错误",
    10071048: "参数异常,请检查入参",
    10071053: "商品不在架",
}
"""The wording of each errcode; an errcode that is not listed is worded "error"."""


class Rejected(Exception):
    """A call that is answered with a non-zero errcode."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


def may_call(family: Family, path: str) -> bool:
    """Say whether an app of a family may call a path."""
    owner = "agency" if path.startswith("/channels/ec/") else "promoter" if path.startswith("/union/") else family
    return family in (owner, "both")


def error_body(errcode: int, unix: int, *, errmsg: str | None = None, suffix: str = "") -> bytes:
    """Write the JSON of an error, in the vendor's words or ``errmsg``, with a fresh rid as its support asks for."""
    words = ERRMSGS.get(errcode, "error") if errmsg is None else errmsg
    rid = f"{unix:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return dumps({"errcode": errcode, "errmsg": f"{words}{suffix} rid: {rid}"})
