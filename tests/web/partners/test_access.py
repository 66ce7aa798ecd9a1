"""Every address of partners by every role: the force's own by what their role carries, a partner what was sent to it, a guest one request."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.asking import BAD, DONE, IN, NO, NONE, OK
from tests.web.partners.conftest import draft, fill
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.services import describe, make_known
from wholepicture.web.partners.models import (
    Import,
    Membership,
    Organisation,
    Referral,
    Service,
    ServicePlace,
    Slipped,
    Watched,
)
from wholepicture.web.partners.services import links, planning
from wholepicture.web.people.services import restrict

WHO = (
    "nobody",
    "owner",
    "officer",
    "supervisor",
    "safeguarding",
    "administrator",
    "chief",
    "partner",
    "other partner",
    "learner",
    "foreign",
    "guest",
)


def of(
    owner: object, officer: object, supervisor: object, safeguarding: object, foreign: object
) -> tuple[object, ...]:
    """What those who refer get; nobody else gets anything."""
    return (IN, owner, officer, supervisor, safeguarding, NO, NO, NO, NO, NO, foreign, IN)


WRITES = of(OK, NONE, OK, OK, NONE)
WRITES_POST = of(DONE, NONE, DONE, DONE, NONE)
WATCHES = of(NO, NO, OK, OK, OK)
PLANS = of(NO, NO, OK, OK, NONE)
KEEPS = (IN, NO, NO, NO, OK, OK, NO, NO, NO, NO, NO, IN)
ANSWERS = (IN, NO, NO, NO, NO, NO, NO, OK, NONE, NO, NO, IN)
ANSWERS_POST = (IN, NO, NO, NO, NO, NO, NO, DONE, NONE, NO, NO, IN)
GUESTS = (*[NONE] * 11, OK)
GUESTS_POST = (*[NONE] * 11, DONE)
ANYBODY = (*[OK] * 12,)
EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "partners:begin": ("get", of(OK, NONE, OK, OK, NONE)),
    "partners:referrals": ("get", of(OK, OK, OK, OK, OK)),
    "partners:referral": ("get", of(OK, NONE, OK, OK, NONE)),
    "partners:service": ("get", WRITES),
    "partners:questions": ("get", WRITES),
    "partners:share": ("get", WRITES),
    "partners:basis": ("get", WRITES),
    "partners:check": ("get", WRITES),
    "partners:send": ("post", WRITES_POST),
    "partners:ask-check": ("post", WRITES_POST),
    "partners:checked": ("post", of(NO, NONE, DONE, DONE, NONE)),
    "partners:say": ("post", of(BAD, NONE, BAD, BAD, NONE)),
    "partners:close": ("post", WRITES_POST),
    "partners:link": ("post", of(OK, NONE, OK, OK, NONE)),
    "partners:figures": ("get", (IN, NO, NO, OK, OK, NO, OK, NO, NO, NO, OK, IN)),
    "partners:inbox": ("get", (IN, NO, NO, NO, NO, NO, NO, OK, OK, NO, NO, IN)),
    "partners:own-figures": ("get", (IN, NO, NO, NO, NO, NO, NO, OK, OK, NO, NO, IN)),
    "partners:request": ("get", ANSWERS),
    "partners:request-step": ("post", ANSWERS_POST),
    "partners:request-need": ("post", (*ANSWERS[:7], BAD, *ANSWERS[8:])),
    "partners:request-control": ("post", (*ANSWERS[:7], BAD, *ANSWERS[8:])),
    "partners:guest": ("get", GUESTS),
    "partners:guest-step": ("post", GUESTS_POST),
    "partners:guest-need": ("post", (*GUESTS[:11], BAD)),
    "partners:guest-control": ("post", (*GUESTS[:11], BAD)),
    "partners:enter": ("get", ANYBODY),
    "partners:answered": ("get", ANYBODY),
    "partners:your-part": ("get", ANYBODY),
    "partners:directory": ("get", (IN, OK, OK, OK, OK, OK, NO, OK, OK, NO, OK, IN)),
    "partners:entry": ("get", (IN, OK, OK, OK, OK, OK, NO, OK, OK, NO, NONE, IN)),
    "partners:confirm": ("post", (IN, DONE, DONE, DONE, DONE, DONE, NO, NO, NO, NO, NONE, IN)),
    "partners:imports": ("get", KEEPS),
    "partners:import": ("get", KEEPS),
    "partners:organisations": ("get", KEEPS),
    "partners:organisation": ("get", KEEPS),
    "partners:leave": ("post", (IN, NO, NO, NO, DONE, DONE, NO, NO, NO, NO, NO, IN)),
    "partners:watch": ("get", WATCHES),
    "partners:pick-up": ("post", of(NO, NO, DONE, DONE, NONE)),
    "partners:slipped": ("get", of(NONE, NONE, OK, OK, NONE)),
    "partners:plans": ("get", of(NO, NO, OK, OK, OK)),
    "partners:begin-plan": ("get", of(NO, NO, DONE, DONE, NONE)),
    "partners:plan": ("get", PLANS),
    "partners:finish-action": ("post", of(NO, NO, BAD, BAD, NONE)),
    "partners:close-plan": ("post", of(NO, NO, BAD, BAD, NONE)),
    "partners:hold-meeting": ("post", of(NO, NO, BAD, BAD, NONE)),
    "partners:meeting": ("get", PLANS),
    # The directory as anybody may read it: that is what the standard is for.
    **{
        f"partners:open-{name}": ("get", ANYBODY)
        for name in (
            "about",
            "services",
            "service",
            "taxonomies",
            "taxonomy",
            "terms",
            "term",
            "locations",
            "location",
        )
    },
}


@pytest.fixture
def clients(
    asked: Referral,
    officer: User,
    advocate: User,
    make_user: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> dict[str, Client]:
    other = make_user(Role.PARTNER)
    council = Organisation.objects.get(name__startswith="Aldermere Borough")
    Membership.objects.create(user=other, organisation=council)
    people = {
        "owner": officer,
        "officer": make_user(),
        "supervisor": make_user(Role.SUPERVISOR),
        "safeguarding": make_user(Role.SAFEGUARDING),
        "administrator": make_user(Role.ADMINISTRATOR),
        "chief": make_user(Role.CHIEF_OFFICER),
        "partner": advocate,
        "other partner": other,
        "learner": make_user(Role.LEARNER),
        "foreign": make_user(Role.SUPERVISOR, Force.objects.create(name="Second")),
    }
    return {"nobody": Client(), "guest": Client()} | {k: signed_in(v) for k, v in people.items()}


@pytest.fixture
def at(asked: Referral, her: EncounterPerson, officer: User, clients: dict[str, Client]) -> dict[str, object]:
    """What each address is about."""
    force = asked.force
    made = fill(draft(her, officer), officer)
    _, token, code = links.make_link(referral=asked, by=officer)
    given = {"code": code, "name": "A B", "post": "Nurse", "email": "a@b.example"}
    assert clients["guest"].post(reverse("partners:enter", args=[token]), given).status_code == 302
    _, another, _ = links.make_link(referral=_again(asked), by=officer)
    lead = User.objects.get(force=force, role=Role.SAFEGUARDING)
    today = timezone.localdate()
    plan = planning.begin_plan(person=her, aim="Safe", review_on=today + timedelta(days=9), by=lead)
    action = planning.add_action(
        plan=plan, text="Locks", owner="A", organisation=None, due=today + timedelta(days=2), by=lead
    )
    meeting = planning.hold_meeting(plan=plan, held_at=timezone.now(), present="Police", by=lead)
    watched = Watched.objects.create(
        force=force, key=f"a{her.pk}", person=her, kind="failed", pathway="strangulation", severity=4
    )
    slipped = Slipped.objects.create(person=her, force=force, to=lead, pathways=["strangulation"])
    need = asked.needs.first()
    assert need
    place = ServicePlace.objects.filter(service__withheld=False).first()
    assert place
    open_at = place.service.body["service_at_locations"][0]["id"]
    terms = clients["nobody"].get(reverse("partners:open-terms", args=[force.pk])).json()["contents"]
    taxonomy = clients["nobody"].get(reverse("partners:open-taxonomies", args=[force.pk])).json()["contents"]
    person = (her.encounter_id, her.code)
    return {
        **dict.fromkeys(("begin", "begin-plan"), person),
        **dict.fromkeys(("referral", "close", "link"), (asked.pk,)),
        **dict.fromkeys(
            ("service", "questions", "share", "basis", "check", "send", "ask-check", "checked"), (made.pk,)
        ),
        "say": (asked.pk, "ask"),
        **dict.fromkeys(("request", "request-control"), (asked.pk,)),
        "request-step": (asked.pk, "acknowledge"),
        "request-need": (asked.pk, need.pk),
        "guest-step": ("acknowledge",),
        "guest-need": (need.pk,),
        "enter": (another,),
        **dict.fromkeys(("entry", "confirm"), (asked.service_id,)),
        "import": (Import.objects.get().pk,),
        "organisation": (asked.organisation_id,),
        "leave": (Membership.objects.filter(organisation=asked.organisation).get().pk,),
        "pick-up": (watched.pk,),
        "slipped": (slipped.pk,),
        **dict.fromkeys(("plan", "close-plan", "hold-meeting"), (plan.pk,)),
        "finish-action": (plan.pk, action.pk),
        "meeting": (plan.pk, meeting.pk),
        **dict.fromkeys(
            ("open-about", "open-services", "open-taxonomies", "open-terms", "open-locations"), (force.pk,)
        ),
        "open-service": (force.pk, str(asked.service_id)),
        "open-taxonomy": (force.pk, taxonomy[0]["id"]),
        "open-term": (force.pk, terms[0]["id"]),
        "open-location": (force.pk, open_at),
    }


def _again(asked: Referral) -> Referral:
    """Another request to the same organisation, so that the guest's link is not ended by a newer one."""
    made = Referral.objects.get(pk=asked.pk)
    made.pk, made.once, made._state.adding = uuid.uuid4(), uuid.uuid4(), True
    made.save()
    return made


