"""Money and rates as people want them, exact to the last digit."""

import decimal
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxunion_async import Fen, Per1M, Per10k, Per100k, commission_of, fen_to_yuan, rate_to_percent
from wxunion_async.testing import load_answer


def test_fen_in_yuan() -> None:
    """With the two decimals that people expect, whatever the program's decimal context is."""
    assert str(fen_to_yuan(Fen(110))) == "1.10"
    assert str(fen_to_yuan(Fen(0))) == "0.00"
    assert str(fen_to_yuan(Fen(-5))) == "-0.05"
    with decimal.localcontext(decimal.Context(prec=2)):
        assert fen_to_yuan(Fen(123_456_789)) == Decimal("1234567.89")


def test_rates_in_percent() -> None:
    """The same seven per cent in the three units of the interface documents."""
    assert str(rate_to_percent(Per10k(700))) == "7.00"
    assert rate_to_percent(Per100k(7_000), per=100_000) == 7
    assert rate_to_percent(Per1M(70_000), per=1_000_000) == 7
    assert str(rate_to_percent(Per1M(1), per=1_000_000)) == "0.0001"


def test_the_commission_of_the_sample() -> None:
    """The vendor's own numbers: 110 fen at 700 in 1/10,000 are 7.7, and the sample says 7."""
    product = load_answer("target/plan_info")["productListInfo"][0]
    wire = product["leagueExInfo"]
    price = Fen(product["productDetailInfo"]["skuList"]["minPrice"])
    assert commission_of(price, Per10k(wire["commissionRatio"])) == wire["commissionValue"] == 7
    assert commission_of(Fen(110), Per100k(7_000), per=100_000) == 7
    assert commission_of(Fen(110), Per1M(70_000), per=1_000_000) == 7
    assert commission_of(Fen(0), Per10k(700)) == 0


@given(st.integers(0, 2**63), st.integers(0, 10_000))
def test_a_commission_is_the_largest_whole_fen_that_the_rate_allows(price: int, rate: int) -> None:
    """A float would be off by one for large prices."""
    fen = commission_of(Fen(price), Per10k(rate))
    assert fen * 10_000 <= price * rate < (fen + 1) * 10_000


@pytest.mark.parametrize("wrong", [1.5, "110", None, Decimal(1)])
def test_what_is_no_integer_is_refused(wrong: Any) -> None:
    """A price in yuan as a float is a slip; so is an absent one."""
    with pytest.raises(TypeError, match="integer"):
        fen_to_yuan(wrong)
    with pytest.raises(TypeError, match="integer"):
        rate_to_percent(wrong)
    for arguments in ((wrong, 1), (1, wrong)):
        with pytest.raises(TypeError, match="integer"):
            commission_of(*cast("tuple[Fen, Per10k]", arguments))


def test_what_makes_no_sense_is_refused() -> None:
    """The message names the argument."""
    with pytest.raises(ValueError, match="price must not be negative, not -1"):
        commission_of(Fen(-1), Per10k(1))
    with pytest.raises(ValueError, match="rate must not be negative, not -1"):
        commission_of(Fen(1), Per10k(-1))
    with pytest.raises(ValueError, match="per must be 10000, 100000 or 1000000, not 100"):
        commission_of(Fen(1), Per1M(1), per=cast("Any", 100))
    with pytest.raises(ValueError, match="per must be"):
        rate_to_percent(Per1M(1), per=cast("Any", 7))
