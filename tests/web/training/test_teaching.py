"""What a trainer does: packages, versions, panels, classrooms, completion and figures; and what is wrong is said, with the rest kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.core.learning.test_package import zipped
from tests.web.training.conftest import COURSE, begin, play
from wholepicture.core.learning import ContentError, pack, shipped_files
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.training.models import (
    Attempt,
    Course,
    Draft,
    Enrolment,
    PanelSeat,
)
from wholepicture.web.training.services import building, publish, taking
from wholepicture.web.training.services.courses import CannotDoError

NARRATIVE = (
    "IP states her ex partner turned up at HA again. He is on bail with conditions, these run out on Friday. "
    "Last month he put both his hands round her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep."
)


def upload(client: Client, data: bytes) -> Any:
    return client.post(
        reverse("training:manage"), {"package": SimpleUploadedFile("c.zip", data, "application/zip")}
    )


def own(**changes: str) -> dict[str, str]:
    files = shipped_files(COURSE)
    files["course.toml"] = files["course.toml"].replace('id = "look-beyond-the-obvious"', 'id = "ours"')
    return files | changes


def test_a_package_goes_out_and_comes_in(
    course: Course, trainer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    data = signed_in(trainer).get(reverse("training:export", args=[COURSE])).content
    other = make_user(Role.TRAINER, Force.objects.create(name="Second"))
    client = signed_in(other)
    page = upload(client, data)
    assert page.status_code == 400
    assert "Nothing is different from the version published last." in page.content.decode()
    assert upload(client, pack(own())).status_code == 302
    assert Course.objects.get(force=other.force, slug="ours").latest.by == other
    changed = own()
    changed["readings/asking.md"] += "\nMore.\n"
    assert upload(client, pack(changed)).status_code == 302
    assert Course.objects.get(force=other.force, slug="ours").latest.number == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 broken", "not a zip file"),
        (zipped({"../course.toml": "x"}), "leads out of the package"),
        (zipped({"course.toml": "format = 1"}), "title is missing"),
        (zipped({"course.toml": "format = 99"}), "format is 99"),
        (zipped({"x.md": "0" * 1_100_000}), "too large"),
        (pack({k: v for k, v in own().items() if k != "readings/asking.md"}), "no file readings/asking.md"),
        (
            pack(
                own(
                    **{
                        "scenarios/a-photo.toml": own()["scenarios/a-photo.toml"].replace(
                            'words = "16"', 'words = "61"'
                        )
                    }
                )
            ),
            "do not stand in l1",
        ),
    ],
)
def test_a_bad_package_changes_nothing_and_says_why(
    course: Course, trainer: User, signed_in: Callable[[User], Client], data: bytes, said: str
) -> None:
    page = upload(signed_in(trainer), data)
    assert page.status_code == 400
    assert "Nothing was changed" in page.content.decode()
    assert said in page.content.decode()
    assert Course.objects.count() == 1
    assert course.versions.count() == 1


def test_a_file_is_edited_in_the_site(
    course: Course, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(trainer)
    address = reverse("training:edit", args=[COURSE])
    assert "course.toml" in client.get(address).content.decode()
    assert client.get(address, {"file": "readings/none.md"}).status_code == 404
    page = client.get(address, {"file": "readings/asking.md"}).content.decode()
    assert "Professional curiosity" in page
    sent = {
        "text": "# New\n\n<script>alert(1)</script> [x](javascript:alert(1))",
        "note": "shorter",
        "seen": "1",
    }
    assert client.post(f"{address}?file=readings/asking.md", sent).status_code == 302
    assert course.latest.number == 2
    learner_page = client.post(reverse("training:begin", args=[COURSE]), follow=True)
    assert learner_page.status_code == 200
    shown = client.get(reverse("training:step", args=[COURSE, "read-asking"])).content.decode()
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    assert "&lt;script&gt;" in shown


def test_two_who_edit_do_not_write_over_one_another(
    course: Course, trainer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    files = shipped_files(COURSE)
    files["readings/asking.md"] = "Theirs.\n"
    publish(course=course, files=files, by=make_user(Role.TRAINER), note="first", seen=1)
    sent = {"text": "Mine, not to be lost.", "note": "x", "seen": "1"}
    address = reverse("training:edit", args=[COURSE]) + "?file=readings/asking.md"
    page = signed_in(trainer).post(address, sent)
    assert page.status_code == 400
    assert "was published by" in page.content.decode()
    assert "Mine, not to be lost." in page.content.decode()
    assert course.latest.number == 2


def test_an_edit_that_breaks_the_course_is_kept_on_the_page(
    course: Course, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    sent = {"text": "questions = 3", "note": "x", "seen": "1"}
    address = reverse("training:edit", args=[COURSE]) + "?file=checks/asking.toml"
    page = signed_in(trainer).post(address, sent)
    assert page.status_code == 400
    assert "questions = 3" in page.content.decode()
    assert "must be given as [[questions]]" in page.content.decode()


def made(trainer: User, client: Client) -> Draft:
    """A scenario made by pages alone, up to the panel."""
    new = client.post(
        reverse("training:new-scenario"), {"title": "At the door", "narrative": NARRATIVE, "made_up": "on"}
    )
    draft = Draft.objects.get()
    assert new.headers["Location"] == reverse("training:scenario", args=[draft.pk])
    send(
        client,
        draft,
        add="questions",
        **{
            "new-questions-whom": draft.table["people"][0]["code"],
            "new-questions-text": "Is there a key?",
            "new-questions-answer": "“He has one.”",
            "new-questions-minutes": "2",
            "new-questions-quality": "opens",
        },
    )
    send(
        client,
        draft,
        add="lures",
        **{"new-lures-words": "upstairs asleep", "new-lures-why": "Where they were."},
    )
    return Draft.objects.get()


BASICS = {
    "title": "At the door",
    "briefing": "You are sent.",
    "minutes": "4",
    "grade": "high",
    "grade_why": "Strangled.",
    "teaches": "Look at what was said in passing.",
    "strands": ["domestic-abuse"],
}


def send(client: Client, draft: Draft, **fields: Any) -> Any:
    """Press a button of a scenario's page, with what is typed on it."""
    return client.post(reverse("training:scenario", args=[draft.pk]), BASICS | fields, follow=True)


