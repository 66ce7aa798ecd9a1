"""Licences and CPD in a real browser: an application, a panel, notice, a credential, the check, and a chief officer's year; wide and on a
phone."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_cohort import day
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.licensing.demo import make_demo_licences
from wholepicture.web.licensing.models import Credential, Hearing, Licence, LicenceEvent
from wholepicture.web.programmes.services.demo import make_demo_cohorts
from wholepicture.web.training.services.demo import make_demo_learners

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: object) -> str:
    force = make_demo_force()
    make_demo_learners(force)
    make_demo_cohorts(force)
    make_demo_licences(force)
    return str(live_server.url)  # type: ignore[attr-defined]


def sees(page: Page, site: str, *addresses: str) -> None:
    """Each page of a list is accessible."""
    for address in addresses:
        page.goto(f"{site}/{address}")
        accessible(page)


@pytest.mark.parametrize("width", [1200, 390])
def test_somebody_applies_and_gives_evidence(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Nia", width=width)
    page.get_by_role("link", name="Licences", exact=True).click()
    accessible(page)
    page.get_by_role("button", name=re.compile("CSA Investigator")).click()
    expect(page.get_by_role("heading", name="What you need")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Add evidence").click()
    accessible(page)
    page.get_by_label("What would you call it?").fill("A joint inquiry")
    page.get_by_label("What happened, what did you do, and why?").fill("I saw each child alone.")
    day(page, "When was it?", ("1", "10", "2026"))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Choose at least one standard that it shows.")).to_be_visible()
    accessible(page)
    page.get_by_role("checkbox", name="S1").check()
    page.get_by_label("It is an inquiry that I led, supervised").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("1 of 3 given.")).to_be_visible()
    page.get_by_role("link", name="Hand the application in").click()
    accessible(page)
    page.get_by_role("button", name="Hand the application in").click()
    expect(page.get_by_text("Not met yet: R1.")).to_be_visible()
    accessible(page)
    page.context.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_an_assessor_decides_a_standard(browser: Browser, site: str, width: int) -> None:
    licence = Licence.objects.filter(holder__username="demo-investigator-9").get()
    licence.assessor = User.objects.get(username="demo-assessor")
    licence.save()
    lead = User.objects.get(username="demo-licensing")
    LicenceEvent.objects.create(
        licence=licence,
        number=2,
        step="accept",
        on=timezone.localdate(),
        by=[lead.username],
        names=[str(lead)],
    )
    page = as_one(browser, site, "Ffion", width=width)
    page.get_by_role("link", name="To assess: Ivo Madeup").click()
    accessible(page)
    page.get_by_role("link", name="S1", exact=True).click()
    accessible(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Choose whether it is met.")).to_be_visible()
    accessible(page)
    page.get_by_label("Met", exact=True).check()
    page.get_by_label("Why?").fill("Each child was seen alone.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("S1 is decided.")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_notice_a_panel_and_what_becomes_of_the_credential(browser: Browser, site: str, width: int) -> None:
    licence = Licence.objects.filter(holder__username="demo-investigator-1").get()
    holder = User.objects.get(username="demo-investigator-1")
    holder.demo = True
    holder.save()
    page = as_one(browser, site, "Aled", width=width)
    page.goto(f"{site}/licences/{licence.pk}")
    expect(page.get_by_role("heading", name="Your credential")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="What others see").click()
    expect(page.get_by_role("heading", name="This licence is in force")).to_be_visible()
    accessible(page)
    page.context.close()

    page = as_one(browser, site, "Rob", width=width)
    page.goto(f"{site}/licences/desk")
    accessible(page)
    page.get_by_role("link", name="Aled Madeup").click()
    accessible(page)
    page.get_by_role("link", name="Suspend it meanwhile").click()
    accessible(page)
    page.get_by_label("Why? The holder reads it.").fill("A complaint.")
    page.get_by_role("button", name="Suspend it meanwhile").click()
    expect(page.get_by_role("link", name="Give the day to which it holds.")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Back to the case").click()
    page.get_by_role("link", name="Give notice of a proposal").click()
    page.get_by_label("Why? The holder reads it.").fill("To set a condition.")
    page.get_by_role("button", name="Give notice of a proposal").click()
    page.get_by_text("Call a panel").click()
    for name in ("Kit Marlow", "Mei Lowe"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Call it").click()
    expect(page.get_by_role("link", name="Choose at least 3 members.")).to_be_visible()
    accessible(page)
    page.context.close()

    page = as_one(browser, site, "Aled", width=width)
    page.get_by_role("link", name="notice of a proposal").click()
    expect(page.get_by_text("You have been given notice of a proposal.")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Answer the notice").click()
    page.get_by_label("What do you say?").fill("It was not as it was told.")
    page.get_by_role("button", name="Answer the notice").click()
    expect(page.get_by_text("It is recorded.")).to_be_visible()
    page.context.close()

    page = as_one(browser, site, "Rob", width=width)
    page.goto(f"{site}/licences/{licence.pk}/case")
    page.get_by_text("Call a panel").click()
    for name in ("Kit Marlow", "Mei Lowe", "Harriet Vale"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Call it").click()
    expect(page.get_by_role("heading", name="The panel")).to_be_visible()
    accessible(page)
    page.context.close()
    page = as_one(browser, site, "Kit", width=width)
    page.get_by_role("link", name="What was proposed:").click()
    accessible(page)
    page.get_by_role("button", name="Vote").click()
    expect(page.get_by_role("link", name="Choose what you vote for.")).to_be_visible()
    accessible(page)
    page.get_by_label("Set or vary conditions").check()
    page.get_by_label("Why?").first.fill("Supervision is enough.")
    page.get_by_role("button", name="Vote").click()
    expect(page.get_by_text("Your vote is kept.")).to_be_visible()
    accessible(page)
    page.context.close()
    assert Credential.objects.filter(licence=licence, revoked_at=None).count() == 1
    assert Hearing.objects.get().seats.exclude(voted_at=None).count() == 1


@pytest.mark.parametrize("width", [1200, 390])
def test_the_register_the_check_and_a_chief_officers_year(browser: Browser, site: str, width: int) -> None:
    page = as_one(browser, site, "Priya", width=width)
    page.goto(f"{site}/licences/check")
    accessible(page)
    page.get_by_label("Who?").select_option(label="Hari Madeup")
    page.get_by_label("To lead what?").select_option(label="CSA Investigator")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("nothing new may be given")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/licences/register")
    accessible(page)
    page.get_by_label("Name or username").fill("Beth")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Why?").fill("A joint case")
    page.get_by_role("button", name=re.compile("Look up")).click()
    expect(page.get_by_text("The holder sees that you looked.")).to_be_visible()
    accessible(page)
    page.context.close()

    page = as_one(browser, site, "Harriet", width=width)
    sees(page, site, "licences/capability", "licences/schemes/csa-investigator", "licences/verify", "cpd")
    page.get_by_role("link", name="Start from your own force").click()
    accessible(page)
    page.get_by_text("I asked").first.click()
    page.get_by_label("What did you hear, and what did you change?").first.fill("We ask school now.")
    page.get_by_role("button", name="Keep it").first.click()
    expect(page.get_by_text("We ask school now.")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="CPD", exact=True).click()
    page.get_by_role("link", name="CSA for chief officers").click()
    accessible(page)
    page.get_by_role("button", name="Keep something you did").click()
    accessible(page)
    page.get_by_label("What did you do?").fill("Sat in on a strategy discussion")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Kept, for you alone.")).to_be_visible()
    page.get_by_role("link", name="Change your plan").click()
    accessible(page)
    page.context.close()

    page = as_one(browser, site, "Lewis", width=width)
    sees(page, site, "cpd/lead", "cpd/frameworks/csa-chief-officers/publish")
    page.context.close()
