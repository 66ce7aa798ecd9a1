"""What the worker does from time to time: checkpoints of the audit, and letting go of what has served."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Chore
from wholepicture.web.accounts.services.held import forget_held
from wholepicture.web.accounts.services.outgoing import forget_sent
from wholepicture.web.audit import checkpoints

# How soon a habit that failed is tried again.
AGAIN = timedelta(minutes=5)
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing done from time to time. ``says``: what it does, for whoever runs the site."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]
    says: str


def _checkpoint(now: datetime) -> object:
    return checkpoints.write(Path(settings.VAR) / "audit")


def _sessions(now: datetime) -> object:
    return call_command("clearsessions")


def keep_statistics(now: datetime) -> object:
    """Let SQLite count its tables, so that it begins a search where few rows are; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 2000")
            cursor.execute("ANALYZE")
    return None


# Apps above add theirs when they are ready.
HABITS = [
    Habit("statistics", timedelta(hours=6), keep_statistics, "Count the tables, so that searches begin well"),
    Habit("checkpoint", timedelta(hours=1), _checkpoint, "Sign a checkpoint of the audit"),
    Habit("sessions", timedelta(days=1), _sessions, "Clear sessions that have ended"),
    Habit(
        "held",
        timedelta(hours=1),
        lambda now: forget_held(now=now),
        "Let go of forms kept for who was signed out",
    ),
    Habit("sent", timedelta(days=1), lambda now: forget_sent(now=now), "Let go of what was sent long ago"),
]


@dataclass(frozen=True, slots=True)
class Kept:
    """A habit and how it went: None where it has not been done yet."""

    habit: Habit
    chore: Chore | None

    @property
    def late(self) -> bool:
        """Whether it should have been begun again by now: no worker runs, or it takes too long."""
        wanted = timezone.now() - 2 * self.habit.every - timedelta(minutes=5)
        return self.chore is None or self.chore.begun_at < wanted


def chores_now() -> list[Kept]:
    """What is done from time to time, and how it went, for whoever runs the site."""
    held = {c.name: c for c in Chore.objects.all()}
    return [Kept(h, held.get(h.name)) for h in HABITS]


def do_what_is_due() -> list[str]:
    """Do each habit whose time has come, once however many workers there are; the names of those done."""
    done = []
    for habit in HABITS:
        if _taken(habit):
            _do(habit)
            done.append(habit.name)
    return done


def _do(habit: Habit) -> None:
    """Do one, and note for the operator whether it went well. One that fails is tried again soon; the others go on."""
    problem = ""
    try:
        habit.do(timezone.now())
    except OperationalError:
        raise
    except Exception as error:
        LOG.exception("what is done from time to time failed: %s", habit.name)
        problem = f"{type(error).__name__}: {error}"[:300]
    now = timezone.now()
    after = {"begun_at": now - habit.every + min(habit.every, AGAIN)} if problem else {"done_at": now}
    Chore.objects.filter(name=habit.name).update(problem=problem, **after)


@transaction.atomic
def _taken(habit: Habit) -> bool:
    """Whether it is this worker's to do now."""
    now = timezone.now()
    chore, made = Chore.objects.get_or_create(name=habit.name, defaults={"begun_at": now})
    if made:
        return True
    chore = Chore.objects.select_for_update().get(pk=chore.pk)
    if chore.begun_at + habit.every > now:
        return False
    chore.begun_at = now
    chore.save(update_fields=["begun_at"])
    return True
