"""
POST /union/promoter/product/parse_tag.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat,
…/UnionPromoter/Product; a client's models. The vendor's page was not read:
miniprogram/dev/platform-capabilities/business-capabilities/union/access-guidelines/promoter/api/parse_tag.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductParseTagRequest(UnionRequest["ProductParseTag"]):
    """
    Ask which products tags such as "#小程序://…" stand for.

    Returns:
        One entry a tag, each with an errcode of its own: one tag can fail while the call succeeds.

    .. versionadded:: 0.2.0

    """

    path = "/union/promoter/product/parse_tag"
    dialect = "camel"
    resend = True

    tag_list: tuple[str, ...] = attrs.field(kw_only=False)
    """The tags."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductParseTag:
    """What some tags stand for."""

    tag_list: tuple[ParsedTag, ...] = ()
    """One entry a tag."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ParsedTag:
    """What a tag stands for."""

    product_id: int | None = None
    """The product; a string on the wire."""
    product_appid: str | None = None
    """App id of the shop."""
    source: int | None = None
    """Where it is from; a code, its values undocumented."""
    errcode: int | None = None
    """The errcode of this tag; 0 if it was read."""
    errmsg: str | None = None
    """The error text of this tag."""
