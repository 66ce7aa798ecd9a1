"""A new version of a programme, from its proposal to its approval by three people, wide and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.services import make_demo_force

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1200, 390])
def test_a_version_is_proposed_reviewed_and_approved(
    browser: Browser, live_server: object, width: int
) -> None:
    make_demo_force()
    site = str(live_server.url)  # type: ignore[attr-defined]
    page = as_one(browser, site, "Tomos", width=width)
    page.get_by_role("link", name="Programmes").click()
    accessible(page)
    page.get_by_role("link", name="Specialist Child Abuse Investigator").click()
    accessible(page)
    page.get_by_role("button", name="Propose a new version").click()
    accessible(page)
    text = page.get_by_label("The specification")
    text.fill(text.input_value().replace('title = "Abuse online"', "title = 3"))
    page.get_by_label("What is different, and why?").fill("Its name")
    page.get_by_role("button", name="Check it, and propose it").click()
    expect(page.get_by_text("It was not proposed. What you wrote is below.")).to_be_visible()
    accessible(page)
    text.fill(text.input_value().replace("title = 3", 'title = "Abuse online, and devices"'))
    page.get_by_role("button", name="Check it, and propose it").click()
    expect(page.get_by_role("heading", name="What differs from version 1")).to_be_visible()
    accessible(page)
    for name, said in (("Mei", "Reviewed, and fit to approve"), ("Rob", "Approved")):
        other = as_one(browser, site, name, width=width)
        other.goto(f"{site}/programmes")
        other.get_by_role("link", name="version 2").click()
        other.get_by_label(said).check()
        other.get_by_label("Why?").fill("It says more.")
        accessible(other)
        other.get_by_role("button", name="Keep my judgement").click()
        expect(other.get_by_text("Your judgement is kept.")).to_be_visible()
        other.context.close()
    page.goto(f"{site}/programmes/scaidp")
    expect(page.get_by_text("Version 2", exact=False).first).to_be_visible()
    for summary in page.locator("main summary").all():
        summary.click()
    accessible(page)
    page.context.close()
