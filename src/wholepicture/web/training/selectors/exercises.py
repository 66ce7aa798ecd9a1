"""Short exercises: a few lines of a log in which a concept that was missed stands again, in other words if there are any."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from wholepicture.core.learning import Scenario
from wholepicture.core.learning.scenario import Line
from wholepicture.web.accounts.models import User
from wholepicture.web.training.access import courses_of
from wholepicture.web.training.models import CourseVersion, Recall

AROUND = 1
EVERY_CLEAN = 4


@dataclass(frozen=True, slots=True)
class Exercise:
    """Some lines of one scenario. ``clean``: nothing is to be seen in them."""

    version: CourseVersion
    item: str
    scenario: Scenario
    lines: tuple[Line, ...]
    clean: bool

    @property
    def shown(self) -> dict[str, Any]:
        """What was shown, as it is kept with the answer."""
        return {
            "version": self.version.pk,
            "item": self.item,
            "lines": [line.id for line in self.lines],
            "clean": self.clean,
        }


def exercise_for(user: User, recall: Recall) -> Exercise | None:
    """The next exercise of a concept: every fourth holds nothing, so that "nothing here" stays an answer.

    Which lines is told by how often it was answered, so that a page opened again shows the same.
    """
    turn = recall.answers.count()
    clean = turn % EVERY_CLEAN == EVERY_CLEAN - 1
    found = list(_clean(user) if clean else _holding(user, recall.concept))
    if not found and clean:
        found = list(_holding(user, recall.concept))
    if not found:
        return None
    number = int.from_bytes(sha256(f"{recall.pk}".encode()).digest()[:4], "big") + turn
    return found[number % len(found)]


def _versions(user: User) -> list[CourseVersion]:
    return [course.latest for course in courses_of(user)]


def _holding(user: User, concept: str) -> list[Exercise]:
    found = []
    for version in _versions(user):
        for item, scenario in version.content.scenarios.items():
            rows = _rows(scenario)
            places = [n for n, row in enumerate(rows) if _has(scenario, row.id, concept)]
            found += [Exercise(version, item, scenario, _near(rows, n), False) for n in places]
    return found


def _rows(scenario: Scenario) -> list[Line]:
    asked = [Line(a.id, a.answer, who=scenario.label(a.whom)) for a in scenario.asks]
    return [*scenario.log, *asked]


def _has(scenario: Scenario, where: str, concept: str) -> bool:
    return any(t.where == where and t.concept == concept and not t.contested for t in scenario.targets)


def _near(rows: list[Line], number: int) -> tuple[Line, ...]:
    return tuple(rows[max(0, number - AROUND) : number + AROUND + 1])


def _clean(user: User) -> list[Exercise]:
    found = []
    for version in _versions(user):
        for item, scenario in version.content.scenarios.items():
            if scenario.clean:
                rows = list(scenario.log)
                found += [
                    Exercise(version, item, scenario, tuple(rows[n : n + 2 * AROUND + 1]), True)
                    for n in range(len(rows) - 2 * AROUND)
                ]
    return found


def exercise_again(version: int, item: str, lines: list[str], clean: bool, user: User) -> Exercise | None:
    """An exercise that was shown, from what the page sent back; None if it is not one of this force's courses."""
    found = CourseVersion.objects.filter(pk=version, course__in=courses_of(user)).first()
    if found is None or item not in found.content.scenarios:
        return None
    scenario = found.content.scenarios[item]
    rows = tuple(r for r in _rows(scenario) if r.id in lines)
    return Exercise(found, item, scenario, rows, clean) if rows else None
