"""The days of licences in somebody's own calendar."""

from __future__ import annotations

from wholepicture.web.accounts.models import User
from wholepicture.web.licensing.models import Licence
from wholepicture.web.programmes.selectors.calendars import Day


def days_of(user: User) -> list[Day]:
    """When each licence in force ends."""
    found = []
    for licence in Licence.objects.filter(holder=user).select_related("scheme").prefetch_related("events"):
        s = licence.standing()
        if s.may_work and s.until:
            found.append(Day(f"licence-{licence.pk}", f"Licence ends: {licence.scheme}", s.until))
    return found
