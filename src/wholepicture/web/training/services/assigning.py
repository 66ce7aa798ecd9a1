"""Assigning courses, and training given in a room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from wholepicture.web.accounts.models import Team, User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.theme.lists import rows_of
from wholepicture.web.training.access import may_teach
from wholepicture.web.training.models import Assignment, Attendance, Classroom, Course
from wholepicture.web.training.services.courses import CannotDoError

MOST_ROWS = 5_000
CAME = {
    "": Attendance.Came.ATTENDED,
    "attended": Attendance.Came.ATTENDED,
    "yes": Attendance.Came.ATTENDED,
    "present": Attendance.Came.ATTENDED,
    "part": Attendance.Came.PART,
    "absent": Attendance.Came.ABSENT,
    "no": Attendance.Came.ABSENT,
}


@transaction.atomic
def assign(
    *,
    course: Course,
    due_on: date,
    by: User,
    team: Team | None = None,
    role: str = "",
    learner: User | None = None,
) -> Assignment:
    """Have a team, everyone of a role, or one person take a course by a day. They are told by mail.

    Raises:
        CannotDoError: nobody, or more than one of the three, is named; or the same is assigned already.
    """
    if not may_teach(by) or course.force_id != by.force_id:
        raise PermissionDenied
    if sum(map(bool, (team, role, learner))) != 1:
        raise CannotDoError("Choose a team, a role or one person.")
    if (team and team.force_id != by.force_id) or (learner and learner.force_id != by.force_id):
        raise PermissionDenied
    held = Assignment.objects.filter(course=course, team=team, role=role, learner=learner, ended_at=None)
    if held.exists():
        raise CannotDoError(
            f"It is assigned to {held[0].to} already, by {held[0].due_on:%-d %B %Y}. End that one first."
        )
    made = Assignment.objects.create(
        course=course, team=team, role=role, learner=learner, due_on=due_on, by=by
    )
    tell_people(
        reached(made),
        about=f"training:assignment-{made.pk}",
        subject=f"Training to do by {due_on:%-d %B %Y}",
        text=f"You are asked to take “{course.title}” by {due_on:%-d %B %Y}. Open Training in Wholepicture to begin.",
    )
    record(by=by, what="training.assigned", about=f"course:{course.pk}", why=f"{made.to}, by {due_on}")
    return made


def reached(assignment: Assignment) -> list[User]:
    """Everybody whom an assignment reaches today."""
    people = User.objects.filter(force_id=assignment.course.force_id, is_active=True)
    if assignment.learner_id:
        return list(people.filter(pk=assignment.learner_id))
    if assignment.team_id:
        return list(people.filter(team_id=assignment.team_id))
    return list(people.filter(role=assignment.role))


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User) -> None:
    """Nobody is asked any more; what was done stays."""
    if not may_teach(by) or assignment.course.force_id != by.force_id:
        raise PermissionDenied
    if assignment.ended_at is None:
        assignment.ended_at = timezone.now()
        assignment.save(update_fields=["ended_at"])
        record(
            by=by, what="training.assignment-ended", about=f"course:{assignment.course_id}", why=assignment.to
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an attendance list: whom it names and how they came, or what is wrong with it."""

    number: int
    username: str
    learner: User | None
    came: str
    note: str
    problem: str = ""


def read_attendance(text: str, by: User) -> list[Row]:
    """The rows of a CSV with the columns username, came and note, in any order; came and note may be left out.

    Raises:
        CannotDoError: there is no username column, or there are too many rows.
    """
    head, lines = rows_of(text, most=MOST_ROWS)
    head = [c.lower() for c in head]
    if "username" not in head:
        raise CannotDoError(
            "The first line must name the columns, and one of them must be username. Such as: username,came,note"
        )
    people = {u.username.lower(): u for u in User.objects.filter(force_id=by.force_id)}
    rows: list[Row] = []
    named: set[str] = set()
    for number, cells in lines:
        row = _row(number, dict(zip(head, cells, strict=False)), people, named)
        rows.append(row)
        named.add(row.username.lower())
    return rows


def _row(number: int, given: dict[str, str], people: dict[str, User], named: set[str]) -> Row:
    username, came, note = given.get("username", ""), given.get("came", "").lower(), given.get("note", "")
    learner = people.get(username.lower())
    problem = ""
    if not username:
        problem = "there is no username."
    elif learner is None:
        problem = f"there is no user called {username} in your force. Mend the name, or have them added."
    elif username.lower() in named:
        problem = f"{username} stands in the list twice; the first row is kept."
    elif came not in CAME:
        problem = f"came is {came!r}; it must be attended, part or absent."
    return Row(number, username, learner, CAME.get(came, ""), note[:200], problem)


@transaction.atomic
def record_classroom(
    *,
    title: str,
    held_on: date,
    place: str,
    trainer: str,
    minutes: int,
    rows: list[Row],
    by: User,
    course: Course | None = None,
) -> Classroom:
    """Record training given in a room and who came. Rows with a problem are left out; the page says which.

    Raises:
        CannotDoError: no row is good.
    """
    if not may_teach(by) or by.force is None or (course and course.force_id != by.force_id):
        raise PermissionDenied
    good = [r for r in rows if not r.problem and r.learner]
    if not good:
        raise CannotDoError("No row of the list can be used. Mend it and try again; nothing was recorded.")
    made = Classroom.objects.create(
        force=by.force,
        course=course,
        title=title,
        held_on=held_on,
        place=place,
        trainer=trainer,
        minutes=minutes,
        by=by,
    )
    Attendance.objects.bulk_create(
        Attendance(classroom=made, learner=r.learner, came=r.came, note=r.note) for r in good
    )
    record(by=by, what="training.classroom-recorded", about=f"classroom:{made.pk}", why=f"{len(good)} people")
    return made
