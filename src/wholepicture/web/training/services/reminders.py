"""Reminders by mail: exercises that wait, and courses that are due. Each is sent once, and says nothing of what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.accounts.services.chores import Habit
from wholepicture.web.training.models import Recall

AGAIN = timedelta(days=7)


@transaction.atomic
def remind(now: datetime) -> int:
    """Mail everybody whose exercises have come due, at most once a week; the number mailed."""
    waiting = Recall.objects.select_for_update().filter(due__lte=now, learner__is_active=True)
    told = set(Recall.objects.filter(reminded_at__gt=now - AGAIN).values_list("learner_id", flat=True))
    fresh = waiting.filter(Q(reminded_at=None) | Q(reminded_at__lte=now - AGAIN)).exclude(learner_id__in=told)
    learners = list(User.objects.filter(pk__in=fresh.values("learner_id")))
    tell_people(
        learners,
        about="training:recall",
        subject="Two minutes of practice are waiting",
        text="A short exercise has come back to you in Wholepicture. Open Training to do it.",
    )
    fresh.update(reminded_at=now)
    return len(learners)


HABIT = Habit("training-reminders", timedelta(hours=6), remind)
