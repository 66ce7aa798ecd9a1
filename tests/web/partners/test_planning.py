"""Joint plans: who does what by when, a meeting whose decisions are observations, and nothing closed while an action is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import Step
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Meeting, Organisation, Plan, Referral, Watched
from wholepicture.web.partners.selectors import figures
from wholepicture.web.partners.services import answering, planning
from wholepicture.web.partners.services.answering import worker

SOON = timezone.localdate() + timedelta(days=10)


def of(day: date, name: str) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.fixture
def lead(make_user: Callable[..., User]) -> User:
    return make_user(Role.SAFEGUARDING)


def test_a_plan_from_its_beginning_to_its_end(
    her: EncounterPerson, lead: User, signed_in: Callable[[User], Client]
) -> None:
    site = signed_in(lead)
    begin = reverse("partners:begin-plan", args=[her.encounter_id, her.code])
    assert site.post(begin, {"aim": "", **of(SOON, "review_on")}).status_code == 400
    past = timezone.localdate() - timedelta(days=1)
    assert "must be to come" in site.post(begin, {"aim": "Safe", **of(past, "review_on")}).content.decode()
    assert site.post(begin, {"aim": "She is safe", **of(SOON, "review_on")}).status_code == 302
    plan = Plan.objects.get()
    at = reverse("partners:plan", args=[plan.pk])
    council = Organisation.objects.get(name__startswith="Aldermere Borough")
    action = {"text": "New locks", "owner": "J Hart", "organisation": council.pk, **of(SOON, "due")}
    assert site.post(at, action).status_code == 302
    page = site.get(at).content.decode()
    assert "J Hart, Aldermere Borough Council (made up)" in page
    assert "wp-lane" in page  # the picture is on it
    close = reverse("partners:close-plan", args=[plan.pk])
    assert "1 action is not done" in site.post(close, {"close-why": "Done"}).content.decode()
    made = plan.actions.get()
    finish = reverse("partners:finish-action", args=[plan.pk, made.pk])
    assert site.post(finish, {f"a{made.pk}-why": ""}).status_code == 400
    assert site.post(finish, {f"a{made.pk}-why": "Fitted on Tuesday"}).status_code == 302
    assert site.post(close, {"close-why": "He is in prison until 2031"}).status_code == 302
    assert "He is in prison until 2031" in site.get(at).content.decode()
    assert site.post(at, action).status_code == 400  # a closed plan takes nothing more


def test_what_a_meeting_decides_is_in_the_picture_and_on_the_watch(
    her: EncounterPerson, lead: User, signed_in: Callable[[User], Client]
) -> None:
    plan = planning.begin_plan(person=her, aim="Safe", review_on=SOON, by=lead)
    site = signed_in(lead)
    hold = reverse("partners:hold-meeting", args=[plan.pk])
    assert site.post(hold, {"present": "", **of(timezone.localdate(), "held_on")}).status_code == 400
    there = {"present": "Police\nHaven\nHousing", **of(timezone.localdate(), "held_on")}
    assert site.post(hold, there).status_code == 302
    at = reverse("partners:meeting", args=[plan.pk, Meeting.objects.get().pk])
    said = {"text": "The order is in place", "control": "civil-protection-order"}
    assert "Say how the control stands now" in site.post(at, said).content.decode()
    assert site.post(at, {**said, "state": "holding", **of(SOON, "ends_on")}).status_code == 302
    told = her.observations.get(concept="civil-protection-order")
    assert told.told_by.startswith("the meeting of ")
    assert Watched.objects.filter(kind="ends", ends_on=SOON, pathway="strangulation").exists()
    assert site.post(at, {"text": "We meet again in March"}).status_code == 302
    page = site.get(at).content.decode()
    assert "It is in the picture from now on" in page
    assert "We meet again in March" in page


def test_one_plan_for_one_person(her: EncounterPerson, lead: User) -> None:
    one = planning.begin_plan(person=her, aim="Safe", review_on=SOON, by=lead)
    assert planning.begin_plan(person=her, aim="Another", review_on=SOON, by=lead) == one
    with pytest.raises(CannotDoError):
        planning.add_action(
            plan=one,
            text="x",
            owner="y",
            organisation=None,
            due=timezone.localdate() - timedelta(days=1),
            by=lead,
        )


def test_figures_say_nothing_of_few(
    her: EncounterPerson, officer: User, advocate: User, signed_in: Callable[[User], Client], lead: User
) -> None:
    made = [sent(fill(draft(her, officer), officer), officer) for _ in range(figures.FEWEST)]
    for n, referral in enumerate(made):
        step = Step.DECLINE if n == 0 else Step.ACCEPT
        answering.take(referral=referral, step=step, why="We are full.", who=worker(advocate))
    since = timezone.localdate() - timedelta(days=30)
    (row,) = figures.by_partner(Referral.objects.all(), since=since)
    assert (row.sent, row.accepted, row.declined, row.acknowledged) == (5, 4, 1, 0.0)
    assert row.reasons == ()  # one reason alone is too few to quote
    Referral.objects.filter(pk=made[0].pk).delete()
    (row,) = figures.by_partner(Referral.objects.all(), since=since)
    assert row.small
    page = signed_in(lead).get(reverse("partners:figures")).content.decode()
    assert "fewer than 5" in page
    own = signed_in(advocate).get(reverse("partners:own-figures")).content.decode()
    assert "fewer than 5" in own
    assert "Haven" in own
