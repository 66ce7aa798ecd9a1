"""Reads for a learner: where they stand, what waits, the attempt as it is and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wholepicture.core.learning import Item, Module
from wholepicture.core.learning.course import Measure
from wholepicture.web.accounts.models import User
from wholepicture.web.training.access import courses_of
from wholepicture.web.training.models import Assignment, Attempt, Course, Enrolment, Recall


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands with one course. ``meant``: it is made for their role, or they are asked to take it."""

    course: Course
    enrolment: Enrolment | None
    assigned_at: datetime | None
    due_on: date | None
    steps_done: int
    steps: int
    minutes: int
    about: str
    meant: bool

    @property
    def done(self) -> bool:
        """Whether the course is completed (in the latest round)."""
        return bool(self.enrolment and self.enrolment.completed_at)

    @property
    def overdue(self) -> bool:
        """Whether it should be done by now."""
        return bool(self.due_on and not self.done and self.due_on < timezone.localdate())


def assigned_to(user: User) -> list[Assignment]:
    """Assignments that reach somebody, soonest first."""
    reach = Q(learner=user) | Q(role=user.role, role__gt="")
    if user.team_id:
        reach |= Q(team_id=user.team_id)
    return list(
        Assignment.objects.filter(reach, course__force_id=user.force_id, ended_at=None)
        .select_related("course", "team", "learner")
        .order_by("due_on")
    )


def still_to_take(user: User) -> list[Assignment]:
    """What somebody is asked to take and has not completed, soonest first, each course once."""
    assigned = assigned_to(user)
    if not assigned:
        return []
    done = set(
        Enrolment.objects.filter(learner=user, completed_at__isnull=False).values_list("course_id", flat=True)
    )
    return list({a.course_id: a for a in reversed(assigned) if a.course_id not in done}.values())[::-1]


def reaches(assignment: Assignment, user: User) -> bool:
    """Whether an assignment is for somebody."""
    if assignment.learner_id or assignment.team_id:
        return user.pk == assignment.learner_id or bool(user.team_id and user.team_id == assignment.team_id)
    return user.role == assignment.role


def places(user: User) -> list[Place]:
    """Every course somebody may take: what is due first, then what is under way, then the rest."""
    assigned: dict[int, Assignment] = {}
    for a in assigned_to(user):
        assigned.setdefault(a.course_id, a)
    latest: dict[int, Enrolment] = {}
    for e in Enrolment.objects.filter(learner=user).select_related("version__course").order_by("round"):
        latest[e.course_id] = e
    found = [_place(c, latest.get(c.pk), assigned.get(c.pk), user.role) for c in courses_of(user)]
    return sorted(
        found, key=lambda p: (p.done, p.due_on or date.max, p.enrolment is None, not p.meant, p.course.title)
    )


def _place(course: Course, enrolment: Enrolment | None, assignment: Assignment | None, role: str) -> Place:
    version = enrolment.version if enrolment else course.latest
    first = [i.id for i in version.content.first_part]
    done = set(enrolment.steps.values_list("item", flat=True)) if enrolment else set()
    return Place(
        course,
        enrolment,
        assignment.at if assignment else None,
        assignment.due_on if assignment else None,
        len(done & set(first)),
        len(first),
        version.content.minutes,
        version.content.about,
        bool(assignment or enrolment) or not version.content.audience or role in version.content.audience,
    )


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of a course, and how it stands."""

    item: Item
    done: bool
    attempt: Attempt | None = None

    @property
    def passed(self) -> bool | None:
        """Whether the last attempt handed in passed; None if none was."""
        return self.attempt.result["passed"] if self.attempt and self.attempt.result else None


@dataclass(frozen=True, slots=True)
class ModuleShown:
    """One module with its steps. ``opens``: the day it opens, if that is still to come."""

    module: Module
    steps: tuple[StepShown, ...]
    opens: date | None = None
    locked: bool = False

    @property
    def done(self) -> bool:
        """Whether every step is done."""
        return all(s.done for s in self.steps)


def modules_of(enrolment: Enrolment) -> list[ModuleShown]:
    """The modules of somebody's version of a course, and how far they are."""
    done = set(enrolment.steps.values_list("item", flat=True))
    attempts: dict[str, Attempt] = {}
    for a in enrolment.attempts.filter(handed_in_at__isnull=False).order_by("handed_in_at"):
        attempts[a.item] = a
    found = []
    for module in enrolment.version.content.modules:
        opens = opens_on(enrolment, module)
        locked = bool(module.after_days) and (opens is None or opens > timezone.localdate())
        steps = tuple(StepShown(i, i.id in done, attempts.get(i.id)) for i in module.items)
        found.append(ModuleShown(module, steps, opens if locked else None, locked))
    return found


def opens_on(enrolment: Enrolment, module: Module) -> date | None:
    """The day a module that waits opens; None if it cannot be told yet, or it does not wait."""
    if not module.after_days or enrolment.completed_at is None:
        return None
    return timezone.localdate(enrolment.completed_at) + timedelta(days=module.after_days)


def next_step(enrolment: Enrolment, after: str = "") -> Item | None:
    """The first step not done: after the given one if there is one there, else anywhere."""
    steps = [s for m in modules_of(enrolment) if not m.locked for s in m.steps]
    later = (
        steps[[s.item.id for s in steps].index(after) + 1 :] if after in [s.item.id for s in steps] else []
    )
    return next((s.item for s in (*later, *steps) if not s.done), None)


def is_open(enrolment: Enrolment, item: Item) -> bool:
    """Whether a step may be taken now."""
    return any(s.item.id == item.id for m in modules_of(enrolment) if not m.locked for s in m.steps)


def recalls_due(user: User) -> list[Recall]:
    """What has come back to somebody, longest due first."""
    return list(Recall.objects.filter(learner=user, due__lte=timezone.now()).order_by("due")[:50])


@dataclass
class Side:
    """One side of before and after: first attempts at the scenarios that measure it, added up."""

    attempts: int = 0
    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    left_alone: int = 0
    critical: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)

    def add(self, result: dict[str, Any]) -> None:
        """Add one attempt's result."""
        self.attempts += 1
        hits, misses, false, left = result["counts"]
        self.hits += hits
        self.misses += misses
        self.false_alarms += false
        self.left_alone += left
        self.critical += len(result["critical"])
        for kind, (h, m, f) in result["kinds"].items():
            held = self.kinds.setdefault(kind, [0, 0, 0])
            held[0], held[1], held[2] = held[0] + h, held[1] + m, held[2] + f


def before_and_after(enrolments: list[Enrolment]) -> tuple[Side, Side]:
    """First attempts at the scenarios before and after, of these enrolments, added up."""
    sides = {Measure.BEFORE: Side(), Measure.AFTER: Side()}
    attempts = Attempt.objects.filter(
        enrolment__in=enrolments, first=True, handed_in_at__isnull=False
    ).select_related("version")
    for attempt in attempts:
        module = attempt.version.content.module_of(attempt.item)
        if module and module.measure in sides and attempt.result:
            sides[module.measure].add(attempt.result)
    return sides[Measure.BEFORE], sides[Measure.AFTER]


def handed_in_scenarios(learner: User) -> list[Attempt]:
    """What somebody has handed in, latest first."""
    found = Attempt.objects.filter(learner=learner, handed_in_at__isnull=False)
    return list(found.select_related("version").order_by("-handed_in_at"))
