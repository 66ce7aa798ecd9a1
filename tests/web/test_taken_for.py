"""Whom a bulk run takes to be one person: offered, settled together by people, and nobody joined by it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.web.test_people import AT, TOLD, ada, describe, tell
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.encounters import services
from wholepicture.web.encounters.selectors import matches_for, said_of, taken_for_the_same
from wholepicture.web.people import services as people
from wholepicture.web.people.models import Person

__all__ = ["ada"]


def test_whom_a_bulk_run_takes_for_one_is_offered_however_unlike_and_nobody_is_joined(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client], ada: Person
) -> None:
    number = uuid.uuid4()
    before = describe(tell(officer, "IP is pregnant.", AT), officer, given="Ada", family="Made-up")
    services.take_for(person=before, number=number, by=officer)
    later = describe(
        tell(officer, TOLD[1], AT + timedelta(days=9)), officer, given="Bo", phone="07700 900999"
    )
    services.take_for(person=later, number=number, by=officer)
    assert later.identity is None
    assert matches_for(later, said_of(later), officer) == []  # nobody of the run is known yet
    page = signed_in(officer).get(f"/encounters/{later.encounter_id}/people/{later.code}/who")
    assert "Report 01/09/2026" in page.content.decode()
    services.link(person=before, known=ada, by=officer)
    assert [(c.person, c.by_run) for c in matches_for(later, said_of(later), officer)] == [(ada, True)]
    page = signed_in(officer).get(f"/encounters/{later.encounter_id}/people/{later.code}/who")
    assert "A bulk run takes them to be one person." in page.content.decode()
    services.not_them(person=later, known=ada, by=officer)
    assert matches_for(later, said_of(later), officer) == []
    with pytest.raises(PermissionDenied):
        services.take_for(person=later, number=number, by=make_user(Role.TRAINER))


def test_those_of_a_bulk_run_are_settled_together_by_whoever_may(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client], ada: Person
) -> None:
    number, other = uuid.uuid4(), make_user(force=officer.force)
    told = [
        services.take_for(
            person=describe(tell(by, TOLD[n % 3], AT + timedelta(days=n)), by, **said), number=number, by=by
        )
        for n, (by, said) in enumerate(
            [
                (officer, {"given": "Ada", "family": "Made-up", "born": date(1970, 2, 3)}),
                (officer, {"given": "Ada", "family": "Made-up", "born": date(1970, 2, 3)}),
                (officer, {"given": "Ada", "family": "Made-up", "born": date(1971, 2, 3)}),
                (other, {"given": "Ada", "family": "Made-up", "born": date(1970, 2, 3)}),
            ]
        )
    ]
    first = services.link(person=told[0], known=ada, by=officer)
    client, at = signed_in(officer), f"/encounters/{first.encounter_id}/people/{first.code}/"
    page = client.get(at + "who").content.decode()
    assert page.count('name="these"') == 2  # another officer's account is not for this one to settle
    assert page.count(" checked>") == 1
    assert "Tick at least one" in client.post(at + "settle", {"said": "these"}, follow=True).content.decode()
    services.not_them(person=told[2], known=ada, by=officer)
    assert (
        client.get(at + "who").content.decode().count('name="these"') == 1
    )  # nor is what was refused offered
    ticked = {"said": "these", "these": [p.pk for p in told[1:]]}
    assert "Linked in 1 more account." in client.post(at + "settle", ticked, follow=True).content.decode()
    for person in told:
        person.refresh_from_db()
    assert [p.identity for p in told] == [ada, ada, None, None]


def test_a_restricted_record_is_not_offered_for_a_bulk_run_either(
    officer: User, make_user: Callable[..., User], ada: Person
) -> None:
    number = uuid.uuid4()
    known, asked = (
        services.take_for(
            person=describe(tell(officer, text, AT), officer, given="Ada"), number=number, by=officer
        )
        for text in TOLD[:2]
    )
    services.link(person=known, known=ada, by=officer)
    (other,) = taken_for_the_same(known, officer)
    assert other.match.agrees
    people.restrict(person=ada, readers=[], why="family of an officer", by=make_user(Role.SAFEGUARDING))
    assert matches_for(asked, said_of(asked), officer) == []
    services.describe(person=asked, by=officer, born=date(1970, 2, 3))
    # What only the record says is not given away by what agrees.
    (other,) = taken_for_the_same(known, officer)
    assert "same date of birth" not in other.match.agrees
