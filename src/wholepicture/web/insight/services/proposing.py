"""What practice misses becomes training: proposed by who sees the counts, given by who teaches."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.insight import access
from wholepicture.web.insight.models import Proposal
from wholepicture.web.insight.selectors.figure import Asked
from wholepicture.web.insight.selectors.needs import needs_of
from wholepicture.web.training.models import Assignment, Course
from wholepicture.web.training.services.assigning import assign
from wholepicture.web.training.services.recalling import come_back


def propose(*, concept: str, asked: Asked, by: User) -> Proposal:
    """Propose training, to a team or to all, for something that practice misses; the counts go with it, and no officer and no account.

    Raises:
        CannotDoError: it is not missed, or it is proposed already.
    """
    if not access.may_see_needs(by) or asked.force != by.force:
        raise PermissionDenied
    need = next((n for n in needs_of(asked.force, asked.scope).concepts if n.concept == concept), None)
    if need is None:
        raise CannotDoError("Dip samples of that time do not show that it is missed.")
    try:
        with transaction.atomic():
            made = Proposal.objects.create(
                force=asked.force, concept=concept, team=asked.team, missed=need.missed, seen=need.of, by=by
            )
            record(by=by, what="insight.proposed", about=f"proposal:{made.pk}", why=concept)
            return made
    except IntegrityError:
        raise CannotDoError("It is proposed already, and waits for a trainer.") from None


def _open(proposal: Proposal, by: User) -> Proposal:
    if not access.may_give(by) or proposal.force_id != by.force_id:
        raise PermissionDenied
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.state != Proposal.State.OPEN:
        raise CannotDoError("Somebody has answered it already.")
    return held


@transaction.atomic
def give(
    *, proposal: Proposal, course: Course | None, due_on: date | None, exercises: bool, by: User
) -> Proposal:
    """Give what was proposed: a course to the team (or to all officers) by a day, two-minute exercises from tomorrow, or both.

    Raises:
        CannotDoError: neither is chosen, or a course has no day.
    """
    held = _open(proposal, by)
    if course is None and not exercises:
        raise CannotDoError("Choose a course, or the exercises, or both.")
    if course is not None:
        if due_on is None:
            raise CannotDoError("Give the day by which the course is to be done.")
        held.course = course
        whom = {"team": held.team, "role": "" if held.team else Role.OFFICER}
        # One course answers several needs: whoever is asked to take it already is not asked twice.
        under_way = Assignment.objects.filter(course=course, learner=None, ended_at=None, **whom).first()
        held.assignment = under_way or assign(course=course, due_on=due_on, by=by, **whom)
    if exercises:
        people = User.objects.filter(force_id=held.force_id, is_active=True)
        people = people.filter(team=held.team) if held.team else people.filter(role=Role.OFFICER)
        for learner in people:
            come_back(learner=learner, concepts=[held.concept])
        held.exercises = people.count()
    held.state, held.answered_by, held.answered_at = Proposal.State.TAKEN, by, timezone.now()
    held.save()
    record(by=by, what="insight.given", about=f"proposal:{held.pk}", why=held.concept)
    return held


@transaction.atomic
def decline(*, proposal: Proposal, why: str, by: User) -> Proposal:
    """Say why it is not given."""
    held = _open(proposal, by)
    held.state, held.answered_by, held.answered_at = Proposal.State.DECLINED, by, timezone.now()
    held.why = why.strip()
    held.save()
    record(by=by, what="insight.declined", about=f"proposal:{held.pk}", why=held.why)
    return held
