"""A request from the doorstep to a control that holds until a day, is watched, and is told of; and every way it can go otherwise."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.partners.conftest import ADVOCATES, draft, fill
from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.partners.sharing import digest_of
from wholepicture.core.picture import PathwayState
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.selectors import picture_of
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Referral, Service, Watched
from wholepicture.web.partners.selectors import drafting
from wholepicture.web.partners.services import answering, clocks, sending
from wholepicture.web.partners.services.answering import worker


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def state_of(person: EncounterPerson, pathway: str) -> PathwayState:
    return next(r.state for r in picture_of(person).pathways if r.pathway.id == pathway)


class Site:
    """Somebody's browser, a page at a time, with what its forms hold."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = ""

    def get(self, name: str, *args: object) -> str:
        response = self.client.get(reverse(f"partners:{name}", args=args))
        assert response.status_code == 200, (name, response.status_code)
        self.page = response.content.decode()
        return self.page

    def post(self, name: str, *args: object, **body: Any) -> str:
        response = self.client.post(reverse(f"partners:{name}", args=args), body)
        assert response.status_code == 302, (
            name,
            re.findall(r"error-message[^>]*>(.*?)</p>", response.content.decode()),
        )
        address: str = response.headers["Location"]
        return address


def test_from_the_doorstep_to_a_control_that_is_watched(
    her: EncounterPerson,
    officer: User,
    advocate: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    site, partner = Site(signed_in(officer)), Site(signed_in(advocate))
    strangled = "strangulation"
    assert state_of(her, strangled) in (PathwayState.OPEN, PathwayState.UNGUARDED)
    person = (her.encounter_id, her.code)

    page = site.get("begin", *person)
    offer = next(o for o in drafting.offers_for(her) if o.route.id == "independent-advocate")
    to = site.post(
        "begin",
        *person,
        once=hidden(page, "once"),
        route="independent-advocate",
        actions=[a.id for a, _ in offer.actions],
    )
    made = Referral.objects.get()
    assert to == reverse("partners:service", args=[made.pk])
    page = site.get("service", made.pk)
    assert ADVOCATES in page
    chosen = Service.objects.get(name=ADVOCATES)
    site.post("service", made.pk, service=chosen.pk, version=hidden(page, "version"))
    page = site.get("questions", made.pk)
    answers = dict.fromkeys(re.findall(r'name="(q_[^"]+)"', page), "As she said.")
    site.post("questions", made.pk, version=hidden(page, "version"), wishes="To sleep", opinion="", **answers)
    page = site.get("share", made.pk)
    ticked = re.findall(r'name="include" value="([^"]+)" checked', page)
    assert "14 weeks pregnant" in page
    left_out = "pregnant"
    assert left_out in ticked
    body: dict[str, Any] = {
        "version": hidden(page, "version"),
        "include": [c for c in ticked if c != left_out],
        "about": ["name"],
    }
    refused = site.client.post(reverse("partners:share", args=[made.pk]), body)
    assert refused.status_code == 400
    assert "Say why this is left out: Pregnant" in refused.content.decode()
    site.post("share", made.pk, **body, **{f"why-{left_out}": "She will tell them herself."})
    page = site.get("basis", made.pk)
    site.post(
        "basis",
        made.pk,
        version=hidden(page, "version"),
        basis=re.findall(r'name="basis" type="radio" value="([^"]+)"', page)[0],
        agreement="given",
        override_why="",
        safe_contact="Text only",
        ring="01632 960001",
        urgency="today",
    )
    page = site.get("check", made.pk)
    assert "She will tell them herself." in page
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.S)
    assert "14 weeks pregnant" not in shown
    assert "Strangled" in shown
    site.post("send", made.pk, digest=hidden(page, "digest"))
    made.refresh_from_db()
    assert (made.state, digest_of(made.document or {})) == ("delivered", made.digest)
    assert all(k["id"] != left_out for k in (made.document or {})["known"])

    assert made.number in partner.get("inbox")
    page = partner.get("request", made.pk)
    assert "Text only" in page
    for step in ("acknowledge", "accept"):
        partner.post("request-step", made.pk, step)
    ends = timezone.localdate() + timedelta(days=20)
    partner.post(
        "request-control",
        made.pk,
        **{
            "control-control": "marac-and-advocate",
            "control-holder": "Leila Haddad",
            "control-ends_on_day": ends.day,
            "control-ends_on_month": ends.month,
            "control-ends_on_year": ends.year,
            "control-words": "Safety plan made",
        },
    )
    assert state_of(EncounterPerson.objects.get(pk=her.pk), strangled) is PathwayState.GUARDED
    watched = Watched.objects.get(pathway=strangled)
    assert (watched.kind, watched.ends_on, watched.holder) == ("ends", ends, "Leila Haddad")
    supervisor = signed_in(make_user(Role.SUPERVISOR))
    assert "held by Leila Haddad" in supervisor.get(reverse("partners:watch")).content.decode()
    # The officer is told, until they have looked.
    home = site.client.get(reverse("encounters:home")).content.decode()
    assert reverse("partners:referral", args=[made.pk]) in home
    page = site.get("referral", made.pk)
    assert "put a control in place" in page
    home = site.client.get(reverse("encounters:home")).content.decode()
    assert reverse("partners:referral", args=[made.pk]) not in home
    # It cannot be closed until each need has an outcome.
    site.post("close", made.pk)
    made.refresh_from_db()
    assert made.state == "accepted"
    for need in made.needs.all():
        partner.post(
            "request-need", made.pk, need.pk, **{f"need-{need.pk}-said": "met", f"need-{need.pk}-words": ""}
        )
    site.post("close", made.pk)
    made.refresh_from_db()
    assert made.state == "closed"
    picture = site.client.get(reverse("encounters:picture", args=person)).content.decode()
    assert "Haven Aldermere" in picture


