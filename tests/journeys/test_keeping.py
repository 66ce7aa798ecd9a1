"""Keeping and letting go: a record comes up for review, two people let it go; a copy for the person; systems; pages seldom seen."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.encounters.services import confirm, describe, make_known, start_encounter
from wholepicture.web.encounters.services.recording import Circumstances

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TEXT = "Ada Synthetic stated that her neighbour Bert Invented took her bank card. She has dementia."


@pytest.fixture
def address() -> str:
    """The record of somebody last heard of nine years ago."""
    make_demo_force()
    officer = User.objects.get(username="demo-officer")
    at = timezone.now() - timedelta(days=365 * 9)
    encounter = start_encounter(
        narrative=TEXT,
        source="an old call",
        once=uuid.uuid4(),
        by=officer,
        circumstances=Circumstances("call", at),
    )
    confirm(encounter=encounter, by=officer)
    ada = encounter.people.get(main=True)
    describe(person=ada, given="Ada", family="Synthetic", by=officer)
    return f"/people/{make_known(person=ada, by=officer).identity_id}"


def as_one(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/sign-in?switch=1")
    page.get_by_role("button", name=f"Continue as {name}").click()


@pytest.mark.parametrize("width", [1200, 390])
def test_a_record_is_let_go_by_two_people(
    browser: Browser, live_server: Any, width: int, address: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    as_one(page, live_server.url, "Jo")
    accessible(page)
    page.get_by_role("link", name="Review due").click()
    accessible(page)
    page.get_by_role("button", name="Keep this decision").click()
    expect(page.get_by_role("alert").get_by_text("Choose what is to be done")).to_be_visible()
    accessible(page)
    page.get_by_label("Group 4: Victims").check()
    page.get_by_label("Propose to dispose of it").check()
    page.get_by_label("Why").fill("Nothing since, and no concern remains.")
    page.get_by_role("button", name="Keep this decision").click()
    accessible(page)
    expect(page.get_by_text("Somebody else decides").first).to_be_visible()
    page.goto(live_server.url + address + "/copy")
    accessible(page)
    expect(page.locator("mark", has_text="Bert").first).to_be_visible()
    page.get_by_label("Block out these words too").fill("bank card")
    page.get_by_role("button", name="Show it again").click()
    accessible(page)
    page.get_by_label("Reference of the request").fill("SAR 7")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the copy").click()
    copy = download.value.path().read_text("utf-8")
    assert "Bert" not in copy
    assert "dementia" in copy
    as_one(page, live_server.url, "Morgan")
    page.get_by_role("link", name="Disposal proposed").click()
    accessible(page)
    page.get_by_label("Dispose of it now").check()
    page.get_by_label("Why").fill("Agreed, nothing remains.")
    page.get_by_role("button", name="Keep this decision").click()
    accessible(page)
    expect(page.get_by_text("Only the fact of it is kept")).to_be_visible()
    page.goto(live_server.url + address)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    accessible(page)
    context.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_pages_seldom_seen_are_as_good(
    browser: Browser, live_server: Any, width: int, address: str, settings: Any
) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1:9"]
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    as_one(page, live_server.url, "Alex")
    page.goto(f"{live_server.url}/systems")
    accessible(page)
    page.get_by_label("What the system is called").fill("Records")
    page.get_by_label("Its address").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Add the system").click()
    expect(page.get_by_role("alert").get_by_text("is not among the hosts")).to_be_visible()
    accessible(page)
    page.get_by_label("Its address").fill("http://127.0.0.1:9/hook")
    page.get_by_role("button", name="Add the system").click()
    accessible(page)
    expect(page.get_by_text("whsec_")).to_be_visible()
    page.goto(f"{live_server.url}/users")
    page.get_by_role("link", name="Sam Okafor").click()
    page.get_by_label("Team").fill("Neighbourhood")
    page.get_by_role("button", name="Change team and e-mail").click()
    accessible(page)
    as_one(page, live_server.url, "Sam")
    page.goto(f"{live_server.url}/people")
    page.get_by_label("Words in an account").fill("demensha")
    page.get_by_label("Why are you looking?").fill("call 14")
    page.get_by_role("button", name="Search").click()
    accessible(page)
    expect(page.get_by_text("dementia (for “demensha”)")).to_be_visible()
    two = context.new_page()
    page.goto(f"{live_server.url}/encounters/new")
    page.get_by_label("What was written").fill("She is pregnant.")
    page.get_by_text("Kept as a draft").wait_for()
    draft = page.locator("[name=once]").first.input_value()
    two.goto(f"{live_server.url}/encounters/new?draft={draft}")
    two.get_by_label("What was written").fill("She is pregnant and alone.")
    two.get_by_text("Kept as a draft").wait_for()
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_text("She is pregnant and alone.").first).to_be_visible()
    accessible(page)
    context.close()
