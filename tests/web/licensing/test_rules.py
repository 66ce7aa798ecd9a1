"""What may not be: by roles, by days, by two at once, and with bad input; nothing is lost by it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.licensing.conftest import DAY, TODAY, Desk, long_ago
from wholepicture.core.learning import ContentError
from wholepicture.core.licensing import Condition, State, Step, shipped_scheme_text
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.services import issue_token
from wholepicture.web.accounts.services.chores import HABITS
from wholepicture.web.config.wsgi import application
from wholepicture.web.cpd.briefing import figures_of
from wholepicture.web.licensing import selectors
from wholepicture.web.licensing.models import LicenceEvent, Scheme
from wholepicture.web.licensing.services import applying, hearing, registering, stepping
from wholepicture.web.licensing.services.applying import Shows
from wholepicture.web.programmes.selectors.calendars import calendar_of
from wholepicture.web.programmes.services import CannotDoError


def condition(days: int = 90) -> Condition:
    return Condition("Is supervised weekly", "The supervisor's notes", "Priya Nair", TODAY + days * DAY)


def test_a_scheme_changed_while_an_application_is_open(desk: Desk) -> None:
    licence = desk.applied()
    text = desk.scheme.text.replace("Has led at least four", "Has led at least nine").replace(
        "number = 4", "number = 9"
    )
    made = applying.publish_scheme(text=text, note="More cases", by=desk.lead)
    assert made.number == desk.scheme.number + 1
    licence.refresh_from_db()
    assert licence.scheme == desk.scheme
    assert not selectors.missing(licence)
    with pytest.raises(CannotDoError, match="Nothing differs"):
        applying.publish_scheme(text=text, note="x", by=desk.lead)
    with pytest.raises(ContentError):
        applying.publish_scheme(text="format = 1", note="x", by=desk.lead)


def test_another_area_is_data_alone(desk: Desk, make_user: Callable[..., User]) -> None:
    text = shipped_scheme_text("domestic-abuse-investigator").replace(
        'id = "domestic-abuse-investigator"', 'id = "stalking-investigator"'
    )
    made = applying.publish_scheme(text=text, note="A new area", by=desk.lead)
    assert applying.apply(scheme=made, by=make_user()).scheme.slug == "stalking-investigator"


def test_nobody_holds_two_of_one_kind(desk: Desk) -> None:
    licence = desk.applied()
    assert applying.apply(scheme=desk.scheme, by=desk.holder).pk == licence.pk
    desk.take(licence, Step.WITHDRAW, desk.holder)
    again = applying.apply(scheme=desk.scheme, by=desk.holder)
    assert again.pk != licence.pk


def test_who_holds_one_renews_it(desk: Desk) -> None:
    desk.granted()
    with pytest.raises(CannotDoError, match="Renew it instead"):
        applying.apply(scheme=desk.scheme, by=desk.holder)


def test_who_was_revoked_waits(desk: Desk) -> None:
    licence = desk.granted()
    desk.take(licence, Step.PROPOSE, desk.lead)
    desk.take(licence, Step.REPRESENT, desk.holder)
    desk.decided(licence, Step.REVOKE)
    assert licence.standing().state is State.REVOKED
    with pytest.raises(CannotDoError, match="You may apply again from"):
        applying.apply(scheme=desk.scheme, by=desk.holder)
    long_ago(licence, 400)
    assert applying.apply(scheme=desk.scheme, by=desk.holder).pk != licence.pk
    assert licence.events.count() > 5


def test_only_whose_part_it_is(desk: Desk) -> None:
    licence = desk.applied()
    for step, by in (
        (Step.ACCEPT, desk.holder),
        (Step.ACCEPT, desk.manager),
        (Step.WITHDRAW, desk.lead),
        (Step.GRANT, desk.lead),
        (Step.ASSESS, desk.assessor),
    ):
        with pytest.raises(stepping.PermissionDenied):
            desk.take(licence, step, by)
    with pytest.raises(stepping.PermissionDenied):
        applying.declare(licence=licence, requirement="R3", on=TODAY, said="", by=desk.holder)
    with pytest.raises(CannotDoError, match="neither of them the applicant"):
        desk.take(licence, Step.ACCEPT, desk.lead, assessor=desk.assessor, second=desk.assessor)
    desk.take(licence, Step.ACCEPT, desk.lead, assessor=desk.assessor, second=desk.second)
    with pytest.raises(stepping.PermissionDenied):
        stepping.decide_standard(licence=licence, standard="S1", said="met", feedback="x", by=desk.panel[0])


def test_a_standard_without_evidence_is_not_met(desk: Desk) -> None:
    licence = desk.accepted()
    for evidence in licence.evidence.all():
        applying.withdraw_evidence(evidence=evidence, why="It named the child.", by=desk.holder)
    with pytest.raises(CannotDoError, match="no evidence for this standard"):
        stepping.decide_standard(licence=licence, standard="S1", said="met", feedback="x", by=desk.assessor)
    with pytest.raises(CannotDoError, match="Not decided yet: S1"):
        stepping.finish_assessment(licence=licence, why="x", by=desk.assessor)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"standards": ()}, "at least one standard"),
        ({"standards": ("S9",)}, "at least one standard"),
        ({"happened_on": TODAY + DAY}, "yet to come"),
        ({"happened_on": TODAY - 2_000 * DAY}, "five years ago"),
        ({"upload": ("cv.pdf", b"MZ\x90\x00")}, "not what its name says"),
        ({"upload": ("cv.txt", b"a" * 6_000_000)}, "5 MB"),
    ],
)
def test_evidence_that_is_not_taken(desk: Desk, changed: dict[str, object], said: str) -> None:
    licence = applying.apply(scheme=desk.scheme, by=desk.holder)
    given = {"title": "T", "text": "x", "happened_on": TODAY, "standards": ("S1",), **changed}
    with pytest.raises(CannotDoError, match=said):
        applying.add_evidence(licence=licence, shows=Shows(**given), by=desk.holder, once=uuid.uuid4())  # type: ignore[arg-type]


def test_the_same_file_is_not_given_twice(desk: Desk) -> None:
    licence = applying.apply(scheme=desk.scheme, by=desk.holder)
    shows = Shows("T", "x", TODAY, ("S1",), False, ("notes.txt", b"What I did"))
    once = uuid.uuid4()
    first = applying.add_evidence(licence=licence, shows=shows, by=desk.holder, once=once)
    assert applying.add_evidence(licence=licence, shows=shows, by=desk.holder, once=once) == first
    with pytest.raises(CannotDoError, match="given this file already"):
        applying.add_evidence(licence=licence, shows=shows, by=desk.holder, once=uuid.uuid4())


def test_two_steps_at_once(desk: Desk) -> None:
    licence = desk.granted()
    stale = type(licence).objects.get(pk=licence.pk)
    desk.take(licence, Step.INTERIM, desk.lead, until=TODAY + 10 * DAY)
    with pytest.raises(CannotDoError, match="It is suspended meanwhile"):
        desk.take(stale, Step.INTERIM, desk.lead, until=TODAY + 10 * DAY)
    assert LicenceEvent.objects.filter(licence=licence, step=Step.INTERIM).count() == 1


def test_a_panel_decides_once_and_by_more_than_half(desk: Desk) -> None:
    licence = desk.assessed()
    with pytest.raises(CannotDoError, match="at least 2"):
        hearing.open_hearing(licence=licence, members=[desk.panel[0]], by=desk.lead)
    with pytest.raises(stepping.PermissionDenied):
        hearing.open_hearing(licence=licence, members=[desk.assessor, desk.panel[0]], by=desk.lead)
    found = hearing.open_hearing(licence=licence, members=list(desk.panel), by=desk.lead)
    with pytest.raises(CannotDoError, match="sits on it already"):
        hearing.open_hearing(licence=licence, members=list(desk.others), by=desk.lead)
    one, other = found.seats.all()
    with pytest.raises(CannotDoError, match="Say why"):
        hearing.vote(seat=one, said="grant", why=" ", interests="", by=one.member)
    with pytest.raises(CannotDoError, match="Choose what you vote for"):
        hearing.vote(seat=one, said="revoke", why="x", interests="", by=one.member)
    hearing.vote(seat=one, said="grant", why="x", interests="", by=one.member)
    with pytest.raises(CannotDoError, match="cannot be changed"):
        hearing.vote(seat=one, said="refuse", why="x", interests="", by=one.member)
    with pytest.raises(CannotDoError, match="Not everybody has voted"):
        hearing.conclude(hearing=found, taken=stepping.Taken(why="x"), by=desk.lead)
    hearing.vote(seat=other, said="refuse", why="x", interests="", by=other.member)
    with pytest.raises(CannotDoError, match="more than half"):
        hearing.conclude(hearing=found, taken=stepping.Taken(why="x"), by=desk.lead)
    third = hearing.add_member(hearing=found, member=desk.others[0], by=desk.lead)
    hearing.vote(seat=third, said="grant", why="x", interests="", by=desk.others[0])
    hearing.conclude(hearing=found, taken=stepping.Taken(why="x"), by=desk.lead)
    with pytest.raises(CannotDoError, match="concluded already"):
        hearing.conclude(hearing=found, taken=stepping.Taken(why="x"), by=desk.lead)
    assert licence.standing().state is State.ACTIVE


def test_who_stands_down_does_not_count(desk: Desk) -> None:
    licence = desk.assessed()
    found = hearing.open_hearing(licence=licence, members=[*desk.panel, desk.others[0]], by=desk.lead)
    *voting, last = found.seats.all()
    hearing.stand_down(seat=last, why="We have worked together.", by=last.member)
    for seat in voting:
        hearing.vote(seat=seat, said="grant", why="x", interests="", by=seat.member)
    made = hearing.conclude(hearing=found, taken=stepping.Taken(why="x"), by=desk.lead)
    assert made is not None
    assert last.member.username not in made.by


def test_conditions_bind_and_are_lifted(desk: Desk) -> None:
    licence = desk.assessed()
    desk.decided(licence, Step.GRANT_CONDITIONS, conditions=(condition(),))
    answer = selectors.may_lead(desk.holder, desk.scheme.slug)
    assert answer.yes
    assert "Is supervised weekly" in answer.conditions[0]
    desk.decided(licence, Step.LIFT_CONDITIONS, by=desk.others)
    assert licence.standing().state is State.ACTIVE


def test_an_exemption_is_named_and_ends(desk: Desk, make_user: Callable[..., User]) -> None:
    person = make_user()
    assert not selectors.may_lead(person, desk.scheme.slug).yes
    given = {"person": person, "slug": desk.scheme.slug, "senior": "Harriet Vale", "supervisor": "Priya Nair"}
    with pytest.raises(CannotDoError, match="within 6 months"):
        registering.exempt(**given, why="x", until=TODAY + 400 * DAY, by=desk.lead)
    with pytest.raises(CannotDoError, match="Say who has agreed"):
        registering.exempt(**{**given, "senior": " "}, why="x", until=TODAY + DAY, by=desk.lead)
    registering.exempt(**given, why="Two are ill.", until=TODAY + 30 * DAY, by=desk.lead)
    assert "Harriet Vale has agreed until" in selectors.may_lead(person, desk.scheme.slug).why
    assert not selectors.may_lead(person, desk.scheme.slug, TODAY + 31 * DAY).yes
    figures = {f.id: f for f in figures_of(desk.scheme.force)}
    assert figures["licences"].note == "1 lead cases without a licence, by exemption."
    with pytest.raises(stepping.PermissionDenied):
        registering.exempt(**given, why="x", until=TODAY + DAY, by=desk.manager)


def test_what_the_force_can_do(desk: Desk, make_user: Callable[..., User]) -> None:
    desk.granted()
    applying.apply(scheme=desk.scheme, by=make_user(Role.OFFICER))
    assert b"Licence ends: Domestic Abuse" in calendar_of(desk.holder)
    found = {c.slug: c for c in selectors.capability_of(desk.scheme.force)}[desk.scheme.slug]
    assert (found.in_force, found.applying, found.soon) == (1, 1, 0)
    assert Scheme.objects.filter(force=desk.scheme.force).count() == 4


def test_everything_the_worker_does_from_time_to_time_runs(desk: Desk) -> None:
    desk.granted()
    for habit in HABITS:
        if habit.name != "checkpoint":
            habit.do(timezone.now())
    assert {"cpd-reminders", "licence-notices"} <= {h.name for h in HABITS}


def ask(token: str, **query: str) -> tuple[int, dict[str, object]]:
    response = Client().get("/api/v1/licences/check", query, headers={"Authorization": f"Bearer {token}"})
    return response.status_code, response.json()


def test_a_system_asks_who_may_lead(desk: Desk) -> None:
    licence = desk.granted()
    token = issue_token(user=desk.manager, name="t")
    asked = {"username": desk.holder.username, "scheme": desk.scheme.slug, "why": "Crime 12"}
    status, told = ask(token, **asked)
    assert (status, told["yes"]) == (200, True)
    assert licence.lookups.get().why == "Crime 12"
    assert ask(token, **{**asked, "username": "nobody"})[0] == 404
    assert ask(token, **{**asked, "scheme": "none"})[0] == 404
    assert ask(token, username="x")[0] == 422
    assert ask(issue_token(user=desk.holder, name="t"), **asked)[0] == 403


@pytest.mark.django_db(transaction=True)
def test_that_stands_up_to_anything(desk: Desk) -> None:
    token = issue_token(user=desk.manager, name="fuzz")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        case = data.draw(schema["/api/v1/licences/check"]["GET"].as_strategy())
        # That nobody is called so, no schema can say.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance]
        )

    run()


def test_a_case_is_given_only_to_who_may_lead_it(desk: Desk, make_user: Callable[..., User]) -> None:
    given = {"slug": desk.scheme.slug, "reference": " DA/7 ", "by": desk.manager}
    other = make_user()
    with pytest.raises(CannotDoError, match="may not lead it today"):
        registering.give_case(person=other, **given)
    licence = desk.granted()
    made = registering.give_case(person=desk.holder, **given)
    assert made.reference == "DA/7"
    with pytest.raises(CannotDoError, match="leads DA/7 already"):
        registering.give_case(person=desk.holder, **given)
    with pytest.raises(stepping.PermissionDenied):
        registering.give_case(person=desk.holder, **{**given, "by": other})
    # Away, they may not go on: it is listed for somebody else.
    desk.take(licence, Step.PAUSE, desk.lead)
    assert "Give these to somebody else" in selectors.loads_of(desk.scheme.force)[0].wrong
    desk.take(licence, Step.RESUME, desk.lead)
    assert selectors.loads_of(desk.scheme.force)[0].wrong == ""
    registering.end_case(case=made, by=desk.manager)
    with pytest.raises(CannotDoError, match="has ended already"):
        registering.end_case(case=made, by=desk.manager)
    assert selectors.loads_of(desk.scheme.force) == []


def test_cases_a_head_over_the_most(desk: Desk) -> None:
    desk.granted()
    for n in range(20):
        registering.give_case(person=desk.holder, slug=desk.scheme.slug, reference=f"DA/{n}", by=desk.manager)
    found = {c.slug: c for c in selectors.capability_of(desk.scheme.force)}[desk.scheme.slug]
    assert found.words == "1 licensed; 2.0 cases a head over."
    assert found.load == "20 open cases, 20.0 a head; 2.0 a head over the most of 18."
    assert selectors.loads_of(desk.scheme.force)[0].wrong == "2 over the most of 18."


def test_evidence_is_brought_from_an_earlier_application(desk: Desk) -> None:
    earlier = desk.applied()
    kept = earlier.evidence.order_by("at")[0]
    gone = earlier.evidence.order_by("at")[1]
    applying.withdraw_evidence(evidence=gone, why="Not mine.", by=desk.holder)
    desk.take(earlier, Step.WITHDRAW, desk.holder)
    licence = applying.apply(scheme=desk.scheme, by=desk.holder)
    assert gone not in selectors.to_bring(licence)
    with pytest.raises(CannotDoError, match="cannot be brought"):
        applying.bring_evidence(licence=licence, evidence=gone, by=desk.holder)
    with pytest.raises(stepping.PermissionDenied):
        applying.bring_evidence(licence=licence, evidence=kept, by=desk.lead)
    made = applying.bring_evidence(licence=licence, evidence=kept, by=desk.holder)
    assert applying.bring_evidence(licence=licence, evidence=kept, by=desk.holder) == made
    assert (made.text, made.case, made.happened_on) == (kept.text, kept.case, kept.happened_on)
    assert kept not in selectors.to_bring(licence)
    assert earlier.evidence.count() == 4


def test_a_renewal_in_hand_keeps_the_credential_of_today(desk: Desk) -> None:
    licence = desk.granted()
    end = licence.standing().until
    assert end is not None
    long_ago(licence, (end - TODAY).days - 20)
    for requirement in licence.scheme.content.requirements:
        if requirement.renewal and requirement.shown.value == "declared":
            by = desk.manager if requirement.by == "line manager" else desk.lead
            applying.declare(licence=licence, requirement=requirement.id, on=TODAY, said="", by=by)
    desk.take(licence, Step.RENEW, desk.lead)
    desk.take(licence, Step.PAUSE, desk.lead)
    assert not licence.credentials.filter(revoked_at=None).exists()
    desk.take(licence, Step.RESUME, desk.lead)
    assert [
        (c.begins <= TODAY <= c.ends) for c in licence.credentials.filter(revoked_at=None).order_by("begins")
    ] == [True, False]
