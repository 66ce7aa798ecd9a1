"""Partners in a real browser: an officer asks, a partner answers with and without an account, a supervisor watches and plans; wide and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_cohort import day
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.partners.demo import make_demo_partners
from wholepicture.web.partners.models import Import, Membership, Organisation, Plan, Referral, Slipped
from wholepicture.web.partners.services import clocks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("width", [1200, 390])


@pytest.fixture
def site(live_server: object) -> str:
    make_demo_partners(make_demo_force())
    return str(live_server.url)  # type: ignore[attr-defined]


def keep(page: Page, heading: str) -> None:
    """Keep a part, and wait for the page that comes next."""
    page.get_by_role("button", name="Keep and go on").click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    accessible(page)


@BOTH
def test_an_officer_asks_a_partner_from_the_picture(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Sam", width=width)
    made = Referral.objects.get(route="adult-at-risk")
    page.goto(f"{site}/encounters/{made.person.encounter_id}/people/{made.person.code}")
    accessible(page)
    page.get_by_role("button", name="Ask a partner").click()
    expect(page.get_by_role("heading", name="Whom do you ask to act?")).to_be_visible()
    accessible(page)
    way = page.get_by_role("region", name="Fire service: safe and well visit")
    way.get_by_role("button", name=re.compile("^Ask them")).click()
    expect(page.get_by_role("heading", name="Whom do you ask?")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name=re.compile("Safe and well visits")).click()
    expect(page.get_by_role("heading", name="Their questions")).to_be_visible()
    accessible(page)
    for box in page.locator("textarea[name^=q_]").all():
        if not box.input_value():
            box.fill("Not known.")
    keep(page, "What is shared?")
    first = page.locator("input[name=include]:checked").first
    why = page.locator(f"[id='why-{first.get_attribute('value')}']")
    expect(why).to_be_hidden()
    first.uncheck()
    expect(why).to_be_visible()
    page.get_by_role("button", name="Keep and go on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible(page)
    page.locator("input[name^=why-]:visible").first.fill("He asked us not to.")
    keep(page, "Lawful basis and agreement")
    page.get_by_role("radio").first.check()
    page.get_by_label("Yes: they were asked, and agree").check()
    page.get_by_label("A telephone number for you").fill("01632 960001")
    page.get_by_label("In days").check()
    keep(page, "Exactly what will go")
    page.get_by_text("What stays here").click()
    expect(page.get_by_text("He asked us not to.")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="What happened", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Make a link for them").click()
    expect(page.get_by_role("heading", name="A link for them")).to_be_visible()
    accessible(page)
    address, code = page.locator(".wp-address").inner_text(), page.locator(".wp-secret").inner_text()
    page.get_by_role("link", name="Partners", exact=True).click()
    expect(page.get_by_role("heading", name="What you asked of partners")).to_be_visible()
    accessible(page)
    page.context.close()
    by_link(browser, address, code, width)


def by_link(browser: Browser, address: str, code: str, width: int) -> None:
    """An agency without an account goes in by the link, answers, and is out."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(address)
    accessible(page)
    page.get_by_label("The code you were given").fill("WRONG")
    page.get_by_label("Your name").fill("Pat Low")
    page.get_by_label("Your role, and where").fill("Station officer")
    page.get_by_label("Your work e-mail address").fill("pat@fire.example")
    page.get_by_role("button", name="Go in").click()
    expect(page.get_by_role("link", name="The code is not right. 4 more tries.")).to_be_visible()
    accessible(page)
    page.get_by_label("The code you were given").fill(code)
    page.get_by_role("button", name="Go in").click()
    expect(page.get_by_role("heading", name="What you are asked, and why")).to_be_visible()
    accessible(page)
    page.locator("summary", has_text="Decline it").click()
    page.get_by_label("Why do you decline it? The officer reads it.").fill("We have no crew until March.")
    page.get_by_role("button", name="Decline it").click()
    expect(page.get_by_role("heading", name="Thank you. The officer is told.")).to_be_visible()
    accessible(page)
    page.goto(address)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    accessible(page)
    page.context.close()


@BOTH
def test_a_partner_answers_and_puts_a_control_in_place(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Anwen", width=width)
    accessible(page)
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", name="Requests to you")).to_be_visible()
    accessible(page)
    waits = Referral.objects.get(route="adult-at-risk")
    page.get_by_role("link", name=re.compile(waits.number)).click()
    expect(page.get_by_role("heading", name="What you are asked, and why")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("button", name="We have begun")).to_be_visible()
    page.get_by_text("Say what is in place", exact=True).click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible(page)
    page.get_by_label("What is in place?").select_option("adult-social-care")
    page.get_by_label("Who holds it?").fill("Anwen Hughes")
    ends = timezone.localdate() + timedelta(days=12)
    day(page, "Until when, if it has an end?", (str(ends.day), str(ends.month), str(ends.year)))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("It is watched from now on")).to_be_visible()
    for address in ("requests/figures", "partners/your-part", "directory?kind=housing"):
        page.goto(f"{site}/{address}")
        accessible(page)
    page.get_by_label("Town or postcode").fill("ZZ1 1AA")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Less than a mile away.")).to_be_visible()
    accessible(page)
    page.context.close()


@BOTH
def test_those_who_watch_plan_and_keep_the_directory(browser: Browser, site: str, width: int) -> None:
    clocks.find_slipped(timezone.now() + timedelta(hours=13))
    page = as_one(browser, site, "Morgan", width=width)
    plan = Plan.objects.get()
    council = Organisation.objects.get(name__startswith="Aldermere Borough")
    run = Import.objects.get()
    declined = Referral.objects.get(state="declined")
    addresses = [
        "watch",
        "plans",
        "directory/imports",
        f"directory/imports/{run.pk}",
        "directory/organisations",
        f"directory/organisations/{council.pk}",
        f"directory/{declined.service_id}",
        f"referrals/{declined.pk}",
        "referrals/figures",
        *(f"slipped/{s.pk}" for s in Slipped.objects.all()),
    ]
    for address in addresses:
        page.goto(f"{site}/{address}")
        accessible(page)
    page.goto(f"{site}/watch")
    first = page.get_by_label("What do you do about it, and by when?").first
    first.fill("I ring the council today")
    first.press("Enter")
    expect(page.get_by_text("“I ring the council today”").first).to_be_visible()
    accessible(page)
    page.goto(f"{site}/plans/{plan.pk}")
    accessible(page)
    page.get_by_text("Hold a meeting", exact=True).click()
    page.get_by_label("Who is there, and for which agency?").fill("Police, Haven, housing")
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_label("What was decided?").fill("An order is in place")
    page.get_by_label("Is it about a control?").select_option("civil-protection-order")
    page.get_by_label("How does it stand now?").select_option("holding")
    page.get_by_role("button", name="Minute it").click()
    expect(page.get_by_text("It is in the picture from now on.")).to_be_visible()
    accessible(page)
    assert Membership.objects.count() == 2
    page.context.close()
