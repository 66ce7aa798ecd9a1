"""Signing in through the force's own provider (OpenID Connect)."""

from __future__ import annotations

import json
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
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from jwt.algorithms import RSAAlgorithm

from wholepicture.core.identity import Details
from wholepicture.web.accounts import step_up
from wholepicture.web.accounts.models import HeldForm, Role, User
from wholepicture.web.accounts.provider import StrictAdapter
from wholepicture.web.people.services import make_person


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
