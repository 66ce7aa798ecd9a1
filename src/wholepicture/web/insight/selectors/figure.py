"""What a figure is, and of whom and of when it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.insight.together import FEWEST, Together
from wholepicture.web.accounts.models import Force, Team
from wholepicture.web.encounters.selectors.counting import Scope

PERIODS = {3: "three months", 12: "a year", 24: "two years"}
Cells = tuple[tuple[str, ...], ...]
SMALL = f"Counts of people are rounded to the nearest five; fewer than {FEWEST} are not shown."


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and of when figures are asked. ``wellbeing``: whether whoever asks may see how people say they are."""

    force: Force
    months: int
    until: datetime
    team: Team | None
    wellbeing: bool = True

    @property
    def scope(self) -> Scope:
        """As accounts are asked for."""
        since = datetime.combine(
            months_after(timezone.localdate(self.until), -self.months), datetime.min.time(), self.until.tzinfo
        )
        return Scope(self.force.pk, since, self.until, self.team.pk if self.team else None)

    @property
    def words(self) -> str:
        """It in words."""
        of = f"of {self.team}" if self.team else "of the whole force"
        return f"over the last {PERIODS[self.months].removeprefix('a ')}, {of}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``bars``: (name, count) to be drawn, at most a dozen; ``upset``: combinations to be drawn; ``rows`` is always the same as a table."""

    id: str
    title: str
    value: str
    reading: str
    definition: str
    caveats: tuple[str, ...]
    queries: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: Cells = ()
    bars: tuple[tuple[str, int], ...] = ()
    upset: Together | None = None
    names: dict[str, str] = field(default_factory=dict)
    address: str = ""
    next: str = ""


def sql(found: QuerySet[Any, Any]) -> str:
    """A query as it is asked, a clause a line."""
    text = str(found.query)
    return re.sub(r" (FROM|INNER JOIN|LEFT OUTER JOIN|WHERE|AND|ORDER BY|GROUP BY|LIMIT) ", r"\n\1 ", text)
