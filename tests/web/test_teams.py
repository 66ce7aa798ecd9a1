"""People of one team see one another's accounts; others do not, and a restricted record stays shut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from wholepicture.web.accounts.models import Role, Team, User
from wholepicture.web.encounters.access import Seeing, may_change, seeing, visible_to
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import confirm, describe, make_known
from wholepicture.web.people.services import restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(officer: User, make_user: Callable[..., User]) -> User:
    team = Team.objects.create(force=officer.force, name="Neighbourhood")
    other = make_user()
    for user in (officer, other):
        user.team = team
        user.save()
    return other


def test_a_colleague_sees_and_does_not_change(
    encounter: Encounter, colleague: User, make_user: Callable[..., User]
) -> None:
    assert list(visible_to(colleague)) == [encounter]
    assert not may_change(colleague, encounter)
    assert not visible_to(make_user()).exists()


def test_a_colleague_need_not_say_why_but_a_restricted_record_stays_shut(
    encounter: Encounter, officer: User, colleague: User, make_user: Callable[..., User]
) -> None:
    confirm(encounter=encounter, by=officer)
    person = encounter.people.get(main=True)
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=person, by=officer).identity
    assert seeing(colleague, known) is Seeing.OPEN
    assert seeing(make_user(), known) is Seeing.ASK
    restrict(person=known, readers=[], why="a relative works here", by=make_user(Role.SAFEGUARDING))
    known.refresh_from_db()
    assert seeing(colleague, known) is Seeing.BREAK_GLASS
    assert not visible_to(colleague).exists()


def test_an_administrator_says_who_is_in_which_team(
    officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(make_user(Role.ADMINISTRATOR))
    address = f"/users/{officer.pk}/change"
    client.post(address, {"what": "team", "team": " Night  shift ", "email": "a@example.police.uk"})
    officer.refresh_from_db()
    assert (str(officer.team), officer.email) == ("Night shift", "a@example.police.uk")
    mistaken = client.post(address, {"what": "team", "team": "x", "email": "not an address"}, follow=True)
    assert "Enter an e-mail address" in mistaken.content.decode()
    client.post(address, {"what": "team", "team": "", "email": ""})
    officer.refresh_from_db()
    assert officer.team is None
