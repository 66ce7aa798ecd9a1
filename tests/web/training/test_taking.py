"""A learner's way: begin, read, answer, play, complete, refresh, practise; on any device, twice pressed, and when content changes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.web.training.conftest import COURSE, begin, complete, play
from wholepicture.core.learning import shipped_files
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.training import selectors
from wholepicture.web.training.models import (
    Attempt,
    Certificate,
    CheckAnswer,
    Course,
    CourseVersion,
    Enrolment,
    Outcome,
    Recall,
)
from wholepicture.web.training.services import install_shipped, playing, publish, taking
from wholepicture.web.training.services.courses import CannotDoError


def test_every_force_has_the_shipped_course_and_an_edited_one_is_left(course: Course, trainer: User) -> None:
    assert course.shipped
    assert course.latest.number == 1
    install_shipped(course.force)
    assert course.versions.count() == 1
    files = shipped_files(COURSE)
    files["readings/asking.md"] += "\nOur own line.\n"
    version = publish(course=course, files=files, by=trainer, note="our line")
    install_shipped(course.force)
    assert course.latest == version
    # A newer one that comes with the product does not write over what the force made of it.
    CourseVersion.objects.filter(number=1).update(digest="older")
    install_shipped(course.force)
    assert course.latest == version


def test_a_newer_shipped_course_is_published_beside_the_older(course: Course) -> None:
    CourseVersion.objects.filter(course=course).update(digest="older")
    install_shipped(course.force)
    assert course.latest.number == 2


def test_the_whole_course_gives_a_certificate_once(enrolment: Enrolment, course: Course) -> None:
    complete(enrolment)
    assert enrolment.completed_at
    certificate = Certificate.objects.get()
    assert (certificate.name, certificate.version) == ("Nia Clarke", 1)
    assert certificate.refresh_by is not None
    taking.done_step(enrolment=enrolment, item="read-asking")
    assert Certificate.objects.count() == 1
    assert all(a.result["passed"] for a in Attempt.objects.all() if a.handed_in_at)


def test_what_opens_later_is_shut_and_then_open(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(learner)
    later = reverse("training:step", args=[COURSE, "sent-home"])
    assert client.get(later).status_code == 302
    complete(enrolment)
    assert client.get(later).status_code == 302
    assert "Opens on" in client.get(reverse("training:course", args=[COURSE])).content.decode()
    Enrolment.objects.update(completed_at=timezone.now() - timedelta(days=28))
    assert client.get(later).status_code == 200


def test_a_month_later_it_is_shown_what_has_changed(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    for item in ("noise-again", "not-answering-the-phone", "the-man-from-the-bank"):
        play(enrolment, item, seeing=0.3)
    complete(enrolment)
    Enrolment.objects.update(completed_at=timezone.now() - timedelta(days=30))
    for item in ("sent-home", "the-party-upstairs", "she-wants-to-go-home"):
        play(enrolment, item)
    before, after = selectors.before_and_after([enrolment])
    assert (before.attempts, after.attempts) == (3, 3)
    assert before.hits / (before.hits + before.misses) < 0.5
    assert after.misses == 0
    page = signed_in(learner).get(reverse("training:course", args=[COURSE])).content.decode()
    assert "Before, and a month later" in page
    assert f"{before.hits} of {before.hits + before.misses}" in page


def test_a_course_is_taken_again_when_it_is_to_be_refreshed(
    enrolment: Enrolment, course: Course, learner: User
) -> None:
    complete(enrolment)
    assert taking.begin(course=course, by=learner) == enrolment
    Certificate.objects.update(refresh_by=timezone.localdate() + timedelta(days=20))
    second = taking.begin(course=course, by=learner)
    assert (second.round, second.steps.count()) == (2, 0)
    assert Certificate.objects.count() == 1  # what was earned stays
    assert taking.begin(course=course, by=learner) == second


def test_one_begins_at_another_course_only_when_what_it_rests_on_is_done(
    course: Course, trainer: User, learner: User, force: Force
) -> None:
    files = shipped_files(COURSE)
    files["course.toml"] = files["course.toml"].replace("prerequisites = []", 'prerequisites = ["basics"]')
    publish(course=course, files=files, by=trainer, note="x")
    with pytest.raises(CannotDoError, match="Complete basics first"):
        taking.begin(course=course, by=learner)


def test_a_check_must_be_answered_whole_and_counts_the_first_time(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(learner), reverse("training:step", args=[COURSE, "check-vulnerable"])
    page = client.post(address, {"a-suspect": "2"})
    assert page.status_code == 400
    assert "Choose an answer to" in page.content.decode()
    assert CheckAnswer.objects.count() == 0
    page = client.post(address, {"a-suspect": "2", "age": "0", "nothing": "1"})
    assert "2 of 3 right" in page.content.decode()
    client.post(address, {"a-suspect": "2", "age": "1", "nothing": "1"})
    assert CheckAnswer.objects.filter(first=True, right=False).count() == 1
    assert CheckAnswer.objects.filter(first=False).count() == 3
    client.post(address, {"a-suspect": "99", "age": "x", "nothing": "-1"})
    assert CheckAnswer.objects.count() == 6


def test_an_attempt_is_gone_on_with_on_another_device(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    step = reverse("training:step", args=[COURSE, "noise-again"])
    phone, desk = signed_in(learner), signed_in(learner)
    one, two = phone.post(step), desk.post(step)
    assert one.headers["Location"] == two.headers["Location"]
    attempt = Attempt.objects.get()
    phone.post(
        reverse("training:mark", args=[attempt.pk]),
        {"words": "Says the tenant is a nightmare", "kind": "feature", "person": "colin"},
    )
    desk.post(reverse("training:arrive", args=[attempt.pk]), {"all": "yes"})
    desk.post(
        reverse("training:mark", args=[attempt.pk]),
        {"words": "Landlord has served notice", "kind": "control", "person": "colin"},
    )
    page = phone.get(one.headers["Location"]).content.decode()
    assert "“Says the tenant is a nightmare”" in page
    assert "“Landlord has served notice”" in page


def test_handed_in_twice_is_marked_once(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    attempt = begin(enrolment, "noise-again")
    client, address = signed_in(learner), reverse("training:judge", args=[attempt.pk])
    given = {"grade": "high", "why": "He is used."}
    first = client.post(address, given)
    outcomes, recalls = Outcome.objects.count(), list(Recall.objects.values_list("card", flat=True))
    second = client.post(address, {"grade": "standard", "why": "Nothing."})
    assert (
        first.headers["Location"]
        == second.headers["Location"]
        == reverse("training:debrief", args=[attempt.pk])
    )
    attempt.refresh_from_db()
    assert attempt.work["grade"] == "high"
    assert Outcome.objects.count() == outcomes
    assert list(Recall.objects.values_list("card", flat=True)) == recalls
    playing.hand_in(attempt=attempt, by=learner)
    assert Outcome.objects.count() == outcomes
    late = client.post(
        reverse("training:mark", args=[attempt.pk]),
        {"words": "a", "kind": "factor", "person": "colin"},
        follow=True,
    )
    assert "handed in already" in late.content.decode()


def test_no_grade_or_reason_keeps_what_was_chosen(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    attempt = begin(enrolment, "noise-again")
    client, address = signed_in(learner), reverse("training:judge", args=[attempt.pk])
    page = client.post(address, {"why": "He is being used.", "actions": ["see-alone"]})
    assert page.status_code == 400
    assert "Grade the risk before you hand in." in page.content.decode()
    again = client.get(address).content.decode()
    assert "He is being used." in again
    assert re.search(r'value="see-alone"[^>]*checked', again)
    page = client.post(address, {"grade": "high", "why": " ", "actions": ["see-alone"]})
    assert "Say why you grade it so" in page.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "not there at all", "kind": "factor", "person": "colin"}, "does not stand in the log"),
        ({"words": "", "kind": "factor", "person": "colin"}, "Choose the words first"),
        ({"words": "music", "kind": "nonsense", "person": "colin"}, "Say what the words are"),
        ({"words": "music", "kind": "factor", "person": "nobody"}, "Say whom the words are about"),
        (
            {"words": "Landlord has served notice", "kind": "control", "person": "colin"},
            "does not stand in the log",
        ),
    ],
)
def test_a_mark_that_cannot_be_made_says_why(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client], given: dict[str, str], said: str
) -> None:
    """The last of them: a line that has not arrived yet cannot be marked."""
    attempt = begin(enrolment, "noise-again")
    page = signed_in(learner).post(reverse("training:mark", args=[attempt.pk]), given, follow=True)
    assert said in page.content.decode()
    attempt.refresh_from_db()
    assert not attempt.work.get("marks")


def test_the_second_of_the_same_words_can_be_marked(enrolment: Enrolment, learner: User) -> None:
    attempt = begin(enrolment, "noise-again")
    playing.arrive(attempt=attempt, all_of_it=True, by=learner)
    for _ in range(2):
        playing.mark_words(attempt=attempt, words="Colin", kind="factor", person="colin", by=learner)
    attempt.refresh_from_db()
    one, two = attempt.work["marks"]
    assert (one["where"], one["start"]) != (two["where"], two["start"])
    playing.unmark(attempt=attempt, mark=one["id"], by=learner)
    attempt.refresh_from_db()
    assert attempt.work["marks"] == [two]


def test_questions_cost_time_and_cannot_be_taken_back(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    attempt = begin(enrolment, "noise-again")
    client, address = signed_in(learner), reverse("training:ask", args=[attempt.pk])
    for question in ("q1", "q1", "q2", "q4"):
        client.post(address, {"question": question})
    page = client.post(address, {"question": "q5"}, follow=True).content.decode()
    assert "no time for that" in page
    assert "1 of 7 minutes left" in page
    attempt.refresh_from_db()
    assert attempt.work["asked"] == ["q1", "q2", "q4"]
    assert (
        "Choose one of the questions"
        in client.post(address, {"question": "zz"}, follow=True).content.decode()
    )


def test_an_attempt_handed_in_never_changes_when_content_does(
    enrolment: Enrolment, course: Course, trainer: User, learner: User, signed_in: Callable[[User], Client]
) -> None:
    attempt = play(enrolment, "noise-again", seeing=0.5)
    client, address = signed_in(learner), reverse("training:debrief", args=[attempt.pk])
    before, result = client.get(address).content.decode(), attempt.result
    files = shipped_files(COURSE)
    files["scenarios/noise-again.toml"] = (
        files["scenarios/noise-again.toml"]
        .replace('grade = "high"', 'grade = "standard"')
        .replace("Colin", "Desmond")
    )
    publish(course=course, files=files, by=trainer, note="other words")
    attempt.refresh_from_db()
    assert attempt.result == result
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert strip.sub("", client.get(address).content.decode()) == strip.sub("", before)


def test_taken_again_it_is_told_another_way(enrolment: Enrolment) -> None:
    first = play(enrolment, "noise-again")
    second = begin(enrolment, "noise-again")
    assert (first.variation, second.variation) == ("", "second")
    assert "Derek" in second.scenario.log[3].text
    assert (first.first, second.first) == (True, False)


def test_the_debrief_says_what_was_missed_and_why(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    attempt = play(enrolment, "noise-again", seeing=0.3, grade="medium")
    page = signed_in(learner).get(reverse("training:debrief", args=[attempt.pk])).content.decode()
    scenario = attempt.scenario
    for said in (
        scenario.teaches,
        scenario.grade_why,
        *(x.why for x in scenario.links),
        *(t.why for t in scenario.targets),
        *(a.why for a in scenario.actions),
        *(c.why for c in scenario.controls),
        "one grade below",
    ):
        assert escape(said) in page, said


def test_a_mark_pressed_twice_is_one(enrolment: Enrolment, learner: User) -> None:
    attempt = begin(enrolment, "noise-again")
    given = {"words": "loud music", "kind": "feature", "person": "colin", "where": "l1", "start": 18}
    for _ in range(2):
        playing.mark_words(attempt=attempt, by=learner, **given)  # type: ignore[arg-type]
    attempt.refresh_from_db()
    assert len(attempt.work["marks"]) == 1


def test_the_certificate_is_a_tagged_pdf_and_its_name_is_never_run(
    enrolment: Enrolment, learner: User, signed_in: Callable[[User], Client]
) -> None:
    import io

    from pypdf import PdfReader

    complete(enrolment)
    Certificate.objects.update(name='#eval("1+1") *Nia* $x$')
    found = Certificate.objects.get()
    response = signed_in(learner).get(reverse("training:certificate", args=[found.pk]))
    reader = PdfReader(io.BytesIO(response.content))
    text = reader.pages[0].extract_text()
    assert '#eval("1+1") *Nia* $x$' in text.replace("\n", " ")
    assert str(found.pk) in text.replace("\n", "")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_unknown_things_are_not_found(
    learner: User, enrolment: Enrolment, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(learner)
    assert client.get(reverse("training:course", args=["nothing"])).status_code == 404
    assert client.get(reverse("training:step", args=[COURSE, "nothing"])).status_code == 404
    assert client.get(reverse("training:attempt", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_that_begin_at_once_begin_one_attempt(enrolment: Enrolment, learner: User) -> None:
    import threading

    made, barrier = [], threading.Barrier(2)

    def go() -> None:
        try:
            barrier.wait()
            made.append(begin(enrolment, "a-photo").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(made)) == 1
    assert Attempt.objects.count() == 1
