"""Made-up learners of the demo force, so that a trainer can see figures without a month of waiting. Plainly marked, and made once."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholepicture.core.learning.course import Measure
from wholepicture.core.measurement import mark_work
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.training.models import Assignment, Attempt, Course, CourseVersion, Enrolment
from wholepicture.web.training.services.playing import keep_outcomes
from wholepicture.web.training.work import read_work, result_of

NAMES = ("Ada", "Bryn", "Carys", "Dev", "Efa", "Femi", "Greg", "Huw", "Isla", "Jay", "Kofi", "Lena")
TEAMS = ("Response A", "Response B")


@transaction.atomic
def make_demo_learners(force: Force) -> None:
    """Twelve made-up people of two teams who took the shipped course, and a month later again saw more of what was there."""
    course = Course.objects.filter(force=force, shipped=True).first()
    trainer = User.objects.filter(force=force, role=Role.TRAINER, demo=True).first()
    if course is None or trainer is None or User.objects.filter(username="demo-learner-1").exists():
        return
    version, chance = course.latest, random.Random(20170420)
    for n, name in enumerate(NAMES, 1):
        team, _ = Team.objects.get_or_create(force=force, name=f"{TEAMS[n % 2]} (made up)")
        learner = User(
            username=f"demo-learner-{n}",
            first_name=name,
            last_name="Madeup",
            role=Role.OFFICER,
            force=force,
            team=team,
            is_active=True,
        )
        learner.set_unusable_password()
        learner.save()
        _went_through(version, learner, chance, done=n % 4 != 0)
    Assignment.objects.create(
        course=course,
        team=Team.objects.get(force=force, name=f"{TEAMS[0]} (made up)"),
        due_on=timezone.localdate() - timedelta(days=5),
        by=trainer,
    )


def _went_through(version: CourseVersion, learner: User, chance: random.Random, *, done: bool) -> None:
    began = timezone.now() - timedelta(days=50)
    enrolment = Enrolment.objects.create(
        learner=learner,
        course=version.course,
        version=version,
        began_at=began,
        completed_at=began + timedelta(days=9) if done else None,
    )
    skill = chance.uniform(0.25, 0.6)
    for module in version.content.modules:
        if module.measure is Measure.NONE or (module.measure is Measure.AFTER and not done):
            continue
        later = module.measure is Measure.AFTER
        for item in module.items:
            seeing = skill + (chance.uniform(0.1, 0.35) if later else 0)
            at = began + timedelta(days=42 if later else 0, minutes=chance.randrange(600))
            _attempt(enrolment, item.id, seeing, chance, at)


def _attempt(enrolment: Enrolment, item: str, seeing: float, chance: random.Random, at: Any) -> None:
    version, scenario = enrolment.version, enrolment.version.content.scenarios[item]
    asked = [a.id for a in scenario.asks if a.quality == "opens" and chance.random() < seeing + 0.2]
    places: list[tuple[str, int, int, str, str]] = [
        (t.where, t.start, t.end, t.kind.value, t.person)
        for t in scenario.targets
        # What is said outright is seen more often than a control that is quietly gone.
        if chance.random() < seeing - (0.2 if t.kind == "control" else 0)
    ]
    places += [
        (u.where, u.start, u.end, "feature", scenario.people[0].code)
        for u in scenario.lures
        if chance.random() < 0.25
    ]
    work = {
        "marks": [
            {"id": f"m{n}", "where": w, "start": s, "end": e, "kind": k, "person": p}
            for n, (w, s, e, k, p) in enumerate(places, 1)
            if w in {x.id for x in scenario.log} | set(asked)
        ],
        "asked": asked,
        "controls": {},
        "links": [],
        "grade": scenario.grade.value if chance.random() < seeing + 0.2 else "medium",
        "actions": [
            a.concept for a in scenario.actions if a.worth == "needed" and chance.random() < seeing + 0.2
        ],
    }
    marked = mark_work(scenario, read_work(work))
    content = version.content
    attempt = Attempt.objects.create(
        learner=enrolment.learner,
        enrolment=enrolment,
        version=version,
        item=item,
        first=True,
        work=work,
        why="Made up.",
        began_at=at,
        handed_in_at=at + timedelta(minutes=14),
        result=result_of(scenario, marked, hits=content.hits, false_alarms=content.false_alarms),
    )
    keep_outcomes(attempt, marked)
