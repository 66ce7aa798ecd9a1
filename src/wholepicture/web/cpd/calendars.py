"""The days of CPD in somebody's own calendar."""

from __future__ import annotations

from wholepicture.web.accounts.models import User
from wholepicture.web.cpd.models import Cycle
from wholepicture.web.programmes.selectors.calendars import Day


def days_of(user: User) -> list[Day]:
    """When each open cycle ends."""
    cycles = Cycle.objects.filter(person=user, declared_at=None).select_related("framework")
    return [Day(f"cpd-{c.pk}", f"CPD to declare: {c.framework.content.title}", c.ends_on) for c in cycles]
