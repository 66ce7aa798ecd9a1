"""The register: look-ups that the holder sees, exemptions that end, and notices before a term does."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.licensing import selectors
from wholepicture.web.licensing.access import may_check, may_run
from wholepicture.web.licensing.models import CaseLed, Exemption, Licence, Lookup, NoticeSent
from wholepicture.web.licensing.services.credentials import follow
from wholepicture.web.programmes.services import CannotDoError

NOTICES = (90, 60, 30)
LONGEST_MONTHS = 6


@transaction.atomic
def look_up(*, licence: Licence, why: str, by: User) -> Lookup:
    """Record that somebody looked a licence up. Its holder sees who and why.

    Raises:
        CannotDoError: no reason is given.
    """
    if not (may_check(by) or may_run(by)) or licence.scheme.force_id != by.force_id:
        raise PermissionDenied
    if not why.strip():
        raise CannotDoError("Say why you look. The holder sees it.")
    made = Lookup.objects.create(licence=licence, by=by, why=why.strip()[:200])
    record(by=by, what="licence.looked-up", about=f"licence:{licence.pk}", why=why)
    return made


@transaction.atomic
def check(*, person: User, slug: str, why: str, by: User) -> selectors.Answer:
    """Ask whether somebody may lead a case today. Each of their licences of that kind shows that it was asked."""
    if not may_check(by) or person.force_id != by.force_id:
        raise PermissionDenied
    answer = selectors.may_lead(person, slug)
    for licence in Licence.objects.filter(holder=person, scheme__slug=slug):
        Lookup.objects.create(
            licence=licence, by=by, why=why.strip()[:200] or "asked whether they may lead a case"
        )
    record(
        by=by,
        what="licence.checked",
        about=f"user:{person.pk}",
        why=f"{slug}: {'yes' if answer.yes else 'no'}",
    )
    return answer


@transaction.atomic
def give_case(*, person: User, slug: str, reference: str, by: User) -> CaseLed:
    """Record that somebody leads a case from today: only if they may.

    Raises:
        CannotDoError: they may not lead it, it has no reference, or they lead it already.
    """
    if not may_check(by) or person.force_id != by.force_id:
        raise PermissionDenied
    named = " ".join(reference.split())[:40]
    if not named:
        raise CannotDoError("Give the reference it has in your own system.")
    answer = selectors.may_lead(person, slug)
    if not answer.yes:
        raise CannotDoError(f"{person} may not lead it today. {answer.why}")
    try:
        with transaction.atomic():
            made = CaseLed.objects.create(
                person=person, slug=slug, reference=named, began_on=timezone.localdate(), by=by
            )
    except IntegrityError:
        raise CannotDoError(f"{person} leads {named} already.") from None
    record(by=by, what="licence.case-given", about=f"user:{person.pk}", why=f"{slug}: {named}")
    return made


@transaction.atomic
def end_case(*, case: CaseLed, by: User) -> CaseLed:
    """Record that somebody leads a case no more.

    Raises:
        CannotDoError: it has ended already.
    """
    case = CaseLed.objects.select_for_update().get(pk=case.pk)
    if not may_check(by) or case.person.force_id != by.force_id:
        raise PermissionDenied
    if case.ended_on:
        raise CannotDoError("It has ended already.")
    case.ended_on = timezone.localdate()
    case.save(update_fields=["ended_on"])
    record(by=by, what="licence.case-ended", about=f"user:{case.person_id}", why=case.reference)
    return case


@transaction.atomic
def exempt(
    *, person: User, slug: str, senior: str, why: str, supervisor: str, until: date, by: User
) -> Exemption:
    """Let somebody without a licence lead cases for a while. It is named, ends, and is seen by the chief officer.

    Raises:
        CannotDoError: it has no reason, nobody senior, or would last too long.
    """
    if not may_run(by) or person.force_id != by.force_id or person.pk == by.pk:
        raise PermissionDenied
    if not senior.strip() or not why.strip() or not supervisor.strip():
        raise CannotDoError("Say who has agreed to it, why, and who supervises.")
    today = timezone.localdate()
    if not today < until <= months_after(today, LONGEST_MONTHS):
        raise CannotDoError(f"It must end after today, within {LONGEST_MONTHS} months.")
    made = Exemption.objects.create(
        person=person,
        slug=slug,
        senior=senior.strip(),
        why=why.strip(),
        supervisor=supervisor.strip(),
        until=until,
        by=by,
    )
    record(by=by, what="licence.exempted", about=f"user:{person.pk}", why=f"{slug}, to {until}: {why}")
    return made


@transaction.atomic
def give_notice(now: datetime) -> int:
    """Tell holders before a term ends, once for each of so many days. Returns how many were told.

    A suspension meanwhile that has run out is no step of anybody's: the credential that comes back with it is issued here.
    """
    day, count = timezone.localdate(now), 0
    for licence in Licence.objects.select_related("scheme", "holder").prefetch_related("events"):
        s = licence.standing(day)
        if s.may_work and not licence.credentials.filter(revoked_at=None).exists():
            follow(licence)
        end = s.until
        if end is None or not s.may_work or not 0 <= (end - day).days <= max(NOTICES):
            continue
        due = [d for d in NOTICES if (end - day).days <= d]
        new = [d for d in due if NoticeSent.objects.get_or_create(licence=licence, ends=end, days=d)[1]]
        if new:
            tell_people(
                [licence.holder],
                about=f"licence:{licence.pk}",
                subject=f"Your licence ends on {end:%-d %B %Y}",
                text=f"Your licence {licence.scheme} ends on {end:%-d %B %Y}. Open Licences in Wholepicture to see what its renewal needs.",
            )
            count += 1
    return count
