"""Every address of insight by every role: figures for who leads, counts for who teaches, one's own answer for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.asking import BAD, DONE, IN, NO, NONE, OK, not_as_expected
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.insight import services
from wholepicture.web.insight.models import Proposal

WHO = ("nobody", "officer", "owner", "supervisor", "trainer", "chief", "analyst", "partner", "foreign chief")
LEADS = (IN, NO, NO, NO, NO, OK, OK, NO, OK)
NEEDS = (IN, NO, NO, NO, OK, OK, OK, NO, OK)
EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "insight:home": ("get", LEADS),
    "insight:figure": ("get", LEADS),
    "insight:download": ("get", LEADS),
    "insight:needs": ("get", NEEDS),
    "insight:propose": ("post", (IN, NO, NO, NO, DONE, DONE, DONE, NO, DONE)),
    "insight:proposal": ("get", (IN, NO, NO, NO, OK, OK, OK, NO, NONE)),
    "insight:decline": ("post", (IN, NO, NO, NO, DONE, NO, NO, NO, NO)),
    "insight:health": ("get", (IN, OK, OK, OK, OK, OK, OK, NO, OK)),
    "insight:questions": ("get", LEADS),
    # Open still: only who runs it sees how it stands; the rest are led to where they answer.
    "insight:health-check": ("get", (IN, DONE, DONE, DONE, DONE, OK, OK, NO, NONE)),
    "insight:health-close": ("post", (IN, NO, NO, NO, NO, DONE, DONE, NO, NONE)),
    "insight:health-export": ("get", (IN, NO, NO, NO, NO, OK, OK, NO, NONE)),
    "insight:health-act": ("post", (IN, NO, NO, NO, NO, BAD, BAD, NO, NONE)),
    "insight:health-evidence": ("post", (IN, DONE, DONE, DONE, DONE, DONE, DONE, NO, NONE)),
    "insight:health-file": ("get", (IN, OK, OK, OK, OK, OK, OK, NONE, NONE)),
    "insight:health-area": ("get", (IN, OK, OK, OK, OK, OK, OK, NO, NONE)),
    "insight:health-finish": ("post", (IN, NONE, DONE, NONE, NONE, DONE, DONE, NO, NONE)),
    "insight:wellbeing": ("get", (IN, OK, OK, OK, OK, OK, OK, NO, OK)),
    "insight:wellbeing-figures": ("get", (IN, NO, NO, NO, NO, OK, NO, NO, OK)),
}


@pytest.fixture
def people(make_user: Callable[..., User]) -> dict[str, User]:
    return {
        "officer": make_user(),
        "owner": make_user(),
        "supervisor": make_user(Role.SUPERVISOR),
        "trainer": make_user(Role.TRAINER),
        "chief": make_user(Role.CHIEF_OFFICER),
        "analyst": make_user(Role.ANALYST),
        "partner": make_user(Role.PARTNER),
        "foreign chief": make_user(Role.CHIEF_OFFICER, Force.objects.create(name="Second")),
    }


def test_who_may(people: dict[str, User], signed_in: Callable[[User], Client]) -> None:
    clients = {"nobody": Client()} | {k: signed_in(v) for k, v in people.items()}
    chief, soon = people["chief"], timezone.localdate() + timedelta(days=9)
    check = services.open_check(closes_on=soon, by=chief)
    action = services.act(
        check=check, area="culture", what="Ask", owner=people["owner"], due_on=soon, by=chief
    )
    held = services.add_evidence(
        check=check, question="culture-1", text="x", file=("a.txt", b"Minutes"), by=people["officer"]
    )
    proposal = Proposal.objects.create(force=chief.force, concept="isolated", missed=3, seen=9, by=chief)
    at = {
        "home": (),
        "figure": ("demand",),
        "download": ("demand",),
        "needs": (),
        "propose": (),
        "proposal": (proposal.pk,),
        "decline": (proposal.pk,),
        "health": (),
        "questions": (),
        "health-area": (check.pk, "culture"),
        "health-evidence": (check.pk, "culture"),
        "health-finish": (action.pk,),
        "health-file": (held.document_id,),
        "wellbeing": (),
        "wellbeing-figures": (),
    }
    assert not_as_expected(EXPECTED, WHO, clients, lambda short: at.get(short, (check.pk,))) == []
