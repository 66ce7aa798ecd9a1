"""Who sees what of continuing development. A reflection is never anybody's but its writer's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.cpd.models import Cycle, Framework


def may_keep(user: User) -> bool:
    """Whether somebody keeps a record here."""
    return may(user, Permission.TAKE_TRAINING) and user.force_id is not None


def may_lead(user: User) -> bool:
    """Whether somebody publishes frameworks, draws whom to look at and looks."""
    return may(user, Permission.LEAD_CPD) and user.force_id is not None


def may_see_briefing(user: User) -> bool:
    """Whether somebody sees the force's own figures with the questions to ask."""
    return may(user, Permission.SEE_BRIEFING) and user.force_id is not None


def frameworks_of(user: User) -> QuerySet[Framework]:
    """The versions of a force's frameworks."""
    if not (may_keep(user) or may_lead(user)):
        return Framework.objects.none()
    return Framework.objects.filter(force_id=user.force_id)


def cycles_of(user: User) -> QuerySet[Cycle]:
    """Somebody's own cycles."""
    return Cycle.objects.filter(person=user)


def cycles_shared_with(user: User) -> QuerySet[Cycle]:
    """Cycles of which somebody reads what was shared: a supervisor of their team, who looks at those drawn."""
    found = Q(pk__in=[])
    if user.role == Role.SUPERVISOR and user.team_id:
        found |= Q(person__team_id=user.team_id) & ~Q(person=user)
    if may_lead(user):
        found |= Q(person__force_id=user.force_id) & ~Q(person=user) & ~Q(audit=Cycle.Audit.NONE)
    return Cycle.objects.filter(found)


def cycles_led(user: User) -> QuerySet[Cycle]:
    """Every cycle of the force, as counts and states, for who leads."""
    return Cycle.objects.filter(person__force_id=user.force_id) if may_lead(user) else Cycle.objects.none()
