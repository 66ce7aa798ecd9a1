"""What is destroyed with somebody's record: what was asked for them, and what was watched and planned."""

from __future__ import annotations

from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners.models import Plan, Referral, Slipped, Watched


def forget(person: EncounterPerson) -> None:
    """Destroy what this app holds of somebody in an account. The partner keeps its own; ask it."""
    for rows in (
        Referral.objects.filter(person=person),
        Plan.objects.filter(person=person),
        Slipped.objects.filter(person=person),
        Watched.objects.filter(person=person),
    ):
        rows.delete()
