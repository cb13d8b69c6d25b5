"""What the calls for one product of a talent's shop window ask for."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from wxunion_async._endpoint import UnionRequest, one_of

__all__ = ["WindowRequest"]

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


@one_of("openfinderid", "opentalentid", "finder_id")
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowRequest(UnionRequest[AnswerT_co], Generic[AnswerT_co]):
    """Base of a request about the shop window of one talent."""

    openfinderid: str | None = None
    """The talent's channels account, from ``windowauth_status_get``."""
    opentalentid: str | None = None
    """
    The talent (newer kind of account), from ``windowauth_status_get``.

    From a client's models, not the vendor's page.
    """
    finder_id: str | None = None
    """The talent's channels account by its old id, which the vendor is giving up."""
    appid: str | None = None
    """App id of the shop; in older versions of the page only."""
