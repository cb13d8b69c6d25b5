"""
Units as types, so that a price is never mistaken for a rate, and what people do with them, exactly.

All are plain ``int`` at run time. Source: the tables of the two interface documents.
"""

import operator
from typing import TYPE_CHECKING, Literal, NewType, overload

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Fen", "Per1M", "Per10k", "Per100k", "commission_of", "fen_to_yuan", "rate_to_percent"]

Fen = NewType("Fen", int)
"""An amount of money in fen, 1/100 of a yuan."""

Per10k = NewType("Per10k", int)
"""A rate in 1/10,000: 700 means 7 %."""

Per100k = NewType("Per100k", int)
"""A rate in 1/100,000: 7,000 means 7 %."""

Per1M = NewType("Per1M", int)
"""A rate in 1/1,000,000: 70,000 means 7 %."""

_EXPONENTS = {10_000: -2, 100_000: -3, 1_000_000: -4}


def fen_to_yuan(amount: Fen) -> "Decimal":
    """
    Return an amount in yuan, exact and with two decimals: 110 fen are ``Decimal("1.10")``.

    Args:
        amount: in fen; 0 is 0.00. What may be absent is ``None`` in the models: ask first.

    Raises:
        TypeError: ``amount`` is no integer.

    .. versionadded:: 0.2.0

    """
    from decimal import Decimal  # whom a request does not need

    return Decimal(f"{operator.index(amount)}e-2")  # from text, which no setting of the decimal context rounds


@overload
def rate_to_percent(rate: Per10k) -> "Decimal": ...
@overload
def rate_to_percent(rate: Per100k, *, per: Literal[100_000]) -> "Decimal": ...
@overload
def rate_to_percent(rate: Per1M, *, per: Literal[1_000_000]) -> "Decimal": ...
def rate_to_percent(rate: int, *, per: int = 10_000) -> "Decimal":
    """
    Return a rate in percent, exact: 700 in 1/10,000 are ``Decimal("7.00")``.

    Args:
        rate: as its field has it.
        per: what one whole is: 10,000, 100,000 or 1,000,000, as the field's type says; type checkers compare them.

    Raises:
        TypeError: ``rate`` is no integer.
        ValueError: ``per`` is none of the three.

    .. versionadded:: 0.2.0

    """
    from decimal import Decimal

    _check_per(per)
    return Decimal(f"{operator.index(rate)}e{_EXPONENTS[per]}")


@overload
def commission_of(price: Fen, rate: Per10k) -> Fen: ...
@overload
def commission_of(price: Fen, rate: Per100k, *, per: Literal[100_000]) -> Fen: ...
@overload
def commission_of(price: Fen, rate: Per1M, *, per: Literal[1_000_000]) -> Fen: ...
def commission_of(price: Fen, rate: int, *, per: int = 10_000) -> Fen:
    """
    Return the commission on a price in fen, rounded down as the vendor does: 110 fen at 700 in 1/10,000 are 7 fen.

    Args:
        price: in fen.
        rate: as its field has it.
        per: what one whole is: 10,000, 100,000 or 1,000,000, as the field's type says; type checkers compare them.

    Raises:
        TypeError: ``price`` or ``rate`` is no integer.
        ValueError: one of them is negative, or ``per`` is none of the three.

    Source: the targeted plan's sample, whose product of 110 fen has a ratio of 700 and a commission of 7 fen.

    .. versionadded:: 0.2.0

    """
    _check_per(per)
    for name, value in (("price", price), ("rate", rate)):
        if operator.index(value) < 0:
            raise ValueError(f"{name} must not be negative, not {value}")
    return Fen(operator.index(price) * operator.index(rate) // per)


def _check_per(per: int) -> None:
    if per not in _EXPONENTS:
        raise ValueError(f"per must be 10000, 100000 or 1000000, not {per!r}")
