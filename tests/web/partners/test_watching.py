"""The control watch, what slipped through, the digest and the calendar: nothing ends or is forgotten unseen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.practice import State
from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.encounters.models import Encounter, EncounterPerson
from wholepicture.web.encounters.services import (
    answer,
    confirm,
    describe,
    link,
    make_known,
    observe,
    sign_assessment,
    start_encounter,
)
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.calendars import days_of
from wholepicture.web.partners.models import Referral, Slipped, WatchDone, Watched
from wholepicture.web.partners.selectors.drafting import offers_for
from wholepicture.web.partners.services import answering, clocks, watching
from wholepicture.web.partners.services.answering import worker

DAY = timedelta(days=1)


@pytest.fixture
def supervisor(make_user: Callable[..., User]) -> User:
    user = make_user(Role.SUPERVISOR)
    user.email = "supervisor@example.police.uk"
    user.save()
    return user


def order(person: EncounterPerson, officer: User, ends_on: date | None, state: str = "holding") -> None:
    """An order entered once, on the picture's own question."""
    answer(person=person, concept="civil-protection-order", state=State(state), ends_on=ends_on, by=officer)


def rows(kind: str) -> set[tuple[str, date | None]]:
    return set(Watched.objects.filter(kind=kind).values_list("pathway", "ends_on"))


