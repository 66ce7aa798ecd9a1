"""The force's view in a real browser: a chief officer reads, a trainer gives what is asked for, people answer; wide and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.insight.demo import make_demo_year
from wholepicture.web.insight.models import CheckIn, HealthCheck, Proposal

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("width", [1200, 390])


@pytest.fixture
def site(live_server: Any) -> str:
    make_demo_year(make_demo_force())
    return str(live_server.url)


@BOTH
def test_a_chief_officer_sees_what_to_do_next_and_why(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Harriet", width=width)
    page.get_by_role("link", name="The force", exact=True).click()
    expect(page.get_by_role("heading", name="What to do next, and why")).to_be_visible()
    expect(page.get_by_role("img", name="How often vulnerabilities come together")).to_be_attached()
    accessible(page)
    page.get_by_label("Over the last").select_option("24")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Over the last")).to_have_value("24")
    page.get_by_role("link", name=re.compile("How often vulnerabilities come together")).first.click()
    expect(page.get_by_role("heading", name="What it does not say")).to_be_visible()
    expect(page.get_by_text("SELECT")).to_be_visible()
    accessible(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="Download it as CSV").click()
    assert got.value.suggested_filename == "together.csv"
    page.goto(f"{site}/force/wellbeing")
    expect(page.get_by_role("heading", name="How people are")).to_be_visible()
    accessible(page)


@BOTH
def test_what_practice_misses_becomes_training(browser: Browser, site: str, width: int) -> None:
    chief = as_one(browser, site, "Harriet", width=width)
    chief.goto(f"{site}/force/needs")
    accessible(chief)
    name = chief.locator(".wp-card-plain h2").first.inner_text()
    chief.get_by_role("button", name=re.compile(rf"^Propose training for it.*{re.escape(name)}")).click()
    expect(chief.get_by_text("It is proposed. Trainers see it on their first page.")).to_be_visible()
    trainer = as_one(browser, site, "Tomos", width=width)
    trainer.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(trainer.get_by_role("heading", name=name)).to_be_visible()
    accessible(trainer)
    trainer.get_by_role("button", name="Give it").click()
    expect(trainer.get_by_role("heading", name="Whether it helped")).to_be_visible()
    accessible(trainer)
    assert Proposal.objects.get().state == "taken"


@BOTH
def test_people_say_how_the_force_stands_and_how_they_are(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Sam", width=width)
    page.get_by_role("link", name=re.compile("Say how the force stands")).click()
    for number in range(7):
        expect(page.get_by_text(f"Area {number + 1} of 7")).to_be_visible()
        if number == 0:
            accessible(page)
            page.get_by_role("button", name="Save and go on").click()
            expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
            accessible(page)
        for group in page.locator("fieldset").all():
            group.get_by_label("In places", exact=True).check()
        page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Thank you. Your answers are kept")).to_be_visible()
    before = CheckIn.objects.count()
    page.get_by_role("link", name="How you are").first.click()
    accessible(page)
    page.get_by_label("Well", exact=True).check()
    page.get_by_label("Only just").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Nothing says that it was you")).to_be_visible()
    accessible(page)
    assert CheckIn.objects.count() == before + 1
    chief = as_one(browser, site, "Harriet", width=width)
    check = HealthCheck.objects.get(closed_at=None)
    chief.goto(f"{site}/force/health/{check.pk}")
    expect(chief.get_by_role("heading", name="Area by area")).to_be_visible()
    accessible(chief)
    chief.get_by_role("button", name="Close it, with today's figures").click()
    expect(chief.get_by_text("It is closed, with the figures")).to_be_visible()
    chief.get_by_text("Add something to do").click()
    chief.get_by_label("What will be done?").fill("Thank people who looked longer")
    chief.get_by_label("Who owns it?").select_option(label="Priya Nair")
    for part, value in (("Day", "1"), ("Month", "3"), ("Year", "2027")):
        chief.get_by_label(part, exact=True).fill(value)
    chief.get_by_role("button", name="Put it in the plan").click()
    expect(chief.get_by_text("It is in the plan")).to_be_visible()
    accessible(chief)
