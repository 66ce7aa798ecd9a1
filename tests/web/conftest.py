"""People and accounts for the web tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import start_encounter

ACCOUNT = (
    "IP states her ex partner turned up at HA again. He is on bail with conditions, these run out on Friday. Last month he put both his hands round "
    "her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep. She is not suicidal."
)


@pytest.fixture
def force(db: None) -> Force:
    return Force.objects.create(name="First")


@pytest.fixture
def make_user(force: Force) -> Callable[..., User]:
    def make(role: str = Role.OFFICER, force: Force = force) -> User:
        return User.objects.create_user(username=uuid.uuid4().hex, role=role, force=force)

    return make


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def encounter(officer: User) -> Encounter:
    return start_encounter(narrative=ACCOUNT, source="test", once=uuid.uuid4(), by=officer)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
