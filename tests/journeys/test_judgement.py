"""From an account to a signed assessment, its review, the dip sample and the audit, by each of those who do it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.people.models import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NARRATIVE = (
    "IP states her ex partner turned up at HA again. He is on bail with conditions, these run out on Friday. "
    "Last month he put both his hands round her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep."
)


@pytest.mark.parametrize("width", [1200, 390])
def test_an_account_is_judged_reviewed_checked_and_watched(
    browser: Browser, live_server: object, width: int
) -> None:
    make_demo_force()
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    site = live_server.url  # type: ignore[attr-defined]

    def be(name: str) -> None:
        page.goto(f"{site}/sign-in?switch=1")
        page.get_by_role("button", name=f"Continue as {name}").click()
        accessible(page)

    be("Sam")
    sign_an_assessment(page, site)
    be("Priya")
    review_it(page, site)
    be("Sam")
    expect(page.get_by_text("Look at the bail date again.").first).to_be_visible()
    be("Morgan")
    restrict_somebody(page, site)
    be("Idris")
    page.goto(f"{site}/audit")
    accessible(page)
    expect(page.get_by_text(re.compile("Morgan Ellis|demo-safeguarding")).first).to_be_visible()
    page.goto(f"{site}/people/{Person.objects.get().pk}/looks")
    accessible(page)
    be("Alex")
    page.goto(f"{site}/users")
    accessible(page)
    page.get_by_role("link", name="Rhian Pugh").click()
    accessible(page)
    context.close()


def sign_an_assessment(page: Page, site: str) -> None:
    """The officer's part: an account, who she is, and a graded assessment that differs from the picture."""
    page.goto(f"{site}/encounters/new")
    page.get_by_label("What was written").fill(NARRATIVE)
    page.get_by_role("button", name="See what it says").click()
    page.get_by_role("button", name="Confirm and see the picture").first.click()
    page.wait_for_url("**/people/*")
    picture = page.url.partition("?")[0]
    page.goto(f"{picture}/who")
    page.locator("[name=given]").fill("Ada")
    page.locator("[name=family]").fill("Synthetic")
    accessible(page)
    page.get_by_role("button", name="Save what is known").click()
    page.get_by_role("button", name="Not known before: make a record").click()
    page.goto(picture)
    page.get_by_role("button", name="Assess and sign").click()
    accessible(page)
    page.locator("[name=threat]").fill("He has come back in breach of bail.")
    page.locator("[name=grade][value=standard]").check()
    page.get_by_role("button", name="Sign this assessment").click()
    accessible(page)
    page.locator("[name=reason]").fill("He is in custody tonight.")
    page.get_by_role("button", name="Sign this assessment").click()
    accessible(page)


def review_it(page: Page, site: str) -> None:
    """The supervisor's part: return the assessment, and check an account that chance has picked."""
    page.goto(f"{site}/assessments")
    accessible(page)
    page.get_by_role("button", name="Draw an account").click()
    accessible(page)
    page.goto(f"{site}/assessments")
    page.locator(".govuk-table a").first.click()
    accessible(page)
    page.locator("[name=outcome][value=returned]").check()
    page.locator("[name=comment]").fill("Look at the bail date again.")
    page.get_by_role("button", name="Send the review").click()


def restrict_somebody(page: Page, site: str) -> None:
    """The safeguarding unit's part: keep a record to a few, and see what glass was broken."""
    page.goto(f"{site}/openings")
    accessible(page)
    page.goto(f"{site}/people/{Person.objects.get().pk}/restrict")
    accessible(page)
    page.get_by_label("Why it is restricted").fill("a witness at risk")
    page.get_by_role("button", name="Restrict to these people").click()
    accessible(page)
