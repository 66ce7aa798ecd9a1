"""A force's first day: its administrator's first sign-in, and the first officer who is added."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from wholepicture.web.accounts.models import Force, Role
from wholepicture.web.accounts.services import make_account

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OWN = "three words apart"


def first_sign_in(page: Page, site: str, username: str, password: str) -> None:
    """Sign in with a password that was passed on, choose another, set up the app."""
    page.goto(site)
    accessible(page)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    accessible(page)
    page.locator("[name=oldpassword]").fill(password)
    page.locator("[name=password1]").fill(OWN)
    page.locator("[name=password2]").fill(OWN)
    page.get_by_role("button", name="Change password").click()
    accessible(page)
    page.get_by_text("I cannot scan it").click()
    accessible(page)
    secret = page.locator(".wp-secret").inner_text()
    if time.time() % 30 > 24:  # a code serves for its own thirty seconds alone
        page.wait_for_timeout(7000)
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Finish").click()
    accessible(page)
    page.get_by_role("button", name="I have kept them").click()
    accessible(page)


@pytest.mark.parametrize("width", [1200, 390])
def test_the_first_administrator_adds_the_first_officer(
    browser: Browser, live_server: Any, width: int, settings: Any
) -> None:
    settings.DEMO, settings.SECOND_FACTOR = False, True
    force = Force.objects.create(name="First Constabulary")
    _, password = make_account(
        username="admin", first="Alex", last="Marsh", role=Role.ADMINISTRATOR, force=force, by=None
    )
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    first_sign_in(page, live_server.url, "admin", password)
    page.get_by_role("link", name="Users").click()
    accessible(page)
    page.get_by_role("button", name="Add a user").click()
    page.get_by_role("button", name="Add the user").click()
    expect(page.get_by_role("alert").get_by_text("Enter the first name.")).to_be_visible()
    accessible(page)
    page.get_by_label("First name").fill("Sam")
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("Username").fill("pc1")
    page.get_by_role("button", name="Add the user").click()
    accessible(page)
    given = page.locator(".wp-secret").inner_text()
    context.close()
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    first_sign_in(page, live_server.url, "pc1", given)
    page.goto(f"{live_server.url}/my-account/sessions")
    accessible(page)
    page.goto(live_server.url)
    expect(page.get_by_role("button", name="Look at an account")).to_be_visible()
    context.close()


def with_a_key(page: Page) -> None:
    """Give the browser a security key that is touched at once."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    wire.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}}
    )


@pytest.mark.parametrize("width", [1200, 390])
def test_a_security_key_stands_in_for_the_app(
    browser: Browser, live_server: Any, width: int, settings: Any
) -> None:
    settings.DEMO, settings.SECOND_FACTOR = False, True
    force = Force.objects.create(name="First Constabulary")
    user, _ = make_account(
        username="admin", first="Alex", last="Marsh", role=Role.ADMINISTRATOR, force=force, by=None
    )
    user.set_password(OWN)
    user.must_choose_password = False
    user.save()
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    with_a_key(page)
    site = live_server.url.replace("127.0.0.1", "localhost")

    def password() -> None:
        page.goto(site)
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill(OWN)
        page.get_by_role("button", name="Sign in").click()

    password()
    page.get_by_role("link", name="Use a passkey or security key instead").click()
    accessible(page)
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("button", name="I have kept them").click()
    page.goto(f"{site}/my-account")
    accessible(page)
    page.get_by_role("link", name="See passkeys and security keys").click()
    accessible(page)
    page.get_by_role("button", name="Sign out").click()
    password()
    page.get_by_role("button", name="Use your key").wait_for()
    accessible(page)
    page.get_by_role("button", name="Use your key").click()
    page.get_by_role("heading", name="Today").wait_for()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    page.goto(f"{site}/my-account/keys")
    page.get_by_role("link", name="Remove").click()
    accessible(page)
    if page.get_by_role("link", name="Use your passkey or security key instead").count():
        page.get_by_role("link", name="Use your passkey or security key instead").click()
        accessible(page)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    page.get_by_role("button", name="Use your key").click()
    page.get_by_role("button", name="Remove it").wait_for()
    accessible(page)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("heading", name="Set up an authenticator app").wait_for()
    context.close()
