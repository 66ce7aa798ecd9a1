"""Somebody of a force, as a force would have it: no demonstration, and a clock that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from wholepicture.web.accounts.models import Role, User

PASSWORD = "three words apart"


@pytest.fixture(autouse=True)
def as_for_a_force(settings: Any, db: None) -> Iterator[None]:
    settings.DEMO, settings.SECOND_FACTOR = False, True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def somebody(make_user: Callable[..., User]) -> User:
    user = make_user(Role.SAFEGUARDING)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no code runs out between reading it and entering it."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_800_000_010.0))
