"""Continuing development: a cycle from plan to declaration and a look at it, and a chief officer who starts from their own force."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.programmes.test_whole_life import day
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.cpd import services
from wholepicture.web.cpd.models import Cycle, Entry, Framework
from wholepicture.web.programmes.selectors.calendars import calendar_of
from wholepicture.web.programmes.services import CannotDoError
from wholepicture.web.training.models import Course, Enrolment

TODAY = date.today()
DAY = timedelta(days=1)
SignIn = Callable[[User], Client]


def framework(user: User, slug: str = "licensed-csa-investigator") -> Framework:
    return Framework.objects.get(force=user.force, slug=slug)


def did(title: str, *topics: str, reflection: str = "", effect: str = "It is different.") -> services.Did:
    return services.Did("work", title, TODAY, topics or ("T1",), reflection, effect)


def filled(user: User, *, reflection: str = "") -> Cycle:
    """A cycle in which enough is shared."""
    cycle = services.begin(framework=framework(user), by=user)
    topics = [t.id for t in cycle.framework.content.topics]
    for topic in topics:
        entry = services.keep(cycle=cycle, did=did(f"On {topic}", topic, reflection=reflection), by=user)
        services.share(entry=entry, by=user)
    return cycle


def test_a_cycle_from_plan_to_declaration(officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)
    client.post(reverse("cpd:begin", args=["licensed-csa-investigator"]))
    cycle = Cycle.objects.get()
    client.post(reverse("cpd:plan", args=[cycle.pk]), {"T1": "Look again at three cases"})
    page = client.get(reverse("cpd:cycle", args=[cycle.pk])).content.decode()
    assert "Look again at three cases" in page
    assert "0 of 5 entries are shared." in page
    for n, topic in enumerate(t.id for t in cycle.framework.content.topics):
        form = {
            "title": f"Thing {n}",
            "kind": "work",
            "topics": [topic],
            "effect": "",
            **day("happened_on", TODAY),
        }
        client.post(reverse("cpd:new-entry", args=[cycle.pk]), form)
        entry = Entry.objects.get(title=f"Thing {n}")
        share = reverse("cpd:share", args=[entry.pk])
        page = client.post(share, follow=True).content.decode()
        assert "Say what changed because of it." in page
        client.post(reverse("cpd:entry", args=[entry.pk]), {**form, "effect": "I ask one more question."})
        client.post(share)
    page = client.get(reverse("cpd:cycle", args=[cycle.pk])).content.decode()
    assert "Declare this cycle" in page
    client.post(reverse("cpd:cycle", args=[cycle.pk]), {"statement": "I look longer."})
    cycle.refresh_from_db()
    assert cycle.declared_at
    assert services.declared_in_date(officer, "licensed-csa-investigator", TODAY) == cycle
    assert services.declared_in_date(officer, "licensed-csa-investigator", cycle.ends_on + 400 * DAY) is None
    with pytest.raises(CannotDoError, match="belongs in the next"):
        services.keep(cycle=cycle, did=did("Late"), by=officer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"happened_on": TODAY + DAY}, "yet to come"),
        ({"happened_on": TODAY - DAY}, "must lie in this cycle"),
        ({"topics": ("T9",)}, "topics of the framework"),
        ({"upload": ("a.pdf", b"MZ")}, "not what its name says"),
    ],
)
def test_what_cannot_be_kept(officer: User, changed: dict[str, object], said: str) -> None:
    cycle = services.begin(framework=framework(officer), by=officer)
    given = {"kind": "work", "title": "T", "happened_on": TODAY, **changed}
    with pytest.raises(CannotDoError, match=said):
        services.keep(cycle=cycle, did=services.Did(**given), by=officer)  # type: ignore[arg-type]


def test_a_cycle_begun_twice_is_one_and_the_next_follows(officer: User) -> None:
    first = services.begin(framework=framework(officer), by=officer)
    assert services.begin(framework=framework(officer), by=officer) == first
    filled(officer)
    services.declare(cycle=first, statement="x", by=officer)
    following = services.begin(framework=framework(officer), by=officer)
    assert following.begins_on >= TODAY
    assert following.pk != first.pk


def test_training_and_files_come_once(officer: User, signed_in: SignIn, force: Force) -> None:
    cycle = services.begin(framework=framework(officer), by=officer)
    course = Course.objects.get(force=force, slug="look-beyond-the-obvious")
    Enrolment.objects.create(
        learner=officer, course=course, version=course.latest, completed_at=timezone.now()
    )
    assert services.take_in_training(cycle=cycle, by=officer) == 1
    assert services.take_in_training(cycle=cycle, by=officer) == 0
    listed = f"date,title,minutes\n{TODAY},A day with the hub,60\nyesterday,Bad,1\n{TODAY - 900 * DAY},Long ago,5\n"
    client = signed_in(officer)
    for kept in ("1 new of the file is", "0 new of the file are"):
        page = client.post(
            reverse("cpd:from-file", args=[cycle.pk]),
            {"listed": SimpleUploadedFile("a.csv", listed.encode())},
        ).content.decode()
        assert kept in page
        assert "Line 3: date must be as 2026-05-31" in page
        assert "Line 4: it has no title, or lies outside the cycle." in page
    assert cycle.entries.count() == 2
    with pytest.raises(CannotDoError, match="columns date and title"):
        services.take_in_file(cycle=cycle, text="a,b\n1,2", by=officer)


def test_the_draw_can_be_made_again_and_spares_first_cycles(
    make_user: Callable[..., User], force: Force
) -> None:
    lead = make_user(Role.CPD)
    people = [make_user() for _ in range(8)]
    for person in people:
        cycle = filled(person)
        services.declare(cycle=cycle, statement="x", by=person)
    late = Cycle.objects.get(person=people[0])
    late.ends_on = TODAY - DAY
    late.save()
    drawn = services.draw(slug="licensed-csa-investigator", seed="2026", by=lead)
    assert [(c.person, c.audit_why) for c in drawn] == [(people[0], "a risk")]
    cycle = drawn[0]
    with pytest.raises(PermissionDenied):
        services.look(cycle=cycle, said="met", feedback="x", by=people[1])
    with pytest.raises(CannotDoError, match="Say why"):
        services.look(cycle=cycle, said="more", feedback=" ", by=lead)
    services.look(cycle=cycle, said="more", feedback="What changed for the child?", by=lead)
    with pytest.raises(CannotDoError, match="is more is asked already"):
        services.look(cycle=cycle, said="met", feedback="x", by=lead)
    services.declare(cycle=cycle, statement="She is seen alone now.", by=people[0])
    services.look(cycle=cycle, said="not-met", feedback="Still nothing.", by=lead)
    assert services.declared_in_date(people[0], "licensed-csa-investigator", TODAY) is None


def test_reminders_come_once_a_step(officer: User) -> None:
    cycle = services.begin(framework=framework(officer), by=officer)
    told = [services.remind_on(cycle.ends_on - n * DAY) for n in (100, 90, 89, 30, 30, 7, 1, -1)]
    assert told == [0, 1, 0, 1, 0, 1, 0, 0]


def test_a_framework_is_changed_and_cycles_keep_theirs(officer: User, make_user: Callable[..., User]) -> None:
    cycle = services.begin(framework=framework(officer), by=officer)
    lead, text = make_user(Role.CPD), cycle.framework.text.replace("least_entries = 5", "least_entries = 9")
    made = services.publish(slug=cycle.framework.slug, text=text, note="More", by=lead)
    cycle.refresh_from_db()
    assert (cycle.framework.number, made.number) == (1, 2)
    with pytest.raises(CannotDoError, match="Keep the id"):
        services.publish(slug="csa-superintendents", text=text, note="x", by=lead)


def test_a_chief_officer_starts_from_their_own_force(
    make_user: Callable[..., User], signed_in: SignIn
) -> None:
    chief = make_user(Role.CHIEF_OFFICER)
    client = signed_in(chief)
    address = reverse("cpd:briefing")
    assert "Begin a cycle to keep what you hear." in client.get(address).content.decode()
    client.post(reverse("cpd:begin", args=["csa-chief-officers"]))
    page = client.get(address).content.decode()
    assert "Accounts in which the abuse or exploitation of a child was recorded" in page
    assert "nobody is licensed yet" in page
    assert "0 are with a partner" in page
    assert reverse("partners:figures") in page
    assert page.count("The figures behind it") == 4
    empty = client.post(address, {"question": "Q1", "effect": "", **day("happened_on", TODAY)})
    assert "Say what you heard, and what you changed." in empty.content.decode()
    client.post(address, {"question": "Q1", "effect": "We ask school now.", **day("happened_on", TODAY)})
    assert "We ask school now." in client.get(address).content.decode()
    entry = Entry.objects.get()
    assert (entry.question, entry.topics, entry.kind) == ("Q1", ["T1"], "asked")
    assert services.share(entry=entry, by=chief).shared_at


def statement(verb: str, title: object, when: str) -> dict[str, object]:
    return {
        "actor": {"account": {"homePage": "https://lms.example", "name": "7"}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": "https://lms.example/1", "definition": {"name": {"en-GB": title}}},
        "timestamp": when,
    }


def test_statements_of_a_learning_system_come_once(officer: User) -> None:
    cycle = services.begin(framework=framework(officer), by=officer)
    told = [
        statement("completed", "Interviewing children", f"{TODAY}T10:00:00Z"),
        statement("passed", "A test", f"{TODAY}T11:00:00Z"),
        statement("launched", "Not done", f"{TODAY}T12:00:00Z"),
        statement("completed", "Without a day", ""),
        "nonsense",
    ]
    for kept in (2, 0):
        found, bad = services.take_in_file(cycle=cycle, text=json.dumps({"statements": told}), by=officer)
        assert (found, len(bad)) == (kept, 1)
    assert {e.title for e in cycle.entries.all()} == {"Interviewing children", "A test"}
    for text in ("{", "[1", '{"statements": 3}', "[" * 100_000):
        with pytest.raises(CannotDoError, match="no list of xAPI statements"):
            services.take_in_file(cycle=cycle, text=text, by=officer)


def test_an_open_cycle_is_in_ones_calendar(officer: User) -> None:
    services.begin(framework=framework(officer), by=officer)
    assert b"CPD to declare: Licensed CSA investigator" in calendar_of(officer)