def got(client: Client, name: str, method: str, args: object) -> object:
    body = {"what": "I ring the council", "why": ""} if method == "post" else None
    with transaction.atomic():
        response = getattr(client, method)(reverse(name, args=args), body)
        transaction.set_rollback(True)
    if response.status_code == 302:
        return IN if "/sign-in" in response.headers["Location"] else DONE
    return response.status_code


def test_who_may(at: dict[str, object], clients: dict[str, Client]) -> None:
    wrong = []
    for name, (method, wanted) in EXPECTED.items():
        args = at.get(name.removeprefix("partners:"), ())
        for who, outcome in zip(WHO, wanted, strict=True):
            found = got(clients[who], name, method, args)
            if found != outcome:
                wrong.append((name, who, found, outcome))
    assert wrong == []


def test_a_partner_sees_no_draft_and_nothing_of_another(
    at: dict[str, object], clients: dict[str, Client], asked: Referral
) -> None:
    inbox = clients["partner"].get(reverse("partners:inbox")).content.decode()
    assert asked.number in inbox
    made = Referral.objects.get(state="draft")
    assert made.number not in inbox
    assert clients["partner"].get(reverse("partners:request", args=[made.pk])).status_code == 404
    assert asked.number not in clients["other partner"].get(reverse("partners:inbox")).content.decode()


