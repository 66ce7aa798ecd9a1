"""Providers: asked for, visited, approved, and what they must do."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.programmes.approval import NEEDS_EVERYTHING, NEXT, Approved
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_approve_providers
from wholepicture.web.programmes.models import Programme, Provider, ProviderAction, ProviderDecision, Visit


def _allowed(by: User, programme: Programme) -> None:
    if not may_approve_providers(by) or programme.force_id != by.force_id:
        raise PermissionDenied


@transaction.atomic
def add_provider(*, programme: Programme, name: str, kind: str, contact: str, by: User) -> Provider:
    """Add a provider, which is not approved yet.

    Raises:
        CannotDoError: there is one of that name.
    """
    _allowed(by, programme)
    if programme.providers.filter(name__iexact=name).exists():
        raise CannotDoError(f"{name} is a provider already.")
    made = Provider.objects.create(programme=programme, name=name, kind=kind, contact=contact, by=by)
    record(by=by, what="provider.added", about=f"provider:{made.pk}", why=name)
    return made


@transaction.atomic
def decide_on_provider(
    *,
    provider: Provider,
    said: str,
    why: str,
    on: date,
    by: User,
    until: date | None = None,
    shown: dict[str, str] | None = None,
    conditions: list[tuple[str, date]] | None = None,
) -> ProviderDecision:
    """Approve a provider, with or without conditions, or refuse, withdraw or restore its approval.

    ``shown``: what was seen for each criterion of approval. ``conditions``: what it must do, by when.

    Raises:
        CannotDoError: not possible from where it stands, a criterion is not shown, a condition is missing or still open.
    """
    _allowed(by, provider.programme)
    provider = Provider.objects.select_for_update().select_related("programme").get(pk=provider.pk)
    decided = Approved(said)
    if decided not in NEXT[provider.state]:
        last = provider.decision
        raise CannotDoError(
            f"{last.by} decided meanwhile: {last.get_said_display().lower()}."
            if last
            else "That cannot be decided of a provider that is not approved yet."
        )
    if not why.strip():
        raise CannotDoError("Say why. A line is enough.")
    if until and until < on:
        raise CannotDoError("It would end before it begins. Change one of the two dates.")
    shown = {k: v.strip() for k, v in (shown or {}).items() if v.strip()}
    missing = [a.id for a in provider.programme.current.content.approval if a.id not in shown]
    if decided in NEEDS_EVERYTHING and missing:
        raise CannotDoError(
            f"Not shown yet: {', '.join(missing)}. Say what you saw for each, or approve with conditions."
        )
    conditions = [(t.strip(), d) for t, d in conditions or [] if t.strip()]
    if decided is Approved.CONDITIONS and not conditions:
        raise CannotDoError("Say at least one condition, and by when.")
    still = provider.actions.filter(condition=True, closed_at=None)
    if decided in NEEDS_EVERYTHING and still.exists():
        raise CannotDoError(f"A condition is still open: {still[0].text}")
    made = ProviderDecision.objects.create(
        provider=provider, said=said, shown=shown, why=why.strip(), on=on, until=until, by=by
    )
    for text, due_on in conditions if decided is Approved.CONDITIONS else []:
        ProviderAction.objects.create(provider=provider, condition=True, text=text, due_on=due_on, by=by)
    record(by=by, what=f"provider.{said}", about=f"provider:{provider.pk}", why=why)
    return made


@transaction.atomic
def record_visit(
    *,
    provider: Provider,
    held_on: date,
    found: str,
    grade: str,
    by: User,
    action: str = "",
    due_on: date | None = None,
) -> Visit:
    """Record a visit, and one thing to do after it if there is one.

    Raises:
        CannotDoError: the visit is yet to come, or there is something to do and no day for it.
    """
    _allowed(by, provider.programme)
    if held_on > timezone.localdate():
        raise CannotDoError("The visit is yet to come. Record it when it has been.")
    visit = Visit.objects.create(provider=provider, held_on=held_on, found=found, grade=grade, by=by)
    record(by=by, what="provider.visited", about=f"provider:{provider.pk}", why=grade)
    if action.strip():
        if due_on is None:
            raise CannotDoError("Say by when it is to be done.")
        set_action(provider=provider, text=action, due_on=due_on, by=by)
    return visit


@transaction.atomic
def set_action(*, provider: Provider, text: str, due_on: date, by: User) -> ProviderAction:
    """Have a provider do something by a day."""
    _allowed(by, provider.programme)
    made = ProviderAction.objects.create(provider=provider, text=text.strip(), due_on=due_on, by=by)
    record(by=by, what="provider.action", about=f"provider:{provider.pk}", why=text)
    return made


@transaction.atomic
def close_action(*, action: ProviderAction, closing: str, by: User) -> ProviderAction:
    """Say that something is done, and how that is known.

    Raises:
        CannotDoError: nothing is said, or it was closed already.
    """
    action = (
        ProviderAction.objects.select_for_update(of=("self",))
        .select_related("provider__programme")
        .get(pk=action.pk)
    )
    _allowed(by, action.provider.programme)
    if action.closed_at:
        raise CannotDoError(f"{action.closed_by} closed it already.")
    if not closing.strip():
        raise CannotDoError("Say how you know that it is done.")
    action.closed_at, action.closed_by, action.closing = timezone.now(), by, closing.strip()
    action.save(update_fields=["closed_at", "closed_by", "closing"])
    record(by=by, what="provider.action-closed", about=f"provider:{action.provider_id}", why=closing)
    return action
