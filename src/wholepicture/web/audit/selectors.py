"""Reads of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from wholepicture.core.audit_chain import Link
from wholepicture.web.audit.models import Entry
from wholepicture.web.audit.services import stamp


def links() -> Iterator[Link]:
    """Every entry as it is chained, chain by chain in order."""
    for entry in Entry.objects.order_by("chain", "number").iterator(chunk_size=5000):
        yield Link(
            entry.chain,
            entry.number,
            stamp(entry.at),
            entry.who_name,
            entry.what,
            entry.about,
            entry.why,
            entry.previous,
            entry.digest,
        )


def found(
    *,
    chain: str,
    who: str = "",
    what: str = "",
    about: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """One force's entries, latest first. ``until`` takes in its whole day."""
    entries = Entry.objects.filter(chain=chain).select_related("who")
    if who:
        entries = entries.filter(
            Q(who_name__icontains=who) | Q(who__first_name__icontains=who) | Q(who__last_name__icontains=who)
        )
    if what:
        entries = entries.filter(what__startswith=what)
    if about:
        entries = entries.filter(Q(about__icontains=about) | Q(why__icontains=about))
    if since:
        entries = entries.filter(at__gte=_start_of(since))
    if until:
        entries = entries.filter(at__lt=timezone.make_aware(datetime.combine(until, time.max)))
    return entries


def of(abouts: list[str], *, chain: str) -> QuerySet[Entry]:
    """Every entry about any of these, oldest first: who looked, and what they did."""
    return Entry.objects.filter(chain=chain, about__in=abouts).select_related("who").order_by("id")


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
