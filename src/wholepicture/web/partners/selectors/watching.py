"""The watch as people read it: one entry for each person and each control, with every way to harm that it alone keeps shut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from wholepicture.web.partners.models import Watched


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's controls, and the pathways that rest on them, worst first. ``row``: the worst of them."""

    row: Watched
    pathways: tuple[str, ...]
    since: datetime

    @property
    def ends_on(self) -> date | None:
        """The last day, where they still hold."""
        return self.row.ends_on


def together(rows: Iterable[Watched]) -> list[Entry]:
    """Rows of the watch, those of the same person and the same controls as one; in the order in which each comes first."""
    groups: dict[tuple[object, ...], list[Watched]] = {}
    for row in rows:
        groups.setdefault((row.key, row.kind, *row.controls, row.ends_on), []).append(row)
    return [
        Entry(items[0], tuple(r.pathway for r in items), min(r.since for r in items))
        for items in groups.values()
    ]


def ending(rows: QuerySet[Watched], by: date) -> QuerySet[Watched]:
    """What holds today and ends by a day: the soonest first."""
    return rows.filter(kind=Watched.Kind.ENDS, ends_on__lte=by).order_by("ends_on", "-severity", "pk")


def failed(rows: QuerySet[Watched]) -> QuerySet[Watched]:
    """What stands open because a control has failed: first where nobody has said what they do, then the worst, then the oldest."""
    return rows.filter(kind=Watched.Kind.FAILED).order_by(
        F("picked_up_at").asc(nulls_first=True), "-severity", "since", "pk"
    )


def alike(row: Watched) -> QuerySet[Watched]:
    """Everything on the watch for the same person that rests on the same controls."""
    return Watched.objects.filter(
        force_id=row.force_id, key=row.key, kind=row.kind, controls=row.controls, ends_on=row.ends_on
    )
