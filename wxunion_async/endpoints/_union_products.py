"""What the calls for products of shops and those for products of mini programs share."""

from __future__ import annotations

import attrs

from wxunion_async._endpoint import AS_TEXT, RequestPart

__all__ = ["ProductDescription", "ProductToPromote"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductDescription:
    """The description of a product."""

    detail_img: tuple[str, ...] = ()
    """URLs of the detail pictures."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class ProductToPromote(RequestPart):
    """A product that is to be promoted."""

    product_id: int = attrs.field(metadata=AS_TEXT)
    """The product; text on the wire."""
    app_id: str
    """App id of the shop, or of the mini program, that sells it."""
    customize_info: str | None = None
    """The caller's own mark; it comes back in the order."""
