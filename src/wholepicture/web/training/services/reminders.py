"""Reminders by mail: exercises that wait, and courses that are due. Each is sent once, and says nothing of what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.accounts.services.chores import Habit
from wholepicture.web.training.models import Assignment, Enrolment, Recall, Reminded
from wholepicture.web.training.services.assigning import reached

AGAIN = timedelta(days=7)
BEFORE = timedelta(days=7)


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


@transaction.atomic
def remind_of_assignments(now: datetime) -> int:
    """Mail who has not completed what they are asked to take: a week before it is due, and when it is overdue, once each."""
    today, sent = timezone.localdate(now), 0
    soon = Assignment.objects.filter(ended_at=None, due_on__lte=today + BEFORE).select_related(
        "course", "team", "learner"
    )
    for assignment in soon:
        overdue = assignment.due_on < today
        done = set(
            Enrolment.objects.filter(course=assignment.course_id, completed_at__isnull=False).values_list(
                "learner_id", flat=True
            )
        )
        told = set(assignment.reminded.filter(overdue=overdue).values_list("learner_id", flat=True))
        people = [u for u in reached(assignment) if u.pk not in done | told]
        Reminded.objects.bulk_create(
            Reminded(assignment=assignment, learner=u, overdue=overdue) for u in people
        )
        when = (
            f"was due on {assignment.due_on:%-d %B %Y}"
            if overdue
            else f"is due on {assignment.due_on:%-d %B %Y}"
        )
        tell_people(
            people,
            about=f"training:assignment-{assignment.pk}",
            subject="Training is overdue" if overdue else "Training to do",
            text=f"“{assignment.course.title}” {when}. Open Training in Wholepicture.",
        )
        sent += len(people)
    return sent


def _both(now: datetime) -> int:
    return remind(now) + remind_of_assignments(now)


HABIT = Habit("training-reminders", timedelta(hours=6), _both, "Remind people of training")
