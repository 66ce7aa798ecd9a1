"""Who may see, propose, review and approve what a programme is. Every read and change in this app asks here."""

from __future__ import annotations

from django.db.models import QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import User
from wholepicture.web.programmes.models import Programme, Version


def may_see(user: User) -> bool:
    """Whether somebody sees programmes at all."""
    return may(user, Permission.SEE_PROGRAMMES) and user.force_id is not None


def may_propose(user: User) -> bool:
    """Whether somebody may propose a new version."""
    return may(user, Permission.PROPOSE_PROGRAMMES) and user.force_id is not None


def may_review(user: User, version: Version) -> bool:
    """Whether somebody may review a version: never their own."""
    return (
        may(user, Permission.REVIEW_PROGRAMMES)
        and version.programme.force_id == user.force_id
        and version.state == Version.State.PROPOSED
        and version.by_id != user.pk
    )


def may_approve(user: User, version: Version) -> bool:
    """Whether somebody may approve a reviewed version: neither who proposed it nor who reviewed it."""
    return (
        may(user, Permission.APPROVE_PROGRAMMES)
        and version.programme.force_id == user.force_id
        and version.state == Version.State.REVIEWED
        and version.by_id != user.pk
        and not version.judgements.filter(by=user).exists()
    )


def programmes_of(user: User) -> QuerySet[Programme]:
    """Programmes of somebody's own force."""
    return Programme.objects.filter(force_id=user.force_id) if may_see(user) else Programme.objects.none()
