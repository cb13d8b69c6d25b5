"""What the modules of the fake server share: names of types, and how a call is turned down."""

import secrets
from typing import Any, Literal, TypeAlias

from wxunion_async.testing._json import dumps, load_file

Family: TypeAlias = Literal["promoter", "agency", "both"]
"""Whose app it is: ``/union/*`` is for a promoter, ``/channels/ec/*`` for an agency, the rest for either."""

JsonObject: TypeAlias = dict[str, Any]

SUCCESS = 0
INVALID_CREDENTIAL = 40001
TOKEN_EXPIRED = 42001

ERRMSGS: dict[str, str] = load_file("errmsgs")
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
    words = ERRMSGS.get(str(errcode), "error") if errmsg is None else errmsg
    rid = f"{unix:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return dumps({"errcode": errcode, "errmsg": f"{words}{suffix} rid: {rid}"})
