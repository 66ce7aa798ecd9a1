"""A force with the shipped course, and people who learn and teach in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wholepicture.core.measurement import answers
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.training.models import Attempt, Course, Enrolment
from wholepicture.web.training.services import playing, taking

COURSE = "look-beyond-the-obvious"


@pytest.fixture
def course(force: Force) -> Course:
    return Course.objects.get(force=force, slug=COURSE)


@pytest.fixture
def learner(make_user: Callable[..., User]) -> User:
    user = make_user(Role.LEARNER)
    user.first_name, user.last_name = "Nia", "Clarke"
    user.save()
    return user


@pytest.fixture
def trainer(make_user: Callable[..., User]) -> User:
    return make_user(Role.TRAINER)


@pytest.fixture
def enrolment(course: Course, learner: User) -> Enrolment:
    return taking.begin(course=course, by=learner)


def begin(enrolment: Enrolment, item: str) -> Attempt:
    """Begin a scenario of a course."""
    return playing.begin_attempt(enrolment=enrolment, item=item, by=enrolment.learner)


def play(enrolment: Enrolment, item: str, *, seeing: float = 1.0, grade: str = "high") -> Attempt:
    """Play a scenario through: ask what opens, mark that share of what there is to see (the first of it), hand in."""
    attempt, by = begin(enrolment, item), enrolment.learner
    playing.arrive(attempt=attempt, all_of_it=True, by=by)
    scenario = attempt.scenario
    for ask in scenario.asks:
        if ask.quality == "opens":
            try:
                playing.ask(attempt=attempt, question=ask.id, by=by)
            except playing.CannotDoError:
                break
    attempt.refresh_from_db()
    readable = {x.id for x in scenario.log} | {
        a.ask.id for a in answers(scenario, attempt.work.get("asked", [])) if a.open
    }
    there = [t for t in scenario.targets if t.where in readable]
    for t in there[: round(seeing * len(there))]:
        playing.mark_words(
            attempt=attempt,
            words=t.words,
            kind=t.kind,
            person=t.person,
            where=t.where,
            start=t.start,
            by=by,
        )
    needed = [a.concept for a in scenario.actions if a.worth == "needed"] if seeing == 1 else []
    playing.judge(attempt=attempt, grade=grade, why="Because of what I saw.", actions=needed, by=by)
    return playing.hand_in(attempt=attempt, by=by)


def complete(enrolment: Enrolment, *, seeing: float = 1.0) -> None:
    """Do every step of the first part of a course."""
    content, by = enrolment.version.content, enrolment.learner
    for item in content.first_part:
        if item.kind == "reading":
            taking.read_step(enrolment=enrolment, item=item.id, by=by)
        elif item.kind == "check":
            right = {
                q.id: frozenset(n for n, o in enumerate(q.options) if o.right)
                for q in content.checks[item.id]
            }
            taking.answer_check(enrolment=enrolment, item=item.id, answers=right, by=by)
        else:
            play(enrolment, item.id, seeing=seeing)
    enrolment.refresh_from_db()
