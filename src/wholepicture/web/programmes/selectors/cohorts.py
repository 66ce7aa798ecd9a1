"""A cohort's people side by side: who attended, what is met, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from wholepicture.core.programmes.portfolio import Progress, in_the_way
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Cohort, Place, Qualification, Result, Session
from wholepicture.web.programmes.selectors import portfolio


@dataclass(frozen=True, slots=True)
class OnRoll:
    """One learner of a cohort, and how far they are."""

    place: Place
    progress: Progress
    met: int
    of: int
    result: Result | None
    obstacles: tuple[str, ...]


def roll_of(cohort: Cohort) -> list[OnRoll]:
    """Everybody who joined, by name."""
    found = []
    places = cohort.taken.filter(state=Place.State.JOINED).select_related(
        "learner", "assessor", "cohort__version__programme", "result"
    )
    for place in places.order_by("learner__last_name", "learner__first_name", "pk"):
        rows = portfolio.rows_of(place)
        progress = portfolio.progress_of(place, rows)
        found.append(
            OnRoll(
                place,
                progress,
                sum(r.met for r in rows),
                len(rows),
                getattr(place, "result", None),
                in_the_way(progress),
            )
        )
    return found


def without_qualification(session: Session) -> list[User]:
    """Those who teach a session and hold nothing that lets them train on its day."""
    day = timezone.localtime(session.starts_at).date()
    holders = set(
        Qualification.objects.filter(what=Qualification.What.TRAINS, got_on__lte=day)
        .filter(Q(until=None) | Q(until__gte=day))
        .values_list("holder", flat=True)
    )
    return [t for t in session.trainers.all() if t.pk not in holders]
