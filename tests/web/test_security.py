"""What keeps the site safe, one behaviour a test; docs/security/asvs.csv says which requirement each shows."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
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
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from wholepicture.web.accounts import limits, services
from wholepicture.web.accounts.models import Role, Token, User
from wholepicture.web.accounts.passwords import is_breached
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import start_encounter

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src/wholepicture/web"
GOOD = "river otter lantern nine"
pytestmark = pytest.mark.django_db


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


HOSTILE = [
    "' OR 1=1 --",
    '"; DROP TABLE encounters_encounter; --',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% debug %}",
    "${jndi:ldap://x/a}",
    "a\r\nSet-Cookie: x=1",
    "%s%n%x {0.__class__}",
    "\u202eevil\u2028",
    "(a+)+$" * 20,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text_everywhere(
    text: str, officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    encounter = start_encounter(
        narrative=f"IP states {text} and her ex came back.", source=text[:100], once=uuid.uuid4(), by=officer
    )
    person = encounter.people.first()
    base = f"/encounters/{encounter.pk}"
    client.post(f"{base}/people", {"label": text, "role": "child"})
    client.post(f"{base}/people/{person.code}/who", {"given": text[:80], "family": text[:80]})
    client.post(f"{base}/confirm")
    pages = [
        client.get("/"),
        client.get(f"{base}/findings"),
        client.get(f"{base}/people/{person.code}"),
        client.get(f"{base}/people/{person.code}/who"),
        client.post("/people", {"given": text[:80], "words": text, "why": text[:200]}),
    ]
    for page in pages:
        content = page.content.decode()
        assert page.status_code < 500
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "x=1" not in page.cookies.output()
    assert Encounter.objects.count() == 1


def test_a_mail_s_subject_cannot_carry_another_header(settings: Any, person: User) -> None:
    settings.MAIL_HOST, settings.EMAIL_BACKEND = "127.0.0.1", "django.core.mail.backends.locmem.EmailBackend"
    person.email = "a@example.police.uk\r\nBcc: x@elsewhere.example"
    services.tell_people([person], about="x", subject="s\r\nBcc: x@elsewhere.example", text="t")
    from django.core.mail import BadHeaderError

    with pytest.raises(BadHeaderError):
        services.deliver_due()


def test_fields_that_a_form_does_not_have_are_let_go(
    person: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    given = {
        "what": "team",
        "team": "A",
        "email": "",
        "role": "administrator",
        "is_superuser": "1",
        "force": "9",
    }
    signed_in(administrator).post(f"/users/{person.pk}/change", given)
    person.refresh_from_db()
    assert (person.role, person.is_superuser, person.force) == (Role.OFFICER, False, administrator.force)


def test_the_same_field_twice_counts_once_and_an_address_is_not_a_form(
    officer: User, encounter: Encounter, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    client.post(
        f"/encounters/{encounter.pk}/people?label=fromtheaddress&role=child",
        {"label": ["one", "two"], "role": "child"},
    )
    assert encounter.people.filter(label="two").count() == 1
    assert not encounter.people.filter(label="fromtheaddress").exists()


def test_a_token_ends(officer: User) -> None:
    secret = services.issue_token(user=officer, name="x")
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"/api/v1/encounters/{uuid.uuid4()}"
    assert Client().get(path, headers=headers).status_code == 404
    Token.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(path, headers=headers).status_code == 401


def test_a_secret_is_long_enough(officer: User, make_user: Callable[..., User]) -> None:
    assert len(services.issue_token(user=officer, name="x")) >= 43  # 256 bits in base64
    assert len(services.give_password(user=officer, by=make_user(Role.ADMINISTRATOR))) >= 22  # 128 bits


def test_too_often_is_held_back_and_noted(
    officer: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    if time.time() % 60 > 50:
        time.sleep(11)  # both within one minute
    monkeypatch.setitem(limits.MOST_A_MINUTE, "search", 3)
    monkeypatch.setitem(limits.MOST_A_MINUTE, "api", 2)
    client = signed_in(officer)
    codes = [client.post("/people", {"given": "Ada", "why": "to find her"}).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert Entry.objects.filter(what="access.too-often").count() == 2
    headers = {"Authorization": f"Bearer {services.issue_token(user=officer, name='x')}"}
    path = f"/api/v1/encounters/{uuid.uuid4()}"
    assert [Client().get(path, headers=headers).status_code for _ in range(3)] == [404, 404, 429]


def test_what_is_refused_is_noted(officer: User, signed_in: Callable[[User], Client]) -> None:
    signed_in(officer).get("/audit")
    headers = {"Authorization": f"Bearer {services.issue_token(user=officer, name='x')}"}
    Client().get(f"/api/v1/encounters/{uuid.uuid4()}", headers=headers)
    abouts = Entry.objects.filter(what="access.refused").values_list("about", flat=True)
    assert "page:/audit" in abouts
    assert any(a.startswith("page:/api/v1/encounters/") for a in abouts)


def test_an_error_tells_nobody_how_it_came_about(
    officer: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wholepicture.web.encounters.views import account

    def breaks(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(account.selectors, "desk", breaks)
    client = signed_in(officer)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 500
    assert "42" not in page.content.decode()
    assert "Traceback" not in page.content.decode()


def test_nothing_personal_stands_in_an_address() -> None:
    templates = [p for p in WEB.rglob("*.html") if 'method="get"' in p.read_text()]
    # Users by name (colleagues, not the people served), the moment a picture is drawn at, a course with a team's number, a year,
    # a colleague in the register, an organisation, a period and a team, a role, and what a reader makes of somebody made up.
    assert {p.name for p in templates} == {
        "_example.html",
        "home.html",
        "needs.html",
        "tour.html",
        "accounts.html",
        "organisations.html",
        "person.html",
        "completion.html",
        "figures.html",
        "register.html",
    }


def test_the_browser_keeps_nothing() -> None:
    script = "".join(
        (WEB / name).read_text()
        for name in ("theme/static/theme/site.js", "training/static/training/marking.js")
    )
    for store in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "innerHTML", "eval("):
        assert store not in script


def test_no_code_runs_text_or_shells() -> None:
    source = "\n".join(p.read_text() for p in (ROOT / "src").rglob("*.py"))
    for call in (
        r"\beval\(",
        r"\bexec\(",
        r"os\.system",
        r"shell=True",
        r"pickle\.loads?\(",
        r"yaml\.load\(",
        r"mark_safe\(\s*request",
    ):
        assert not re.search(call, source), call
    templates = "\n".join(p.read_text() for p in WEB.rglob("*.html"))
    assert "|safe" not in templates
    assert not re.search(r"\son\w+=", templates)
    assert "javascript:" not in templates


def test_the_lock_files_are_whole_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        packages = re.findall(r"^[a-zA-Z0-9].*==", text, re.MULTILINE)
        assert len(packages) > 20
        assert text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text


def test_no_folder_is_listed_and_no_history_served(client_of: Client) -> None:
    for path in (
        "/static/",
        "/static/theme/",
        "/.git/config",
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
    ):
        assert client_of.get(path).status_code == 404
