"""A records system hands accounts over and pulls pictures back."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from wholepicture.core.identity import Details
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.accounts.services import issue_token
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters import services
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.people.services import make_person

ACCOUNT = {
    "text": "IP states her ex strangled her.",
    "source": "NICHE-42",
    "how": "call",
    "place": "12 Mill Road",
}


def push(secret: str, body: dict[str, Any], key: str = "k-1") -> Any:
    return Client().post(
        "/api/v1/encounters",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key},
    )


def pull(secret: str, path: str) -> Any:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def secret(officer: User) -> str:
    return issue_token(user=officer, name="records system")


def test_an_account_is_kept_once_however_often_it_is_sent(secret: str) -> None:
    first, again = push(secret, ACCOUNT), push(secret, ACCOUNT)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Encounter.objects.count() == 1
    assert first.json()["confirmed"] is False
    assert "picture" not in first.json()["people"][0]


def test_the_same_key_for_another_account_is_refused(secret: str) -> None:
    push(secret, ACCOUNT)
    other = push(secret, {**ACCOUNT, "text": "Something else."})
    assert other.status_code == 422
    assert "another account" in other.json()["detail"]
    assert Encounter.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"happened_at": "2999-01-01T00:00:00Z"},
        {"happened_at": "2026-01-01T00:00:00"},
        {"happened_at": "0432-02-02T03:58:32.1+17:37"},
        {"happened_at": "0001-01-01T00:00:00+23:00"},
        {"how": "gossip"},
        {"source": "LOG\x00 1"},
        {"place": "12\x00 Mill Road"},
        {"text": ""},
    ],
)
def test_what_does_not_fit_is_said(secret: str, change: dict[str, str]) -> None:
    answer = push(secret, {**ACCOUNT, **change})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert not Encounter.objects.exists()


def test_a_moment_is_kept_as_it_was_meant_whatever_its_offset(secret: str) -> None:
    assert push(secret, {**ACCOUNT, "happened_at": "2026-01-01T20:00:00+17:37"}).status_code == 201
    assert Encounter.objects.get().happened_at == datetime(2026, 1, 1, 2, 23, tzinfo=UTC)


def test_a_picture_is_told_once_it_is_confirmed_and_the_telling_is_kept(secret: str, officer: User) -> None:
    made = push(secret, ACCOUNT).json()["id"]
    services.confirm(encounter=Encounter.objects.get(), by=officer)
    told = pull(secret, f"encounters/{made}").json()
    assert any(
        p["state"].startswith("unguarded") for person in told["people"] for p in person["picture"]["pathways"]
    )
    assert Entry.objects.filter(what="encounter.disclosed", about=f"encounter:{made}").exists()


def test_what_is_not_theirs_is_not_there(secret: str, make_user: Callable[..., User]) -> None:
    made = push(secret, ACCOUNT).json()["id"]
    foreign = make_user(Role.SUPERVISOR, Force.objects.create(name="Second"))
    assert pull(issue_token(user=foreign, name="x"), f"encounters/{made}").status_code == 404
    assert pull(issue_token(user=make_user(), name="x"), f"encounters/{made}").status_code == 404
    assert push(issue_token(user=make_user(Role.ADMINISTRATOR), name="x"), ACCOUNT).status_code == 403


def test_a_person_s_picture_only_for_who_may_see_them(
    secret: str, make_user: Callable[..., User], officer: User
) -> None:
    push(secret, ACCOUNT)
    encounter = Encounter.objects.get()
    services.confirm(encounter=encounter, by=officer)
    services.describe(person=encounter.people.get(main=True), by=officer, given="Ada", family="Synthetic")
    known = services.make_known(person=encounter.people.get(main=True), by=officer).identity
    assert known
    told = pull(secret, f"people/{known.pk}/picture")
    assert told.json()["reports"] == 1
    stranger = make_person(details=Details(("Bo",), ("Synthetic",)), by=make_user())
    assert pull(secret, f"people/{stranger.pk}/picture").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_key_make_one_record(make_user: Callable[..., User]) -> None:
    secret = issue_token(user=make_user(), name="records system")

    def send(_: int) -> tuple[int, str]:
        try:
            answer = push(secret, ACCOUNT)
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    count = 200 if connection.vendor == "postgresql" else 60
    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(send, range(count)))
    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    assert Encounter.objects.count() == 1
