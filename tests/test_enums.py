"""Enumerations that take what their document does not list, and the units."""

import copy
import pickle
from typing import Any

import pytest

from wxunion_async import units
from wxunion_async.enums import OpenIntEnum, PlanType


def test_a_documented_number_is_its_member() -> None:
    """Documented values are singletons, as in every enumeration."""
    assert PlanType(1) is PlanType.TARGETED
    assert PlanType(PlanType.PUBLIC) is PlanType.PUBLIC


def test_an_undocumented_number_is_kept() -> None:
    """The vendor adds values before it documents them."""
    member = PlanType(77)
    assert isinstance(member, PlanType)
    assert (member, member.value, member.name) == (77, 77, "UNKNOWN_77")
    assert member == PlanType(77)
    assert hash(member) == hash(77)
    assert 77 not in [known.value for known in PlanType], "no member is added for good"


@pytest.mark.parametrize("value", [PlanType(77), PlanType.PUBLIC])
def test_members_survive_pickle_and_copy(value: OpenIntEnum) -> None:
    """Answers travel between processes."""
    assert pickle.loads(pickle.dumps(value)) == value
    assert type(pickle.loads(pickle.dumps(value))) is PlanType
    assert copy.deepcopy(value) == value


@pytest.mark.parametrize("value", ["1", 1.5, None, [1]])
def test_only_numbers_are_taken(value: Any) -> None:
    """Text is converted where it is decoded, by rules of its own."""
    with pytest.raises(ValueError, match="is not a valid PlanType"):
        PlanType(value)


def test_units_are_ints_at_run_time() -> None:
    """A unit is for the type checker and costs nothing."""
    for unit in (units.Fen, units.Per10k, units.Per100k, units.Per1M):
        assert type(unit(5)) is int
