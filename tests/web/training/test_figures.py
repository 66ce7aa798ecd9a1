"""Classrooms, who has completed what, and the figures of a course."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.training.conftest import COURSE, complete, play
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.training.models import (
    Attempt,
    Attendance,
    Classroom,
    Course,
    Enrolment,
)
from wholepicture.web.training.selectors import teaching
from wholepicture.web.training.services import taking


def classroom(client: Client, rows: str, **other: object) -> Any:
    given = {
        "title": "One day",
        "held_on_day": "3",
        "held_on_month": "11",
        "held_on_year": "2026",
        "minutes": "360",
        "pasted": rows,
    }
    return client.post(reverse("training:classroom"), given | other)


def test_attendance_keeps_the_good_rows_and_says_what_is_wrong_with_the_others(
    learner: User, trainer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    second = make_user()
    foreign = make_user(Role.OFFICER, Force.objects.create(name="Second"))
    listed = (
        "note,username,came\n"
        f"on time,{learner.username},attended\n"
        f",{second.username.upper()},PART\n"
        f",{second.username},attended\n"
        f",{foreign.username},attended\n"
        ",nobody.at.all,attended\n"
        ",,attended\n"
        f",{trainer.username},perhaps\n"
    )
    page = classroom(signed_in(trainer), listed)
    text = page.content.decode()
    assert "2 people are recorded" in text
    assert "5 rows could not be used" in text
    for said in (
        "Line 4:",
        "stands in the list twice",
        "no user called nobody.at.all",
        "there is no username",
        "came is &#x27;perhaps&#x27;",
    ):
        assert said in text
    assert f"no user called {foreign.username}" in text
    assert {(a.learner, a.came) for a in Attendance.objects.all()} == {
        (learner, "attended"),
        (second, "part"),
    }


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("", "The list is empty"),
        ("name,came\nx,y", "one of them must be username"),
        ("username\nnobody", "No row of the list can be used"),
    ],
)
def test_a_list_that_cannot_be_used_is_kept_on_the_page(
    trainer: User, signed_in: Callable[[User], Client], listed: str, said: str
) -> None:
    page = classroom(signed_in(trainer), listed)
    assert page.status_code == 400
    assert said in page.content.decode()
    assert "One day" in page.content.decode()
    assert Classroom.objects.count() == 0


def test_a_list_from_a_spreadsheet_is_read(
    learner: User, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    data = f"﻿username;came\r\n{learner.username};yes\r\n".encode()
    page = classroom(signed_in(trainer), "", listed=SimpleUploadedFile("l.csv", data, "text/csv"))
    assert page.status_code == 302
    shown = signed_in(learner).get(reverse("training:record")).content.decode()
    assert "One day" in shown
    bad = classroom(
        signed_in(trainer), "", listed=SimpleUploadedFile("l.csv", b"\x81\x8d\x8f\x90", "text/csv")
    )
    assert bad.status_code == 400


def test_completion_says_who_is_overdue_and_downloads(
    course: Course,
    trainer: User,
    learner: User,
    enrolment: Enrolment,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    from wholepicture.web.training.services import assigning

    late = make_user(Role.LEARNER)
    assigning.assign(
        course=course, due_on=timezone.localdate() - timedelta(days=2), by=trainer, role=Role.LEARNER
    )
    complete(enrolment)
    client = signed_in(trainer)
    page = client.get(reverse("training:completion")).content.decode()
    assert "1 of 2 completed" in page
    assert "1 overdue" in page
    rows = (
        client.get(reverse("training:completion"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    )
    assert rows[0] == "username,name,team,state,due,completed,overdue"
    assert any(r.startswith(late.username) and r.endswith(",yes") for r in rows)


def cohort(course: Course, force: Force, make_user: Callable[..., User], *, many: int) -> None:
    """People of one team who saw little before and more a month after."""
    team = Team.objects.create(force=force, name="Response A")
    for n in range(many):
        user = make_user()
        user.team = team
        user.save()
        enrolment = taking.begin(course=course, by=user)
        for item in ("noise-again", "not-answering-the-phone", "the-man-from-the-bank"):
            play(enrolment, item, seeing=0.2 + 0.05 * (n % 4))
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=timezone.now())
        for item in ("sent-home", "the-party-upstairs", "she-wants-to-go-home"):
            play(enrolment, item, seeing=0.7 + 0.05 * (n % 4))


def test_the_figures_of_a_course(
    course: Course,
    force: Force,
    trainer: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    cohort(course, force, make_user, many=10)
    found = teaching.analysis(course)
    assert (found.takers, found.few, found.paired) == (10, True, 10)
    assert found.change
    assert found.change.low > 0.2
    assert found.seen
    assert found.seen.low > 0
    noise = next(p for p in found.parts if p.title == "Noise again at flat 6")
    easy, hard = noise.items[0], noise.items[-1]
    assert easy.item.facility.value > hard.item.facility.value
    [(team, missed)] = found.missed
    assert team == "Response A"
    assert all(chances >= 10 for _, chances, _ in missed)
    client = signed_in(trainer)
    page = client.get(reverse("training:analysis", args=[COURSE])).content.decode()
    assert "a hint, not a finding" in page
    assert "Response A" in page
    rows = client.get(reverse("training:analysis", args=[COURSE]), {"format": "csv"}).content.decode(
        "utf-8-sig"
    )
    assert "Noise again at flat 6" in rows


def test_a_team_with_few_chances_shows_none(
    course: Course, force: Force, make_user: Callable[..., User]
) -> None:
    cohort(course, force, make_user, many=3)
    assert all(chances >= 10 for _, missed in teaching.analysis(course).missed for _, chances, _ in missed)


def test_nothing_is_figured_of_nobody(
    course: Course, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(trainer).get(reverse("training:analysis", args=[COURSE])).content.decode()
    assert "Nothing to show yet" in page


def test_what_experts_differ_on_is_in_no_figure(course: Course, enrolment: Enrolment) -> None:
    play(enrolment, "noise-again")
    names = [i.name for p in teaching.analysis(course).parts for i in p.items]
    assert not any("He agrees with everything" in n for n in names)
    assert Attempt.objects.get().outcomes.filter(target="t5").count() == 0