def test_a_decline_opens_the_way_again_and_is_never_the_end(
    asked: Referral, officer: User, advocate: User, signed_in: Callable[[User], Client]
) -> None:
    partner, site = signed_in(advocate), Site(signed_in(officer))
    step = reverse("partners:request-step", args=[asked.pk, "decline"])
    bare = partner.post(step, {"decline-why": ""})
    assert bare.status_code == 400
    assert partner.post(step, {"decline-why": "We are full until Monday."}).status_code == 302
    page = site.get("referral", asked.pk)
    assert "The way to harm is open again" in page
    assert "We are full until Monday." in page
    assert f"?after={asked.pk}" in page
    assert "declined" in site.client.get(reverse("encounters:home")).content.decode()
    # A day on nobody has acted: it goes to a named person.
    assert clocks.remind_and_escalate(timezone.now() + timedelta(hours=25)) == 1
    asked.refresh_from_db()
    assert asked.escalated_at
    assert asked.state == "declined"
    site.post("say", asked.pk, "take-back", **{"take-back-why": "Her sister takes her in tonight."})
    asked.refresh_from_db()
    assert (asked.state, asked.attention) == ("taken back", "")


def test_a_new_request_follows_one_that_was_declined(
    asked: Referral, her: EncounterPerson, officer: User, advocate: User, signed_in: Callable[[User], Client]
) -> None:
    answering.take(referral=asked, step=Step.DECLINE, why="Full.", who=worker(advocate))
    site = Site(signed_in(officer))
    page = site.get("begin", her.encounter_id, her.code)
    offer = next(o for o in drafting.offers_for(her) if o.route.id == "independent-advocate")
    site.post(
        "begin",
        her.encounter_id,
        her.code,
        once=hidden(page, "once"),
        previous=asked.pk,
        route=offer.route.id,
        actions=[offer.actions[0][0].id],
    )
    made = Referral.objects.get(previous=asked)
    assert made.draft["include"] == asked.draft["include"]


