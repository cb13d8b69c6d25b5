"""How the vendor words an error."""

import secrets

from wxunion_async.testing._json import dumps
from wxunion_async.testing._types import ERRMSGS


def error_body(errcode: int, unix: int, *, errmsg: str | None = None, suffix: str = "") -> bytes:
    """
    Write the JSON of an error, with a fresh rid as the vendor's support asks for.

    Args:
        errcode: the vendor's code.
        unix: unix time in seconds; the first part of the rid.
        errmsg: the words; the vendor's own when None.
        suffix: words between ``errmsg`` and rid.

    """
    words = ERRMSGS.get(errcode, "error") if errmsg is None else errmsg
    rid = f"{unix:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return dumps({"errcode": errcode, "errmsg": f"{words}{suffix} rid: {rid}"})
