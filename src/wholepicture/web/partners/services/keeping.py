"""Keeping the directory: that a service was rung and is right, which kinds it is, who is rung, and who works for whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.practice import Kind
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.accounts.models import Role, User, Webhook
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.access import may_refer, may_run_directory
from wholepicture.web.partners.models import Membership, Organisation, Service, ServiceKind


@transaction.atomic
def confirm_service(*, service: Service, by: User) -> Service:
    """Somebody rang or wrote, and what the directory says is right."""
    if not (may_run_directory(by) or may_refer(by)) or service.force_id != by.force_id:
        raise PermissionDenied
    service.confirmed_at, service.confirmed_by = timezone.now(), by
    service.save(update_fields=["confirmed_at", "confirmed_by"])
    record(by=by, what="directory.confirmed", about=f"service:{service.pk}")
    return service


@transaction.atomic
def set_kinds(*, service: Service, kinds: Sequence[str], withheld: bool, by: User) -> Service:
    """Say which kinds of partner a service is, and whether it is kept from others."""
    if not may_run_directory(by) or service.force_id != by.force_id:
        raise PermissionDenied
    known = {k for a in default_recogniser().catalogue.of_kind(Kind.ACTION) for k in a.partner_kinds}
    if not set(kinds) <= known:
        raise CannotDoError("Choose of the list.")
    service.kinds.all().delete()
    ServiceKind.objects.bulk_create(ServiceKind(service=service, kind=k) for k in sorted(set(kinds)))
    service.withheld = withheld
    service.save(update_fields=["withheld"])
    record(by=by, what="directory.changed", about=f"service:{service.pk}", why=", ".join(kinds))
    return service


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, email: str, named: str, named_phone: str, system: Webhook | None, by: User
) -> Organisation:
    """Say where an organisation is told of requests, and who is rung when nobody answers."""
    if not may_run_directory(by) or organisation.force_id != by.force_id:
        raise PermissionDenied
    if system is not None and (system.force_id != by.force_id or not system.partner or system.stopped_at):
        raise CannotDoError("Choose a system of the list.")
    organisation.email, organisation.named = email.strip(), named.strip()
    organisation.named_phone, organisation.system = named_phone.strip(), system
    organisation.save()
    record(by=by, what="directory.organisation-changed", about=f"organisation:{organisation.pk}")
    return organisation


@transaction.atomic
def join(*, organisation: Organisation, user: User, post: str, by: User) -> Membership:
    """Say that a partner worker works for an organisation: from now on they see what was sent to it.

    Raises:
        CannotDoError: they are no partner worker, or work for another one.
    """
    if not may_run_directory(by) or not by.force_id == organisation.force_id == user.force_id:
        raise PermissionDenied
    if user.role != Role.PARTNER:
        raise CannotDoError(f"{user} is no partner worker. An administrator gives them that role first.")
    held = Membership.objects.filter(user=user).first()
    if held and held.organisation_id != organisation.pk:
        raise CannotDoError(f"{user} works for {held.organisation}. Take them off there first.")
    made, _ = Membership.objects.update_or_create(
        user=user, defaults={"organisation": organisation, "post": post.strip()[:120]}
    )
    record(by=by, what="directory.worker-joined", about=f"user:{user.pk}", why=str(organisation))
    return made


@transaction.atomic
def leave(*, membership: Membership, by: User) -> None:
    """Somebody works for an organisation no more: they see nothing of it from now on."""
    if not may_run_directory(by) or membership.organisation.force_id != by.force_id:
        raise PermissionDenied
    record(
        by=by,
        what="directory.worker-left",
        about=f"user:{membership.user_id}",
        why=str(membership.organisation),
    )
    membership.delete()
