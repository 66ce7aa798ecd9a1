"""What an operator should know is right before and while people use the site: each thing with how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.accounts.services.chores import chores_now

LEAST_FREE = 2 * 1024**3


class How(StrEnum):
    """How it stands."""

    WELL = "well"
    LOOK = "look at it"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    how: How
    said: str
    mend: str = ""


def look() -> list[Finding]:
    """Everything, one after the other; what cannot be looked at because the database does not answer is left out."""
    found = [_python(), *_settings(), *_disk()]
    found.append(database())
    if found[-1].how is not How.WRONG:
        found += _migrations()
    # Without the tables that this version needs, nothing more can be asked.
    if found[-1].how is not How.WRONG:
        found += [f for ask in _IN_DATABASE for f in ask()]
    return found


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding(
        "Python", How.WELL if good else How.LOOK, version, "" if good else "Python 3.11 to 3.13 is tested."
    )


def _settings() -> Iterator[Finding]:
    if settings.DEMO or settings.DEBUG:
        yield Finding(
            "Mode",
            How.LOOK,
            "demonstration" if settings.DEMO else "debugging",
            "With real people neither WHOLEPICTURE_DEMO nor WHOLEPICTURE_DEBUG may be set.",
        )
        return
    yield Finding("Mode", How.WELL, "for real use")
    short = len(settings.SECRET_KEY) < 50
    yield Finding(
        "Secret key",
        How.WRONG if short else How.WELL,
        f"{len(settings.SECRET_KEY)} characters",
        "Make it 50 or more: docs/operator.md says how. Put the old one in WHOLEPICTURE_SECRET_KEY_OLD."
        if short
        else "",
    )
    local = all(h in ("localhost", "127.0.0.1", "[::1]") for h in settings.ALLOWED_HOSTS)
    yield Finding(
        "Names served",
        How.LOOK if local else How.WELL,
        ", ".join(settings.ALLOWED_HOSTS),
        "Set WHOLEPICTURE_HOSTS to the name that people type." if local else "",
    )
    yield Finding(
        "Second factor",
        How.WELL if settings.SECOND_FACTOR else How.LOOK,
        "required" if settings.SECOND_FACTOR else "not required",
        "" if settings.SECOND_FACTOR else "Unset WHOLEPICTURE_SECOND_FACTOR.",
    )
    yield Finding(
        "Mail",
        How.WELL if settings.MAIL_HOST else How.LOOK,
        settings.MAIL_HOST or "none: people are told on the site alone",
        "" if settings.MAIL_HOST else "Set WHOLEPICTURE_MAIL_HOST.",
    )


def _disk() -> Iterator[Finding]:
    folder = settings.VAR
    if not folder.exists():
        yield Finding(
            "Folder", How.WRONG, f"{folder} is not there", "Make it, or set WHOLEPICTURE_VAR to one that is."
        )
        return
    writes = os.access(folder, os.W_OK)
    free = shutil.disk_usage(folder).free
    yield Finding(
        "Folder",
        How.WELL if writes else How.WRONG,
        str(folder) if writes else f"{folder} may not be written to",
        "" if writes else "Give the user that runs the site the right to write there.",
    )
    yield Finding(
        "Room on the disk",
        How.WELL if free > LEAST_FREE else How.LOOK,
        f"{free / 1024**3:.0f} GB free",
        "" if free > LEAST_FREE else "Make room: less than 2 GB is left.",
    )


def database() -> Finding:
    """Whether the database answers."""
    kind = connection.vendor
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return Finding(
            "Database",
            How.WRONG,
            f"{kind} does not answer: {str(error).splitlines()[0]}",
            "Start it, or mend WHOLEPICTURE_DATABASE_URL.",
        )
    if kind == "sqlite" and not (settings.DEMO or settings.DEBUG):
        return Finding(
            "Database",
            How.LOOK,
            "SQLite",
            "It serves one machine and a few dozen people; use PostgreSQL for a force.",
        )
    return Finding("Database", How.WELL, kind)


def unapplied() -> list[str]:
    """Changes of the database's shape that are still to be made."""
    executor = MigrationExecutor(connection)
    return [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _migrations() -> Iterator[Finding]:
    left = unapplied()
    yield Finding(
        "Database's shape",
        How.WRONG if left else How.WELL,
        f"{len(left)} changes are still to be made" if left else "up to date",
        "Back up, then run wholepicture serve or wholepicture migrate: either makes them." if left else "",
    )


def _worker() -> Iterator[Finding]:
    kept = chores_now()
    done = [k for k in kept if k.chore]
    late = [k.habit.name for k in kept if k.late]
    failing = [f"{k.habit.name}: {k.chore.problem}" for k in done if k.chore and k.chore.problem]
    if not done:
        yield Finding(
            "Worker",
            How.LOOK,
            "has done nothing yet",
            "serve runs one itself; with --no-worker run wholepicture worker.",
        )
    elif late:
        yield Finding(
            "Worker", How.WRONG, f"late with: {', '.join(late)}", "See that wholepicture worker runs."
        )
    else:
        yield Finding("Worker", How.WELL, f"{len(done)} things done in time")
    for said in failing:
        yield Finding("Worker", How.WRONG, said, "It is tried again within five minutes; the log says more.")


def _messages() -> Iterator[Finding]:
    given_up = Outgoing.objects.filter(
        state=Outgoing.State.GIVEN_UP, made_at__gt=timezone.now() - timedelta(days=30)
    ).count()
    yield Finding(
        "Messages",
        How.LOOK if given_up else How.WELL,
        f"{given_up} could not be sent in 30 days" if given_up else "all sent or waiting",
        "See Users, Systems that are told." if given_up else "",
    )


def _people() -> Iterator[Finding]:
    real = not (settings.DEMO or settings.DEBUG)
    made_up = User.objects.filter(demo=True).count()
    if real and made_up:
        yield Finding(
            "Made-up people",
            How.WRONG,
            f"{made_up} people of the demonstration are in this database",
            "Real and made-up people must not share one: begin a database of its own for the real ones.",
        )
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, demo=False).count()
    if real:
        yield Finding(
            "Administrators",
            How.WELL if administrators > 1 else How.LOOK,
            str(administrators),
            "" if administrators > 1 else "Have two, so that one can help the other back in.",
        )


def _audit() -> Iterator[Finding]:
    path = settings.VAR / "audit" / "checkpoints.jsonl"
    old = not path.exists() or timezone.now().timestamp() - path.stat().st_mtime > 3 * 3600
    yield Finding(
        "Audit checkpoints",
        How.LOOK if old else How.WELL,
        "none in three hours" if old else "signed within three hours",
        "The worker signs one every hour; wholepicture audit verify checks the whole audit." if old else "",
    )


_IN_DATABASE: tuple[Callable[[], Iterator[Finding]], ...] = (_worker, _messages, _people, _audit)
