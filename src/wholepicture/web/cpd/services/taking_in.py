"""What was done elsewhere, taken into a cycle: training, a list, statements of xAPI."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.audit.services import record
from wholepicture.web.cpd.models import Cycle, Entry
from wholepicture.web.cpd.services.keeping import writable
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.training.models import Enrolment

MOST_ROWS = 2_000


@transaction.atomic
def take_in_training(*, cycle: Cycle, by: User) -> int:
    """Take in what somebody has completed in training within the cycle. Each comes once. Returns how many came."""
    cycle = writable(cycle, by)
    found = Enrolment.objects.filter(
        learner=by, completed_at__date__gte=cycle.begins_on, completed_at__date__lte=cycle.ends_on
    ).select_related("course")
    count = 0
    for enrolment in found:
        _, made = Entry.objects.get_or_create(
            cycle=cycle,
            source=f"training:{enrolment.pk}",
            defaults={
                "kind": Entry.Kind.TRAINING,
                "title": enrolment.course.title[:160],
                "happened_on": timezone.localtime(enrolment.completed_at).date(),
            },
        )
        count += made
    record(by=by, what="cpd.took-in", about=f"cycle:{cycle.pk}", why=f"{count} from training")
    return count


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a file that could not be used, and why."""

    number: int
    problem: str


_DONE = ("/completed", "/passed")


def rows_of_xapi(text: str) -> str:
    """xAPI 1.0.3 statements (a list, or an object with ``statements``) as the CSV that take_in_file reads: those that say something was done.

    Raises:
        CannotDoError: it is no list of statements.
    """
    try:
        found = json.loads(text)
        statements = found.get("statements") if isinstance(found, dict) else found
        if not isinstance(statements, list):
            raise ValueError
    except (ValueError, RecursionError):
        raise CannotDoError(
            "The file is no list of xAPI statements. Give one, or a CSV with date and title."
        ) from None
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("date", "title", "minutes"))
    for statement in statements:
        if not isinstance(statement, dict) or not str(_at(statement, "verb", "id")).endswith(_DONE):
            continue
        names = _at(statement, "object", "definition", "name")
        title = next(iter(names.values()), "") if isinstance(names, dict) else ""
        rows.writerow((str(statement.get("timestamp", ""))[:10], str(title)[:160], ""))
    return out.getvalue()


def _at(found: Any, *path: str) -> Any:
    for part in path:
        found = found.get(part, "") if isinstance(found, dict) else ""
    return found


@transaction.atomic
def take_in_file(*, cycle: Cycle, text: str, by: User) -> tuple[int, list[BadRow]]:
    """Take in a CSV with the columns date, title and, if wanted, minutes, or xAPI statements. Good rows are kept, each once; the others are named.

    Raises:
        CannotDoError: a column is missing, or there are too many rows.
    """
    cycle = writable(cycle, by)
    text = text.removeprefix("\ufeff").replace("\0", "")
    reader = csv.DictReader(io.StringIO(rows_of_xapi(text) if text.lstrip()[:1] in ("[", "{") else text))
    head = {(h or "").strip().lower() for h in reader.fieldnames or []}
    if not {"date", "title"} <= head:
        raise CannotDoError(
            "The first line must name the columns date and title. Such as: date,title,minutes"
        )
    kept, bad = 0, []
    for row in reader:
        if reader.line_num > MOST_ROWS:
            raise CannotDoError(f"The list has more than {MOST_ROWS:,} rows. Give it in parts.")
        given = {(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if isinstance(v, str)}
        try:
            day = date.fromisoformat(given.get("date", ""))
            minutes = int(given.get("minutes") or 0)
        except ValueError:
            bad.append(BadRow(reader.line_num, "date must be as 2026-05-31, and minutes a number."))
            continue
        title = given.get("title", "")[:160]
        if not title or not cycle.begins_on <= day <= cycle.ends_on or not 0 <= minutes < 10_000:
            bad.append(BadRow(reader.line_num, "it has no title, or lies outside the cycle."))
            continue
        source = f"file:{hashlib.sha256(f'{day}{title}'.encode()).hexdigest()[:24]}"
        _, made = Entry.objects.get_or_create(
            cycle=cycle,
            source=source,
            defaults={"kind": Entry.Kind.TRAINING, "title": title, "happened_on": day, "minutes": minutes},
        )
        kept += made
    record(by=by, what="cpd.took-in", about=f"cycle:{cycle.pk}", why=f"{kept} from a file")
    return kept, bad
