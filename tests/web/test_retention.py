"""Keeping records no longer than is right: review, hold, two people, what is left, and a person's own copy."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import (
    AccountWord,
    Disposal,
    Encounter,
    EncounterPerson,
    RecordedObservation,
    Retention,
)
from wholepicture.web.encounters.services import (
    CannotDoError,
    answer_proposal,
    confirm,
    decide_retention,
    describe,
    link,
    make_known,
    sign_assessment,
    start_encounter,
)
from wholepicture.web.encounters.services.recording import Circumstances
from wholepicture.web.people.models import Detail, Person
from wholepicture.web.people.services import join, make_person, restrict

pytestmark = pytest.mark.django_db
WHY = "Nothing since, and no concern remains."
ALONE = "Ada Synthetic was found in the park at night. She has no money and nowhere to stay."
BOTH = (
    "Ada Synthetic stated that her neighbour Bert Invented took her bank card. Bert's number is 07700 900999."
)


@pytest.fixture
def records(make_user: Callable[..., User]) -> User:
    return make_user(Role.RECORDS)


@pytest.fixture
def second(make_user: Callable[..., User]) -> User:
    return make_user(Role.SAFEGUARDING)


def account(officer: User, text: str, years: float = 8, known: Person | None = None) -> EncounterPerson:
    """An account of some years ago, with its first person Ada, known."""
    at = timezone.now() - timedelta(days=365.25 * years)
    encounter = start_encounter(
        narrative=text,
        source="test",
        once=uuid.uuid4(),
        by=officer,
        circumstances=Circumstances(happened_at=at),
    )
    confirm(encounter=encounter, by=officer)
    ada = encounter.people.get(main=True)
    describe(person=ada, given="Ada", family="Synthetic", born=date(1961, 2, 3), by=officer)
    return link(person=ada, known=known, by=officer) if known else make_known(person=ada, by=officer)


@pytest.fixture
def ada(officer: User) -> Person:
    return account(officer, ALONE).identity


def propose(person: Person, by: User) -> None:
    decide_retention(person=person, decision="proposed", group="4", why=WHY, by=by)


def test_a_record_comes_up_six_years_after_the_last_contact(officer: User, ada: Person) -> None:
    assert ada.retention.due < timezone.localdate()
    account(officer, BOTH, years=1, known=ada)
    assert Retention.objects.get(person=ada).due > timezone.localdate() + timedelta(days=365 * 4)


def test_it_takes_two_people_and_only_the_fact_is_left(
    officer: User, ada: Person, records: User, second: User
) -> None:
    first = ada.appearances.get()
    sign_assessment(
        person=first, once=uuid.uuid4(), grade="medium", heads={"threat": "None now."}, by=officer
    )
    joined = make_person(details=make_details("Aida"), by=records)
    join(kept=ada, other=joined, why="the same date of birth", by=records)
    propose(ada, records)
    with pytest.raises(PermissionDenied):
        answer_proposal(person=ada, approve=True, why=WHY, by=records)
    done = answer_proposal(person=ada, approve=True, why=WHY, by=second)
    assert done
    assert not Person.objects.exists()
    assert not Encounter.objects.exists()
    assert not Detail.objects.exists()
    assert not AccountWord.objects.exists()
    left = Disposal.objects.get()
    assert (left.proposed_by, left.approved_by, left.record_number) == (records, second, ada.pk)
    assert left.destroyed["accounts"] == 1
    assert len(left.digest) == 64
    assert Entry.objects.filter(what="retention.disposed", about=f"person:{left.record_number}").exists()


def make_details(name: str):  # type: ignore[no-untyped-def]
    from wholepicture.core.identity import Details

    return Details((name,), ("Synthetic",))


def test_an_account_kept_for_somebody_else_loses_her_and_keeps_its_places(
    officer: User, records: User, second: User
) -> None:
    person = account(officer, BOTH)
    encounter = person.encounter
    bert = encounter.people.exclude(pk=person.pk).first()
    describe(person=bert, given="Bert", family="Invented", by=officer)
    make_known(person=bert, by=officer)
    bert.refresh_from_db()
    sign_assessment(
        person=bert, once=uuid.uuid4(), grade="medium", heads={"threat": "He took it from Ada."}, by=officer
    )
    marked = [(f.start, f.end) for f in encounter.findings.filter(person=bert)]
    ada = person.identity
    propose(ada, records)
    answer_proposal(person=ada, approve=True, why=WHY, by=second)
    encounter.refresh_from_db()
    assert "Ada" not in encounter.narrative
    assert "Synthetic" not in encounter.narrative
    assert "Bert Invented" in encounter.narrative
    assert bert.assessments.get().threat == "He took it from ███."
    for observed in RecordedObservation.objects.filter(person=bert):
        assert "Ada" not in observed.evidence
    assert len(encounter.narrative) == len(BOTH)
    words = set(AccountWord.objects.values_list("word", flat=True))
    assert {"bert", "bank", "card"} <= words
    assert not {"ada", "synthetic"} & words
    assert [(f.start, f.end) for f in encounter.findings.filter(person=bert)] == marked
    assert not encounter.people.get(pk=person.pk).observations.exists()
    assert Disposal.objects.get().destroyed["accounts of others cut"] == 1


def test_a_hold_stands_in_the_way_until_it_is_ended(ada: Person, records: User) -> None:
    decide_retention(person=ada, decision="held", group="4", why="A public inquiry asks for it.", by=records)
    with pytest.raises(CannotDoError, match="on hold: A public inquiry"):
        propose(ada, records)
    decide_retention(person=ada, decision="released", group="4", why="The inquiry is over.", by=records)
    propose(ada, records)


def test_a_hold_put_on_after_the_proposal_stops_it(ada: Person, records: User, second: User) -> None:
    propose(ada, records)
    decide_retention(person=ada, decision="held", group="4", why="A claim has come in.", by=second)
    with pytest.raises(CannotDoError, match="Nobody has proposed"):
        answer_proposal(person=ada, approve=True, why=WHY, by=second)


def test_a_contact_after_the_proposal_stops_it(
    officer: User, ada: Person, records: User, second: User
) -> None:
    propose(ada, records)
    account(officer, BOTH, years=0.1, known=ada)
    with pytest.raises(CannotDoError, match="may not be disposed of before"):
        answer_proposal(person=ada, approve=True, why=WHY, by=second)
    assert Person.objects.filter(pk=ada.pk).exists()


def test_group_one_is_kept(ada: Person, records: User) -> None:
    with pytest.raises(CannotDoError, match="may not be disposed of before 3 February 2061"):
        decide_retention(person=ada, decision="proposed", group="1", why=WHY, by=records)


def test_what_is_refused_is_kept_and_looked_at_later(ada: Person, records: User, second: User) -> None:
    propose(ada, records)
    assert answer_proposal(person=ada, approve=False, why="She may come to harm again.", by=second) is None
    kept = Retention.objects.get(person=ada)
    assert kept.proposed_by is None
    assert kept.due > timezone.localdate() + timedelta(days=365 * 5)


def test_a_restricted_record_is_not_in_the_queue_of_who_may_not_know(
    ada: Person, records: User, second: User, signed_in: Callable[[User], Client]
) -> None:
    restrict(person=ada, readers=[], why="a relative works here", by=second)
    assert "Ada" not in signed_in(records).get("/retention").content.decode()
    assert signed_in(records).get(f"/retention/{ada.pk}").status_code == 403
    assert "Ada Synthetic" in signed_in(second).get("/retention").content.decode()


def test_the_pages_from_proposal_to_disposal(
    ada: Person, records: User, second: User, signed_in: Callable[[User], Client]
) -> None:
    page = f"/retention/{ada.pk}"
    mistaken = signed_in(records).post(page, {"decision": "proposed", "group": "4", "why": ""})
    assert mistaken.status_code == 400
    assert "Say why" in mistaken.content.decode()
    assert signed_in(records).post(page, {"decision": "approve", "why": WHY}).status_code == 400
    signed_in(records).post(page, {"decision": "proposed", "group": "4", "why": WHY})
    assert "Disposal proposed" in signed_in(second).get("/").content.decode()
    done = signed_in(second).post(page, {"decision": "approve", "why": WHY}, follow=True)
    assert "Only the fact of it is kept" in done.content.decode()
    assert str(ada.pk)[:8] in done.content.decode()
    assert signed_in(records).get(page).status_code == 404


def test_another_force_has_nothing_to_do_with_it(ada: Person, make_user: Callable[..., User]) -> None:
    foreign = make_user(Role.RECORDS, Force.objects.create(name="Second"))
    with pytest.raises(PermissionDenied):
        propose(ada, foreign)


def test_a_persons_copy_shows_theirs_and_blocks_out_everybody_else(
    officer: User, records: User, signed_in: Callable[[User], Client]
) -> None:
    person = account(officer, BOTH)
    client = signed_in(records)
    address = f"/people/{person.identity_id}/copy"
    shown = client.get(address).content.decode()
    assert '<mark class="wp-blocked"><span class="govuk-visually-hidden">blocked out: </span>Bert' in shown
    refused = client.post(address, {"give": "yes"})
    assert refused.status_code == 400
    given = client.post(address, {"give": "yes", "reference": "SAR 12", "block": "bank card"})
    text = given.content.decode()
    assert given["Content-Disposition"].startswith("attachment")
    assert "Ada Synthetic stated that her neighbour █████ █████ took her █████." in text
    for word in ("Bert", "Invented", "900999", "bank card", str(officer)):
        assert word not in text
    entry = Entry.objects.filter(what="person.copy-given").get()
    assert entry.why.startswith("SAR 12; sha256 ")


def test_an_account_left_out_needs_its_reason_in_law(
    officer: User, records: User, signed_in: Callable[[User], Client]
) -> None:
    person = account(officer, BOTH)
    client, address = signed_in(records), f"/people/{person.identity_id}/copy"
    out = f"leave-out-{person.encounter_id}"
    mistaken = client.post(address, {"give": "yes", "reference": "SAR 12", out: "yes"})
    assert "which reason in law" in mistaken.content.decode()
    reason = {f"reason-{person.encounter_id}": "s.45(4)(b): it would prejudice the investigation"}
    given = client.post(
        address, {"give": "yes", "reference": "SAR 12", out: "yes", **reason}
    ).content.decode()
    assert "bank card" not in given
    assert "No account of you is given here" in given
    assert "s.45(4)(b)" in Entry.objects.get(what="person.copy-given").why
