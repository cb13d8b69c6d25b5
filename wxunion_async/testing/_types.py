"""What the modules of the fake server share: its clock, names of types, and how a call is turned down."""

import secrets
import threading
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from wxunion_async.testing._json import dumps, loads

Family: TypeAlias = Literal["promoter", "agency", "both"]
"""Whose app it is: ``/union/*`` is for a promoter, ``/channels/ec/*`` for an agency, the rest for either."""

JsonObject: TypeAlias = dict[str, Any]

INVALID_CREDENTIAL = 40001
TOKEN_EXPIRED = 42001

ERRMSGS: dict[str, str] = loads(files("wxunion_async.testing").joinpath("errmsgs.json").read_bytes())
"""The wording of each errcode; an errcode that is not listed is worded "error"."""

_BEIJING, _DAY = 8 * 3600, 86_400


class ServerClock:
    """The one clock of a server, monotonic for lifetimes and windows, Unix time for what it answers; and its one lock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.now = monotonic
        self.lock = threading.RLock()
        """Held by each step of a request and of a script: a test in another thread finds nothing half done."""
        self._offset = time.time() - monotonic()

    def unix(self) -> int:
        """Return the Unix time in whole seconds; it moves with the monotonic clock."""
        return int(self.now() + self._offset)

    def day(self) -> int:
        """Number the calendar day in Beijing, on which the vendor's daily quotas start afresh."""
        return (self.unix() + _BEIJING) // _DAY


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
