"""Whether something changed after something was done: months before and after, drawn, with claims no larger than they bear.

An interrupted time series in its plainest form (Bernal, Cummins and Gasparrini 2017): a line through the months before, carried on past the day, and
the difference of the two shares with Newcombe's interval. Nothing else that changed on the same day is ruled out by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholepicture.core.measurement.signal import Interval, difference_of_shares, share

FEWEST = 10
LEAST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its name, how many missed it, of how many that could."""

    name: str
    missed: int
    of: int
    after: bool

    @property
    def share(self) -> Interval | None:
        """What share missed it; None where there were too few to say."""
        return share(self.missed, self.of) if self.of >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Change:
    """Before and after. ``expected``: for each month, what the line through the months before gives (None: too few to draw one)."""

    months: tuple[Month, ...]
    before: Interval | None
    after: Interval | None
    difference: Interval | None
    expected: tuple[float | None, ...]

    @property
    def words(self) -> str:
        """What may be said of it."""
        if self.before is None or self.after is None or self.difference is None:
            return f"Too few to say anything: at least {FEWEST} before and {FEWEST} after are needed."
        low, high = self.difference.low, self.difference.high
        moved = f"It was missed in {self.before.value:.0%} before and {self.after.value:.0%} after"
        if high < 0:
            return f"{moved}. That is less by more than chance alone would often give. Other things may have changed in the same months."
        if low > 0:
            return f"{moved}. That is more by more than chance alone would often give. Look at why."
        return f"{moved}. Chance alone could give that: nothing can be said yet."


def change(months: Sequence[Month]) -> Change:
    """Put months before and after something beside each other."""
    sides = [
        (sum(m.missed for m in months if m.after is a), sum(m.of for m in months if m.after is a))
        for a in (False, True)
    ]
    before, after = (share(*s) if s[1] >= FEWEST else None for s in sides)
    between = difference_of_shares(sides[0], sides[1]) if before and after else None
    return Change(tuple(months), before, after, between, _expected(months))


def _expected(months: Sequence[Month]) -> tuple[float | None, ...]:
    """The line of least squares through the months before, weighted by how many each rests on, at every month."""
    points = [(n, m.missed / m.of, m.of) for n, m in enumerate(months) if not m.after and m.of]
    if len(points) < LEAST_MONTHS:
        return (None,) * len(months)
    whole = sum(w for _, _, w in points)
    x, y = sum(n * w for n, _, w in points) / whole, sum(s * w for _, s, w in points) / whole
    spread = sum(w * (n - x) ** 2 for n, _, w in points)
    slope = sum(w * (n - x) * (s - y) for n, s, w in points) / spread if spread else 0.0
    return tuple(min(1.0, max(0.0, y + slope * (n - x))) for n in range(len(months)))
