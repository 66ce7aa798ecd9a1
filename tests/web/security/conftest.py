"""Somebody to be attacked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from wholepicture.web.accounts.models import User

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src/wholepicture/web"
GOOD = "river otter lantern nine"


@pytest.fixture
def person(make_user: Callable[..., User]) -> User:
    user = make_user()
    user.username, user.first_name, user.last_name = "sam.okafor", "Sam", "Okafor"
    user.set_password(GOOD)
    user.save()
    return user


@pytest.fixture
def client_of(person: User) -> Client:
    client = Client()
    client.post("/sign-in", {"login": person.username, "password": GOOD})
    return client
