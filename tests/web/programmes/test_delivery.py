"""Providers, cohorts, places, sessions and results: what may be done, in which order, and what is said when it may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.web.programmes.conftest import DAY, TODAY, World, approve, session_held
from wholepicture.core.programmes import shipped_text
from wholepicture.core.programmes.places import room
from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.programmes.models import Came, Characteristics, Place, SupervisorView
from wholepicture.web.programmes.selectors import figures
from wholepicture.web.programmes.services import (
    CannotDoError,
    delivering,
    providing,
    resulting,
    specifying,
    teaching,
)
from wholepicture.web.programmes.services.delivering import Planned
from wholepicture.web.training.services.assigning import read_attendance

SignIn = Callable[[User], Client]
PLAN = Planned("Autumn", 2, TODAY, TODAY + DAY, TODAY + 90 * DAY)


def test_a_provider_is_approved_withdrawn_and_restored(world: World) -> None:
    made = providing.add_provider(
        programme=world.programme, name="Eastmere", kind="college", contact="", by=world.lead
    )
    with pytest.raises(CannotDoError, match="already"):
        providing.add_provider(
            programme=world.programme, name="eastmere", kind="college", contact="", by=world.lead
        )
    decide = providing.decide_on_provider
    with pytest.raises(CannotDoError, match="Not shown yet: A1, A2"):
        decide(provider=made, said="approved", why="x", on=TODAY, by=world.lead)
    with pytest.raises(CannotDoError, match="at least one condition"):
        decide(provider=made, said="conditions", why="x", on=TODAY, by=world.lead)
    with pytest.raises(CannotDoError, match="cannot be decided"):
        decide(provider=made, said="withdrawn", why="x", on=TODAY, by=world.lead)
    decide(
        provider=made,
        said="conditions",
        why="x",
        on=TODAY,
        conditions=[("Two trainers", TODAY)],
        by=world.lead,
    )
    assert made.may_deliver
    decide(provider=made, said="withdrawn", why="No trainers.", on=TODAY, by=world.lead)
    assert not made.may_deliver
    with pytest.raises(CannotDoError, match="may not give this programme now"):
        delivering.make_cohort(version=world.programme.current, provider=made, planned=PLAN, by=world.trainer)
    shown = {a.id: "Seen" for a in world.cohort.content.approval}
    with pytest.raises(CannotDoError, match="A condition is still open: Two trainers"):
        decide(provider=made, said="restored", why="x", on=TODAY, shown=shown, by=world.lead)
    providing.close_action(action=made.actions.get(), closing="Met them.", by=world.lead)
    decide(provider=made, said="restored", why="x", on=TODAY, shown=shown, by=world.lead)
    assert made.may_deliver
    decide(provider=made, said="withdrawn", why="x", on=TODAY, by=world.lead)
    with pytest.raises(delivering.PermissionDenied):
        decide(provider=made, said="restored", why="x", on=TODAY, shown=shown, by=world.trainer)


def test_approval_that_has_run_out_is_none(world: World) -> None:
    made = approve(world.programme, world.lead, "Eastmere")
    last = made.decision
    assert last is not None
    last.until = TODAY - DAY
    last.save()
    assert not made.may_deliver


def test_a_cohort_that_has_begun_keeps_its_version(world: World, make_user: Callable[..., User]) -> None:
    text = shipped_text().replace("hours = 6", "hours = 9", 1)
    made = specifying.propose(programme=world.programme, text=text, note="x", by=world.trainer)
    with pytest.raises(CannotDoError, match="approved version"):
        delivering.move_cohort(cohort=world.cohort, version=made, by=world.trainer)
    specifying.judge(version=made, said="reviewed", why="x", by=world.verifier)
    made = specifying.judge(version=made, said="approved", why="x", by=world.lead)
    first = world.cohort.version
    delivering.move_cohort(cohort=world.cohort, version=made, by=world.trainer)
    delivering.move_cohort(cohort=world.cohort, version=first, by=world.trainer)
    world.evidence("C1.1.1")
    with pytest.raises(CannotDoError, match="has begun on version 1 and finishes on it"):
        delivering.move_cohort(cohort=world.cohort, version=made, by=world.trainer)


@given(
    st.integers(0, 30),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 10)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 10)),
    st.sampled_from("abcd"),
)
def test_room_never_takes_what_is_kept_for_others(
    places: int, joined: dict[str, int], kept: dict[str, int], sending: str
) -> None:
    found = room(places, joined, kept, sending)
    assert found >= 0
    if found:
        after = {**joined, sending: joined.get(sending, 0) + 1}
        assert sum(after.values()) <= places
        for other, n in kept.items():
            if other != sending:
                still = max(0, n - joined.get(other, 0))
                assert places - sum(after.values()) >= still


def test_a_waiting_list_and_places_kept(world: World, make_user: Callable[..., User]) -> None:
    cohort = delivering.make_cohort(
        version=world.programme.current, provider=world.provider, planned=PLAN, by=world.trainer
    )
    delivering.keep_places(cohort=cohort, sending="South", places=1, by=world.trainer)
    with pytest.raises(CannotDoError, match="There are 2 places, and 1 are kept"):
        delivering.keep_places(cohort=cohort, sending="West", places=2, by=world.trainer)

    def asks(sending: str) -> Place:
        learner = make_user(Role.OFFICER)
        place = delivering.ask_for_place(cohort=cohort, learner=learner, sending=sending, by=learner)
        same = delivering.ask_for_place(cohort=cohort, learner=learner, sending=sending, by=learner)
        assert same.pk == place.pk
        return delivering.give_place(place=place, by=world.trainer)

    north, late, south = asks("North"), asks("North"), asks("South")
    assert [p.state for p in (north, late, south)] == ["joined", "waiting", "joined"]
    with pytest.raises(CannotDoError, match="still no room"):
        delivering.give_place(place=late, by=world.trainer)
    delivering.leave(place=north, why="Moved.", by=north.learner)
    assert delivering.give_place(place=late, by=world.trainer).state == "joined"
    told = list(Outgoing.objects.filter(about=f"place:{late.pk}").values_list("body", flat=True))
    assert mail.outbox == [] or told  # told by the worker, where they have an address


def test_who_looks_after_a_learner_has_no_other_part(world: World) -> None:
    def look_after(**who: User | None) -> Place:
        people: dict[str, User | None] = {"assessor": world.assessor, "supervisor": None, **who}
        return delivering.look_after(
            place=world.place,
            welfare_name="",
            welfare_reach="",
            portfolio_due=None,
            by=world.trainer,
            **people,  # type: ignore[arg-type]
        )

    with pytest.raises(CannotDoError, match="own supervisor"):
        look_after(supervisor=world.learner)
    with pytest.raises(CannotDoError, match="neither the learner nor their supervisor"):
        look_after(supervisor=world.assessor)
    with pytest.raises(delivering.PermissionDenied):
        look_after(assessor=world.trainer)


def test_sessions_do_not_overlap_and_say_who_holds_nothing(world: World, signed_in: SignIn) -> None:
    session = session_held(world)
    with pytest.raises(CannotDoError, match="at that time"):
        session_held(world, "M2")
    client = signed_in(world.trainer)
    address = reverse("programmes:session", args=[session.pk])  # type: ignore[attr-defined]
    assert "holds nothing on this day" in client.get(address).content.decode()
    teaching.add_qualification(
        holder=world.trainer, what="trains", title="T", got_on=TODAY - 99 * DAY, until=None, by=world.trainer
    )
    assert "holds nothing on this day" not in client.get(address).content.decode()
    teaching.cancel_session(session=session, why="Snow.", by=world.trainer)  # type: ignore[arg-type]
    session_held(world, "M2")


def test_attendance_from_a_list_with_unknown_learners(world: World, signed_in: SignIn) -> None:
    session = session_held(world)
    client = signed_in(world.trainer)
    address = reverse("programmes:session", args=[session.pk])  # type: ignore[attr-defined]
    pasted = (
        f"username,came\n{world.learner.username},part\nnobody,attended\n{world.second.username},attended"
    )
    page = client.post(address, {"pasted": pasted}).content.decode()
    assert "Kept for 1. 2 of the list could not be used." in page
    assert "Line 3: there is no user called nobody" in page
    assert "has not joined this cohort" in page
    assert "nobody,attended" in page  # the list is still there to be mended
    assert Came.objects.get().how == "part"
    client.post(address, {f"how-{world.place.pk}": "attended"})
    assert Came.objects.get().how == "attended"
    later = session_held(world, "M2", days=-5)
    rows = read_attendance(f"username\n{world.learner.username}", world.trainer)
    with pytest.raises(CannotDoError, match="has not begun"):
        teaching.record_attendance(session=later, rows=rows, by=world.trainer)  # type: ignore[arg-type]
    with pytest.raises(CannotDoError, match="it was held"):
        teaching.cancel_session(session=session, why="x", by=world.trainer)  # type: ignore[arg-type]


def test_a_calendar_that_any_program_reads(world: World, signed_in: SignIn) -> None:
    session_held(world)
    client = signed_in(world.learner)
    client.post(reverse("programmes:new-calendar"))
    page = client.get(reverse("programmes:mine")).content.decode()
    address = page.split('class="wp-address">')[1].split("<")[0]
    assert address not in client.get(reverse("programmes:mine")).content.decode()  # shown once
    path = address[address.index("/programmes/") :]
    found = Calendar.from_ical(Client().get(path).content)
    titles = [str(e["summary"]) for e in found.walk("VEVENT")]
    assert titles == ["M1 Children: how they grow, attach, remember and tell", "Portfolio due: Spring"]
    client.post(reverse("programmes:new-calendar"))
    assert Client().get(path).status_code == 404


def test_a_result_is_released_once_by_somebody_else(world: World) -> None:
    with pytest.raises(CannotDoError, match=r"Entry requirements not shown: E1.*23 criteria are not met"):
        resulting.release(place=world.place, said="passed", why="", by=world.trainer)
    with pytest.raises(CannotDoError, match="Say why"):
        resulting.release(place=world.place, said="not-passed", why="", by=world.trainer)
    world.place.assessor = world.trainer
    world.place.save()
    with pytest.raises(CannotDoError, match="their own work"):
        resulting.release(place=world.place, said="not-passed", why="x", by=world.trainer)
    world.place.assessor = world.assessor
    world.place.save()
    resulting.release(place=world.place, said="not-passed", why="Not in time.", by=world.trainer)
    with pytest.raises(CannotDoError, match="portfolio is closed"):
        resulting.release(place=world.place, said="not-passed", why="x", by=world.trainer)
    with pytest.raises(CannotDoError, match="portfolio is closed"):
        world.evidence("C1.1.1")
    with pytest.raises(CannotDoError, match="ended with it"):
        delivering.leave(place=world.place, why="x", by=world.learner)


def test_a_supervisor_is_asked_in_time(world: World, signed_in: SignIn) -> None:
    view = SupervisorView.objects.create(
        place=world.place, months=6, supervisor=world.supervisor, due_on=TODAY + DAY
    )
    client = signed_in(world.supervisor)
    address = reverse("programmes:view", args=[view.pk])
    given = {"sees": "4", "child": "5", "partners": "3", "records": "4", "text": ""}
    assert "when there is something to see" in client.post(address, given).content.decode()
    view.due_on = TODAY
    view.save()
    assert "Choose an answer" in client.post(address, {"sees": "4"}).content.decode()
    assert client.post(address, given).status_code == 302
    view.refresh_from_db()
    assert view.scores["child"] == 5


def test_what_somebody_says_of_themselves_can_be_taken_back(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.learner)
    address = reverse("programmes:about-me")
    client.post(address, {"sex": "Female", "ethnic_group": "White", "age": "", "disability": ""})
    assert Characteristics.objects.get().said == {"sex": "Female", "ethnic group": "White"}
    client.post(address, {"sex": "", "ethnic_group": "", "age": "", "disability": ""})
    assert not Characteristics.objects.exists()


def test_few_voices_are_not_shown(world: World, make_user: Callable[..., User]) -> None:
    for n in range(5):
        place = world.place if n == 0 else world.join(make_user(Role.LEARNER))
        resulting.give_feedback(
            place=place,
            scores={"useful": 5, "taught": 5, "supported": 5, "fair": 1},
            text="",
            by=place.learner,
        )
        found = {s.id: s for s in figures.sections_of(world.programme)}["feedback"]
        assert bool(found.rows) is (n == 4)
    assert found.rows[3] == ("My work was judged fairly", "5", "1.0", "0 of 5")
