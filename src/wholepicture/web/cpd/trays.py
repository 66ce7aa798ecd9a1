"""What of continuing development waits for somebody, for the first page."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.cpd import access, services
from wholepicture.web.cpd.models import Cycle


def of(user: User) -> list[Tray]:
    """Cycles that end soon or lack something, and those drawn to be looked at."""
    items = []
    zone = timezone.get_current_timezone()
    for cycle in access.cycles_of(user).filter(declared_at=None).select_related("framework"):
        left = (cycle.ends_on - timezone.localdate()).days
        note = "ended: declare it" if left < 0 else f"ends {cycle.ends_on:%-d %B %Y}"
        if services.lacking(cycle) and left > 90:
            continue
        items.append(
            Waiting(
                cycle.framework.content.title,
                note,
                reverse("cpd:cycle", args=[cycle.pk]),
                datetime.combine(cycle.begins_on, time(), zone),
            )
        )
    for cycle in access.cycles_of(user).filter(audit=Cycle.Audit.MORE).select_related("framework"):
        items.append(
            Waiting(
                "More is asked of your CPD",
                cycle.audit_said,
                reverse("cpd:cycle", args=[cycle.pk]),
                cycle.audit_at or timezone.now(),
            )
        )
    trays = [Tray("CPD", tuple(items), "", reverse("cpd:home"))] if items else []
    if access.may_lead(user):
        drawn = (
            access.cycles_shared_with(user)
            .filter(audit=Cycle.Audit.OPEN)
            .select_related("person", "framework")
        )
        waiting = tuple(
            Waiting(
                f"To look at: {c.person}",
                c.framework.content.title,
                reverse("cpd:shared", args=[c.pk]),
                c.declared_at or timezone.now(),
            )
            for c in drawn
        )
        trays.append(
            Tray("CPD to look at", waiting, "Nothing drawn waits to be looked at.", reverse("cpd:lead"))
        )
    return trays
