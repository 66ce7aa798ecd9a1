"""The pictures in the documents, taken from the product as it is. `make docs` keeps them; without that the test only sees that each can be taken."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.journeys.test_training import COURSE, as_one, choose
from wholepicture.bulk.generating import generate
from wholepicture.bulk.running import run
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.insight.demo import make_demo_year
from wholepicture.web.licensing.demo import make_demo_licences
from wholepicture.web.partners.demo import make_demo_partners
from wholepicture.web.partners.models import Referral
from wholepicture.web.programmes.services.demo import make_demo_cohorts
from wholepicture.web.training.models import Attempt
from wholepicture.web.training.services.demo import make_demo_learners

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = (
    "IP states her ex partner turned up at HA again. He is on bail with conditions, these run out on Friday. Last month he put both his hands round "
    "her throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep. She is not suicidal."
)


@pytest.fixture
def site(live_server: Any) -> str:
    force = make_demo_force()
    for make in (
        make_demo_learners,
        make_demo_cohorts,
        make_demo_licences,
        make_demo_partners,
        make_demo_year,
    ):
        make(force)
    return str(live_server.url)


def named() -> set[str]:
    """The pictures that the documents show."""
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return {m for t in texts for m in re.findall(r"images/([a-z-]+)\.png", t.read_text("utf-8"))}


def test_every_picture_of_the_documents_is_taken(browser: Browser, site: str, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "images" if os.environ.get("WHOLEPICTURE_PICTURES") else tmp_path
    taken: set[str] = set()

    def take(page: Page, name: str, width: int, height: int) -> None:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state()
        page.screenshot(path=folder / f"{name}.png")
        taken.add(name)

    _account(browser, site, take)
    _workforce(browser, site, take)
    _partners(browser, site, take)
    _force(browser, site, take)
    _extract(browser, tmp_path, take)
    assert taken == named()


Take = Callable[[Page, str, int, int], None]


def _account(browser: Browser, site: str, take: Take) -> None:
    page = as_one(browser, site, "Sam", width=1280)
    page.goto(f"{site}/encounters/new")
    page.locator("[name=narrative]").fill(ACCOUNT)
    page.get_by_role("button", name="See what it says").click()
    page.get_by_role("button", name=re.compile("^Confirm")).first.wait_for()
    take(page, "findings", 1280, 1100)
    page.get_by_role("button", name=re.compile("^Confirm")).first.click()
    page.wait_for_url("**/people/*")
    take(page, "picture", 1280, 1500)
    take(page, "phone", 390, 1100)


def _signed_in(browser: Browser, site: str, user: User, width: int) -> Page:
    client = Client()
    client.force_login(user)
    context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width < 500)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return context.new_page()


def _workforce(browser: Browser, site: str, take: Take) -> None:
    handed_in = Attempt.objects.filter(handed_in_at__isnull=False).annotate(things=Count("outcomes"))
    attempt = handed_in.order_by("-things", "began_at").first()
    assert attempt
    page = _signed_in(browser, site, attempt.learner, 1280)
    page.goto(f"{site}/training/attempts/{attempt.pk}/debrief")
    take(page, "debrief", 1280, 1180)
    page = as_one(browser, site, "Nia", width=390)
    page.goto(site + COURSE)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Show all of it").click()
    page.locator("[data-line=l2]").wait_for()
    choose(page, "l2", "Landlord", "notice", touch=True)
    take(page, "training-phone", 390, 1000)
    page = as_one(browser, site, "Tomos")
    page.goto(f"{site}/programmes/scaidp/figures")
    page.evaluate("document.querySelector('#s-outcomes').scrollIntoView()")
    take(page, "programme", 1200, 800)
    page = as_one(browser, site, "Rob")
    page.goto(f"{site}/licences/desk")
    take(page, "licences", 1200, 800)


def _partners(browser: Browser, site: str, take: Take) -> None:
    page = as_one(browser, site, "Rhian")
    asked = Referral.objects.get(route="independent-advocate")
    page.goto(f"{site}/referrals/{asked.pk}")
    take(page, "referral", 1200, 1180)
    page = as_one(browser, site, "Priya")
    page.goto(f"{site}/watch")
    take(page, "watch", 1200, 1180)


def _force(browser: Browser, site: str, take: Take) -> None:
    page = as_one(browser, site, "Harriet")
    page.goto(f"{site}/force")
    take(page, "force", 1200, 2080)
    page.goto(f"{site}/force/needs")
    take(page, "needs", 1200, 1100)


def _extract(browser: Browser, folder: Path, take: Take) -> None:
    generate(folder / "extract", reports=4_000, seed=3)
    made = run(
        [str(folder / "extract" / "extract.csv")],
        folder / "run",
        cores=2,
        today=date(2026, 11, 26),
        synthetic=True,
    )
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(made.as_uri())
    take(page, "bulk", 1200, 1420)
