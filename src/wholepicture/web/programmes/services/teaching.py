"""Sessions, who taught them, who was there, and the calendar that tells of them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_run
from wholepicture.web.programmes.models import (
    CalendarKey,
    Came,
    Cohort,
    Place,
    Qualification,
    Session,
)
from wholepicture.web.programmes.services.delivering import allowed
from wholepicture.web.training.services.assigning import Row


@transaction.atomic
def add_qualification(
    *, holder: User, what: str, title: str, got_on: date, until: date | None, by: User
) -> Qualification:
    """Keep what somebody holds that lets them train, assess or verify.

    Raises:
        CannotDoError: it would end before it begins.
    """
    if not may_run(by) or holder.force_id != by.force_id:
        raise PermissionDenied
    if until and until < got_on:
        raise CannotDoError("It would end before it began. Change one of the two dates.")
    made = Qualification.objects.create(
        holder=holder, what=what, title=title, got_on=got_on, until=until, by=by
    )
    record(by=by, what="qualification.kept", about=f"user:{holder.pk}", why=title)
    return made


@transaction.atomic
def add_session(
    *,
    cohort: Cohort,
    module: str,
    starts_at: datetime,
    ends_at: datetime,
    trainers: list[User],
    venue: str,
    link: str,
    by: User,
) -> Session:
    """Plan a session.

    Raises:
        CannotDoError: it has no module, ends before it begins, or overlaps with another of the cohort.
    """
    allowed(by, cohort)
    found = next((m for m in cohort.content.modules if m.id == module), None)
    if found is None:
        raise CannotDoError("Choose a module of the programme.")
    if ends_at <= starts_at:
        raise CannotDoError("It must end after it begins.")
    if any(t.force_id != by.force_id for t in trainers):
        raise PermissionDenied
    clash = cohort.sessions.filter(cancelled_why="", starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if clash:
        raise CannotDoError(f"The cohort has {clash} at that time. Choose another.")
    made = Session.objects.create(
        cohort=cohort,
        module=module,
        title=f"{found.id} {found.title}",
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        link=link,
    )
    made.trainers.set(trainers)
    record(by=by, what="session.planned", about=f"cohort:{cohort.pk}", why=str(made))
    return made


@transaction.atomic
def cancel_session(*, session: Session, why: str, by: User) -> None:
    """Cancel a session; everybody who joined is told.

    Raises:
        CannotDoError: no reason, or somebody's attendance was recorded.
    """
    allowed(by, session.cohort)
    if not why.strip():
        raise CannotDoError("Say why it is cancelled.")
    if session.came.exists():
        raise CannotDoError("Attendance was recorded, so it was held. It cannot be cancelled.")
    session.cancelled_why = why.strip()[:200]
    session.save(update_fields=["cancelled_why"])
    joined = User.objects.filter(places__cohort=session.cohort, places__state=Place.State.JOINED)
    tell_people(
        list(joined),
        about=f"session:{session.pk}",
        subject=f"Cancelled: {session.title}",
        text=f"{session} is cancelled: {session.cancelled_why}",
    )
    record(by=by, what="session.cancelled", about=f"cohort:{session.cohort_id}", why=why)


def of_cohort(rows: list[Row], session: Session) -> list[Row]:
    """Rows of an attendance list, those who have not joined the session's cohort marked as a problem."""
    joined = set(session.cohort.taken.filter(state=Place.State.JOINED).values_list("learner_id", flat=True))
    return [
        replace(
            r,
            problem=f"{r.username} has not joined this cohort. Give them a place first, or mend the name.",
        )
        if not r.problem and r.learner and r.learner.pk not in joined
        else r
        for r in rows
    ]


@transaction.atomic
def record_attendance(*, session: Session, rows: list[Row], by: User) -> int:
    """Keep who came. Rows with a problem are left out; a learner recorded before is recorded anew. Returns how many were kept.

    Raises:
        CannotDoError: the session is yet to begin, was cancelled, or no row is good.
    """
    allowed(by, session.cohort)
    if session.cancelled_why:
        raise CannotDoError("This session was cancelled.")
    if session.starts_at > timezone.now():
        raise CannotDoError("This session has not begun. Record who came when it has.")
    good = [r for r in of_cohort(rows, session) if not r.problem and r.learner]
    if not good:
        raise CannotDoError("No row of the list can be used. Mend it and try again; nothing was recorded.")
    places = {p.learner_id: p for p in session.cohort.taken.filter(state=Place.State.JOINED)}
    for row in good:
        Came.objects.update_or_create(
            session=session,
            place=places[row.learner.pk if row.learner else 0],
            defaults={"how": row.came, "note": row.note, "by": by, "at": timezone.now()},
        )
    record(
        by=by,
        what="session.attended",
        about=f"cohort:{session.cohort_id}",
        why=f"{session}: {len(good)} people",
    )
    return len(good)


@transaction.atomic
def new_calendar_key(*, by: User) -> str:
    """Make the secret part of somebody's calendar address, shown this once. The one before stops."""
    secret = secrets.token_urlsafe(24)
    CalendarKey.objects.update_or_create(
        user=by,
        defaults={"digest": hashlib.sha256(secret.encode()).hexdigest(), "at": timezone.now()},
    )
    record(by=by, what="calendar.made", about=f"user:{by.pk}")
    return secret
