"""A newcomer in a real browser: from the first page to the picture, on a laptop and a phone, axe-core on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import accessible
from wholepicture.web.accounts.services import make_demo_force

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scripts"), [(1200, True), (390, True), (1200, False)])
def test_a_newcomer_sees_everyone_in_an_account(
    browser: Browser, live_server: object, width: int, scripts: bool
) -> None:
    make_demo_force()
    context = browser.new_context(viewport={"width": width, "height": 850}, java_script_enabled=scripts)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: said.append(str(e)))

    def look() -> None:
        if scripts:
            accessible(page)

    page.goto(f"{live_server.url}/")  # type: ignore[attr-defined]
    look()
    page.get_by_role("button", name="Continue as Sam").click()
    look()
    page.get_by_role("button", name="Look at an account").click()
    look()
    page.get_by_label("What was written").fill(
        "IP states her ex partner turned up at HA. Last month he put both his hands round her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep."
    )
    page.get_by_role("button", name="See what it says").click()
    look()
    expect(page.get_by_role("heading", name="What this account says")).to_be_visible()
    expect(page.get_by_role("heading", name="Her two kids")).to_be_visible()
    page.get_by_role("button", name=re.compile("Yes.*Pregnant")).click()
    page.get_by_role("button", name="Confirm and see the picture").first.click()
    look()
    expect(page.get_by_role("heading", name="What we do not know yet")).to_be_visible()
    first = page.locator(".wp-ask h3").first.inner_text()
    page.locator(".wp-ask button").first.click()
    expect(page.locator(".wp-ask h3").first).not_to_have_text(first)
    look()
    page.get_by_role("link", name="Her two kids").click()
    look()
    expect(page.get_by_text("A child harmed by living with abuse").first).to_be_visible()
    for address in ("/approach", "/accessibility", "/nowhere"):
        page.goto(f"{live_server.url}{address}")  # type: ignore[attr-defined]
        look()
    assert [s for s in said if "404" not in s] == []
    context.close()


def test_an_error_keeps_what_was_typed_and_is_accessible(browser: Browser, live_server: object) -> None:
    make_demo_force()
    page = browser.new_page()
    page.goto(f"{live_server.url}/")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Continue as Sam").click()
    page.goto(f"{live_server.url}/encounters/new")  # type: ignore[attr-defined]
    page.get_by_label("What was written").fill("typed before")
    page.get_by_label("Or choose a document").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 broken"}
    )
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("What was written").input_value() == "typed before"
    accessible(page)


def test_whoever_is_typing_is_not_signed_out(browser: Browser, live_server: object) -> None:
    make_demo_force()
    page = browser.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Continue as Sam").click()
    page.goto(f"{live_server.url}/people")  # type: ignore[attr-defined]
    page.clock.fast_forward("06:00")
    with page.expect_request("**/approach"):
        page.get_by_label("Why are you looking?").fill("she has come to the front desk")
