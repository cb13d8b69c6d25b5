"""How single values look to people: money, rates, days, states."""

from datetime import datetime, timedelta, timezone

from wxunion_async import OpenIntEnum

__all__ = ["day", "moment", "percent", "plural", "word", "yuan"]

_BEIJING = timezone(timedelta(hours=8))


def yuan(amount: int) -> str:
    """Write an amount of fen in yuan."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02}"


def percent(rate: int | None, whole: int) -> str:
    """Write a rate of so many parts of ``whole``."""
    return "unknown" if rate is None else f"{100 * rate / whole:.2f} %"


def day(instant: datetime | None) -> str:
    """Write the day of an instant, as it is in Beijing."""
    return "an unknown day" if instant is None else f"{instant.astimezone(_BEIJING):%Y-%m-%d}"


def moment(instant: datetime) -> str:
    """Write an instant in Beijing's time."""
    return instant.astimezone(_BEIJING).isoformat(" ", "seconds")


def word(status: OpenIntEnum | None) -> str:
    """Write a state in lower case."""
    return "unknown" if status is None else status.name.lower().replace("_", " ")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return the form of a noun that goes with ``count``."""
    return one if count == 1 else many or f"{one}s"
