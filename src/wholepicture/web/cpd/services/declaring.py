"""A cycle declared, drawn for a look, looked at; and reminders."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.core.cpd import audit_sample
from wholepicture.core.days import months_after
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.cpd.access import may_lead
from wholepicture.web.cpd.models import Cycle
from wholepicture.web.cpd.services.keeping import writable
from wholepicture.web.programmes.services import CannotDoError

REMIND_DAYS = (90, 30, 7)


def lacking(cycle: Cycle) -> list[str]:
    """What a cycle lacks before it can be declared."""
    content = cycle.framework.content
    shared = [e for e in cycle.entries.all() if e.shared_at]
    found = []
    if len(shared) < content.least_entries:
        found.append(f"{len(shared)} of {content.least_entries} entries are shared.")
    missing = [t.title for t in content.topics if not any(t.id in e.topics for e in shared)]
    if missing:
        found.append(f"Nothing is shared on: {'; '.join(missing)}.")
    hours = sum(e.minutes for e in shared) / 60
    if content.hours and hours < content.hours:
        found.append(f"{hours:.0f} of {content.hours} hours.")
    return found


@transaction.atomic
def declare(*, cycle: Cycle, statement: str, by: User) -> Cycle:
    """Declare a cycle. The next can begin; this one may be drawn to be looked at.

    Raises:
        CannotDoError: something is lacking, or nothing is said.
    """
    cycle = writable(cycle, by)
    missing = lacking(cycle)
    if missing:
        raise CannotDoError(" ".join(missing))
    if not statement.strip():
        raise CannotDoError("Say in a few lines what changed in your work because of this cycle.")
    cycle.statement, cycle.declared_at = statement.strip(), cycle.declared_at or timezone.now()
    if cycle.audit == Cycle.Audit.MORE:
        cycle.audit = Cycle.Audit.OPEN
    cycle.save(update_fields=["statement", "declared_at", "audit"])
    record(by=by, what="cpd.declared", about=f"cycle:{cycle.pk}")
    return cycle


@transaction.atomic
def draw(*, slug: str, by: User, seed: str = "") -> list[Cycle]:
    """Draw declared cycles to be looked at: risks (late, or not met before), then by chance. First cycles are spared by chance.

    Raises:
        CannotDoError: nobody can be drawn.
    """
    if not may_lead(by):
        raise PermissionDenied
    seed = (seed.strip() or secrets.token_hex(6))[:40]
    declared = {
        str(c.pk): c
        for c in Cycle.objects.select_for_update(of=("self",))
        .filter(person__force_id=by.force_id, framework__slug=slug, declared_at__isnull=False, audit="")
        .exclude(person=by)
        .select_related("framework", "person")
    }
    if not declared:
        raise CannotDoError("No declared cycle waits to be drawn.")
    before = Cycle.objects.filter(framework__slug=slug, declared_at__isnull=False)
    risks, spared = set(), set()
    for key, cycle in declared.items():
        earlier = before.filter(person=cycle.person, ends_on__lt=cycle.ends_on)
        late = cycle.declared_at and cycle.declared_at.date() > cycle.ends_on
        if late or earlier.filter(audit=Cycle.Audit.NOT_MET).exists():
            risks.add(key)
        elif not earlier.exists():
            spared.add(key)
    percent = next(iter(declared.values())).framework.content.sample_percent
    drawn = audit_sample(declared, percent=percent, seed=seed, risks=risks, spared=spared)
    for key, why in drawn.items():
        cycle = declared[key]
        cycle.audit, cycle.audit_why, cycle.audit_seed = Cycle.Audit.OPEN, why, seed
        cycle.save(update_fields=["audit", "audit_why", "audit_seed"])
        tell_people(
            [cycle.person],
            about=f"cycle:{cycle.pk}",
            subject="Your declared cycle is looked at",
            text="Your declaration was drawn to be looked at. Nothing is to be done unless you are asked for more.",
        )
    record(
        by=by,
        what="cpd.drawn",
        about=f"framework:{slug}",
        why=f"{len(drawn)} of {len(declared)}, seed {seed}",
    )
    return [declared[k] for k in drawn]


@transaction.atomic
def look(*, cycle: Cycle, said: str, feedback: str, by: User) -> Cycle:
    """Say what one makes of a drawn cycle: meets it, more is asked, or does not. The person is told.

    Raises:
        CannotDoError: it is one's own or not drawn, somebody else said so, or nothing is said.
    """
    if not may_lead(by):
        raise PermissionDenied
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("person").get(pk=cycle.pk)
    if cycle.person.force_id != by.force_id or cycle.person_id == by.pk:
        raise PermissionDenied
    if cycle.audit != Cycle.Audit.OPEN:
        raise CannotDoError(f"It is {cycle.get_audit_display().lower()} already.")
    if said not in (Cycle.Audit.MET, Cycle.Audit.MORE, Cycle.Audit.NOT_MET):
        raise CannotDoError("Choose what you make of it.")
    if not feedback.strip():
        raise CannotDoError("Say why. They read it.")
    cycle.audit, cycle.audit_said, cycle.audit_by, cycle.audit_at = said, feedback.strip(), by, timezone.now()
    cycle.save(update_fields=["audit", "audit_said", "audit_by", "audit_at"])
    tell_people(
        [cycle.person],
        about=f"cycle:{cycle.pk}",
        subject="Your declared cycle was looked at",
        text=f"{cycle.get_audit_display()}. Open CPD in Wholepicture to read why.",
    )
    record(by=by, what="cpd.looked-at", about=f"cycle:{cycle.pk}", why=said)
    return cycle


def remind(now: datetime) -> int:
    """Remind people before a cycle ends. Returns how many were told."""
    return remind_on(timezone.localdate(now))


@transaction.atomic
def remind_on(day: date) -> int:
    """Remind people before a cycle ends, once for each of so many days. Returns how many were told."""
    count = 0
    for cycle in (
        Cycle.objects.select_for_update(of=("self",))
        .filter(declared_at=None)
        .select_related("person", "framework")
    ):
        left = (cycle.ends_on - day).days
        due = [d for d in REMIND_DAYS if left <= d and d not in cycle.reminded]
        if not due or left < 0:
            continue
        cycle.reminded = sorted({*cycle.reminded, *due})
        cycle.save(update_fields=["reminded"])
        tell_people(
            [cycle.person],
            about=f"cycle:{cycle.pk}",
            subject=f"CPD: {cycle.ends_on:%-d %B %Y}",
            text=f"Your cycle of {cycle.framework.content.title} ends on {cycle.ends_on:%-d %B %Y}. Open CPD in Wholepicture to see what it lacks.",
        )
        count += 1
    return count


def declared_in_date(person: User, slug: str, on: date) -> Cycle | None:
    """The declared cycle that counts on a day: the last, unless it was found not to meet the framework or is longer ago than a cycle."""
    last = (
        Cycle.objects.filter(person=person, framework__slug=slug, declared_at__isnull=False)
        .exclude(audit=Cycle.Audit.NOT_MET)
        .order_by("-ends_on")
        .first()
    )
    if last and on <= months_after(last.ends_on, last.framework.content.cycle_months):
        return last
    return None
