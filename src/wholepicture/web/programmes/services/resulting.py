"""Results and awards; what learners and supervisors say; the review of a year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.programmes.asked import FEEDBACK, GROUPS, VIEW
from wholepicture.core.programmes.portfolio import in_the_way
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_join, may_run, may_see_figures
from wholepicture.web.programmes.models import (
    AnnualReview,
    Award,
    Characteristics,
    Feedback,
    Place,
    Programme,
    Result,
    Sitting,
    SupervisorView,
)
from wholepicture.web.programmes.selectors import portfolio
from wholepicture.web.programmes.services.evidencing import locked, open_place

VIEWS = (6, 12)


@transaction.atomic
def release(*, place: Place, said: str, why: str, by: User) -> Result:
    """Release a result, once. A pass awards the certificate, and asks the supervisor for a view after six and twelve months.

    Raises:
        CannotDoError: something is in the way of a pass, no reason is given for another result, or it was released.
    """
    place = locked(place.pk)
    if not may_run(by) or place.cohort.version.programme.force_id != by.force_id:
        raise PermissionDenied
    if by.pk in (place.learner_id, place.assessor_id):
        raise CannotDoError(
            "Nobody releases the result of their own work. Ask somebody else who runs cohorts."
        )
    open_place(place)
    progress = portfolio.progress_of(place)
    if said == Result.Said.PASSED:
        ways = in_the_way(progress)
        if ways:
            raise CannotDoError("This cannot be a pass yet. " + " ".join(ways))
    elif said == Result.Said.NOT_PASSED:
        if not why.strip():
            raise CannotDoError("Say why, so that the learner can read it.")
        if progress.differences:
            raise CannotDoError(
                "A difference between assessors, or a second opinion, is still open. Nothing is released before."
            )
    else:
        raise CannotDoError("Choose a result.")
    sat = Sitting.objects.filter(place=place).select_related("cut").order_by("number")
    try:
        with transaction.atomic():
            made = Result.objects.create(
                place=place,
                said=said,
                why=why.strip(),
                by=by,
                basis={
                    "version": place.cohort.version.number,
                    "sessions": [progress.attended, progress.sessions],
                    "not met": list(progress.not_met),
                    "test": [[s.score, s.cut.needed, s.cut.of] for s in sat if s.handed_in_at],
                },
            )
    except IntegrityError:
        raise CannotDoError("The result has been released meanwhile.") from None
    record(by=by, what=f"result.{said}", about=f"place:{place.pk}", why=why)
    if said == Result.Said.PASSED:
        _award(made)
    tell_people(
        [place.learner],
        about=f"place:{place.pk}",
        subject=f"Your result: {place.cohort}",
        text=f"Your result in {place.cohort} is out. Open your portfolio in Wholepicture to see it.",
    )
    return made


def _award(result: Result) -> Award:
    place = result.place
    content, today = place.cohort.content, timezone.localdate()
    made = Award.objects.create(
        result=result,
        name=str(place.learner),
        title=content.title,
        version=place.cohort.version.number,
        given_by=place.cohort.provider.name,
        refresh_by=months_after(today, content.refresh_months) if content.refresh_months else None,
    )
    if place.supervisor:
        SupervisorView.objects.bulk_create(
            SupervisorView(place=place, months=m, supervisor=place.supervisor, due_on=months_after(today, m))
            for m in VIEWS
        )
    return made


def _scored(scores: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, int]:
    try:
        found = {name: int(scores[name]) for name in wanted}
    except (KeyError, TypeError, ValueError):
        raise CannotDoError("Choose an answer for each.") from None
    if not all(1 <= n <= 5 for n in found.values()):
        raise CannotDoError("Choose an answer for each.")
    return found


@transaction.atomic
def give_feedback(*, place: Place, scores: dict[str, Any], text: str, by: User) -> Feedback:
    """A learner says what they think of the programme. Said again, the later counts.

    Raises:
        CannotDoError: one is not answered, or nobody has joined.
    """
    if by.pk != place.learner_id:
        raise PermissionDenied
    if place.state != Place.State.JOINED:
        raise CannotDoError("Feedback is for those who have joined.")
    made, _ = Feedback.objects.update_or_create(
        place=place,
        defaults={"scores": _scored(scores, tuple(FEEDBACK)), "text": text.strip(), "at": timezone.now()},
    )
    record(by=by, what="feedback.given", about=f"cohort:{place.cohort_id}")
    return made


@transaction.atomic
def give_view(
    *, view: SupervisorView, scores: dict[str, Any], text: str, by: User, today: date | None = None
) -> SupervisorView:
    """A supervisor says what they see at work.

    Raises:
        CannotDoError: it is early, given already, or one is not answered.
    """
    view = SupervisorView.objects.select_for_update().get(pk=view.pk)
    if view.supervisor_id != by.pk:
        raise PermissionDenied
    if view.given_at:
        raise CannotDoError("You have given this view already.")
    if view.due_on > (today or timezone.localdate()):
        raise CannotDoError(f"It is asked for on {view.due_on:%-d %B %Y}, when there is something to see.")
    view.scores, view.text, view.given_at = _scored(scores, tuple(VIEW)), text.strip(), timezone.now()
    view.save(update_fields=["scores", "text", "given_at"])
    record(by=by, what="view.given", about=f"place:{view.place_id}")
    return view


@transaction.atomic
def say_of_oneself(*, said: dict[str, str], by: User) -> None:
    """Keep what somebody chooses to say of themselves, or forget it when they choose nothing."""
    if not may_join(by):
        raise PermissionDenied
    kept = {k: v for k, v in said.items() if v in GROUPS.get(k, ())}
    if kept:
        Characteristics.objects.update_or_create(user=by, defaults={"said": kept, "at": timezone.now()})
    else:
        Characteristics.objects.filter(user=by).delete()
    record(by=by, what="characteristics.kept" if kept else "characteristics.forgotten", about=f"user:{by.pk}")


@transaction.atomic
def make_annual_review(
    *, programme: Programme, year: int, figures: dict[str, Any], found: str, todo: str, by: User
) -> AnnualReview:
    """Keep the review of a year, with the figures as they are now.

    Raises:
        CannotDoError: something is left unsaid, or the year is yet to come.
    """
    if not may_see_figures(by) or not may_run(by) or programme.force_id != by.force_id:
        raise PermissionDenied
    if year > timezone.localdate().year:
        raise CannotDoError("That year is yet to come.")
    if not found.strip() or not todo.strip():
        raise CannotDoError("Say what you found, and what will be done about it.")
    made = AnnualReview.objects.create(
        programme=programme, year=year, figures=figures, found=found.strip(), todo=todo.strip(), by=by
    )
    record(by=by, what="programme.year-reviewed", about=f"programme:{programme.pk}", why=str(year))
    return made
