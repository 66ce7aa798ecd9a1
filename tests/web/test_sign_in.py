"""Signing in as it is outside the demo: password and app, lockout, sessions that end, asking again, the force's own provider."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from jwt.algorithms import RSAAlgorithm

from wholepicture.core.identity import Details
from wholepicture.web.accounts import middleware, services, step_up
from wholepicture.web.accounts.models import Force, HeldForm, Role, User
from wholepicture.web.accounts.provider import StrictAdapter
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import describe, make_known
from wholepicture.web.people.models import Opening, Person
from wholepicture.web.people.services import make_person, restrict

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


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", {"login": user.username, "password": password})


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no code runs out between reading it and entering it."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_800_000_010.0))


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


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    """A real OpenID Connect provider over loopback that knows three people."""
    people = [
        oidc_provider_mock.User(sub=sub, claims={"preferred_username": sub, "amr": amr})
        for sub, amr in (("known", ["pwd", "mfa"]), ("stranger", ["pwd", "mfa"]), ("weak", ["pwd"]))
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        url = f"http://localhost:{server.server_port}"
        settings.PROVIDER_URL, settings.PROVIDER = url, "First Constabulary"
        app = {
            "provider_id": "force",
            "name": "First",
            "client_id": "wholepicture",
            "secret": uuid.uuid4().hex,
        }
        app["settings"] = {"server_url": url}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "SCOPE": ["openid", "profile", "email"],
                "APPS": [app],
            }
        }
        yield url


def through_the_provider(client: Client, sub: str) -> Any:
    to = client.post("/sign-in/with/force").url
    back = requests.post(to, data={"sub": sub}, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def test_the_force_s_own_provider_signs_in_who_has_an_account(
    provider: str, make_user: Callable[..., User]
) -> None:
    user = make_user(Role.SUPERVISOR)
    user.username = "Known"
    user.set_unusable_password()
    user.save()
    client = Client()
    page = client.get("/sign-in")
    assert b"With First Constabulary" in page.content
    assert f"form-action 'self' {provider}" in page.headers["Content-Security-Policy"]
    assert through_the_provider(client, "known").status_code == 302
    page = client.get("/")
    assert page.status_code == 200  # the provider's own second factor stands for ours
    assert page.context["user"] == user
    assert through_the_provider(Client(), "known").status_code == 302


def test_who_signs_in_only_there_signs_in_there_again_and_what_was_posted_waits(
    provider: str, make_user: Callable[..., User], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user(Role.SAFEGUARDING)
    user.username = "known"
    user.set_unusable_password()
    user.save()
    known = make_person(details=Details(("Ada",), ("Synthetic",)), by=user)
    client = Client()
    through_the_provider(client, "known")
    address = f"/people/{known.pk}/restrict"
    assert client.get(address).status_code == 200
    now = step_up.time.time()
    with monkeypatch.context() as later:
        later.setattr(step_up, "time", SimpleNamespace(time=lambda: now + 600))
        asked = client.post(address, {"why": "a relative works here", "readers": ""})
    assert asked.status_code == 403
    assert "Sign in again with First Constabulary" in asked.content.decode()
    assert "auth_params=prompt%3Dlogin" in asked.content.decode()
    known.refresh_from_db()
    assert not known.restricted
    to = client.post("/sign-in/with/force?auth_params=prompt%3Dlogin").url
    assert "prompt=login" in to
    back = through_the_provider(client, "known")
    assert back.url == "/held"
    held = HeldForm.objects.get()
    sent = client.post(f"/held/{held.pk}", held.fields)
    assert (sent.status_code, sent["Location"]) == (307, address)
    assert client.post(address, held.fields).status_code == 302
    known.refresh_from_db()
    assert known.restricted


def test_a_password_alone_at_the_provider_is_not_enough_unless_whoever_runs_the_site_says_so(
    provider: str, make_user: Callable[..., User], settings: Any
) -> None:
    user = make_user()
    user.username = "weak"
    user.save()
    client = Client()
    refused = through_the_provider(client, "weak")
    assert refused.status_code == 403
    assert "more than a password" in refused.content.decode()
    assert client.get("/").status_code == 302
    settings.PROVIDER_STRONG = []
    assert through_the_provider(client, "weak").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("closed", [True, False])
def test_the_provider_makes_nobody_an_account(
    provider: str, closed: bool, make_user: Callable[..., User]
) -> None:
    if closed:
        user = make_user()
        user.username, user.is_active = "stranger", False
        user.save()
    client = Client()
    refused = through_the_provider(client, "stranger")
    assert refused.status_code == 403
    assert b"You cannot sign in here yet" in refused.content
    assert client.get("/").status_code == 302
    assert User.objects.filter(username="stranger", is_active=True).count() == 0


def test_an_answer_that_nobody_asked_for_is_refused(provider: str) -> None:
    page = Client().get("/sign-in/with/force/back?code=abc&state=made-up")
    assert page.status_code in (401, 403)
    assert b"could not be signed in" in page.content


def id_token(provider: str, client_id: str = "wholepicture", **changes: Any) -> tuple[str, Any]:
    """A token as the provider might sign it, and the key it publishes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = int(time.time())
    claims = {"iss": provider, "aud": client_id, "sub": "known", "exp": now + 60, "iat": now, **changes}
    published = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "1", "alg": "RS256"}
    return jwt.encode(claims, key, "RS256", headers={"kid": "1"}), published


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, True),
        ({"aud": "another system"}, False),
        ({"iss": "https://elsewhere.example"}, False),
        ({"exp": 1}, False),
        ({"sub": None}, False),
    ],
)
def test_an_id_token_must_be_signed_by_the_provider_for_us_and_now(
    provider: str, changes: dict[str, Any], taken: bool, monkeypatch: pytest.MonkeyPatch, rf: Any
) -> None:
    token, published = id_token(provider, **changes)
    adapter = StrictAdapter(rf.get("/"), "force")
    app = adapter.get_provider().app
    monkeypatch.setattr(adapter, "_published", lambda _: RSAAlgorithm.from_jwk(json.dumps(published)))
    if taken:
        assert adapter._decode_id_token(app, token)["sub"] == "known"
    else:
        with pytest.raises(OAuth2Error):
            adapter._decode_id_token(app, token)


