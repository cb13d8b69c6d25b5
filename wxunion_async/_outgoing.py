"""A request in the form that it has on the wire."""

from typing import Any
from urllib.parse import quote, urlencode

from wxunion_async._codec import check_readable
from wxunion_async._decoding import unstructure
from wxunion_async._endpoint import UnionRequest
from wxunion_async._envelope import dump
from wxunion_async._transport import Outgoing

__all__ = ["outgoing_of"]

_readable: set[type[UnionRequest[Any]]] = set()


def outgoing_of(request: UnionRequest[Any]) -> Outgoing:
    """
    Return what is sent for ``request``, without the token.

    Raises:
        TypeError: it cannot be written, or nothing could be read into its answer: told before anything is sent.

    """
    cls = type(request)
    if cls not in _readable:
        check_readable(cls)
        _readable.add(cls)
    fields = unstructure(request, request.dialect, "request")
    if request.method != "GET":
        return Outgoing(method="POST", path=request.path, body=dump(fields))
    texts: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, (dict, list)):
            raise TypeError(f"{name} cannot go into a query: use method = 'POST'")
        texts.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return Outgoing(method="GET", path=request.path, query=urlencode(texts, quote_via=quote))
