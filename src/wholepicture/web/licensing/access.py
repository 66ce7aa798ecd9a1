"""Who may apply, run, assess, decide and look up. Every read and change in this app asks here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.licensing.models import CaseLed, Hearing, Licence, LicenceEvidence, Scheme, Seat
from wholepicture.web.programmes.models import Document


def _here(user: User, permission: Permission) -> bool:
    return may(user, permission) and user.force_id is not None


def may_apply(user: User) -> bool:
    """Whether somebody may hold a licence here."""
    return _here(user, Permission.TAKE_TRAINING)


def may_run(user: User) -> bool:
    """Whether somebody runs licences."""
    return _here(user, Permission.RUN_LICENSING)


def may_assess(user: User) -> bool:
    """Whether somebody assesses applications."""
    return _here(user, Permission.ASSESS_LICENCES)


def may_sit(user: User) -> bool:
    """Whether somebody sits on panels."""
    return _here(user, Permission.SIT_ON_PANELS)


def may_check(user: User) -> bool:
    """Whether somebody asks if a person may lead a case today."""
    return _here(user, Permission.CHECK_DEPLOYMENT)


def may_see_capability(user: User) -> bool:
    """Whether somebody sees who is licensed for what."""
    return _here(user, Permission.SEE_CAPABILITY)


def may_declare_as_manager(user: User, licence: Licence) -> bool:
    """Whether somebody declares as line manager: a supervisor of the force, never of themselves."""
    return (
        user.role == Role.SUPERVISOR
        and user.force_id == licence.scheme.force_id
        and user.pk != licence.holder_id
    )


def schemes_of(user: User) -> QuerySet[Scheme]:
    """Schemes of somebody's force."""
    return (
        Scheme.objects.filter(force_id=user.force_id)
        if may_apply(user) or may_run(user)
        else Scheme.objects.none()
    )


def own_licences(user: User) -> QuerySet[Licence]:
    """Somebody's own applications and licences."""
    return Licence.objects.filter(holder=user)


def cases_of(user: User) -> QuerySet[Licence]:
    """Cases that somebody may open whole: who runs licences; an assessor those given to them; a member while their panel sits.

    Never one's own.
    """
    found = Q(pk__in=[])
    if may_run(user):
        found |= Q(scheme__force_id=user.force_id)
    if may_assess(user):
        found |= Q(assessor=user) | Q(second_assessor=user)
    if may_sit(user):
        sitting = Seat.objects.filter(member=user, stood_down_at=None, hearing__closed_at=None)
        found |= Q(pk__in=sitting.values("hearing__licence"))
    return Licence.objects.filter(found).exclude(holder=user)


def to_declare(user: User) -> QuerySet[Licence]:
    """Licences of the force of which somebody may declare something as line manager."""
    if user.role != Role.SUPERVISOR:
        return Licence.objects.none()
    return Licence.objects.filter(scheme__force_id=user.force_id).exclude(holder=user)


def evidence_of(user: User) -> QuerySet[LicenceEvidence]:
    """Evidence that somebody may read: their own, and of cases they may open."""
    return LicenceEvidence.objects.filter(Q(licence__holder=user) | Q(licence__in=cases_of(user)))


def documents_of(user: User) -> QuerySet[Document]:
    """Files that somebody may download."""
    return Document.objects.filter(pk__in=evidence_of(user).exclude(document=None).values("document"))


def leads_of(user: User) -> QuerySet[CaseLed]:
    """Who leads what, of the force, for who asks whether somebody may."""
    return (
        CaseLed.objects.filter(person__force_id=user.force_id) if may_check(user) else CaseLed.objects.none()
    )


def seats_of(user: User) -> QuerySet[Seat]:
    """Places on panels that sit now."""
    return Seat.objects.filter(member=user, stood_down_at=None, hearing__closed_at=None)


def hearings_of(user: User) -> QuerySet[Hearing]:
    """Hearings that somebody may open: those they run or sit in, never on themselves."""
    found = Q(pk__in=Seat.objects.filter(member=user).values("hearing"))
    if may_run(user):
        found |= Q(licence__scheme__force_id=user.force_id)
    return Hearing.objects.filter(found).exclude(licence__holder=user)


def register_of(user: User) -> QuerySet[Licence]:
    """Licences that somebody may look up: of the force, for who checks deployment or runs licences."""
    if not (may_check(user) or may_run(user)):
        return Licence.objects.none()
    return Licence.objects.filter(scheme__force_id=user.force_id)