def test_an_id_token_signed_by_another_or_not_at_all_is_refused(
    provider: str, monkeypatch: pytest.MonkeyPatch, rf: Any
) -> None:
    token, _ = id_token(provider)
    _, published = id_token(provider)
    adapter = StrictAdapter(rf.get("/"), "force")
    app = adapter.get_provider().app
    monkeypatch.setattr(adapter, "_published", lambda _: RSAAlgorithm.from_jwk(json.dumps(published)))
    unsigned = jwt.encode({"iss": provider, "aud": "wholepicture", "sub": "known"}, None, "none")
    shared = jwt.encode({"iss": provider, "aud": "wholepicture", "sub": "known"}, "x" * 32, "HS256")
    for forged in (token, unsigned, shared, "not a token"):
        with pytest.raises(OAuth2Error):
            adapter._decode_id_token(app, forged)


def test_a_provider_that_says_it_is_another_is_refused(provider: str, settings: Any, rf: Any) -> None:
    settings.PROVIDER_URL = "https://login.first.example"
    with pytest.raises(OAuth2Error, match="another"):
        _ = StrictAdapter(rf.get("/"), "force").openid_config


def test_an_id_token_serves_once(provider: str, monkeypatch: pytest.MonkeyPatch, rf: Any) -> None:
    token, published = id_token(provider, jti=uuid.uuid4().hex)
    adapter = StrictAdapter(rf.get("/"), "force")
    app = adapter.get_provider().app
    monkeypatch.setattr(adapter, "_published", lambda _: RSAAlgorithm.from_jwk(json.dumps(published)))
    assert adapter._decode_id_token(app, token)
    with pytest.raises(OAuth2Error, match="already used"):
        adapter._decode_id_token(app, token)


def test_a_code_of_half_a_minute_ago_is_refused(make_user: Callable[..., User]) -> None:
    secret = auth.generate_totp_secret()
    if time.time() % 30 > 28:
        time.sleep(2.5)
    at = next(auth.yield_hotp_counters_from_time())
    assert auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at)))
    assert not auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at - 1)))
    assert not auth.validate_totp_code(secret, auth.format_hotp_value(auth.hotp_value(secret, at + 1)))
