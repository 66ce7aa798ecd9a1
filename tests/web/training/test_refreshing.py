"""Short exercises, reminders, assignments and what somebody's record says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.training.conftest import complete, play
from wholepicture.web.accounts.models import Force, Outgoing, Role, Team, User
from wholepicture.web.training import selectors, trays
from wholepicture.web.training.models import (
    Course,
    Enrolment,
    Recall,
)
from wholepicture.web.training.selectors.profile import profile_of
from wholepicture.web.training.services import assigning, recalling, taking
from wholepicture.web.training.services.courses import CannotDoError
from wholepicture.web.training.services.reminders import remind, remind_of_assignments


def test_what_was_missed_comes_back_at_growing_distances(
    enrolment: Enrolment, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(enrolment, "noise-again", seeing=0.2)
    recall = Recall.objects.get(concept="adult-social-care")
    assert recall.due - timezone.now() > timedelta(hours=20)
    distances = []
    clock = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    scenario = enrolment.version.content.scenarios["noise-again"]
    target = next(t for t in scenario.targets if t.concept == "adult-social-care")
    shown = {"version": enrolment.version_id, "item": "noise-again", "lines": ["l6"], "clean": False}
    found = [{"where": "l6", "start": target.start, "end": target.end, "kind": "control"}]
    for _ in range(4):
        clock[0] = recall.due
        recalling.answer(recall=recall, scenario=scenario, shown=shown, marked=found, by=learner)
        recall.refresh_from_db()
        distances.append((recall.due - timezone.now()).days)
    assert distances == sorted(set(distances))
    assert distances[0] >= 1
    assert distances[-1] >= 28
    missed = recalling.answer(recall=recall, scenario=scenario, shown=shown, marked=[], by=learner)
    recall.refresh_from_db()
    assert not missed.found
    assert (recall.due - timezone.now()).days < distances[-1]
    clean = recalling.answer(
        recall=recall, scenario=scenario, shown=shown | {"clean": True}, marked=[], by=learner
    )
    assert clean.found
    due = recall.due
    recall.refresh_from_db()
    assert recall.due == due


def test_a_short_exercise_through_the_site(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    play(enrolment, "noise-again", seeing=0.2)
    client, address = signed_in(learner), reverse("training:practice")
    assert "Nothing to practise now" in client.get(address).content.decode()
    Recall.objects.update(due=timezone.now())
    recall = Recall.objects.order_by("due").first()
    assert recall
    page = client.get(address).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    bad = client.post(address, {"token": token[1], "words": "zzz", "kind": "factor"})
    assert bad.status_code == 400
    assert "does not stand in these lines" in bad.content.decode()
    assert token[1] in bad.content.decode()
    exercise = selectors.exercise_for(learner, recall)
    assert exercise
    target = next(
        t
        for t in exercise.scenario.targets
        if t.concept == recall.concept and t.where in exercise.shown["lines"]
    )
    page = client.post(
        address, {"token": token[1], "words": target.words, "kind": target.kind.value, "where": target.where}
    ).content.decode()
    assert "You saw it" in page
    recall.refresh_from_db()
    assert recall.due > timezone.now()
    answers, due = recall.answers.count(), recall.due
    assert client.post(address, {"token": token[1], "nothing": "y"}).status_code == 302  # sent twice
    recall.refresh_from_db()
    assert (recall.answers.count(), recall.due) == (answers, due)
    assert client.post(address, {"token": "forged", "nothing": "y"}).status_code == 302


def test_exercises_that_hold_nothing_are_mixed_in(enrolment: Enrolment, learner: User) -> None:
    play(enrolment, "noise-again", seeing=0.2)
    recall = Recall.objects.all()[0]
    kinds = []
    for _ in range(8):
        exercise = selectors.exercise_for(learner, recall)
        assert exercise
        kinds.append(exercise.clean)
        recalling.answer(
            recall=recall, scenario=exercise.scenario, shown=exercise.shown, marked=[], by=learner
        )
    assert kinds.count(True) == 2


def test_a_reminder_is_sent_once_and_says_nothing_of_what_was_missed(
    enrolment: Enrolment, learner: User, settings: object
) -> None:
    settings.MAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    learner.email = "nia@example.org"
    learner.save()
    play(enrolment, "noise-again", seeing=0.2)
    now = timezone.now()
    assert remind(now) == 0
    assert remind(now + timedelta(days=2)) == 1
    assert remind(now + timedelta(days=2, hours=1)) == 0
    assert remind(now + timedelta(days=9, hours=1)) == 1
    [first, _] = Outgoing.objects.all()
    text = str(first.body)
    assert not any(r.concept in text for r in Recall.objects.all())


def test_an_assignment_reminds_once_before_and_once_after(
    course: Course, trainer: User, learner: User, make_user: Callable[..., User], settings: object
) -> None:
    settings.MAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    User.objects.update(email="somebody@example.org")
    now = timezone.now()
    due = timezone.localdate(now) + timedelta(days=20)
    assigning.assign(course=course, due_on=due, by=trainer, role=Role.LEARNER)
    Outgoing.objects.all().delete()
    assert remind_of_assignments(now) == 0
    assert [remind_of_assignments(now + timedelta(days=d)) for d in (14, 14, 19, 21, 22, 40)] == [
        1,
        0,
        0,
        1,
        0,
        0,
    ]
    assert Outgoing.objects.count() == 2
    second = make_user(Role.LEARNER)
    complete(taking.begin(course=course, by=second))
    assert remind_of_assignments(now + timedelta(days=50)) == 0


def test_the_record_says_what_somebody_misses(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(learner), reverse("training:record")
    assert "What you see, and what you miss" not in client.get(address).content.decode()
    play(enrolment, "noise-again", seeing=0.3, grade="standard")
    play(enrolment, "not-answering-the-phone", grade="high")
    found = profile_of(learner)
    assert found
    assert (found.attempts, found.grades) == (
        2,
        (("below the key", 1), ("as the key", 0), ("above the key", 1)),
    )
    assert sum(missed for _, missed, _ in found.missed) == found.counts.misses
    assert sum(of for _, _, of, _ in found.kinds) == found.counts.signals
    play(enrolment, "noise-again")  # told another way: not a first try
    assert profile_of(learner) == found
    page = client.get(address).content.decode()
    assert "Missed most" in page
    assert found.missed[0][0] in page


def test_today_says_what_is_due(enrolment: Enrolment, learner: User, trainer: User, course: Course) -> None:
    assert trays.of(learner)[0].items == ()
    assigning.assign(
        course=course, due_on=timezone.localdate() - timedelta(days=1), by=trainer, learner=learner
    )
    [tray] = trays.of(learner)
    assert tray.items[0].note.startswith("overdue since")
    complete(enrolment)
    assert trays.of(learner)[0].items == ()


def test_an_assignment_reaches_a_team_a_role_or_one(
    course: Course, trainer: User, make_user: Callable[..., User], force: Force
) -> None:
    team = Team.objects.create(force=force, name="A")
    mine, other = make_user(), make_user(Role.SUPERVISOR)
    mine.team = team
    mine.save()
    day = timezone.localdate() + timedelta(days=30)
    assigning.assign(course=course, due_on=day, by=trainer, team=team)
    assert [p.due_on for p in selectors.places(mine)] == [day]
    assert [p.due_on for p in selectors.places(other)] == [None]
    with pytest.raises(CannotDoError, match="assigned to A already"):
        assigning.assign(course=course, due_on=day, by=trainer, team=team)
    made = assigning.assign(course=course, due_on=day, by=trainer, role=Role.SUPERVISOR)
    assert other in assigning.reached(made)
    with pytest.raises(CannotDoError, match="Choose a team, a role or one person"):
        assigning.assign(course=course, due_on=day, by=trainer)
    assigning.end_assignment(assignment=made, by=trainer)
    assert [p.due_on for p in selectors.places(other)] == [None]


def test_the_record_downloads_and_no_cell_is_a_formula(
    enrolment: Enrolment, learner: User, trainer: User, course: Course, signed_in: Callable[[User], Client]
) -> None:
    play(enrolment, "noise-again")
    rows = assigning.read_attendance(f"username,came\n{learner.username},attended", trainer)
    assigning.record_classroom(
        title='=HYPERLINK("http://evil")',
        held_on=timezone.localdate(),
        place="-1+1",
        trainer="",
        minutes=60,
        rows=rows,
        by=trainer,
    )
    text = signed_in(learner).get(reverse("training:record"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'-1+1" in text
    assert "Noise again at flat 6" in text
