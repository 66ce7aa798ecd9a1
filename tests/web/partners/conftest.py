"""A force with a directory, somebody at risk, a partner who signs in, and a request on its way."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from wholepicture.core.partners.sharing import digest_of
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import Encounter, EncounterPerson
from wholepicture.web.encounters.services import confirm
from wholepicture.web.partners.demo import DIRECTORY
from wholepicture.web.partners.models import Membership, Organisation, Referral, Service
from wholepicture.web.partners.selectors import drafting
from wholepicture.web.partners.services import importing, sending, steps

ADVOCATES = "Independent domestic violence advocates"


@pytest.fixture
def directory(force: Force) -> list[Service]:
    run = importing.begin_import(force=force, by=None, name="Made up", content=DIRECTORY.read_text("utf-8"))
    importing.read_through(run)
    return list(Service.objects.filter(force=force))


@pytest.fixture
def her(encounter: Encounter, officer: User, directory: list[Service]) -> EncounterPerson:
    """The person of the account at risk of harm, whose picture is drawn."""
    confirm(encounter=encounter, by=officer)
    people = EncounterPerson.objects.filter(encounter=encounter).select_related("encounter")
    return max(people, key=lambda p: len(drafting.open_pathways(p)))


@pytest.fixture
def haven(force: Force, directory: list[Service]) -> Organisation:
    return Organisation.objects.get(force=force, name__startswith="Haven")


@pytest.fixture
def advocate(make_user: Callable[..., User], haven: Organisation) -> User:
    user = make_user(Role.PARTNER)
    user.first_name, user.last_name, user.email = "Leila", "Haddad", "leila@haven.example"
    user.save()
    Membership.objects.create(user=user, organisation=haven, post="Advocate")
    return user


def draft(person: EncounterPerson, by: User, route: str = "independent-advocate") -> Referral:
    """A draft that asks for all that a route offers."""
    offer = next(o for o in drafting.offers_for(person) if o.route.id == route)
    return sending.begin(
        person=person,
        route=route,
        actions=[a.id for a, _ in offer.actions],
        pathways=list(dict.fromkeys(p for _, ps in offer.actions for p in ps)),
        once=uuid.uuid4(),
        by=by,
    )


def fill(made: Referral, by: User, service: str = ADVOCATES, **more: Any) -> Referral:
    """Everything a draft needs, some of it as given."""
    chosen = Service.objects.get(force=by.force, name=service)
    way = steps.route_of(made)
    parts: list[dict[str, Any]] = [
        {"answers": {q.id: text or "Not known." for q, text in drafting.answers_for(made)}},
        {"include": [c.item.concept for c in drafting.items_for(made) if c.suggested], "left_out": {}},
        {"basis": way.bases[0], "agreement": "given", "override_why": "", "safe_contact": "", "ring": ""},
        more,
    ]
    made = sending.fill(referral=made, version=made.version, part={}, by=by, service=chosen)
    for part in parts:
        made = sending.fill(referral=made, version=made.version, part=part, by=by)
    return made


def sent(made: Referral, by: User) -> Referral:
    """Sent, as it stands."""
    return sending.send(referral=made, digest=digest_of(drafting.assemble(made)), by=by)


@pytest.fixture
def asked(her: EncounterPerson, officer: User, haven: Organisation, advocate: User) -> Referral:
    """A request that waits in the advocate's inbox."""
    return sent(fill(draft(her, officer), officer), officer)
