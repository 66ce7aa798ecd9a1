"""A portfolio as it stands: criterion by criterion, and what is in the way of a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wholepicture.core.programmes.portfolio import (
    Decided,
    Progress,
    Said,
    Shown,
    Standing,
    Where,
    in_the_way,
    where,
)
from wholepicture.core.programmes.specification import Criterion, Outcome, ProgrammeModule
from wholepicture.web.programmes.models import (
    Came,
    Decision,
    Difference,
    Evidence,
    HandedIn,
    Place,
    ReviewAction,
    Sampled,
    SecondOpinion,
    Sitting,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion of one portfolio: where it stands, its evidence and what was decided, oldest first."""

    module: ProgrammeModule
    outcome: Outcome
    criterion: Criterion
    where: Where
    evidence: tuple[Evidence, ...]
    decisions: tuple[Decision, ...]
    difference: Difference | None
    handed_in: datetime | None

    @property
    def ruling(self) -> Decision | None:
        """The decision that counts."""
        return next((d for d in reversed(self.decisions) if d.part != Decision.Part.SECOND), None)

    @property
    def met(self) -> bool:
        """Whether it is met."""
        return self.where.standing is Standing.MET


def rows_of(place: Place) -> list[Row]:
    """Every criterion of a portfolio, in the order of the programme."""
    evidence = list(place.evidence.select_related("by", "witness", "document").defer("document__content"))
    decisions = list(place.decisions.select_related("by"))
    differences = {d.criterion: d for d in place.differences.filter(settled=None)}
    handed = dict(HandedIn.objects.filter(place=place).order_by("at").values_list("criterion", "at"))
    found = []
    for module in place.cohort.content.modules:
        for outcome in module.outcomes:
            for c in outcome.criteria:
                shown = tuple(e for e in evidence if c.id in e.criteria)
                judged = tuple(d for d in decisions if d.criterion == c.id)
                stands = where(
                    [Shown(str(e.pk), e.counts) for e in shown],
                    handed.get(c.id),
                    [
                        Decided(Said(d.said), d.at, tuple(d.evidence))
                        for d in judged
                        if d.part != Decision.Part.SECOND
                    ],
                    differs=c.id in differences,
                )
                found.append(
                    Row(module, outcome, c, stands, shown, judged, differences.get(c.id), handed.get(c.id))
                )
    return found


def row_of(place: Place, criterion: str) -> Row | None:
    """One criterion of a portfolio; None when the programme has no such criterion."""
    return next((r for r in rows_of(place) if r.criterion.id == criterion), None)


def progress_of(place: Place, rows: list[Row] | None = None) -> Progress:
    """All that the result of a place depends on."""
    content = place.cohort.content
    shown = set(place.entry.values_list("requirement", flat=True))
    held = place.cohort.sessions.filter(cancelled_why="", starts_at__lte=timezone.now()).count()
    came = Came.objects.filter(place=place, how=Came.How.ATTENDED, session__cancelled_why="").count()
    return Progress(
        entry_missing=tuple(r.id for r in content.entry if r.id not in shown),
        not_met=tuple(r.criterion.id for r in (rows if rows is not None else rows_of(place)) if not r.met),
        test_passed=any(s.passed for s in Sitting.objects.filter(place=place).select_related("cut"))
        if content.test
        else None,
        attended=came,
        sessions=held,
        attendance=content.attendance,
        differences=place.differences.filter(settled=None).count()
        + SecondOpinion.objects.filter(place=place, decision=None).count(),
        not_verified=Sampled.objects.filter(decision__place=place, out_at=None, verification=None).count(),
        blocks=tuple(
            ReviewAction.objects.filter(review__cohort=place.cohort, blocks=True, closed_at=None).values_list(
                "text", flat=True
            )
        ),
    )


def obstacles(place: Place) -> tuple[str, ...]:
    """What keeps the result of a place from being released as passed."""
    return in_the_way(progress_of(place))


@dataclass(frozen=True, slots=True)
class Waits:
    """A criterion that waits for an assessor."""

    place: Place
    row: Row
    since: datetime

    @property
    def overdue(self) -> bool:
        """Whether it has waited longer than two weeks."""
        return (timezone.now() - self.since).days > 14


def waiting_for(places: list[Place]) -> list[Waits]:
    """Criteria that wait for the assessor of these places, oldest first."""
    found = []
    for place in places:
        for row in rows_of(place):
            if row.where.standing is Standing.WAITING:
                gone = [e.withdrawn_at for e in row.evidence if e.withdrawn_at]
                since = max(gone) if row.where.why and gone else row.handed_in
                found.append(Waits(place, row, since or row.decisions[-1].at))
    return sorted(found, key=lambda w: w.since)


def due_on(place: Place, row: Row) -> date:
    """By when a criterion is to be handed in."""
    last = row.ruling
    return max(place.due, last.again_by) if last and last.again_by else place.due
