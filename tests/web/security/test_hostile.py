"""Hostile text, fields and answers, and what the code itself may not hold."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.security.conftest import ROOT, WEB
from wholepicture.web.accounts import limits, services
from wholepicture.web.accounts.models import Role, Token, User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import start_encounter

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

pytestmark = pytest.mark.django_db


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
