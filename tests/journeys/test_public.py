"""Public pages in a real browser, in both languages; a force's first days; wide and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import make_demo_force, set_up_code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("width", [1200, 390])
PAGES = ("work", "asked-of-partners", "contact", "accessibility", "privacy", "cookies")


@BOTH
def test_the_approach_explains_itself_and_its_picture_moves(
    browser: Browser, live_server: Any, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/approach")
    expect(page.get_by_text("Open: risk of harm now.")).to_be_visible()
    accessible(page)
    page.get_by_label("Adult social care", exact=True).select_option("holding")
    page.get_by_role("button", name="Draw it again").click()
    expect(page.get_by_text("Guarded.", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("heading", name="Person + sefyllfa = niwed, neu risg o niwed")).to_be_visible()
    accessible(page)
    for slug in PAGES:
        for address in (f"/{slug}", f"/cy/{slug}"):
            page.goto(live_server.url + address)
            accessible(page)
    for address in ("/sign-in", "/partners/your-part", "/licences/verify"):
        page.goto(f"{live_server.url}{address}?language=cy")
        expect(page.get_by_role("link", name="English")).to_be_visible()
        accessible(page)


@BOTH
def test_a_new_force_is_set_up(
    browser: Browser, live_server: Any, settings: Any, tmp_path: Path, width: int
) -> None:
    settings.DEMO, settings.VAR = False, tmp_path
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/set-up/{set_up_code()}")
    accessible(page)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible(page)
    for label, text in (
        ("Name of the force", "Your Constabulary"),
        ("First name", "Alex"),
        ("Last name", "Marsh"),
        ("Username", "alex.marsh"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Your Constabulary is set up")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Username")).to_be_visible()


@BOTH
def test_staff_are_brought_in(browser: Browser, live_server: Any, width: int) -> None:
    make_demo_force()
    page = as_one(browser, str(live_server.url), "Alex", width=width)
    page.goto(f"{live_server.url}/getting-started")
    accessible(page)
    page.get_by_role("link", name="Bring your staff in").click()
    accessible(page)
    page.get_by_label("Or paste it").fill("username,first name,last name\nnew.one,New,One\nbad one,X,Y\n")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("1 person can be added; 1 row cannot, and says why")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Add 1 person").click()
    expect(page.get_by_role("heading", name="1 person added")).to_be_visible()
    accessible(page)
    assert User.objects.filter(username="new.one").exists()
    page.goto(f"{live_server.url}/tour")
    accessible(page)
