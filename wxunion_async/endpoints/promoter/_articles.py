"""Articles of official accounts, as the calls for talents and those for shops answer them."""

from __future__ import annotations

import attrs

__all__ = ["ArticleInfo"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class ArticleInfo:
    """An article of an official account."""

    article_title: str | None = None
    """Title."""
    cover_image: str | None = None
    """URL of the cover."""
    article_url: str | None = None
    """URL of the article."""
    promoter_share_link: str | None = None
    """Parameter that carries the promoter."""