def test_a_worker_who_left_sees_nothing(clients: dict[str, Client], asked: Referral, advocate: User) -> None:
    assert clients["partner"].get(reverse("partners:request", args=[asked.pk])).status_code == 200
    Membership.objects.filter(user=advocate).delete()
    assert clients["partner"].get(reverse("partners:request", args=[asked.pk])).status_code == 403
    assert clients["partner"].get(reverse("partners:inbox")).status_code == 403


def test_a_withheld_service_is_shown_to_no_partner_and_served_to_nobody(
    clients: dict[str, Client], asked: Referral
) -> None:
    refuge = Service.objects.get(name="Refuge")
    assert refuge.withheld
    assert clients["owner"].get(reverse("partners:entry", args=[refuge.pk])).status_code == 200
    assert clients["partner"].get(reverse("partners:entry", args=[refuge.pk])).status_code == 404
    served = reverse("partners:open-service", args=[asked.force_id, refuge.pk])
    assert clients["nobody"].get(served).status_code == 404
    listed = reverse("partners:open-services", args=[asked.force_id])
    assert "Refuge" not in {
        r["name"] for r in clients["nobody"].get(f"{listed}?per_page=100").json()["contents"]
    }


def test_a_restricted_person_is_on_no_list(
    at: dict[str, object],
    clients: dict[str, Client],
    asked: Referral,
    officer: User,
    make_user: Callable[..., User],
) -> None:
    describe(person=asked.person, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=asked.person, by=officer).identity
    assert known
    restrict(person=known, readers=[], why="a relative works here", by=make_user(Role.SAFEGUARDING))
    for name in ("partners:referrals", "partners:watch", "partners:plans"):
        page = clients["supervisor"].get(f"{reverse(name)}?mine=no").content.decode()
        assert str(asked.person.encounter_id) not in page
        assert asked.number not in page
    assert clients["supervisor"].get(reverse("partners:referral", args=[asked.pk])).status_code == 404
