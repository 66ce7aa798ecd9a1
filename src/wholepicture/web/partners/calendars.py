"""Days of the watch and of plans, for somebody's own calendar. Nobody is named in it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Watched

AHEAD = timedelta(days=90)


def days_of(user: User) -> list[tuple[str, str, date]]:
    """(id, what, day): controls that end, for who watches; reviews of plans and actions due, for who leads them."""
    found: list[tuple[str, str, date]] = []
    today = timezone.localdate()
    if access.may_watch(user):
        ends = access.watched_by(user).filter(
            kind=Watched.Kind.ENDS, ends_on__gte=today, ends_on__lte=today + AHEAD
        )
        by_day: dict[date, int] = {}
        for day in ends.values_list("ends_on", flat=True):
            if day:
                by_day[day] = by_day.get(day, 0) + 1
        found += [
            (
                f"watch-{day}",
                f"Control watch: {n} way{'s' if n > 1 else ''} to harm held shut until today",
                day,
            )
            for day, n in by_day.items()
        ]
    for plan in access.plans_of(user).filter(lead=user, closed_at=None):
        found.append((f"plan-{plan.pk}", "Joint plan to look at again", plan.review_on))
    return found