def test_an_orders_end_entered_once_is_watched_wherever_it_alone_holds(
    her: EncounterPerson, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = timezone.localdate() + 10 * DAY
    order(her, officer, ends)
    watching.refresh(officer.force)
    assert ("strangulation", ends) in rows("ends")
    assert len(rows("ends")) > 1
    # The day after it stands open, and says so.
    after = timezone.now() + 11 * DAY
    monkeypatch.setattr(timezone, "now", lambda: after)
    clocks.refresh_all(after)
    assert ("strangulation", ends) not in rows("ends")
    down = Watched.objects.get(kind="failed", pathway="strangulation")
    assert timezone.localtime(down.since).date() == ends + DAY


def test_only_what_changed_is_drawn_anew_and_it_goes_on_where_it_stopped(
    her: EncounterPerson, officer: User
) -> None:
    order(her, officer, timezone.localdate() + DAY)
    whole = watching.refresh(officer.force, most=2)
    assert not whole
    steps = 1
    while not watching.refresh(officer.force, timezone.now() + timedelta(minutes=6), most=2):
        steps += 1
        assert steps < 60
    assert rows("ends")
    assert WatchDone.objects.get().up_to > timezone.now()


def test_a_control_that_failed_is_watched_until_it_holds_again(her: EncounterPerson, officer: User) -> None:
    order(her, officer, None, "failed")
    watching.refresh(officer.force)
    assert "strangulation" in {p for p, _ in rows("failed")}
    order(her, officer, None)
    watching.refresh(officer.force)
    assert "strangulation" not in {p for p, _ in rows("failed")}


def test_picked_up_for_all_that_rests_on_the_same_controls(
    her: EncounterPerson, officer: User, supervisor: User, signed_in: Callable[[User], Client]
) -> None:
    order(her, officer, timezone.localdate() + 5 * DAY)
    watching.refresh(officer.force)
    site = signed_in(supervisor)
    page = site.get(reverse("partners:watch")).content.decode()
    assert page.count("Civil protection order") == 1
    found = Watched.objects.filter(kind="ends").first()
    assert found
    with pytest.raises(CannotDoError):
        watching.pick_up(watched=found, what=" ", by=supervisor)
    site.post(reverse("partners:pick-up", args=[found.pk]), {"what": "I apply for a new one on Friday"})
    assert not Watched.objects.filter(kind="ends", picked_up_at=None).exists()
    assert "I apply for a new one on Friday" in site.get(reverse("partners:watch")).content.decode()
    # Another end is another matter.
    order(her, officer, timezone.localdate() + 6 * DAY)
    watching.refresh(officer.force)
    assert Watched.objects.filter(kind="ends", picked_up_at=None).exists()


def test_an_account_with_open_ways_and_nothing_done_is_found_within_a_day(
    her: EncounterPerson, officer: User, supervisor: User, settings: Any, signed_in: Callable[[User], Client]
) -> None:
    settings.MAIL_HOST = "127.0.0.1"
    assert clocks.find_slipped(timezone.now() + timedelta(hours=11)) == 0
    assert clocks.find_slipped(timezone.now() + timedelta(hours=13)) >= 1
    found = Slipped.objects.get(person=her)
    assert found.to == supervisor
    assert "strangulation" in found.pathways
    told = [o.body["subject"] for o in Outgoing.objects.filter(to=supervisor.email)]
    assert "Somebody may have slipped through" in told
    home = signed_in(supervisor).get(reverse("encounters:home")).content.decode()
    assert reverse("partners:slipped", args=[found.pk]) in home
    assert clocks.find_slipped(timezone.now() + timedelta(hours=14)) == 0


def test_what_was_acted_on_has_not_slipped(her: EncounterPerson, officer: User, advocate: User) -> None:
    sent(fill(draft(her, officer), officer), officer)
    clocks.find_slipped(timezone.now() + timedelta(hours=13))
    assert not Slipped.objects.filter(person=her).exists()


def test_an_action_signed_later_settles_it(her: EncounterPerson, officer: User) -> None:
    clocks.find_slipped(timezone.now() + timedelta(hours=13))
    assert clocks.settle_slipped(timezone.now()) == 0
    sign_assessment(
        person=her,
        once=uuid.uuid4(),
        grade="high",
        heads={"threat": "He."},
        actions=[offers_for(her)[0].actions[0][0].id],
        by=officer,
    )
    assert clocks.settle_slipped(timezone.now()) == 1


def test_a_reason_settles_it_and_none_does_not(
    her: EncounterPerson, supervisor: User, signed_in: Callable[[User], Client]
) -> None:
    clocks.find_slipped(timezone.now() + timedelta(hours=13))
    found = Slipped.objects.get(person=her)
    site, at = signed_in(supervisor), reverse("partners:slipped", args=[found.pk])
    assert site.post(at, {"why": ""}).status_code == 400
    assert site.post(at, {"why": "She moved abroad yesterday."}).status_code == 302
    found.refresh_from_db()
    assert (found.closed_by, found.closed_why) == (supervisor, "She moved abroad yesterday.")


def test_the_digest_counts_and_names_nobody(
    her: EncounterPerson, officer: User, supervisor: User, settings: Any
) -> None:
    settings.MAIL_HOST = "127.0.0.1"
    describe(person=her, given="Ada", family="Synthetic", by=officer)
    order(her, officer, timezone.localdate() + 3 * DAY)
    watching.refresh(officer.force)
    clocks.digest(timezone.now())
    mail = Outgoing.objects.get(to=supervisor.email)
    assert mail.body["subject"].startswith("Control watch: ")
    said = f"{mail.body['subject']} {mail.body['text']}"
    for secret in ("Ada", "Synthetic", str(her.encounter_id), "strangul", "Strangul"):
        assert secret not in said


def test_days_of_the_watch_are_in_a_calendar_without_names(
    her: EncounterPerson, officer: User, supervisor: User
) -> None:
    ends = timezone.localdate() + 9 * DAY
    order(her, officer, ends)
    watching.refresh(officer.force)
    assert [(d, "held shut until today" in t) for _, t, d in days_of(supervisor)] == [(ends, True)]
    assert days_of(officer) == []


def test_a_partners_control_that_ended_is_told_to_those_who_watch(
    asked: Referral, advocate: User, supervisor: User, signed_in: Callable[[User], Client]
) -> None:
    answering.take(referral=asked, step=Step.ACCEPT, why="", who=worker(advocate))
    answering.put_in_place(
        referral=asked,
        control="marac-and-advocate",
        holder="Leila",
        ends_on=timezone.localdate() + 2 * DAY,
        words="",
        who=worker(advocate),
    )
    home = signed_in(supervisor).get(reverse("encounters:home")).content.decode()
    assert "held shut until" in home


def test_the_watch_follows_somebody_from_account_to_account(
    her: EncounterPerson, officer: User, encounter: Encounter
) -> None:
    """A control told in a later account of the same person counts for the earlier one's pathways."""
    describe(person=her, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=her, by=officer).identity
    assert known
    later = start_encounter(
        narrative="IP is well today. She is with her sister.", source="test", once=uuid.uuid4(), by=officer
    )
    confirm(encounter=later, by=officer)
    again = later.people.first()
    assert again
    describe(person=again, given="Ada", family="Synthetic", by=officer)
    link(person=again, known=known, by=officer)
    observe(
        person=EncounterPerson.objects.get(pk=again.pk),
        concept="civil-protection-order",
        state="holding",
        words="non-molestation order",
        told_by="the court",
        rule="test",
        by=officer,
        ends_on=timezone.localdate() + 4 * DAY,
    )
    watching.refresh(officer.force)
    found = Watched.objects.filter(kind="ends", pathway="strangulation").get()
    assert found.key == str(known.pk)
    assert found.person_id == again.pk
