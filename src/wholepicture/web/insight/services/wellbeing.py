"""How somebody says they are: kept without a name, a time or an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.errors import CannotDoError
from wholepicture.web.insight import access
from wholepicture.web.insight.models import CheckedIn, CheckIn
from wholepicture.web.insight.selectors.wellbeing import week_of

KEPT_YEARS = 2


def check_in(*, feeling: int, load: int, stays: bool, by: User) -> None:
    """Keep an answer of this week, apart from who gave it. The audit is told nothing: it would say who answered when.

    Raises:
        CannotDoError: they have answered this week.
    """
    if not access.may_answer(by) or by.force is None:
        raise PermissionDenied
    week = week_of(timezone.localdate())
    try:
        with transaction.atomic():
            CheckedIn.objects.create(user=by, week=week)
            CheckIn.objects.create(
                force=by.force, team=by.team, week=week, feeling=feeling, load=load, stays=stays
            )
    except IntegrityError:
        raise CannotDoError("You have answered this week. Thank you; the next is on Monday.") from None


def forget(now: datetime) -> int:
    """Let go of who answered in earlier weeks, and of answers older than two years; returns how many rows went."""
    week = week_of(timezone.localdate(now))
    who, _ = CheckedIn.objects.filter(week__lt=week).delete()
    old, _ = CheckIn.objects.filter(week__lt=week - timedelta(days=365 * KEPT_YEARS)).delete()
    return who + old
