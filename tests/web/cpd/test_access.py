"""Every address of CPD by every role, and whose reflections are read by whom: nobody but their writer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.asking import DONE, IN, NO, NONE, OK, not_as_expected
from tests.web.cpd.test_cpd import TODAY, did, filled
from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.cpd import services
from wholepicture.web.cpd.models import Cycle, Framework

WHO = ("nobody", "owner", "officer", "supervisor", "lead", "chief", "partner", "foreign lead", "auditor")
OWN = (IN, OK, NONE, NONE, NONE, NONE, NO, NONE, NONE)
OWN_POST = (IN, DONE, NONE, NONE, NONE, NONE, NO, NONE, NONE)
LEADS = (IN, NO, NO, NO, OK, NO, NO, OK, NO)
EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "cpd:home": ("get", (IN, OK, OK, OK, OK, OK, NO, OK, OK)),
    "cpd:record": ("get", (IN, OK, OK, OK, OK, OK, NO, OK, OK)),
    "cpd:begin": ("post", (IN, DONE, DONE, DONE, DONE, DONE, NO, DONE, DONE)),
    "cpd:cycle": ("get", OWN),
    "cpd:plan": ("get", OWN),
    "cpd:new-entry": ("get", OWN),
    "cpd:from-training": ("post", OWN_POST),
    "cpd:from-file": ("post", OWN_POST),
    "cpd:entry": ("get", OWN),
    "cpd:share": ("post", OWN_POST),
    # Drawn: read, as far as shared, by the supervisor of the team and by who looks.
    "cpd:shared": ("get", (IN, NONE, NONE, OK, OK, NONE, NO, NONE, NONE)),
    "cpd:briefing": ("get", (IN, NO, NO, NO, NO, OK, NO, NO, NO)),
    "cpd:lead": ("get", LEADS),
    "cpd:draw": ("post", (IN, NO, NO, NO, DONE, NO, NO, DONE, NO)),
    "cpd:publish": ("get", LEADS),
}


@pytest.fixture
def owner(make_user: Callable[..., User], force: Force) -> User:
    user = make_user()
    user.team = Team.objects.create(force=force, name="A")
    user.save()
    return user


@pytest.fixture
def clients(
    owner: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> dict[str, Client]:
    supervisor = make_user(Role.SUPERVISOR)
    supervisor.team = owner.team
    supervisor.save()
    people = {
        "owner": owner,
        "officer": make_user(),
        "supervisor": supervisor,
        "lead": make_user(Role.CPD),
        "chief": make_user(Role.CHIEF_OFFICER),
        "partner": make_user(Role.PARTNER),
        "foreign lead": make_user(Role.CPD, Force.objects.create(name="Second")),
        "auditor": make_user(Role.AUDITOR),
    }
    return {"nobody": Client()} | {k: signed_in(v) for k, v in people.items()}


def test_who_may(owner: User, clients: dict[str, Client]) -> None:
    cycle = filled(owner)
    cycle.audit = Cycle.Audit.OPEN
    cycle.save()
    entry = services.keep(cycle=cycle, did=did("Not shared", reflection="A secret thought"), by=owner)
    slug = cycle.framework.slug
    at = {
        **dict.fromkeys(("home", "record", "briefing", "lead"), ()),
        **dict.fromkeys(("begin", "draw", "publish"), (slug,)),
        **dict.fromkeys(("entry", "share"), (entry.pk,)),
    }
    assert not_as_expected(EXPECTED, WHO, clients, lambda short: at.get(short, (cycle.pk,))) == []


def test_a_reflection_is_read_by_nobody_else(owner: User, clients: dict[str, Client]) -> None:
    cycle = filled(owner, reflection="A secret thought")
    services.declare(cycle=cycle, statement="I ask more.", by=owner)
    cycle.refresh_from_db()
    cycle.audit = Cycle.Audit.OPEN
    cycle.save()
    own = clients["owner"].get(reverse("cpd:cycle", args=[cycle.pk])).content.decode()
    assert "A secret thought" in own
    assert "A secret thought" in clients["owner"].get(reverse("cpd:record")).content.decode()
    assert "A secret thought" not in clients["supervisor"].get(reverse("cpd:record")).content.decode()
    for who in ("supervisor", "lead"):
        page = clients[who].get(reverse("cpd:shared", args=[cycle.pk])).content.decode()
        assert "I ask more." in page
        assert "A secret thought" not in page
    assert Framework.objects.filter(force=owner.force).count() == 3
    assert cycle.begins_on <= TODAY
