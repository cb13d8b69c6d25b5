"""
Units as types, so that a price is never mistaken for a rate.

All are plain ``int`` at run time. Source: the tables of the two interface documents.
"""

from typing import NewType

__all__ = ["Fen", "Per1M", "Per10k", "Per100k"]

Fen = NewType("Fen", int)
"""An amount of money in fen, 1/100 of a yuan."""

Per10k = NewType("Per10k", int)
"""A rate in 1/10,000: 700 means 7 %."""

Per100k = NewType("Per100k", int)
"""A rate in 1/100,000: 7,000 means 7 %."""

Per1M = NewType("Per1M", int)
"""A rate in 1/1,000,000: 70,000 means 7 %."""
