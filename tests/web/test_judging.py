"""Judgement in the site: assess, differ, sign, review, return, assess again; sample; drafts that are never lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from wholepicture.web.accounts.models import Role, User
from wholepicture.web.encounters import services
from wholepicture.web.encounters.models import Assessment, Draft, Encounter, EncounterPerson
from wholepicture.web.encounters.selectors import change_of, desk, next_to_check, to_review


@pytest.fixture
def person(encounter: Encounter, officer: User) -> EncounterPerson:
    services.confirm(encounter=encounter, by=officer)
    found = EncounterPerson.objects.select_related("encounter").filter(encounter=encounter, main=True).first()
    assert found
    return found


def sign(person: EncounterPerson, by: User, grade: str = "high", **more: Any) -> Assessment:
    return services.sign_assessment(
        person=person, once=uuid.uuid4(), grade=grade, heads={"threat": "He came back."}, by=by, **more
    )


def address(person: EncounterPerson) -> str:
    return f"/encounters/{person.encounter_id}/people/{person.code}/assess"


def form(**more: str) -> dict[str, str]:
    return {"once": str(uuid.uuid4()), "grade": "high", "threat": "He came back.", **more}


def test_where_grade_and_picture_differ_the_reason_is_asked_once(
    person: EncounterPerson, officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    asked = client.post(address(person), form(grade="standard"))
    assert b"Your grade and the picture differ" in asked.content
    assert b"He came back." in asked.content
    assert not Assessment.objects.exists()
    client.post(address(person), form(grade="standard", seen="yes"))
    signed = Assessment.objects.get()
    assert signed.grade == "standard"
    assert signed.differs
    assert signed.reason == ""


def test_a_signed_assessment_is_never_changed(person: EncounterPerson, officer: User) -> None:
    signed = sign(person, officer)
    signed.grade = "standard"
    with pytest.raises(ValueError, match="never changed"):
        signed.save()


def test_signing_twice_with_one_key_signs_once(person: EncounterPerson, officer: User) -> None:
    once = uuid.uuid4()
    for _ in range(2):
        services.sign_assessment(person=person, once=once, grade="high", heads={"harm": "x"}, by=officer)
    assert Assessment.objects.count() == 1


def test_no_rationale_is_said_where_it_is_missing(
    person: EncounterPerson, officer: User, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(officer).post(address(person), form(threat=""))
    assert answer.status_code == 400
    assert b"at least one of the six heads" in answer.content


def test_it_goes_to_a_supervisor_comes_back_and_is_answered(
    person: EncounterPerson,
    officer: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    first = sign(person, officer, "standard")
    assert list(to_review(supervisor)) == [first]
    with pytest.raises(PermissionDenied):
        services.review_assessment(assessment=first, outcome="agreed", comment="", by=officer)
    with pytest.raises(services.CannotDoError, match="looked at again"):
        services.review_assessment(assessment=first, outcome="returned", comment=" ", by=supervisor)
    services.review_assessment(
        assessment=first, outcome="returned", comment="Look at the bail.", by=supervisor
    )
    with pytest.raises(services.CannotDoError, match="already"):
        services.review_assessment(assessment=first, outcome="agreed", comment="", by=supervisor)
    assert b"Look at the bail." in signed_in(officer).get("/").content
    second = sign(person, officer, "high")
    change = change_of(second)
    assert change
    assert change.grade_before == "standard"
    assert list(to_review(supervisor)) == [second]
    assert b"Look at the bail." not in signed_in(officer).get("/").content


def test_the_gravest_waits_first(
    person: EncounterPerson, officer: User, make_user: Callable[..., User]
) -> None:
    small = services.start_encounter(
        narrative="IP reports a lost bicycle.", source="small", once=uuid.uuid4(), by=officer
    )
    services.confirm(encounter=small, by=officer)
    other = EncounterPerson.objects.select_related("encounter").get(encounter=small)
    light = sign(other, officer, "standard")
    grave = sign(person, officer)
    assert list(to_review(make_user(Role.SUPERVISOR))) == [grave, light]


def test_a_dip_sample_says_what_was_missed_in_the_account_s_own_words(
    person: EncounterPerson,
    officer: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    assert next_to_check(officer) is None
    encounter = next_to_check(supervisor)
    assert encounter == person.encounter
    client, where = signed_in(supervisor), f"/encounters/{person.encounter_id}/check"
    wrong = client.post(
        where, {"once": str(uuid.uuid4()), "concept": "afraid", "words": "not in it", "comment": "c"}
    )
    assert b"not in the account" in wrong.content
    assert b"not in it" in wrong.content
    client.post(where, {"once": str(uuid.uuid4()), "concept": ["afraid", ""], "words": ["turned up", ""]})
    check = person.encounter.quality_check
    assert [m.concept for m in check.missed.all()] == ["afraid"]
    assert next_to_check(supervisor) is None


def test_a_draft_outlives_its_window_and_triggers_nothing(
    officer: User, signed_in: Callable[[User], Client], make_user: Callable[..., User]
) -> None:
    client, once = signed_in(officer), uuid.uuid4()
    kept = client.post(
        f"/drafts/{once}", {"narrative": "She said he", "version": "0", "place": "12 Mill Road"}
    )
    assert kept.json() == {"version": 1}
    assert not Encounter.objects.exists()
    assert b"She said he" in client.get("/").content
    page = client.get(f"/encounters/new?draft={once}").content
    assert b"She said he" in page
    assert b"12 Mill Road" in page
    assert signed_in(make_user()).get(f"/encounters/new?draft={once}").status_code == 404
    assert signed_in(make_user()).post(f"/drafts/{once}", {"narrative": "x"}).status_code == 403


def test_two_windows_on_one_draft_get_both_versions(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    client, once = signed_in(officer), uuid.uuid4()

    def keep(window: str, narrative: str, version: int, place: str = "") -> int:
        sent = {"narrative": narrative, "version": str(version), "window": window, "place": place}
        return client.post(f"/drafts/{once}", sent).status_code

    assert keep("one", "as it began", 0, "Mill Road") == 200
    assert keep("two", "more than it began", 1, "Mill Road 12") == 200
    assert keep("two", "more than it began with", 2, "Mill Road 12") == 200
    assert keep("one", "other than it was", 1) == 409
    assert Draft.objects.get().text == "more than it began with"
    late = {"once": str(once), "narrative": "other than it was", "version": "1", "place": "Mill Lane"}
    shown = client.post("/encounters/new", late)
    assert shown.status_code == 409
    page = shown.content.decode()
    for held in ("more than it began with", "other than it was", "as it began", "Mill Lane", "Mill Road 12"):
        assert f">{held}<" in page or f'"{held}"' in page or f"Where: {held}<" in page, held
    assert "What both began with" in page
    done = client.post(
        "/encounters/new", {"once": str(once), "narrative": "IP: both together", "version": "3"}
    )
    assert done.status_code == 302
    assert not Draft.objects.exists()
    assert Encounter.objects.get().narrative == "IP: both together"


def test_every_empty_tray_says_so_kindly(make_user: Callable[..., User]) -> None:
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.SAFEGUARDING, Role.RECORDS):
        trays = desk(make_user(role))
        assert trays
        assert all(tray.empty and not tray.items for tray in trays)
    assert [tray.title for tray in desk(make_user(Role.ADMINISTRATOR))] == ["Training"]
    assert desk(make_user(Role.PARTNER)) == []