def test_sent_twice_it_is_sent_once(her: EncounterPerson, officer: User, advocate: User) -> None:
    made = fill(draft(her, officer), officer)
    digest = digest_of(drafting.assemble(made))
    for _ in range(2):
        sending.send(referral=made, digest=digest, by=officer)
    assert made.events.filter(step=Step.SEND).count() == 1
    once = uuid.uuid4()
    same = [
        sending.begin(
            person=her,
            route="independent-advocate",
            actions=["offer-refuge"],
            pathways=[],
            once=once,
            by=officer,
        ).pk
        for _ in range(2)
    ]
    assert same[0] == same[1]


def test_what_changed_since_it_was_seen_is_not_sent(
    her: EncounterPerson, officer: User, advocate: User
) -> None:
    made = fill(draft(her, officer), officer)
    seen = digest_of(drafting.assemble(made))
    made = sending.fill(referral=made, version=made.version, part={"wishes": "Something else"}, by=officer)
    with pytest.raises(CannotDoError, match="changed since you looked"):
        sending.send(referral=made, digest=seen, by=officer)


def test_two_officers_fill_in_at_once_and_nothing_is_lost(
    her: EncounterPerson, officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    made = draft(her, officer)
    mine, other = Site(signed_in(officer)), Site(signed_in(make_user(Role.SUPERVISOR)))
    pages = [s.get("questions", made.pk) for s in (mine, other)]
    other.post("questions", made.pk, version=hidden(pages[1], "version"), wishes="Hers", opinion="")
    body = {"version": hidden(pages[0], "version"), "wishes": "Mine, long and typed", "opinion": ""}
    late = mine.client.post(reverse("partners:questions", args=[made.pk]), body)
    assert late.status_code == 400
    shown = late.content.decode()
    assert "Somebody else changed this referral" in shown
    assert "Mine, long and typed" in shown
    again = mine.post(
        "questions", made.pk, version=hidden(shown, "version"), wishes="Mine, long and typed", opinion=""
    )
    assert again == reverse("partners:share", args=[made.pk])
    made.refresh_from_db()
    assert made.draft["wishes"] == "Mine, long and typed"


def test_what_was_ticked_is_kept_when_somebody_changed_it_meanwhile(
    her: EncounterPerson, officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    made = draft(her, officer)
    mine, supervisor = Site(signed_in(officer)), make_user(Role.SUPERVISOR)
    page = mine.get("share", made.pk)
    ticked = re.findall(r'name="include" value="([^"]+)" checked', page)
    sending.fill(referral=made, version=made.version, part={"wishes": "Hers"}, by=supervisor)
    body = {"version": hidden(page, "version"), "include": ticked[1:], f"why-{ticked[0]}": "Known to them."}
    late = mine.client.post(reverse("partners:share", args=[made.pk]), body)
    shown = late.content.decode()
    assert late.status_code == 400
    assert "somebody else changed this referral" in shown
    assert "Known to them." in shown
    assert re.findall(r'name="include" value="([^"]+)" checked', shown) == ticked[1:]
    mine.post("share", made.pk, **{**body, "version": hidden(shown, "version")})
    made.refresh_from_db()
    assert (made.draft["wishes"], made.draft["include"]) == ("Hers", ticked[1:])


def test_an_answer_while_the_page_is_open_is_told_and_what_was_typed_is_kept(
    asked: Referral, officer: User, advocate: User, signed_in: Callable[[User], Client]
) -> None:
    """A partner declines while the officer recalls it, and the other way about."""
    answering.take(referral=asked, step=Step.DECLINE, why="Full.", who=worker(advocate))
    site = signed_in(officer)
    late = site.post(
        reverse("partners:say", args=[asked.pk, "recall"]), {"recall-why": "It was the wrong person"}
    )
    assert late.status_code == 400
    assert "It is declined: that cannot be done now." in late.content.decode()
    asked.refresh_from_db()
    assert asked.state == "declined"


def test_urgent_ones_say_whom_to_phone(
    her: EncounterPerson, officer: User, signed_in: Callable[[User], Client]
) -> None:
    made = draft(her, officer)
    sending.fill(referral=made, version=made.version, part={"urgency": "now"}, by=officer)
    page = Site(signed_in(officer)).get("check", made.pk)
    assert "phone first, then send" in page
    assert "Ring the service’s helpline now" in page
