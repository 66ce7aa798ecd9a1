"""Who may see and change encounters. Every read and change in this app asks here."""

from django.db.models import QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.models import Encounter


def may_record(user: User) -> bool:
    """Whether somebody may start an encounter."""
    return may(user, Permission.RECORD_ENCOUNTER) and user.force_id is not None


def visible_to(user: User) -> QuerySet[Encounter]:
    """Encounters somebody may see: their own, and their force's if their role carries it. Nobody else's, ever."""
    if not may_record(user):
        return Encounter.objects.none()
    if may(user, Permission.SEE_FORCE_ENCOUNTERS):
        return Encounter.objects.filter(force=user.force)
    return Encounter.objects.filter(started_by=user)


def may_change(user: User, encounter: Encounter) -> bool:
    """Whether somebody may confirm, correct or answer: the officer whose account it is."""
    return may_record(user) and encounter.started_by_id == user.pk
