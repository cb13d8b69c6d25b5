"""
GET /channels/ec/category/league/all.

Source: fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat, …/ECCategory; a client's models. Of the vendor's page only the
index entry was read: doc/store/leagueheadsupplier/api. No sample was found.
"""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import UnionRequest


@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryLeagueAllRequest(UnionRequest["CategoryLeagueAll"]):
    """
    List all categories, for the filters of the product lists.

    .. versionadded:: 0.2.0

    """

    method = "GET"
    path = "/channels/ec/category/league/all"
    resend = True


@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryLeagueAll:
    """All categories, in two trees."""

    cats: tuple[CategoryBranch, ...] = ()
    """The old tree of three levels."""
    cats_v2: tuple[CategoryBranch, ...] = ()
    """The new tree."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryBranch:
    """The categories on one branch of a tree."""

    cat_and_qua: tuple[CategoryAndQualifications, ...] = ()
    """Each category, with what a shop must prove."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryAndQualifications:
    """A category, with what a shop must prove to sell in it."""

    cat: LeagueCategory | None = None
    """The category."""
    qua: Qualification | None = None
    """What the shop must prove."""
    product_qua: Qualification | None = None
    """What it must prove for each product."""
    product_qua_list: tuple[Qualification, ...] = ()
    """What it must prove for each product, one by one."""
    brand_qua: Qualification | None = None
    """What it must prove for the brand."""
    is_confidence_require_bad_must_pay: bool | None = None
    """Whether "buy at ease" demands compensation for damage."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class LeagueCategory:
    """One category of a tree."""

    cat_id: str
    """The category; a string or a number on the wire."""
    name: str | None = None
    """Its name."""
    f_cat_id: str | None = None
    """The category above; a string or a number on the wire."""
    level: int | None = None
    """Its level in the tree."""
    leaf: bool | None = None
    """Whether it is a leaf."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Qualification:
    """Something that a shop must prove."""

    qua_id: str | None = None
    """What is to be proved."""
    name: str | None = None
    """Its name."""
    tips: str | None = None
    """Advice on it."""
    need_to_apply: bool | None = None
    """Whether the shop has to apply for it."""
    mandatory: bool | None = None
    """Whether there is no selling without it."""
