"""The table of ``tests/README.md`` says what the suite checks."""

from .table import README, written


def test_the_table_is_that_of_today() -> None:
    """Run ``python -m tests.matrix.table`` if it is not."""
    readme = README.read_text(encoding="utf-8")
    assert "| fault | token |" in readme
    assert written(readme) == readme
