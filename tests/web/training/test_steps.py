"""Steps added to a course and taken out of it, in the site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from wholepicture.core.learning import free_id, shipped_files
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.training.models import Course
from wholepicture.web.training.services import publish, taking
from wholepicture.web.training.services.courses import take_out_step

pytestmark = pytest.mark.django_db
COURSE = "look-beyond-the-obvious"
ADD = f"/training/manage/courses/{COURSE}/steps/new"
READING = {
    "kind": "reading",
    "title": "Read asking",
    "module": "vulnerable",
    "minutes": "5",
    "text": "## Ask\r\n\r\nIn plain words.",
    "seen": "1",
}


def test_a_reading_is_added_and_read(
    course: Course, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(trainer)
    page = client.get(reverse("training:manage-course", args=[COURSE])).content.decode()
    assert ADD in page
    assert "What makes somebody vulnerable" in client.get(ADD).content.decode()
    done = client.post(ADD, READING, follow=True).content.decode()
    assert "version 2 is published" in done
    assert "With “Read asking”" in done
    step = next(m for m in course.latest.content.modules if m.id == "vulnerable").items[-1]
    # A step of the course has the id that its title would give, so it gets another.
    assert (step.id, step.file) == ("read-asking-2", "readings/read-asking-2.md")
    client.post(reverse("training:begin", args=[COURSE]))
    shown = client.get(reverse("training:step", args=[COURSE, step.id])).content.decode()
    assert "In plain words." in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Give it a title."),
        ({"text": ""}, "Write its text."),
        ({"module": "none"}, "Select a valid choice"),
        ({"minutes": "0"}, "Enter how many minutes it takes, from 1 to 480."),
        ({"minutes": ""}, "Enter how many minutes it takes, from 1 to 480."),
        ({"kind": "scenario"}, "Select a valid choice"),
        ({"kind": "check"}, "checks/read-asking-2.toml"),
        ({"kind": "check", "text": "x = 1"}, "[[questions]]"),
    ],
)
def test_what_cannot_be_a_step_is_kept_on_the_page(
    course: Course, trainer: User, signed_in: Callable[[User], Client], changes: dict[str, str], said: str
) -> None:
    page = signed_in(trainer).post(ADD, READING | changes)
    assert page.status_code == 400
    assert said in page.content.decode()
    assert (READING | changes)["text"].split("\r")[0] in page.content.decode()
    assert course.latest.number == 1


def test_who_added_to_an_older_version_is_told(
    course: Course, trainer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    files = shipped_files(COURSE) | {"readings/asking.md": "Theirs.\n"}
    publish(course=course, files=files, by=make_user(Role.TRAINER), note="first", seen=1)
    page = signed_in(trainer).post(ADD, READING)
    assert page.status_code == 400
    assert "was published by" in page.content.decode()
    assert "In plain words." in page.content.decode()
    assert course.latest.number == 2


def test_a_step_is_taken_out_and_who_has_begun_keeps_it(
    course: Course, trainer: User, learner: User, signed_in: Callable[[User], Client]
) -> None:
    taking.begin(course=course, by=learner)
    client = signed_in(trainer)
    page = client.get(reverse("training:edit", args=[COURSE]), {"file": "readings/asking.md"})
    out = reverse("training:take-out", args=[COURSE, "read-asking"])
    assert out in page.content.decode()
    done = client.post(out, {"seen": "1"}, follow=True).content.decode()
    assert "version 2 is published" in done
    assert "readings/asking.md" not in course.latest.files
    assert course.latest.content.item("read-asking") is None
    late = client.post(
        reverse("training:take-out", args=[COURSE, "check-asking"]), {"seen": "1"}, follow=True
    )
    assert "was published by" in late.content.decode()
    assert client.post(out, {"seen": "2"}).status_code == 404
    theirs = reverse("training:step", args=[COURSE, "read-asking"])
    assert signed_in(learner).get(theirs).status_code == 200


def test_the_last_step_stays(course: Course, trainer: User) -> None:
    for step in course.latest.content.items[1:]:
        take_out_step(course=course, step=step, by=trainer)
    [only] = course.latest.content.items
    with pytest.raises(ValueError, match="Close the course instead"):
        take_out_step(course=course, step=only, by=trainer)


def test_an_id_is_never_too_long_nor_taken() -> None:
    files = shipped_files(COURSE)
    assert free_id(files, "x" * 80) == "x" * 60
    assert free_id(files, "") == "step"
    assert free_id(files, "noise-again") == "noise-again-2"
