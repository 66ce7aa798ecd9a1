"""Every address by every role: allowed, refused or hidden, as access.py says. An address nobody listed fails."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.web.addresses import ADMINISTRATOR_ONLY, EXPECTED, HIDDEN, OF_PEOPLE, REFUSED, WANTED, WHO
from tests.web.cpd import test_access as cpd_access
from tests.web.insight import test_access as insight_access
from tests.web.licensing import test_access as licensing_access
from tests.web.partners import test_access as partners_access
from tests.web.programmes import test_access as programmes_access
from tests.web.training import test_access as training_access
from wholepicture.core.identity import Details
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import Assessment, Encounter
from wholepicture.web.encounters.services import confirm, describe, make_known, sign_assessment
from wholepicture.web.people.models import Opening, Person
from wholepicture.web.people.services import join, make_person, restrict


def names(patterns: list[object], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(
                pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def test_every_address_is_listed() -> None:
    found = set(names(get_resolver().url_patterns))
    apart = ("training:", "programmes:", "licensing:", "cpd:", "partners:", "insight:")
    assert {n for n in found if not n.startswith(apart)} == set(EXPECTED)
    assert {n for n in found if n.startswith("programmes:")} == set(programmes_access.EXPECTED)
    assert {n for n in found if n.startswith("licensing:")} == set(licensing_access.EXPECTED)
    assert {n for n in found if n.startswith("insight:")} == set(insight_access.EXPECTED)
    assert {n for n in found if n.startswith("cpd:")} == set(cpd_access.EXPECTED)
    assert {n for n in found if n.startswith("partners:")} == set(partners_access.EXPECTED)
    assert {n for n in found if n.startswith("training:")} == set(training_access.EXPECTED)


@pytest.fixture
def clients(
    encounter: Encounter, officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> dict[str, Client]:
    confirm(encounter=encounter, by=officer)
    other = Force.objects.create(name="Second")
    return {
        "nobody": Client(),
        "owner": signed_in(officer),
        "other officer": signed_in(make_user()),
        "supervisor": signed_in(make_user(Role.SUPERVISOR)),
        "foreign supervisor": signed_in(make_user(Role.SUPERVISOR, other)),
        "administrator": signed_in(make_user(Role.ADMINISTRATOR)),
        "records": signed_in(make_user(Role.RECORDS)),
        "auditor": signed_in(make_user(Role.AUDITOR)),
        "safeguarding": signed_in(make_user(Role.SAFEGUARDING)),
    }


@pytest.fixture
def known(encounter: Encounter, officer: User, make_user: Callable[..., User]) -> Person:
    """Somebody of the encounter who is known, with a record joined to theirs."""
    person = encounter.people.first()
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    kept = make_known(person=person, by=officer).identity
    records = make_user(Role.RECORDS)
    other = make_person(details=Details(("Aida",), ("Synthetic",)), by=records)
    join(kept=kept, other=other, why="the same date of birth", by=records)
    return kept


def address(
    name: str, encounter: Encounter, user: User, known: Person, signed: Assessment, opening: Opening
) -> str:
    own = {
        "encounters:assessment": signed.pk,
        "encounters:review": signed.pk,
        "encounters:review-opening": opening.pk,
        "accounts:account": user.pk,
        "accounts:change-account": user.pk,
        "mfa_remove_webauthn": 1,
        "accounts:send-held": 1,
    }
    options = {
        "pk": own.get(name) or (known.pk if name in OF_PEOPLE else encounter.pk),
        "once": uuid.uuid4(),
        "join": known.joins.get().pk,
        "code": encounter.people.first().code,
        "referral": uuid.uuid4(),
        "finding": encounter.findings.first().pk,
        "username": user.username,
        "provider_id": "force",
        "slug": "approach",
    }
    wanted = WANTED.get(name, ())
    return reverse(name, kwargs={k: options[k] for k in wanted})


@dataclass
class Records:
    """What the addresses are about."""

    encounter: Encounter
    known: Person
    demo: User
    signed: Assessment
    opening: Opening

    def ask(self, client: Client, name: str) -> HttpResponse:
        """Ask for an address as it is used."""
        method, _ = EXPECTED[name]
        first = self.encounter.people.first()
        body = {
            "outcome": "agreed",
            "review": "it was right",
            "decision": "accepted",
            "person": first.code,
            "concept": "pregnant",
            "words": "pregnant",
            "state": "present",
            "said": "open",
            "why": "a reason that is long enough",
        }
        to = address(name, self.encounter, self.demo, self.known, self.signed, self.opening)
        given = body if method == "post" and not name.startswith("api") else None
        answer: HttpResponse = getattr(client, method)(to, given)
        return answer

    def gets(self, client: Client, name: str, outcome: object, who: str) -> None:
        """Hold an answer against what was expected."""
        response = self.ask(client, name)
        if outcome == "done":
            assert response.status_code == 302, (name, who)
            assert "sign-in?next" not in response.url, (name, who)  # type: ignore[attr-defined]
        else:
            assert response.status_code == outcome, (name, who)


@pytest.fixture
def records(encounter: Encounter, officer: User, known: Person, make_user: Callable[..., User]) -> Records:
    confirm(encounter=encounter, by=officer)
    encounter.refresh_from_db()
    demo = User.objects.create_user(username="demo-somebody", demo=True, force=encounter.force)
    signed = sign_assessment(
        person=encounter.people.first(), once=uuid.uuid4(), grade="high", heads={"threat": "x"}, by=officer
    )
    opening = Opening.objects.create(
        person=known, user=demo, until=timezone.now(), why="in danger now", broke_glass=True
    )
    return Records(encounter, known, demo, signed, opening)


@pytest.mark.parametrize("name", EXPECTED)
def test_who_gets_what(name: str, clients: dict[str, Client], records: Records) -> None:
    for who, outcome in zip(WHO, EXPECTED[name][1], strict=True):
        records.gets(clients[who], name, outcome, who)


SWEPT = {Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.RECORDS, Role.AUDITOR, Role.SAFEGUARDING}


@pytest.mark.parametrize("role", [r for r in Role if r not in SWEPT])
def test_every_other_role(
    role: Role, records: Records, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    """The control room is as another officer; the others are as an administrator, without users and systems."""
    as_one = WHO.index("other officer" if role == Role.CONTROL_ROOM else "administrator")
    for name, (_, outcomes) in EXPECTED.items():
        administers = outcomes == ADMINISTRATOR_ONLY or (
            name.startswith("accounts:") and "held" not in name and name != "accounts:set-up"
        )
        outcome = REFUSED if administers and role != Role.CONTROL_ROOM else outcomes[as_one]
        if name == "accounts:demo-sign-in":
            outcome = "done"
        with transaction.atomic():
            records.gets(signed_in(make_user(role)), name, outcome, role)
            transaction.set_rollback(True)


# A restricted person in the account: what its owner, and those of the force not on the list, get of what is about it.
NOT_THERE = (HIDDEN, REFUSED)
RESTRICTED: dict[str, dict[str, object]] = {
    "supervisor": {},
    "records": {},
    "other officer": {},
    "foreign supervisor": {},
    "owner": {
        # Their own account, and a page that says why the record is shut.
        **dict.fromkeys(("findings", "picture", "who", "assess", "assessment", "person", "matches"), 200),
        **dict.fromkeys(
            ("decide", "add", "add-person", "change-person", "confirm", "answer", "settle"), "done"
        ),
        "open-person": "done",
    },
}


@pytest.mark.parametrize("who", RESTRICTED)
def test_a_restricted_record_is_shut(
    who: str, clients: dict[str, Client], records: Records, make_user: Callable[..., User]
) -> None:
    restrict(person=records.known, readers=[], why="a relative works here", by=make_user(Role.SAFEGUARDING))
    about = [n for n in EXPECTED if "pk" in WANTED.get(n, ()) and n.startswith("encounters:")]
    for name in about:
        if name == "encounters:review-opening":
            continue
        outcome = RESTRICTED[who].get(name.removeprefix("encounters:"))
        with transaction.atomic():
            if outcome is None:
                assert records.ask(clients[who], name).status_code in NOT_THERE, (name, who)
            else:
                records.gets(clients[who], name, outcome, who)
            transaction.set_rollback(True)


def test_the_demo_switcher_is_not_there_outside_the_demo(db: None, settings: object, force: Force) -> None:
    User.objects.create_user(username="demo-x", demo=True, force=force)
    settings.DEMO = False  # type: ignore[attr-defined]
    assert Client().post("/demo/sign-in/demo-x").status_code == 404
    assert b"Continue as" not in Client().get("/sign-in").content


def test_only_demo_people_can_be_become(db: None, officer: User) -> None:
    assert Client().post(f"/demo/sign-in/{officer.username}").status_code == 404


def test_in_the_demo_a_role_is_changed_in_one_click(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    User.objects.create_user(username="demo-y", first_name="Yan", demo=True, force=officer.force)
    assert b"Continue as Yan" in signed_in(officer).get("/sign-in?switch=1").content
