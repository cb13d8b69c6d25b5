"""What the calls for the agency's account share."""

from wxunion_async.enums import OpenIntEnum

__all__ = ["FundsType"]


class FundsType(OpenIntEnum):
    """The kind of an entry in the agency's account."""

    WITHDRAWAL = 1
    """Money that was withdrawn."""
    COMMISSION = 2
    """A commission."""
