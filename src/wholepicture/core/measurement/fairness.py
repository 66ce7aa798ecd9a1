"""Groups side by side without giving anybody away: small ones are hidden, and enough beside them that none can be worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wholepicture.core.measurement.signal import Interval, share

LEAST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Group:
    """One group: how many of how many, with the interval of the share. All three are None when it is hidden."""

    name: str
    passed: int | None
    of: int | None
    share: Interval | None

    @property
    def hidden(self) -> bool:
        """Whether its numbers are kept back."""
        return self.of is None


def side_by_side(groups: Iterable[tuple[str, int, int]], least: int = LEAST_SHOWN) -> tuple[Group, ...]:
    """Groups (name, passed, of), in the order given. Those of fewer than ``least`` are hidden.

    When what is hidden comes to fewer than ``least`` people together, the smallest shown group is hidden too, until it does not (or
    nothing is left): else the hidden numbers could be had by taking the shown ones from the whole.
    """
    given = [g for g in groups if g[2] > 0]
    kept = {g for g in given if g[2] >= least}
    while True:
        away = [g for g in given if g not in kept]
        if not away or not kept or (len(away) > 1 and sum(g[2] for g in away) >= least):
            break
        kept.remove(min(kept, key=lambda g: (g[2], g[0])))
    return tuple(
        Group(name, passed, of, share(passed, of))
        if (name, passed, of) in kept
        else Group(name, None, None, None)
        for name, passed, of in given
    )
