"""Signing in as it is outside the demo: password and app, lockout, sessions that end, asking again, the force's own provider."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client

from tests.web.signing_in.conftest import PASSWORD
from wholepicture.core.identity import Details
from wholepicture.web.accounts import middleware, services
from wholepicture.web.accounts.models import Force, HeldForm, Role, User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import describe, make_known
from wholepicture.web.people.models import Opening, Person
from wholepicture.web.people.services import make_person, restrict


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", {"login": user.username, "password": password})


def code_of(secret: str) -> str:
    """The code an app shows now."""
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))


def set_up_app(client: Client) -> str:
    page = client.get("/my-account/app").content.decode()
    found = re.search(r'<code class="wp-secret">([A-Z2-7]+)</code>', page)
    assert found, page
    assert client.post("/my-account/app", {"code": code_of(found[1])}).status_code == 302
    return found[1]


def confirm_it_is_them(client: Client, asked: str, secret: str) -> None:
    """Answer the page that asks again, as the person it was put to."""
    client.post(f"/sign-in/again/code?{urlsplit(asked).query}", {"code": code_of(secret)})


def audited(what: str) -> int:
    return Entry.objects.filter(what=what).count()


def test_nothing_opens_until_an_app_is_set_up(somebody: User) -> None:
    client = Client()
    sign_in(client, somebody)
    assert client.get("/").url == "/my-account/app"
    secret = set_up_app(client)
    assert client.get("/").status_code == 200
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert (audited("account.signed-in"), audited("account.second-factor-added")) == (1, 2)


def test_then_the_code_is_asked_for_and_serves_once(somebody: User) -> None:
    first = Client()
    sign_in(first, somebody)
    secret = set_up_app(first)
    second = Client()
    assert sign_in(second, somebody).url == "/sign-in/code"
    assert second.get("/").status_code == 302
    wrong = "000000" if code_of(secret) != "000000" else "000001"
    assert b"The code is not right" in second.post("/sign-in/code", {"code": wrong}).content
    code = code_of(secret)
    assert second.post("/sign-in/code", {"code": code}).status_code == 302
    assert second.get("/").status_code == 200
    third = Client()
    sign_in(third, somebody)
    assert b"The code is not right" in third.post("/sign-in/code", {"code": code}).content


def test_a_recovery_code_serves_in_place_of_the_app_once(somebody: User) -> None:
    client = Client()
    sign_in(client, somebody)
    set_up_app(client)
    page = client.get("/my-account/codes").content.decode()
    code = re.findall(r'<code class="wp-secret">(\w+)</code>', page)[0]
    for works in (True, False):
        other = Client()
        sign_in(other, somebody)
        assert (other.post("/sign-in/code", {"code": code}).status_code == 302) is works


def test_a_wrong_password_says_so_and_is_never_shown_again(somebody: User) -> None:
    page = sign_in(Client(), somebody, "not this secret one").content
    assert b"The username or password is not right" in page
    assert b"not this secret one" not in page
    sign_in(Client(), User(username="not this secret one"), "x")
    assert audited("account.refused") == 2
    assert not Entry.objects.filter(about__contains="secret").exists()


def test_five_wrong_passwords_lock_the_account_for_a_while_and_nobody_else(
    somebody: User, make_user: Callable[..., User]
) -> None:
    for _ in range(5):
        sign_in(Client(), somebody, "wrong")
    assert b"too many wrong passwords" in sign_in(Client(), somebody).content
    other = make_user()
    other.set_password(PASSWORD)
    other.save()
    assert sign_in(Client(), other).status_code == 302


def test_somebody_away_too_long_is_signed_out(somebody: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(somebody)
    assert (
        client.get("/my-account/app").status_code == 302
    )  # no app yet, and no password given in this session
    now = middleware.time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: now + 31 * 60)
    assert client.get("/").url == "/sign-in?ended=1"
    assert b"An account you were writing is kept" in client.get("/sign-in?ended=1").content


def test_what_was_sent_after_the_session_had_ended_is_sent_once_they_are_in_again(
    somebody: User,
    encounter: Encounter,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    make_user: Callable[..., User],
) -> None:
    settings.SECOND_FACTOR = False
    client = Client()
    sign_in(client, somebody)
    assert client.get("/").status_code == 200
    now = middleware.time.time()
    long = "He has come back, and she is afraid. " * 30
    monkeypatch.setattr(middleware.time, "time", lambda: now + 31 * 60)
    once = str(uuid.uuid4())
    ended = client.post("/encounters/new", {"narrative": long, "once": once})
    assert ended.url == "/sign-in?ended=held"
    assert b"What you just sent is kept for you" in client.get(ended.url).content
    back = sign_in(client, somebody)
    assert back.url == "/held"
    page = client.get("/held").content.decode()
    assert "she is afraid" in page
    number = HeldForm.objects.get().pk
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(f"/held/{number}").status_code == 404
    sent = client.post(f"/held/{number}", {"narrative": long, "once": once})
    assert (sent.status_code, sent["Location"]) == (307, "/encounters/new")
    assert client.post("/encounters/new", {"narrative": long, "once": once}).status_code == 302
    assert Encounter.objects.filter(once=once).count() == 1
    # It may not have arrived: it stays until it is let go, and sent once more it makes no second account.
    assert "Send it once more" in client.get("/held").content.decode()
    assert client.post("/encounters/new", {"narrative": long, "once": once}).status_code == 302
    assert Encounter.objects.filter(once=once).count() == 1
    client.post(f"/held/{number}", {"let-go": "yes"})
    assert not HeldForm.objects.exists()


def test_what_another_site_sent_is_not_kept_for_sending(
    somebody: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody)
    client.get("/")
    now = middleware.time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: now + 31 * 60)
    assert client.post("/encounters/new", {"narrative": "x"}).url == "/sign-in?ended=1"
    assert not HeldForm.objects.exists()


def test_eight_hours_are_enough_however_busy(
    somebody: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(somebody)
    now = middleware.time.time()
    for minutes in range(0, 481, 20):
        monkeypatch.setattr(middleware.time, "time", lambda m=minutes: now + m * 60)
        assert client.get("/").status_code == 200
    monkeypatch.setattr(middleware.time, "time", lambda: now + 490 * 60)
    assert client.get("/").status_code == 302


@pytest.fixture
def known(somebody: User) -> Person:
    return make_person(details=Details(("Ada",), ("Synthetic",)), by=somebody)


def test_restricting_a_record_asks_again_and_goes_on_with_what_was_posted(
    somebody: User, known: Person, settings: Any
) -> None:
    client = Client()
    sign_in(client, somebody)
    secret = set_up_app(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.post(f"/people/{known.pk}/restrict", {"readers": "", "why": "a witness at risk"})
    assert asked.url.startswith("/sign-in/again")
    known.refresh_from_db()
    assert not known.restricted
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    confirm_it_is_them(client, asked.url, secret)
    known.refresh_from_db()
    assert known.restricted


def test_breaking_the_glass_asks_again(
    somebody: User, encounter: Encounter, officer: User, settings: Any
) -> None:
    officer.set_password(PASSWORD)
    officer.save()
    person = encounter.people.first()
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=person, by=officer).identity
    restrict(person=known, readers=[], why="a witness at risk", by=somebody)
    client = Client()
    sign_in(client, officer)
    secret = set_up_app(client)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.post(f"/people/{known.pk}/open", {"why": "he is at her door now"})
    assert asked.url.startswith("/sign-in/again")
    assert not Opening.objects.exists()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    confirm_it_is_them(client, asked.url, secret)
    assert Opening.objects.get().broke_glass


def test_an_account_made_by_an_administrator_is_one_s_own_only_after_choosing_a_password(
    make_user: Callable[..., User], force: Force, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = client.post(
        "/users/new", {"first": "New", "last": "Officer", "username": "pc1", "role": Role.OFFICER}
    ).content.decode()
    found = re.search(r'wp-secret--large">([^<]+)<', page)
    assert found
    user = User.objects.get(username="pc1")
    assert user.force == force
    theirs = Client()
    sign_in(theirs, user, found[1])
    assert theirs.get("/").url == "/my-account/password"
    own = {"oldpassword": found[1], "password1": PASSWORD, "password2": PASSWORD}
    assert theirs.post("/my-account/password", own).status_code == 302
    assert theirs.get("/").status_code == 200
    again = client.post(
        "/users/new", {"first": "New", "last": "Officer", "username": "PC1", "role": Role.OFFICER}
    )
    assert b"There is already a user called PC1" in again.content


def test_somebody_who_has_left_is_out_at_once(
    somebody: User, make_user: Callable[..., User], settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    theirs = Client()
    sign_in(theirs, somebody)
    assert theirs.get("/").status_code == 200
    administrator = make_user(Role.ADMINISTRATOR)
    services.close_account(user=somebody, by=administrator)
    assert theirs.get("/").status_code == 302
    assert sign_in(Client(), somebody).url == "/sign-in/closed"
    assert theirs.get("/").status_code == 302
    services.open_account(user=somebody, by=administrator)
    assert sign_in(Client(), somebody).status_code == 302


def test_a_lost_phone_is_put_right_by_an_administrator(
    somebody: User, make_user: Callable[..., User]
) -> None:
    client = Client()
    sign_in(client, somebody)
    set_up_app(client)
    services.take_off_second_factor(user=somebody, by=make_user(Role.ADMINISTRATOR))
    assert client.get("/").url.startswith("/sign-in")
    again = Client()
    sign_in(again, somebody)
    assert again.get("/").url == "/my-account/app"


@pytest.mark.parametrize("what", ["role", "close", "second-factor"])
def test_nobody_changes_what_they_may_do_themselves(
    what: str, make_user: Callable[..., User], settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    user = make_user(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    page = client.post(f"/users/{user.pk}/change", {"what": what, "role": Role.RECORDS}, follow=True).content
    assert b"another administrator" in page
    user.refresh_from_db()
    assert user.is_active
    assert user.role == Role.ADMINISTRATOR


def test_an_administrator_has_no_say_over_another_force(
    make_user: Callable[..., User], settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    foreign = make_user(Role.OFFICER, Force.objects.create(name="Second"))
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert client.get(f"/users/{foreign.pk}").status_code == 404
    assert client.post(f"/users/{foreign.pk}/change", {"what": "close"}).status_code == 404
    assert foreign.username.encode() not in client.get("/users").content


def test_a_code_of_half_a_minute_ago_is_refused(make_user: Callable[..., User]) -> None:
    secret = auth.generate_totp_secret()
    if time.time() % 30 > 28:
        time.sleep(2.5)
    at = next(auth.yield_hotp_counters_from_time())
    assert auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at)))
    assert not auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at - 1)))
    assert not auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at + 1)))
