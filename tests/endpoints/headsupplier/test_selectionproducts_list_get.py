"""client.headsupplier.selectionproducts_list_get."""

from datetime import UTC, datetime
from typing import Any

import pytest

from wxunion_async._codec import encode
from wxunion_async.endpoints.headsupplier.selectionproducts_list_get import (
    CreateTimeRange,
    SelectionCondition,
    SelectionproductsListGetRequest,
)
from wxunion_async.endpoints.promoter.get_promote_product_list import Range
from wxunion_async.enums import PlanType


def test_every_range_goes_out_as_text() -> None:
    """The one of times too, in Unix seconds."""
    condition = SelectionCondition(
        selling_price_range=Range(min=100),
        create_time_range=CreateTimeRange(min=datetime(2026, 1, 1, tzinfo=UTC)),
    )
    assert encode(SelectionproductsListGetRequest(PlanType.PUBLIC, spu_item_condition=condition)) == {
        "plan_type": 2,
        "page_size": 20,
        "next_key": "",
        "spu_item_condition": {"selling_price_range": {"min": "100"}, "create_time_range": {"min": "1767225600"}},
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"plan_type": 3}, "plan_type must be 1 or 2, not 3"),
        (
            {"plan_type": 2, "keyword": "猫", "spu_item_condition": {"create_time_range": {"min": 1}}},
            "keyword must be left out where spu_item_condition has a create_time_range, not '猫'",
        ),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails before any I/O."""
    with pytest.raises(ValueError, match=message):
        SelectionproductsListGetRequest(**fields)


@pytest.mark.parametrize("condition", [None, {}, {"selling_price_range": {"min": 1}}])
def test_a_keyword_goes_with_other_conditions(condition: Any) -> None:
    """Only the time excludes it."""
    assert SelectionproductsListGetRequest(PlanType.PUBLIC, keyword="猫", spu_item_condition=condition).keyword == "猫"
