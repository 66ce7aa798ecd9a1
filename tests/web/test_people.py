"""The same person again: matching, linking, joining, who may see, and thirty-three small reports that add up."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from wholepicture.core.identity import Details
from wholepicture.core.practice import State
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters import services
from wholepicture.web.encounters.access import Seeing, seeing, visible_to
from wholepicture.web.encounters.models import Encounter, EncounterPerson, Identification
from wholepicture.web.encounters.selectors import history_of, left_open, matches_for, said_of
from wholepicture.web.people import services as people
from wholepicture.web.people.models import Opening, Person
from wholepicture.web.people.selectors import matches

SPELLINGS = (
    ("Fenella", "Harkington"),
    ("Fenela", "Harkinton"),
    ("Nell", "Harkingtun"),
    ("FENELLA", "Harkington"),
    ("Fennella", "Arkington"),
)
TOLD = (
    "IP states youths have been throwing stones at the windows again. Her daughter who has learning disabilities is scared to go out.",
    "Caller reports youths shouting abuse at her disabled daughter outside the address. No police attendance.",
    "IP reports her garden hedge set alight by youths. She says nobody comes when she calls and she is at the end of her tether.",
)


AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def tell(by: User, text: str, at: datetime) -> Encounter:
    """An account recorded and confirmed at a moment."""
    with mock.patch("django.utils.timezone.now", return_value=at):
        encounter = services.start_encounter(
            narrative=text, source=f"Report {at:%d/%m/%Y}", once=uuid.uuid4(), by=by
        )
        return services.confirm(encounter=encounter, by=by)


def describe(encounter: Encounter, by: User, **details: object) -> EncounterPerson:
    person = encounter.people.filter(plural=False).first()
    assert person
    return services.describe(person=person, by=by, **details)  # type: ignore[arg-type]


def test_a_date_of_birth_says_who_is_a_child(officer: User) -> None:
    encounter = tell(officer, "Caller reports that Jordan was seen getting into a car.", AT)
    jordan = describe(encounter, officer, given="Jordan", born=date(2011, 5, 2))

    def told() -> list[tuple[str, str]]:
        return list(
            jordan.observations.filter(concept="child")
            .order_by("observed_at")
            .values_list("state", "evidence")
        )

    assert told() == [("present", "15 years old then, by their date of birth")]
    describe(encounter, officer, given="Jordan", family="Lee", born=date(2011, 5, 2))
    assert len(told()) == 1
    describe(encounter, officer, given="Jordan", family="Lee", born=date(2001, 5, 2))
    assert told()[1:] == [("absent", "25 years old then, by their date of birth")]
    describe(encounter, officer, given="Jordan", family="Lee")
    assert len(told()) == 2


def test_a_grown_person_s_date_of_birth_says_nothing_of_children(officer: User) -> None:
    encounter = tell(officer, TOLD[0], AT)
    person = describe(encounter, officer, given="Ada", born=date(1970, 2, 3))
    assert not person.observations.filter(concept="child").exists()


@pytest.fixture
def records(make_user: Callable[..., User]) -> User:
    return make_user(Role.RECORDS)


@pytest.fixture
def ada(officer: User) -> Person:
    details = Details(
        ("Ada",), ("Made-up",), (date(1970, 2, 3),), ("07700 900001",), ("1 Fell Lane ZZ1 1AA",)
    )
    return people.make_person(details=details, by=officer)


def test_thirty_three_small_reports_spelled_differently_add_up(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    """One family over ten years: on the third the pattern shows, on each later one it is louder, and who knew what is known."""
    start = datetime(2015, 3, 1, 20, tzinfo=UTC)
    others = [make_user() for _ in range(4)]
    known: Person | None = None
    heard: list[int] = []
    for number in range(33):
        by = [officer, *others][number % 5]
        at = start + timedelta(days=110 * number)
        encounter = tell(by, TOLD[number % 3], at)
        given, family = SPELLINGS[number % 5]
        person = describe(
            encounter, by, given=given, family=family, address="59 Sallow Road, Marlbury ZZ9 8AA"
        )
        candidates = matches_for(person, said_of(person), by)
        if known is None:
            assert candidates == []
            known = services.make_known(person=person, by=by).identity
            assert known
        else:
            assert candidates[0].person == known, (given, family)
            assert "same address" in candidates[0].match.agrees
            services.link(person=person, known=known, by=by)
        with mock.patch("django.utils.timezone.now", return_value=at + timedelta(hours=1)):
            history = history_of(known, user=by)
        heard.append(history.pattern.reports + sum(n for _, n in history.pattern.again))
        if number == 1:
            assert history.picture.state("three-contacts") is State.NOT_KNOWN
        if number >= 2:
            assert history.picture.state("three-contacts") is State.PRESENT
    assert known
    assert all(later > earlier for earlier, later in itertools.pairwise(heard))
    supervisor = make_user(Role.SUPERVISOR)
    page = signed_in(supervisor).get(f"/people/{known.pk}").content.decode()
    assert "33 reports between 1 March 2015 and" in page
    then = signed_in(supervisor).get(f"/people/{known.pk}?step=2").content.decode()
    assert "2 reports between 1 March 2015 and 19 June 2015" in then
    assert "Not yet known then:" in then
    seen = Entry.objects.filter(who=supervisor, what="person.seen", about=f"person:{known.pk}")
    assert next(e.why for e in seen.order_by("id")) == ""
    assert seen.order_by("id")[1].why.startswith("as known at 2015-06-19")


def test_not_them_is_not_offered_again_and_nothing_is_linked_by_itself(officer: User, ada: Person) -> None:
    encounter = tell(officer, "IP is pregnant.", datetime.now(UTC))
    person = describe(encounter, officer, given="Ada", family="Madeup", born=date(1970, 2, 3))
    assert [c.person for c in matches_for(person, said_of(person), officer)] == [ada]
    assert person.identity is None
    services.not_them(person=person, known=ada, by=officer)
    assert matches_for(person, said_of(person), officer) == []
    assert list(person.identifications.values_list("said", flat=True)) == [Identification.Said.NOT_THEM]


def test_a_link_can_be_taken_back(officer: User, ada: Person) -> None:
    encounter = tell(officer, "IP is pregnant.", datetime.now(UTC))
    person = services.link(person=describe(encounter, officer, given="Ada"), known=ada, by=officer)
    assert history_of(ada, user=officer).pattern.reports == 1
    services.not_them(person=person, known=ada, by=officer)
    assert history_of(ada, user=officer).pattern.reports == 0
    assert person.identifications.count() == 2


def test_what_is_left_open_waits_oldest_first(officer: User, records: User, ada: Person) -> None:
    waiting = []
    for number in range(2):
        encounter = tell(officer, "IP is pregnant.", datetime(2026, 1, 1 + number, tzinfo=UTC))
        person = describe(encounter, officer, given="Ada")
        services.leave_open(person=person, by=officer)
        waiting.append(person)
    assert left_open(records) == waiting
    services.link(person=waiting[0], known=ada, by=records)
    assert left_open(records) == waiting[1:]


def test_nobody_can_be_made_known_without_a_detail(officer: User) -> None:
    encounter = tell(officer, "IP is pregnant.", datetime.now(UTC))
    person = encounter.people.first()
    assert person
    with pytest.raises(people.CannotDoError, match="at least a name"):
        services.make_known(person=person, by=officer)


def test_records_joined_are_one_and_taken_apart_are_two_again(
    officer: User, records: User, ada: Person
) -> None:
    aida = people.make_person(details=Details(("Aida",), ("Made-up",)), by=officer)
    third = people.make_person(details=Details(("Ida",), ("Other",)), by=officer)
    people.join(kept=aida, other=third, why="she said so", by=records)
    done = people.join(kept=ada, other=aida, why="same telephone", by=records)
    assert {c.person for c in matches(Details(("Ida",), ("Other",)), user=officer)} == {ada}
    people.undo_join(done=done, why="twins", by=records)
    aida.refresh_from_db()
    third.refresh_from_db()
    assert aida.into is None
    assert third.into == aida
    with pytest.raises(people.CannotDoError, match="already"):
        people.undo_join(done=done, why="twins", by=records)
    with pytest.raises(PermissionDenied):
        people.join(kept=ada, other=aida, why="x", by=officer)


def test_a_person_is_seen_by_those_dealing_with_them_and_others_say_why(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client], ada: Person
) -> None:
    encounter = tell(officer, "IP is pregnant.", datetime.now(UTC))
    services.link(person=describe(encounter, officer, given="Ada"), known=ada, by=officer)
    other = make_user()
    assert seeing(officer, ada) is Seeing.OPEN
    assert seeing(other, ada) is Seeing.ASK
    assert encounter not in visible_to(other)
    client = signed_in(other)
    assert "Why do you need to see this person?" in client.get(f"/people/{ada.pk}").content.decode()
    client.post(f"/people/{ada.pk}/open", {"why": "too short"[:3]})
    assert seeing(other, ada) is Seeing.ASK
    client.post(f"/people/{ada.pk}/open", {"why": "she has come to the front desk"})
    assert seeing(other, ada) is Seeing.OPEN
    assert encounter in visible_to(other)
    assert Entry.objects.get(what="person.opened").why == "she has come to the front desk"
    with mock.patch("django.utils.timezone.now", return_value=datetime.now(UTC) + timedelta(hours=3)):
        assert seeing(other, ada) is Seeing.ASK


def test_a_restricted_person_is_not_there_for_others(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client], ada: Person
) -> None:
    safeguarding, supervisor, other = make_user(Role.SAFEGUARDING), make_user(Role.SUPERVISOR), make_user()
    encounter = tell(other, "IP is pregnant.", datetime.now(UTC))
    services.link(person=describe(encounter, other, given="Ada"), known=ada, by=other)
    people.restrict(person=ada, readers=[], why="her brother works here", by=safeguarding)
    assert seeing(safeguarding, ada) is Seeing.OPEN
    assert seeing(supervisor, ada) is Seeing.HIDDEN
    assert encounter not in visible_to(supervisor)
    assert encounter in visible_to(safeguarding)
    assert encounter in visible_to(other)
    assert seeing(other, ada) is Seeing.BREAK_GLASS
    assert matches(Details(("Ada",), ("Made-up",)), user=supervisor) == []
    assert "This record is restricted" in signed_in(other).get(f"/people/{ada.pk}").content.decode()
    opening = people.open_person(person=ada, why="he is at her door now", by=other)
    assert opening.broke_glass
    assert seeing(other, ada) is Seeing.OPEN
    with pytest.raises(PermissionDenied):
        people.review_opening(opening=opening, review="fine", by=other)
    page = signed_in(safeguarding).get("/openings").content.decode()
    assert "he is at her door now" in page
    assert "Over 72 hours" not in page
    Opening.objects.update(at=datetime.now(UTC) - timedelta(hours=73))
    assert "Over 72 hours" in signed_in(safeguarding).get("/openings").content.decode()
    people.review_opening(opening=opening, review="it was right", by=safeguarding)


def test_a_restricted_record_cannot_be_joined_linked_or_taken_apart_by_its_number(
    officer: User, make_user: Callable[..., User], ada: Person, signed_in: Callable[[User], Client]
) -> None:
    records = make_user(Role.RECORDS)
    other = people.make_person(details=Details(("Bo",), ("Made-up",)), by=records)
    done = people.join(kept=ada, other=other, why="the same", by=records)
    people.restrict(person=ada, readers=[], why="a relative works here", by=make_user(Role.SAFEGUARDING))
    third = people.make_person(details=Details(("Cy",), ("Made-up",)), by=records)
    with pytest.raises(PermissionDenied):
        people.undo_join(done=done, why="not the same", by=records)
    with pytest.raises(PermissionDenied):
        people.join(kept=third, other=ada, why="the same", by=records)
    assert signed_in(records).post(f"/people/{third.pk}/join", {"other": str(ada.pk)}).status_code == 404
    stranger = make_user()
    person = tell(stranger, "IP is pregnant.", datetime.now(UTC)).people.first()
    where = f"/encounters/{person.encounter_id}/people/{person.code}/settle"
    assert signed_in(stranger).post(where, {"said": "them", "known": str(ada.pk)}).status_code == 404
    with pytest.raises(PermissionDenied):
        services.link(person=person, known=ada, by=stranger)


def test_the_search_keeps_its_reason(officer: User, signed_in: Callable[[User], Client], ada: Person) -> None:
    client = signed_in(officer)
    assert "Say why you are looking." in client.post("/people", {"family": "Made-up"}).content.decode()
    assert "Give a name" in client.post("/people", {"why": "just looking"}).content.decode()
    page = client.post("/people", {"given": "Ayda", "family": "Madeup", "why": "call 14"}).content.decode()
    assert f"/people/{ada.pk}" in page
    assert "call 14" in Entry.objects.get(what="people.searched").why


def test_words_of_accounts_are_found_however_they_are_spelled(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    tell(officer, "Her ex strangled her at the caravan.", datetime.now(UTC))
    client = signed_in(officer)

    def page(words: str, of: Client = client) -> str:
        return str(of.post("/people", {"words": words, "why": "call 14"}).content.decode())

    assert "Looked for besides" not in page("strangled her")
    found = page("stragled caravn")
    assert "strangled (for “stragled”)" in found
    assert "/findings" in found
    assert "No account that you may see" in page("stragled helicopter")
    stranger = page("stragled", signed_in(make_user()))
    assert "/findings" not in stranger
    assert "strangled" not in stranger


def test_another_forces_people_are_never_offered(
    make_user: Callable[..., User], ada: Person, signed_in: Callable[[User], Client]
) -> None:

    foreign = make_user(Role.SAFEGUARDING, Force.objects.create(name="Elsewhere"))
    assert matches(Details(("Ada",), ("Made-up",)), user=foreign) == []
    assert signed_in(foreign).get(f"/people/{ada.pk}").status_code == 404


def test_as_somebody_types_matches_come_with_reasons(
    officer: User, signed_in: Callable[[User], Client], ada: Person
) -> None:
    encounter = tell(officer, "IP is pregnant.", datetime.now(UTC))
    person = encounter.people.first()
    assert person
    address = f"/encounters/{encounter.pk}/people/{person.code}"
    typed = {"given": "Ada", "family": "Made", "born_day": "3", "born_month": "2", "born_year": "1970"}
    part = signed_in(officer).post(f"{address}/matches", typed).content.decode()
    assert "Same date of birth" in part or "same date of birth" in part
    assert "This is them" not in part
    person.refresh_from_db()
    assert person.given == ""
    bad = signed_in(officer).post(f"{address}/who", {**typed, "born_month": "13"})
    assert bad.status_code == 400
    assert "Enter a real date" in bad.content.decode()
    assert 'value="13"' in bad.content.decode()
