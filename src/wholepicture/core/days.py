"""Days counted as people count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_old(born: date, day: date) -> int:
    """How old somebody is on a day, in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
