"""Who sees a force's own figures, runs its health check, and proposes training. No figure here is of one person."""

from __future__ import annotations

from django.db.models import QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.insight.models import HealthAction, HealthCheck, HealthEvidence, Proposal, QuestionSet
from wholepicture.web.programmes.models import Document


def may_see(user: User) -> bool:
    """Whether somebody sees the force's figures."""
    return may(user, Permission.SEE_INSIGHT) and user.force_id is not None


def may_see_needs(user: User) -> bool:
    """Whether somebody sees what practice misses, as counts, and proposes training for it."""
    return may(user, Permission.SEE_NEEDS) and user.force_id is not None


def may_give(user: User) -> bool:
    """Whether somebody gives the training that was proposed."""
    return may(user, Permission.MANAGE_TRAINING) and user.force_id is not None


def may_run_check(user: User) -> bool:
    """Whether somebody opens and closes health checks, keeps the action plan and publishes questions."""
    return may(user, Permission.RUN_HEALTH_CHECK) and user.force_id is not None


def may_answer(user: User) -> bool:
    """Whether somebody answers a health check and says how they are: whoever works for the force."""
    return may(user, Permission.TAKE_TRAINING) and user.force_id is not None


def may_see_wellbeing(user: User) -> bool:
    """Whether somebody sees, as counts, how people say they are. Nobody's line manager does by that role."""
    return may(user, Permission.SEE_WELLBEING) and user.force_id is not None


def checks_of(user: User) -> QuerySet[HealthCheck]:
    """The health checks of a force that somebody may answer or run."""
    if not (may_answer(user) or may_run_check(user)):
        return HealthCheck.objects.none()
    return HealthCheck.objects.filter(force_id=user.force_id)


def documents_of(user: User) -> QuerySet[Document]:
    """Files of evidence that somebody may download: of the checks that they may answer or run."""
    held = HealthEvidence.objects.filter(check_of__in=checks_of(user)).exclude(document=None)
    return Document.objects.filter(pk__in=held.values("document"))


def actions_of(user: User) -> QuerySet[HealthAction]:
    """The actions that somebody may say something of: their own, or all for who runs the check."""
    found = HealthAction.objects.filter(check_of__force_id=user.force_id)
    return found if may_run_check(user) else found.filter(owner=user)


def question_sets_of(user: User) -> QuerySet[QuestionSet]:
    """The versions of the questions, for who runs the check."""
    found = QuestionSet.objects.filter(force_id=user.force_id)
    return found if may_run_check(user) else found.none()


def proposals_of(user: User) -> QuerySet[Proposal]:
    """The force's proposals."""
    if not (may_see_needs(user) or may_give(user)):
        return Proposal.objects.none()
    return Proposal.objects.filter(force_id=user.force_id)
