"""Every address of licences by every role: what is allowed, refused or not there. tests/web/test_access.py sees that none is left out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.asking import BAD, DONE, NO, NONE, OK, not_as_expected
from tests.web.asking import row as asked_by
from tests.web.licensing.conftest import TODAY, Desk
from wholepicture.core.licensing import Step
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.licensing.services import applying, hearing, registering
from wholepicture.web.licensing.services.applying import Shows

# "member" sits on the panel; "manager" is a supervisor of the force; "assessor" was given the application.
WHO = (
    "nobody",
    "holder",
    "officer",
    "manager",
    "assessor",
    "other assessor",
    "lead",
    "member",
    "not sitting",
    "chief",
    "partner",
    "foreign lead",
    "foreign manager",
    "administrator",
)


row = partial(asked_by, WHO)

EVERYBODY = row(OK, partner=NO)
OWN = row(NONE, holder=OK, partner=NO)
HOLDERS = row(NONE, holder=OK)
RUNS = row(NO, lead=OK, foreign_lead=OK)
RUNS_HERE = row(NO, lead=OK, foreign_lead=NONE)
CHECKS = row(NO, manager=OK, lead=OK, member=OK, chief=OK, foreign_lead=OK, foreign_manager=OK)
EVIDENCE = row(NONE, holder=OK, assessor=OK, lead=OK, member=OK)

EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "licensing:home": ("get", EVERYBODY),
    "licensing:apply": (
        "post",
        row(DONE, partner=NO, foreign_lead=DONE, foreign_manager=DONE),
    ),
    "licensing:licence": ("get", OWN),
    "licensing:add-evidence": ("get", OWN),
    "licensing:withdraw-evidence": ("post", row(NONE, holder=BAD, partner=NO)),
    "licensing:step": ("get", OWN),
    "licensing:declare": ("get", row(NONE, holder=OK, manager=OK, assessor=OK, lead=OK, member=OK)),
    "licensing:letter": ("get", EVIDENCE),
    "licensing:document": ("get", EVIDENCE),
    "licensing:desk": ("get", RUNS),
    "licensing:new-key": ("post", row(NO, lead=DONE, foreign_lead=DONE)),
    "licensing:case": (
        "get",
        row(
            NO,
            lead=OK,
            assessor=OK,
            member=OK,
            manager=NONE,
            other_assessor=NONE,
            not_sitting=NONE,
            chief=NONE,
            foreign_lead=NONE,
            foreign_manager=NONE,
        ),
    ),
    "licensing:case-step": ("get", RUNS_HERE),
    "licensing:standard": ("get", row(NO, assessor=OK, other_assessor=NONE)),
    "licensing:finish": ("post", row(NO, assessor=BAD, other_assessor=NONE)),
    "licensing:call-panel": ("post", row(NO, lead=BAD, foreign_lead=NONE)),
    "licensing:hearing": (
        "get",
        row(
            NO,
            lead=OK,
            member=OK,
            manager=NONE,
            not_sitting=NONE,
            chief=NONE,
            foreign_lead=NONE,
            foreign_manager=NONE,
        ),
    ),
    "licensing:stand-down": (
        "post",
        row(NO, member=BAD, manager=NONE, not_sitting=NONE, chief=NONE, foreign_manager=NONE),
    ),
    "licensing:join-panel": ("post", row(NO, lead=BAD, foreign_lead=NONE)),
    "licensing:conclude": ("post", row(NO, lead=BAD, foreign_lead=NONE)),
    "licensing:register": ("get", CHECKS),
    "licensing:look-up": (
        "post",
        row(NO, manager=DONE, lead=DONE, member=DONE, chief=DONE, foreign_lead=NONE, foreign_manager=NONE),
    ),
    "licensing:check": ("get", CHECKS),
    "licensing:loads": ("get", CHECKS),
    "licensing:end-case": (
        "post",
        row(NO, manager=DONE, lead=DONE, member=DONE, chief=DONE, foreign_lead=NONE, foreign_manager=NONE),
    ),
    "licensing:bring-evidence": ("post", row(NONE, holder=DONE, partner=NO)),
    "licensing:capability": ("get", row(NO, lead=OK, chief=OK, foreign_lead=OK)),
    "licensing:scheme": ("get", EVERYBODY),
    "licensing:publish": ("get", RUNS),
    "licensing:credential-file": ("get", HOLDERS),
    "licensing:credential-code": ("get", HOLDERS),
    # For anybody who was shown a credential, and for their programs.
    "licensing:credential": ("get", (OK,) * len(WHO)),
    "licensing:verify": ("get", (OK,) * len(WHO)),
    "licensing:did": ("get", (OK,) * len(WHO)),
    "licensing:status": ("get", (OK,) * len(WHO)),
}


@pytest.fixture
def everything(
    desk: Desk, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> tuple[dict[str, tuple[object, ...]], dict[str, Client]]:
    """The parts of each address, and a client for each of WHO."""
    foreign = Force.objects.create(name="Second")
    licence = desk.granted()
    evidence = applying.add_evidence(
        licence=licence,
        shows=Shows("T", "x", TODAY, ("S1",), False, ("notes.txt", b"notes")),
        by=desk.holder,
        once=uuid.uuid4(),
    )
    desk.take(licence, Step.PROPOSE, desk.lead)
    member, more = make_user(Role.SAFEGUARDING), make_user(Role.INTERNAL_QUALITY)
    sitting = hearing.open_hearing(licence=licence, members=[member, more], by=desk.lead)
    credential = licence.credentials.get()
    at: dict[str, tuple[object, ...]] = {
        **dict.fromkeys(
            ("home", "desk", "new-key", "register", "check", "loads", "capability", "verify"), ()
        ),
        **dict.fromkeys(
            ("licence", "add-evidence", "case", "finish", "call-panel", "look-up"), (licence.pk,)
        ),
        **dict.fromkeys(("apply", "scheme", "publish"), ("csa-investigator",)),
        **dict.fromkeys(("hearing", "stand-down", "join-panel", "conclude"), (sitting.pk,)),
        **dict.fromkeys(("credential", "credential-file", "credential-code"), (credential.pk,)),
        **dict.fromkeys(("did", "status"), (desk.scheme.force_id,)),
        "withdraw-evidence": (evidence.pk,),
        "bring-evidence": (licence.pk, evidence.pk),
        "end-case": (
            registering.give_case(
                person=desk.holder, slug=desk.scheme.slug, reference="DA/1", by=desk.manager
            ).pk,
        ),
        "document": (evidence.document_id,),
        "step": (licence.pk, "represent"),
        "case-step": (licence.pk, "interim"),
        "declare": (licence.pk, "R3"),
        "letter": (licence.pk, 5),
        "standard": (licence.pk, "S1"),
    }
    people: dict[str, User] = {
        "holder": desk.holder,
        "officer": make_user(),
        "manager": desk.manager,
        "assessor": desk.assessor,
        "other assessor": make_user(Role.ASSESSOR),
        "lead": desk.lead,
        "member": member,
        "not sitting": make_user(Role.INTERNAL_QUALITY),
        "chief": desk.panel[0],
        "partner": make_user(Role.PARTNER),
        "foreign lead": make_user(Role.LICENSING, foreign),
        "foreign manager": make_user(Role.SUPERVISOR, foreign),
        "administrator": make_user(Role.ADMINISTRATOR),
    }
    return at, {"nobody": Client()} | {k: signed_in(v) for k, v in people.items()}


def test_who_may(everything: tuple[dict[str, tuple[object, ...]], dict[str, Client]]) -> None:
    at, clients = everything
    assert not_as_expected(EXPECTED, WHO, clients, at.__getitem__) == []


def test_nobody_opens_a_case_on_themselves(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    licence = applying.apply(scheme=desk.scheme, by=desk.lead)
    client = signed_in(desk.lead)
    assert client.get(reverse("licensing:case", args=[licence.pk])).status_code == 404
    assert str(licence) not in client.get(reverse("licensing:desk")).content.decode()
    assert client.get(reverse("licensing:licence", args=[licence.pk])).status_code == 200
