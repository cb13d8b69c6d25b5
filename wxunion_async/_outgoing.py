"""A request in the form that it has on the wire."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from wxunion_async._codec import encode
from wxunion_async._endpoint import UnionRequest
from wxunion_async._envelope import dump
from wxunion_async._transport import Outgoing

__all__ = ["outgoing_of"]


def outgoing_of(request: UnionRequest[Any]) -> Outgoing:
    """Return what is sent for ``request``, without the token."""
    fields = encode(request)
    if request.method == "GET":
        return Outgoing(method="GET", path=request.path, query=urlencode([*_texts(fields)], quote_via=quote))
    return Outgoing(method="POST", path=request.path, body=dump(fields))


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, (dict, list)):
            raise TypeError(f"{name} cannot go into a query: use method = 'POST'")
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
