"""What licensing adds to the chief officer's briefing: counts only."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.licensing import Shown
from wholepicture.web.accounts.models import Force
from wholepicture.web.cpd.briefing import Figure
from wholepicture.web.licensing import selectors
from wholepicture.web.licensing.models import Exemption


def of(force: Force) -> list[Figure]:
    """Licences and exemptions, and wellbeing checks of those who hold a licence."""
    found = [
        c for c in selectors.capability_of(force) if c.in_force or c.applying or c.not_in_force or c.exempt
    ]
    exempt = Exemption.objects.filter(person__force=force, until__gte=timezone.localdate()).count()
    licences = Figure(
        "licences",
        "Licences in force",
        "; ".join(f"{c.scheme.title}: {c.words.rstrip('.')}" for c in found) or "nobody is licensed yet",
        f"{exempt} lead cases without a licence, by exemption."
        if exempt
        else "Nobody leads cases by exemption.",
        reverse("licensing:capability"),
    )
    return [licences, _wellbeing(force)]


def _wellbeing(force: Force) -> Figure:
    since = months_after(timezone.localdate(), -12)
    seen = whole = 0
    for held in selectors.held_in(force):
        checks = [
            r.id
            for r in held.licence.scheme.content.requirements
            if r.shown is Shown.DECLARED and r.by == "occupational health"
        ]
        if checks and held.standing.may_work:
            whole += 1
            seen += held.licence.declarations.filter(requirement__in=checks, on__gte=since).exists()
    return Figure(
        "wellbeing",
        "Licence holders with a wellbeing check in the last twelve months",
        f"{seen} of {whole}" if whole else "nobody is licensed yet",
        "Only that a check took place is known here, and when.",
    )
