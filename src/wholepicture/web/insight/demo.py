"""A made-up year of accounts, dip samples, a health check and answers on how people are, so that the demo force has something to see."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from wholepicture.bulk import inventing
from wholepicture.core.identity import Details
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.encounters.models import (
    Assessment,
    AssessmentReview,
    Encounter,
    EncounterPerson,
    FoundInText,
    QualityCheck,
)
from wholepicture.web.encounters.services import (
    check_quality,
    confirm,
    decide_finding,
    link,
    review_assessment,
    sign_assessment,
    start_encounter,
)
from wholepicture.web.encounters.services.recording import Circumstances
from wholepicture.web.insight import services
from wholepicture.web.insight.models import CheckIn, HealthCheck
from wholepicture.web.insight.selectors.wellbeing import week_of
from wholepicture.web.people.models import Person
from wholepicture.web.people.services import make_person

SEED, ACCOUNTS, PEOPLE, OFFICERS = 11, 130, 72, 24
TEAMS = ("Response A", "Response B", "Neighbourhoods")
# What these made-up officers tend not to record, so that there is something to learn.
OVERLOOKED = (
    "isolation",
    "coercive",
    "debt",
    "hoard",
    "dementia",
    "exploit",
    "older",
    "child",
    "suicid",
    "control",
)
_NAMES = (
    "Adair",
    "Bold",
    "Crane",
    "Dunmore",
    "Earle",
    "Fenn",
    "Garth",
    "Holm",
    "Inch",
    "Jarrow",
    "Keel",
    "Lund",
)


@transaction.atomic
def make_demo_year(force: Force) -> None:
    """Everything, made once; nothing is done a second time."""
    if HealthCheck.objects.filter(force=force).exists():
        return
    dice = Random(SEED)
    officers = _officers(force)
    supervisor = User.objects.get(username="demo-supervisor")
    known: dict[int, Person] = {}
    for number in range(ACCOUNTS):
        _account(number, dice, officers, supervisor, known)
    _health(force, officers, dice)
    _weeks(force, dice)


def _officers(force: Force) -> list[User]:
    now = timezone.now()
    teams = [Team.objects.get_or_create(force=force, name=name)[0] for name in TEAMS]
    found = []
    for n in range(OFFICERS):
        user = User(
            username=f"made-up-officer-{n + 1}",
            first_name=chr(65 + n),
            last_name=_NAMES[n % len(_NAMES)],
            role=Role.OFFICER,
            force=force,
            team=teams[n % len(teams)],
            date_joined=now - timedelta(days=120 + 137 * n),
        )
        user.set_unusable_password()
        user.save()
        found.append(user)
    for username, team in (("demo-officer", 0), ("demo-second-officer", 1), ("demo-supervisor", 0)):
        User.objects.filter(username=username, team=None).update(team=teams[team])
    return found


def _account(
    number: int, dice: Random, officers: list[User], supervisor: User, known: dict[int, Person]
) -> None:
    """One account of the last year, as one officer recorded it; one in two is looked at in a dip sample."""
    by = dice.choice(officers)
    rows = list(inventing.report(number, PEOPLE, SEED))
    happened = timezone.now() - timedelta(days=dice.randrange(4, 360), hours=dice.randrange(24))
    made = start_encounter(
        narrative=str(rows[0][0]["Narrative"]),
        source=f"Log {rows[0][0]['Incident No']} (made up)",
        once=uuid.uuid5(uuid.NAMESPACE_URL, f"demo-year/{number}"),
        by=by,
        synthetic=True,
        circumstances=Circumstances(happened_at=happened),
    )
    left_out = _left_out(made, by, dice)
    confirm(encounter=made, by=by)
    later = happened + timedelta(hours=dice.randrange(1, 30))
    Encounter.objects.filter(pk=made.pk).update(confirmed_at=later)
    made.refresh_from_db()
    main = made.people.filter(main=True).first() or made.people.first()
    if main is None:
        return
    _who(main, rows[0][1], by, known)
    if number % 3 == 0:
        _assessed(main, by, supervisor, later, dice)
    if number % 2 == 0:
        check = check_quality(encounter=made, once=uuid.uuid4(), missed=left_out, comment="", by=supervisor)
        QualityCheck.objects.filter(pk=check.pk).update(at=happened + timedelta(days=3))


def _left_out(made: Encounter, by: User, dice: Random) -> list[tuple[str, str]]:
    """What the officer did not take: they come out again in dip samples, with the words."""
    found: list[tuple[str, str]] = []
    for finding in FoundInText.objects.filter(encounter=made, polarity="affirmed"):
        tends = any(word in finding.concept for word in OVERLOOKED)
        if dice.random() < (0.5 if tends else 0.12) and finding.concept not in {c for c, _ in found}:
            decide_finding(finding=finding, decision=FoundInText.Decision.REJECTED, by=by)
            found.append((finding.concept, made.narrative[finding.start : finding.end]))
    return found


def _who(main: EncounterPerson, who: inventing.Somebody, by: User, known: dict[int, Person]) -> None:
    if who.number not in known:
        known[who.number] = make_person(
            details=Details(given=(who.given,), family=(who.family,), born=(who.born,)), by=by
        )
    link(person=main, known=known[who.number], by=by)


def _assessed(main: EncounterPerson, by: User, supervisor: User, at: datetime, dice: Random) -> None:
    signed = sign_assessment(
        person=main,
        once=uuid.uuid4(),
        grade=dice.choice(("standard", "medium", "medium", "high")),
        heads={"vulnerability": "Made up for the demonstration."},
        by=by,
    )
    made = at + timedelta(hours=dice.randrange(1, 40))
    Assessment.objects.filter(pk=signed.pk).update(at=made)
    if dice.random() < 0.9:
        review_assessment(assessment=signed, outcome="agreed", comment="", by=supervisor)
        AssessmentReview.objects.filter(assessment=signed).update(
            at=made + timedelta(hours=dice.randrange(4, 90))
        )


def _health(force: Force, officers: list[User], dice: Random) -> None:
    """One closed last year, one open now."""
    chief = User.objects.get(username="demo-chief")
    today = timezone.localdate()
    for back in (370, 6):
        check = services.open_check(closes_on=today + timedelta(days=15), by=chief)
        for n, officer in enumerate([*officers[:6], chief]):
            levels = {
                q.id: None
                if dice.random() < 0.1
                else max(0, min(4, round(dice.gauss(1.7 if back > 300 else 2.2, 0.9)) + (n % 3 == 2)))
                for q in check.questions.content.questions
            }
            services.answer(check=check, levels=levels, by=officer)
        HealthCheck.objects.filter(pk=check.pk).update(opened_at=timezone.now() - timedelta(days=back))
        if back > 300:
            check.refresh_from_db()
            services.close_check(check=check, by=chief)
            HealthCheck.objects.filter(pk=check.pk).update(
                closed_at=timezone.now() - timedelta(days=back - 21)
            )
            services.act(
                check=check,
                area="process",
                what="Have a second supervisor review assessments at weekends",
                owner=User.objects.get(username="demo-supervisor"),
                due_on=today - timedelta(days=20),
                by=chief,
            )


def _weeks(force: Force, dice: Random) -> None:
    """Answers of twelve weeks, with nobody's name, as they always are."""
    teams = list(Team.objects.filter(force=force, name__in=TEAMS))
    week = week_of(timezone.localdate())
    CheckIn.objects.bulk_create(
        CheckIn(
            force=force,
            team=dice.choice(teams),
            week=week - timedelta(weeks=n % 12 + 1),
            feeling=dice.choice((3, 3, 2, 2, 2, 1)),
            load=dice.choice((1, 2, 2, 3)),
            stays=dice.random() < 0.3,
        )
        for n in range(90)
    )
