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

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing done from time to time."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


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
    Habit("statistics", timedelta(hours=6), keep_statistics),
    Habit("checkpoint", timedelta(hours=1), _checkpoint),
    Habit("sessions", timedelta(days=1), _sessions),
    Habit("held", timedelta(hours=1), lambda now: forget_held(now=now)),
    Habit("sent", timedelta(days=1), lambda now: forget_sent(now=now)),
]


def do_what_is_due() -> list[str]:
    """Do each habit whose time has come, once however many workers there are; the names of those done."""
    done = []
    for habit in HABITS:
        if _taken(habit):
            _do(habit)
            done.append(habit.name)
    return done


def _do(habit: Habit) -> None:
    """Do one, and note for the operator whether it went well. One that fails is tried at its next time; the others go on."""
    problem = ""
    try:
        habit.do(timezone.now())
    except OperationalError:
        raise
    except Exception as error:
        LOG.exception("what is done from time to time failed: %s", habit.name)
        problem = f"{type(error).__name__}: {error}"[:300]
    done = {} if problem else {"done_at": timezone.now()}
    Chore.objects.filter(name=habit.name).update(problem=problem, **done)


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
