"""Standardisation: every assessor judges the same pieces without seeing another's marks."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.programmes.access import may_verify
from wholepicture.web.programmes.models import Decision, Exercise, Marked, Piece, Programme

LEAST_ASSESSORS = 2
LEAST_PIECES = 3


@transaction.atomic
def open_exercise(
    *,
    programme: Programme,
    title: str,
    criterion: str,
    asked: str,
    pieces: list[str],
    closes_on: date,
    assessors: list[User],
    by: User,
) -> Exercise:
    """Have assessors judge the same pieces.

    Raises:
        CannotDoError: too few pieces or assessors, or no such criterion.
    """
    if not may_verify(by) or programme.force_id != by.force_id:
        raise PermissionDenied
    if any(
        a.force_id != by.force_id or a.role not in (Role.ASSESSOR, Role.INTERNAL_QUALITY) for a in assessors
    ):
        raise PermissionDenied
    if programme.current.content.criterion(criterion) is None:
        raise CannotDoError("Choose a criterion of the programme.")
    pieces = [p.strip() for p in pieces if p.strip()]
    if len(pieces) < LEAST_PIECES:
        raise CannotDoError(
            f"Give at least {LEAST_PIECES} pieces, each after a line of three dashes. Twenty or more say something of how far people agree."
        )
    if len(assessors) < LEAST_ASSESSORS:
        raise CannotDoError("Choose at least two assessors.")
    if closes_on < timezone.localdate():
        raise CannotDoError("It would close before it begins. Choose a later day.")
    made = Exercise.objects.create(
        programme=programme, title=title, criterion=criterion, asked=asked, closes_on=closes_on, by=by
    )
    Piece.objects.bulk_create(Piece(exercise=made, number=n, text=t) for n, t in enumerate(pieces, 1))
    Marked.objects.bulk_create(Marked(exercise=made, assessor=a) for a in assessors)
    tell_people(
        assessors,
        about=f"exercise:{made.pk}",
        subject=f"To judge by {closes_on:%-d %B %Y}: {title}",
        text=f"You are asked to judge {len(pieces)} pieces against {criterion}, as other assessors do. Nobody sees another's marks before it closes. Open Today in Wholepicture to begin.",
    )
    record(by=by, what="exercise.opened", about=f"exercise:{made.pk}", why=title)
    return made


@transaction.atomic
def mark_pieces(
    *, exercise: Exercise, marks: dict[int, tuple[str, str]], by: User, sign: bool = False
) -> Marked:
    """Keep one's judgements (what is said, and why, by piece); signed, they stand.

    Raises:
        CannotDoError: it is closed or signed, a piece is not there, or one is left out when signing.
    """
    marked = (
        Marked.objects.select_for_update(of=("self",))
        .select_related("exercise")
        .filter(exercise=exercise, assessor=by)
        .first()
    )
    if marked is None:
        raise PermissionDenied
    if marked.exercise.closed_at:
        raise CannotDoError("The exercise has closed.")
    if marked.signed_at:
        raise CannotDoError("You have signed your marks. They cannot be changed.")
    numbers = set(exercise.pieces.values_list("number", flat=True))
    unknown = sorted(set(marks) - numbers)
    if unknown:
        raise CannotDoError(f"There is no piece {unknown[0]}.")
    for number, (said, why) in marks.items():
        if said not in Decision.Said.values:
            raise CannotDoError(f"Piece {number}: choose met or not yet met.")
        marked.marks[str(number)] = {"said": said, "why": why.replace("\0", "")[:2_000]}
    left = sorted(n for n in numbers if str(n) not in marked.marks)
    if sign and left:
        raise CannotDoError(f"Not judged yet: piece {', '.join(map(str, left))}.")
    if sign:
        marked.signed_at = timezone.now()
    marked.save(update_fields=["marks", "signed_at"])
    record(by=by, what="exercise.signed" if sign else "exercise.marked", about=f"exercise:{exercise.pk}")
    return marked


@transaction.atomic
def close_exercise(*, exercise: Exercise, by: User) -> Exercise:
    """Close an exercise, so that all see what each said. Who has not signed is left out.

    Raises:
        CannotDoError: fewer than two have signed, or some have not and its day is not past.
    """
    exercise = (
        Exercise.objects.select_for_update(of=("self",)).select_related("programme").get(pk=exercise.pk)
    )
    if not may_verify(by) or exercise.programme.force_id != by.force_id:
        raise PermissionDenied
    if exercise.closed_at:
        return exercise
    signed = exercise.marked.exclude(signed_at=None).count()
    if signed < LEAST_ASSESSORS:
        raise CannotDoError("At least two must have signed their marks.")
    if signed < exercise.marked.count() and exercise.closes_on > timezone.localdate():
        raise CannotDoError(
            f"{exercise.marked.count() - signed} have not signed yet, and have until {exercise.closes_on:%-d %B %Y}."
        )
    exercise.closed_at = timezone.now()
    exercise.save(update_fields=["closed_at"])
    record(by=by, what="exercise.closed", about=f"exercise:{exercise.pk}", why=f"{signed} signed")
    return exercise


@transaction.atomic
def minute_exercise(*, exercise: Exercise, agreed: str, by: User) -> Exercise:
    """Keep what assessors agreed when they talked the pieces over.

    Raises:
        CannotDoError: it is still open, or nothing is said.
    """
    if not may_verify(by) or exercise.programme.force_id != by.force_id:
        raise PermissionDenied
    if exercise.closed_at is None:
        raise CannotDoError("Close it first: until then nobody may see another's marks.")
    if not agreed.strip():
        raise CannotDoError("Say what was agreed.")
    exercise.agreed = agreed.strip()
    exercise.save(update_fields=["agreed"])
    record(by=by, what="exercise.agreed", about=f"exercise:{exercise.pk}", why=agreed)
    return exercise