def test_a_scenario_is_made_keyed_blind_and_published(
    course: Course,
    trainer: User,
    learner: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    client = signed_in(trainer)
    draft = made(trainer, client)
    assert building.faults(draft) == []
    assert {t["concept"] for t in draft.table["targets"]} >= {
        "strangulation",
        "pregnant",
        "child-in-household",
    }
    page = client.get(reverse("training:scenario", args=[draft.pk])).content.decode()
    assert "It is whole" in page
    experts = [make_user(Role.SAFEGUARDING), make_user(Role.SUPERVISOR), make_user()]
    few = send(client, draft, ask="yes", experts=[e.pk for e in experts[:2]])
    assert "Choose at least 3 experts" in few.content.decode()
    send(client, draft, ask="yes", experts=[e.pk for e in experts])
    ids = {t["concept"]: t["id"] for t in draft.table["targets"]}
    for n, expert in enumerate(experts):
        browser = signed_in(expert)
        assert "Give your key" in browser.get(reverse("training:home")).content.decode()
        seat = PanelSeat.objects.get(expert=expert)
        address = reverse("training:seat", args=[seat.pk])
        early = browser.post(address, {"sign": "yes"}, follow=True).content.decode()
        assert "Say yes or no to each first" in early
        judged = {f"judge-{i}": "yes" for i in ids.values()}
        judged[f"judge-{ids['pregnant']}"] = "yes" if n < 2 else "no"
        judged[f"judge-{ids['also-suspected']}"] = "no"
        if n == 0:
            browser.post(
                address,
                judged
                | {"add": "yes", "words": "turned up at HA again", "concept": "stalking", "person": "p1"},
            )
        assert (
            client.get(reverse("training:scenario", args=[draft.pk]))
            .content.decode()
            .count("What the panel agreed on")
            == 0
        )
        browser.post(address, judged | {"grade": "high", "sign": "yes"})
        assert "stands" in browser.get(address).content.decode()
        late = browser.post(address, judged | {"grade": "standard"}, follow=True).content.decode()
        assert "cannot be changed" in late
    panel = building.panel_of(draft)
    assert panel
    verdicts = {k.target["concept"]: k.verdict for k in panel.keyed}
    assert verdicts["strangulation"] == "in"
    assert verdicts["pregnant"] == "contested"
    assert verdicts["also-suspected"] == "out"
    assert verdicts["stalking"] == "out"
    assert panel.agreement
    assert 0 < panel.agreement.raw < 1
    assert "all have signed: publish it" in client.get(reverse("encounters:home")).content.decode()
    page = client.get(reverse("training:scenario", args=[draft.pk])).content.decode()
    assert "Gwet" in page
    done = client.post(
        reverse("training:panel", args=[draft.pk]),
        {"publish": "yes", "critical": [ids["strangulation"]]},
        follow=True,
    )
    assert "Published in Our own scenarios, version 1" in done.content.decode()
    course = Course.objects.get(slug="our-own-scenarios")
    [scenario] = course.latest.content.scenarios.values()
    assert scenario.panel == 3
    kept = {t.concept: t for t in scenario.targets}
    assert kept["pregnant"].contested
    assert kept["pregnant"].agreed == pytest.approx(2 / 3, abs=1e-3)
    assert kept["strangulation"].critical
    assert "also-suspected" not in kept
    attempt = play(taking.begin(course=course, by=learner), scenario.id)
    assert attempt.result["counts"][1] == 0
    text = signed_in(learner).get(reverse("training:debrief", args=[attempt.pk])).content.decode()
    assert "“14 weeks pregnant”" in text.split("Where experts differ</h3>", 1)[1]
    assert "Not scored either way" in text
    assert "a panel of 3" in text
    # Whoever made or signed the key may play it; what they see of it is in no figure.
    for somebody, counts in ((learner, True), (experts[0], False), (trainer, False)):
        taken = begin(taking.begin(course=course, by=somebody), scenario.id)
        assert Attempt.objects.filter(learner=somebody, first=True).exists() is counts, taken
    again = client.post(reverse("training:panel", args=[draft.pk]), {"publish": "yes"}, follow=True)
    assert "published already" in again.content.decode()


def test_a_draft_with_the_panel_is_not_changed_and_can_be_taken_back(
    course: Course, trainer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(trainer)
    draft = made(trainer, client)
    building.send_to_panel(draft=draft, experts=[make_user() for _ in range(3)], by=trainer)
    page = send(client, draft, keep="yes")
    assert "The panel has it" in page.content.decode()
    client.post(reverse("training:panel", args=[draft.pk]), {"take-back": "yes"})
    draft.refresh_from_db()
    assert (draft.state, draft.seats.count()) == (Draft.State.WRITING, 0)
    assert client.get(reverse("training:preview", args=[draft.pk])).status_code == 200


def test_parts_are_added_changed_and_taken_away_and_all_that_is_typed_is_kept(
    trainer: User, course: Course, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(trainer)
    draft = made(trainer, client)
    wrong = send(
        client,
        draft,
        add="targets",
        **{
            "new-targets-words": "not there",
            "new-targets-concept": "afraid",
            "new-targets-person": "p1",
            # Typed in another part of the page: what is wrong with the new entry does not lose it.
            "log-0-time": "21:04",
            "log-0-who": "Call",
            "actions-0-worth": "unsafe",
            "actions-0-why": "No.",
            "actions-0-critical": "yes",
        },
    )
    assert "does not stand in the log" in wrong.content.decode()
    draft.refresh_from_db()
    before = len(draft.table["targets"])
    assert (draft.table["log"][0]["time"], draft.table["log"][0]["who"]) == ("21:04", "Call")
    assert draft.table["actions"][0]["worth"] == "unsafe"
    assert draft.table["actions"][0]["critical"] is True
    added = {"new-targets-words": "turned up", "new-targets-concept": "stalking", "new-targets-person": "p1"}
    send(client, draft, add="targets", **added)
    draft.refresh_from_db()
    assert len(draft.table["targets"]) == before + 1
    send(client, draft, remove=f"targets:{before}", **{"targets-0-why": "It matters."})
    draft.refresh_from_db()
    assert len(draft.table["targets"]) == before
    assert draft.table["targets"][0]["why"] == "It matters."
    assert "not there any more" in send(client, draft, remove="targets:99").content.decode()
    assert "Fill it in first" in send(client, draft, add="people").content.decode()


def test_a_real_person_must_be_said_not_to_be_in_it(
    trainer: User, course: Course, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(trainer).post(reverse("training:new-scenario"), {"title": "T", "narrative": NARRATIVE})
    assert page.status_code == 400
    assert "made-up people only" in page.content.decode()
    assert NARRATIVE[:40] in page.content.decode()


def test_a_course_that_is_closed_keeps_what_people_did(
    course: Course, enrolment: Enrolment, learner: User, trainer: User, signed_in: Callable[[User], Client]
) -> None:
    play(enrolment, "noise-again")
    signed_in(trainer).post(reverse("training:close", args=[COURSE]))
    assert "Noise again at flat 6" in signed_in(learner).get(reverse("training:record")).content.decode()
    assert COURSE not in signed_in(learner).get(reverse("training:home")).content.decode()


def test_publishing_what_is_no_course_is_refused_in_code_too(course: Course, trainer: User) -> None:
    with pytest.raises(ContentError):
        publish(course=course, files={"course.toml": "format = 1"}, by=trainer)
    with pytest.raises(CannotDoError, match="Keep the id as it is"):
        publish(course=course, files=own(), by=trainer)


def test_the_shipped_course_passes_as_html_without_anything_of_its_own(course: Course) -> None:
    from wholepicture.web.theme.prose import prose

    for text in course.latest.content.readings.values():
        html = str(prose(text))
        assert not re.search(r"<(script|iframe|style)", html)
        assert "<p class=" in html
