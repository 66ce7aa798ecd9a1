"""Who may learn, teach, and see how others do. Every read and change in this app asks here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.training.models import (
    Attempt,
    Certificate,
    Classroom,
    Course,
    Draft,
    Enrolment,
    PanelSeat,
)


def may_learn(user: User) -> bool:
    """Whether somebody takes training here."""
    return may(user, Permission.TAKE_TRAINING) and user.force_id is not None


def may_teach(user: User) -> bool:
    """Whether somebody makes courses, assigns them and sees how the force does."""
    return may(user, Permission.MANAGE_TRAINING) and user.force_id is not None


def may_see_completion(user: User) -> bool:
    """Whether somebody sees who has completed what: a trainer of the force, a supervisor of their team."""
    return may_teach(user) or (may(user, Permission.SEE_TEAM_TRAINING) and user.team_id is not None)


def courses_of(user: User) -> QuerySet[Course]:
    """Courses somebody may take or manage: their own force's that are not closed."""
    if not (may_learn(user) or may_teach(user)):
        return Course.objects.none()
    return Course.objects.filter(force_id=user.force_id, closed_at=None)


def learners_of(user: User) -> QuerySet[User]:
    """Those whose completion somebody may see, by name."""
    if may_teach(user):
        found = User.objects.filter(force_id=user.force_id)
    elif may_see_completion(user):
        found = User.objects.filter(force_id=user.force_id, team_id=user.team_id)
    else:
        return User.objects.none()
    return found.filter(is_active=True).order_by("last_name", "first_name", "username")


def attempts_of(user: User) -> QuerySet[Attempt]:
    """Attempts somebody may open: their own. What others did is seen as counts only."""
    return Attempt.objects.filter(learner=user)


def enrolments_of(user: User) -> QuerySet[Enrolment]:
    """Somebody's own ways through courses."""
    return Enrolment.objects.filter(learner=user)


def certificates_of(user: User) -> QuerySet[Certificate]:
    """Certificates somebody may download: their own, and for a trainer those of the force."""
    own = Q(enrolment__learner=user)
    if may_teach(user):
        own |= Q(enrolment__learner__force_id=user.force_id)
    return Certificate.objects.filter(own)


def drafts_of(user: User) -> QuerySet[Draft]:
    """Scenarios being made that somebody may work on."""
    return Draft.objects.filter(force_id=user.force_id) if may_teach(user) else Draft.objects.none()


def seats_of(user: User) -> QuerySet[PanelSeat]:
    """An expert's own places on panels."""
    return PanelSeat.objects.filter(expert=user, draft__force_id=user.force_id)


def classrooms_of(user: User) -> QuerySet[Classroom]:
    """Classroom sessions somebody may keep."""
    return Classroom.objects.filter(force_id=user.force_id) if may_teach(user) else Classroom.objects.none()
