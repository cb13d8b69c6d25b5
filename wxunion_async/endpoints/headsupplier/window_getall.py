"""
POST /channels/ec/league/headsupplier/window/getall.

Source: doc/store/leagueheadsupplier/API/window/getallwindow.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import PagedRequest, errcodes, must, one_of, paged_by_key, within


@errcodes(10024000, 10024001, 10024003, 10024009, 10024010, 10024011)
@paged_by_key("list", "offset", following="next_offset", more="have_more")
@one_of("openfinderid", "opentalentid", "finder_id")
@must("offset must not be negative", lambda of: of("offset") >= 0, "offset")
@within("page_size", 1, 500)
@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowGetallRequest(PagedRequest["WindowGetall", "WindowProduct"]):
    """
    List one page of what is in a talent's shop window.

    Raises:
        InvalidParameterError: 10024000.
        InvalidAppIdError: 10024003.
        ApiError: 10024001, ``finder_id`` is not valid; 10024011, the talent has not agreed; 10024009, 10024010.

    .. versionadded:: 0.2.0

    """

    path = "/channels/ec/league/headsupplier/window/getall"
    resend = True

    offset: int = 0
    """Where the page begins: 0, or ``next_offset`` of the page before."""
    page_size: int = 100
    """Products a page, 1 … 500; the vendor's default is 100."""
    openfinderid: str | None = None
    """The talent's channels account, from ``windowauth_status_get``."""
    opentalentid: str | None = None
    """The talent (newer kind of account), from ``windowauth_status_get``."""
    finder_id: str | None = None
    """The talent's channels account by its old id, which the vendor is giving up."""
    appid: str | None = None
    """App id of the shop; in older versions of the page only."""
    need_total_num: bool | None = None
    """True to have them counted, too."""
    is_get_all: bool | None = None
    """True for all products of the window, not just this agency's."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowGetall:
    """One page of a talent's shop window."""

    list: tuple[WindowProduct, ...] = ()
    """The products of this page."""
    next_offset: int | None = None
    """``offset`` of the next page."""
    have_more: bool | None = None
    """Whether there is a next page; spelt so by the vendor."""
    total_num: int | None = None
    """Products in all; only if asked for."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class WindowProduct:
    """A product in a talent's shop window."""

    appid: str
    """App id of the shop that sells it."""
    product_id: int
    """The product."""
    head_supplier_id: str | None = None
    """The agency it belongs to, a number on the wire; from a client's models, not the vendor's page."""
