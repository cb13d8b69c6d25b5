"""Short videos, as the calls for talents and those for shops take and answer them."""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import RequestPart
from wxunion_async.units import Fen

__all__ = ["FeedId", "FeedProduct", "FeedPromotion"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class FeedProduct:
    """The product in a video."""

    product_id: int
    """The product."""
    product_name: str | None = None
    """Its name."""
    product_img_url: str | None = None
    """URL of its picture."""
    product_mini_price: Fen | None = None
    """Its lowest price, in fen."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FeedPromotion:
    """What a mini program needs to embed a video for a promoter."""

    export_id: str
    """The video."""
    feed_token: str | None = None
    """For the embedded card of the video."""
    promoter_share_link: str | None = None
    """Parameter that carries the promoter."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class FeedId(RequestPart):
    """A video that is asked about."""

    export_id: str
    """The video."""
