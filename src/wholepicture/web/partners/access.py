"""Who may refer, answer, watch and plan. Every read and change in this app asks here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wholepicture.core.partners.lifecycle import State
from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import colleagues, in_sight
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners.models import (
    Import,
    Organisation,
    Plan,
    Referral,
    Service,
    Slipped,
    Watched,
)

_NOT_SENT = (State.DRAFT, State.CHECKED, State.TAKEN_BACK)


def _here(user: User, permission: Permission) -> bool:
    return bool(user.is_authenticated) and may(user, permission) and user.force_id is not None


def may_refer(user: User) -> bool:
    """Whether somebody asks partners to act at all."""
    return _here(user, Permission.REFER)


def may_answer(user: User) -> bool:
    """Whether somebody answers for an organisation."""
    return _here(user, Permission.ANSWER_REFERRALS) and hasattr(user, "works_for")


def may_run_directory(user: User) -> bool:
    """Whether somebody keeps the directory."""
    return _here(user, Permission.RUN_DIRECTORY)


def may_search_directory(user: User) -> bool:
    """Whether somebody looks services up."""
    return may_refer(user) or may_run_directory(user) or may_answer(user)


def may_watch(user: User) -> bool:
    """Whether somebody sees which controls end soon or have failed."""
    return _here(user, Permission.WATCH_CONTROLS)


def may_run_plans(user: User) -> bool:
    """Whether somebody holds joint plans."""
    return _here(user, Permission.RUN_PLANS)


def may_see_figures(user: User) -> bool:
    """Whether somebody sees how all partners answer, as counts."""
    return _here(user, Permission.SEE_PARTNER_FIGURES)


def people_in_sight(user: User) -> QuerySet[EncounterPerson]:
    """People of accounts that somebody may see, for whom a partner can be asked."""
    if not may_refer(user):
        return EncounterPerson.objects.none()
    return EncounterPerson.objects.filter(
        in_sight(user, "encounter__"), encounter__confirmed_at__isnull=False
    )


def referrals_of(user: User) -> QuerySet[Referral]:
    """Referrals that somebody of the force may read: about people of accounts they may see, and those escalated to them."""
    if not may_refer(user):
        return Referral.objects.none()
    return Referral.objects.filter(force_id=user.force_id).filter(in_sight(user, "person__encounter__"))


def may_write(user: User, referral: Referral) -> bool:
    """Whether somebody may fill in, send, recall and take back: who began it, their team, or a supervisor who may see it."""
    if not may_refer(user) or user.force_id != referral.force_id:
        return False
    return referral.by_id in colleagues(user) or may_watch(user)


def may_check(user: User, referral: Referral) -> bool:
    """Whether somebody may check a referral before it goes: never their own."""
    return _here(user, Permission.CHECK_REFERRALS) and referral.by_id != user.pk


def inbox_of(user: User) -> QuerySet[Referral]:
    """What was sent to somebody's organisation. Drafts are nobody's but the force's."""
    if not may_answer(user):
        return Referral.objects.none()
    return Referral.objects.filter(
        organisation=user.works_for.organisation_id, sent_at__isnull=False
    ).exclude(state__in=_NOT_SENT)


def services_of(user: User) -> QuerySet[Service]:
    """Services of the directory of somebody's force."""
    if not may_search_directory(user):
        return Service.objects.none()
    found = Service.objects.filter(force_id=user.force_id)
    return found.filter(withheld=False) if may_answer(user) else found


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Organisations of the directory of somebody's force, for who keeps it."""
    return (
        Organisation.objects.filter(force_id=user.force_id)
        if may_run_directory(user)
        else Organisation.objects.none()
    )


def imports_of(user: User) -> QuerySet[Import]:
    """Readings of feeds of somebody's force, for who keeps the directory."""
    return (
        Import.objects.filter(feed__force_id=user.force_id)
        if may_run_directory(user)
        else Import.objects.none()
    )


def watched_by(user: User) -> QuerySet[Watched]:
    """The watch, as far as somebody may see the people in it."""
    if not may_watch(user):
        return Watched.objects.none()
    return Watched.objects.filter(force_id=user.force_id).filter(in_sight(user, "person__encounter__"))


def slipped_to(user: User) -> QuerySet[Slipped]:
    """What slipped through: queued to somebody, or, for who watches controls, to anybody of the force."""
    if not may_refer(user):
        return Slipped.objects.none()
    mine = Q(to=user) | (Q(force_id=user.force_id) if may_watch(user) else Q(pk__in=[]))
    return Slipped.objects.filter(mine, in_sight(user, "person__encounter__"), closed_at=None)


def plans_of(user: User) -> QuerySet[Plan]:
    """Joint plans about people somebody may see."""
    if not may_run_plans(user):
        return Plan.objects.none()
    return Plan.objects.filter(force_id=user.force_id).filter(in_sight(user, "person__encounter__"))
