"""What keeps the site safe, one behaviour a test; docs/security/asvs.csv says which requirement each shows."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.web.security.conftest import GOOD, WEB
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.accounts.passwords import is_breached
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("short one", False),
        ("qwertyuiop123", False),
        ("Wholepicture1", False),
        ("Police-Officer-1", True),
        ("FirstPolice2026", False),
        ("sam.okafor.2026", False),
        ("only small letters", True),
        ("密码很长而且不常见的十二个字", True),
        ("a" * 20 + " " + "b" * 80 + " tail", True),
    ],
)
def test_which_passwords_are_taken(person: User, password: str, taken: bool) -> None:
    try:
        validate_password(password, person)
        assert taken
    except ValidationError:
        assert not taken


def test_a_long_password_is_taken_whole_and_exactly(person: User) -> None:
    long = "x y" * 40
    person.set_password(long)
    assert person.check_password(long)
    for other in (long[:-1], long.upper(), long + " ", " " + long):
        assert not person.check_password(other)


def test_a_breached_password_is_refused_where_the_list_is_given(
    settings: Any, tmp_path: Path, person: User
) -> None:
    lines = sorted(
        hashlib.sha1(p.encode()).hexdigest().upper() for p in ("breached elsewhere", "x", "y", "z")
    )
    path = tmp_path / "hashes.txt"
    path.write_text("".join(f"{line}:{n}\r\n" for n, line in enumerate(lines)))
    validate_password("breached elsewhere", person)
    settings.BREACHED_PASSWORDS = str(path)
    with pytest.raises(ValidationError, match="breach"):
        validate_password("breached elsewhere", person)
    validate_password(GOOD, person)


@given(st.sets(st.text(max_size=5), max_size=40), st.text(max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_halving_finds_each_hash_and_no_other(passwords: set[str], other: str, end: str) -> None:
    import tempfile

    lines = sorted(hashlib.sha1(p.encode()).hexdigest().upper() for p in passwords)
    with tempfile.NamedTemporaryFile("w", newline="") as file:
        file.write("".join(f"{line}:{7 * n}{end}" for n, line in enumerate(lines)))
        file.flush()
        assert all(is_breached(p, file.name) for p in passwords)
        assert is_breached(other, file.name) == (other in passwords)


def test_passwords_are_kept_by_a_slow_hash() -> None:
    assert global_settings.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert "PASSWORD_HASHERS" not in (WEB / "config/settings.py").read_text()


def test_a_password_is_changed_with_the_one_before_and_other_screens_are_signed_out(
    person: User, client_of: Client
) -> None:
    elsewhere = Client()
    elsewhere.post("/sign-in", {"login": person.username, "password": GOOD})
    assert elsewhere.get("/").status_code == 200
    new = {"password1": "another lantern seven", "password2": "another lantern seven"}
    assert client_of.post("/my-account/password", {"oldpassword": "wrong", **new}).status_code == 200
    person.refresh_from_db()
    assert person.check_password(GOOD)
    client_of.post("/my-account/password", {"oldpassword": GOOD, **new})
    assert client_of.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_signing_in_begins_a_new_session(person: User) -> None:
    client = Client()
    session = client.session
    session["mine"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/sign-in", {"login": person.username, "password": GOOD})
    after = client.cookies["sessionid"].value
    assert after != before
    assert len(after) >= 32
    assert Client(headers={"Cookie": f"sessionid={before}"}).get("/").status_code == 302


def test_signed_out_is_out_for_good_and_the_browser_is_told_to_forget(client_of: Client) -> None:
    key = client_of.cookies["sessionid"].value
    out = client_of.post("/sign-out")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    client_of.cookies["sessionid"] = key
    assert client_of.get("/").status_code == 302


def test_an_administrator_signs_somebody_out_everywhere(
    person: User, client_of: Client, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    assert client_of.get("/").status_code == 200
    signed_in(make_user(Role.ADMINISTRATOR)).post(f"/users/{person.pk}/change", {"what": "sessions"})
    assert client_of.get("/").status_code == 302
    assert Entry.objects.filter(what="account.sessions-ended", about=f"user:{person.pk}").exists()


def test_changing_how_one_signs_in_asks_again(client_of: Client, settings: Any) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    for path in ("/my-account/app", "/my-account/codes/new"):
        answer = client_of.get(path)
        assert answer.status_code == 302, path
        assert "/sign-in/again" in answer["Location"]


def test_ending_a_session_asks_again(client_of: Client, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    with patch("wholepicture.web.accounts.middleware.is_mfa_enabled", return_value=True):
        answer = client_of.post("/my-account/sessions")
    assert "/sign-in/again" in answer["Location"]


def test_every_page_has_a_way_out(client_of: Client) -> None:
    for path in ("/", "/encounters/new", "/people", "/my-account", "/my-account/sessions", "/approach"):
        assert 'action="/sign-out"' in client_of.get(path).content.decode(), path


def test_a_page_offers_a_password_field_that_hides_and_takes_what_is_pasted() -> None:
    page = Client().get("/sign-in").content.decode()
    field = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)[0]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page
    assert "paste" not in (WEB / "theme/static/theme/site.js").read_text()


PUBLIC = (
    "/sign-in",
    "/approach",
    "/accessibility",
    "/no-such-page",
    "/api/v1/openapi.json",
    "/static/theme/site.js",
)


@pytest.mark.parametrize("path", [*PUBLIC, "/", "/encounters/new", "/my-account"])
def test_every_answer_says_what_it_is_and_is_kept_out_of_caches_and_frames(
    client_of: Client, path: str
) -> None:
    answer = client_of.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    kind = answer["Content-Type"]
    assert kind.startswith("application/json") or "charset=utf-8" in kind.replace('"', "")
    if not path.startswith("/static/"):
        policy = answer["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "script-src 'self'",
        ):
            assert part in policy
        assert "unsafe" not in policy
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK"])
def test_trace_is_not_answered(client_of: Client, method: str) -> None:
    assert client_of.generic(method, "/encounters/new").status_code == 405


def test_a_post_from_elsewhere_is_refused(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    given = {"narrative": "x", "once": str(uuid.uuid4())}
    assert client.post("/encounters/new", given).status_code == 403
    assert (
        client.post("/encounters/new", given, headers={"Origin": "https://elsewhere.example"}).status_code
        == 403
    )
    assert not Encounter.objects.exists()


def test_looking_changes_nothing(client_of: Client, encounter: Encounter) -> None:
    before = (Encounter.objects.count(), encounter.findings.count(), encounter.confirmed_at)
    for name in ("decide", "confirm", "add", "add-person"):
        options = {
            "pk": encounter.pk,
            **({"finding": encounter.findings.first().pk} if name == "decide" else {}),
        }
        assert client_of.get(reverse(f"encounters:{name}", kwargs=options)).status_code == 405
    encounter.refresh_from_db()
    assert before == (Encounter.objects.count(), encounter.findings.count(), encounter.confirmed_at)


def test_a_step_cannot_be_skipped(
    encounter: Encounter, officer: User, signed_in: Callable[[User], Client]
) -> None:
    code = encounter.people.first().code
    client = signed_in(officer)
    assert client.get(f"/encounters/{encounter.pk}/people/{code}").status_code == 302
    assert client.get(f"/encounters/{encounter.pk}/people/{code}/assess").status_code in (302, 403)
