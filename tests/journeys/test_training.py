"""Training, by a learner on a phone, at a desk and without JavaScript; by a trainer who makes a scenario; by an expert and an administrator."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.training.models import Draft, Enrolment, Recall
from wholepicture.web.training.services import taking
from wholepicture.web.training.services.demo import make_demo_learners

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
COURSE = "/training/courses/look-beyond-the-obvious"
PLACE = """([line, word]) => { const el = document.querySelector(`[data-line="${line}"]`); el.scrollIntoView({block: "center"});
  const i = el.textContent.indexOf(word), walk = document.createTreeWalker(el, 4); let left = i, node;
  while ((node = walk.nextNode())) { if (left < node.length) break; left -= node.length; }
  const range = document.createRange(); range.setStart(node, left); range.setEnd(node, Math.min(node.length, left + word.length));
  const box = range.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }"""


def as_one(browser: Browser, site: str, name: str, *, width: int = 1200, scripts: bool = True) -> Page:
    """A page signed in as one of the demonstration's people, which says no error of script."""
    context = browser.new_context(
        viewport={"width": width, "height": 850}, java_script_enabled=scripts, has_touch=width < 500
    )
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name=f"Continue as {name}").click()
    return page


def choose(page: Page, line: str, first: str, last: str, *, touch: bool) -> None:
    """Choose words by their first and last."""
    for word in (first, last):
        x, y = page.evaluate(PLACE, [line, word])
        (page.touchscreen.tap if touch else page.mouse.click)(x, y)


@pytest.mark.parametrize("width", [1200, 390])
def test_a_learner_takes_a_scenario_and_sees_what_they_missed(
    browser: Browser, live_server: object, width: int
) -> None:
    make_demo_force()
    site = str(live_server.url)  # type: ignore[attr-defined]
    page = as_one(browser, site, "Nia", width=width)
    broken: list[str] = []
    page.on("pageerror", lambda e: broken.append(str(e)))
    accessible(page)
    page.get_by_role("link", name="Training", exact=True).click()
    accessible(page)
    page.get_by_role("link", name="Look beyond the obvious").click()
    accessible(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Noise again at flat 6")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("[data-line]")).to_have_count(1)
    page.get_by_role("button", name="Next line").click()
    expect(page.locator("[data-line]")).to_have_count(2)
    page.get_by_role("button", name="Show all of it").click()
    expect(page.locator("[data-line]")).to_have_count(6)
    choose(page, "l2", "Landlord", "notice", touch=width < 500)
    expect(page.get_by_label("Words to mark")).to_have_value("Landlord has served notice")
    accessible(page)
    page.get_by_role("button", name="A control").click()
    expect(page.locator(".wp-marks li")).to_have_count(1)
    # By keyboard: to a line, to a word, more of it, what it is.
    page.locator("[data-line=l4]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_label("Words to mark")).to_have_value("He agrees with everything Ash says")
    page.keyboard.press("Escape")
    page.get_by_label("Words to mark").fill("looks at him before he answers")
    page.get_by_role("button", name="The situation").click()
    expect(page.locator(".wp-marks li")).to_have_count(2)
    accessible(page)
    page.get_by_role("button", name="Go on to ask").click()
    accessible(page)
    page.get_by_role("button", name=re.compile("^Ask ?: Colin, will you show me")).click()
    expect(page.get_by_text("5 of 7 minutes left")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Go on to put it together").click()
    accessible(page)
    page.get_by_label("Adult social care for Colin").select_option("failed")
    page.get_by_label("“looks at him before he answers”").check()
    page.get_by_label("What could follow?").select_option(label="Being used to commit crime")
    page.get_by_role("button", name="Add this pathway").click()
    # What was said of the controls is kept although another button was pressed.
    expect(page.get_by_label("Adult social care for Colin")).to_have_value("failed")
    accessible(page)
    page.get_by_role("button", name="Go on to judge").click()
    accessible(page)
    page.get_by_role("button", name="Hand in and see the debrief").click()
    expect(page.get_by_role("alert")).to_be_visible()
    accessible(page)
    page.get_by_label("High risk").check()
    page.get_by_label("Why?").fill("His home has been taken.")
    page.get_by_role("button", name="Hand in and see the debrief").click()
    expect(page.get_by_role("heading", name="What could not be missed")).to_be_visible()
    expect(page.get_by_text("You saw 2 of")).to_be_visible()
    accessible(page)
    for summary in page.locator("main summary").all():
        summary.click()
    accessible(page)
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("heading", name="Not answering the phone")).to_be_visible()
    for step in ("read-controls", "check-asking"):
        page.goto(f"{site}{COURSE}/steps/{step}")
        accessible(page)
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    accessible(page)
    for name in ("first", "suicide"):
        page.locator(f"#{name}-1").check()
    page.locator("#closes-0").check()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("2 of 3 right")).to_be_visible()
    accessible(page)
    Recall.objects.update(due=timezone.now())
    page.goto(f"{site}/training/practice")
    accessible(page)
    page.get_by_role("button", name="There is nothing here").click()
    accessible(page)
    page.goto(f"{site}/training/record")
    accessible(page)
    assert broken == []
    page.context.close()


def test_the_log_arrives_by_itself_while_wanted(browser: Browser, live_server: object) -> None:
    make_demo_force()
    page = as_one(browser, str(live_server.url), "Nia")  # type: ignore[attr-defined]
    page.goto(f"{live_server.url}{COURSE}")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Let it arrive by itself").click()
    expect(page.locator("[data-line]")).to_have_count(2, timeout=9_000)
    page.get_by_role("button", name="Stop it arriving").click()
    expect(page.get_by_role("button", name="Let it arrive by itself")).to_be_visible()
    page.context.close()


def test_a_scenario_is_played_without_javascript(browser: Browser, live_server: object) -> None:
    make_demo_force()
    page = as_one(browser, str(live_server.url), "Nia", width=390, scripts=False)  # type: ignore[attr-defined]
    page.goto(f"{live_server.url}{COURSE}")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Show all of it").click()
    page.get_by_label("Words to mark").fill("Scales and small bags")
    page.get_by_role("button", name="The situation").click()
    expect(page.locator(".wp-marks")).to_contain_text("Scales and small bags")
    page.get_by_role("button", name="Go on to ask").click()
    page.get_by_role("button", name=re.compile("^Ask ?: Colin, will you show me")).click()
    page.get_by_role("button", name="Go on to put it together").click()
    page.get_by_role("button", name="Go on to judge").click()
    page.get_by_label("Standard risk").check()
    page.get_by_label("Why?").fill("Noise.")
    page.get_by_role("button", name="Hand in and see the debrief").click()
    expect(page.get_by_role("heading", name="What you did not get to hear")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_a_trainer_makes_a_scenario_and_experts_key_it(
    browser: Browser, live_server: object, width: int
) -> None:
    make_demo_learners(make_demo_force())
    site = str(live_server.url)  # type: ignore[attr-defined]
    page = as_one(browser, site, "Tomos", width=width)
    accessible(page)
    page.goto(f"{site}/training/manage")
    accessible(page)
    page.get_by_role("button", name="Make a scenario").click()
    accessible(page)
    page.get_by_label("Title").fill("At the door")
    page.get_by_label("The narrative").fill(
        "He is on bail. Last month he put both his hands round her throat. She is 14 weeks pregnant and afraid."
    )
    page.get_by_label("Nobody real is in this narrative").check()
    page.get_by_role("button", name="Propose a key").click()
    expect(page.get_by_text("Still to do before the panel can have it")).to_be_visible()
    accessible(page)
    page.get_by_label("Briefing").fill("You are sent.")
    page.get_by_label("Why that grade").fill("Strangled.")
    page.get_by_label("What it teaches").fill("It was said in passing.")
    page.get_by_text("Add a question", exact=True).first.click()
    page.get_by_label("The question", exact=True).fill("Are you safe?")
    page.get_by_label("The answer", exact=True).fill("“No.”")
    page.locator("#questions").get_by_role("button", name=re.compile("^Add it")).click()
    expect(page.get_by_text("It is whole, and can go to the panel")).to_be_visible()
    accessible(page)
    for summary in page.locator("main summary").all():
        summary.click()
    accessible(page)
    page.get_by_role("link", name="Preview it as a learner meets it").click()
    accessible(page)
    page.go_back()
    experts = ("Sam", "Priya", "Morgan")
    for name in experts:
        page.get_by_label(re.compile(f"^{name} ")).check()
    page.get_by_role("button", name="Ask the panel").click()
    expect(page.get_by_text("What they say is shown once all have signed")).to_be_visible()
    accessible(page)
    for name in experts:
        other = as_one(browser, site, name, width=width)
        other.goto(f"{site}/training")
        other.get_by_role("button", name="Give your key").click()
        expect(other.get_by_role("heading", name="Is this there to be seen?")).to_be_visible()
        for yes in other.get_by_label(re.compile("^Yes")).all():
            yes.check()
        other.get_by_label("High").check()
        accessible(other)
        other.get_by_role("button", name="Sign my key").click()
        expect(other.get_by_text("Your key is signed")).to_be_visible()
        other.context.close()
    page.goto(f"{site}/training/manage/scenarios/{Draft.objects.get().pk}")
    accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published in Our own scenarios, version 1")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/training/manage{COURSE.removeprefix('/training')}/analysis")
    accessible(page)
    expect(page.get_by_text("12 people have handed in")).to_be_visible()
    for address in ("/training/completion", "/training/manage/classroom", "/training/manage/lms"):
        page.goto(f"{site}{address}")
        accessible(page)
    page.goto(f"{site}/training/manage{COURSE.removeprefix('/training')}")
    page.get_by_role("link", name="Add a reading or a check").click()
    page.get_by_text("How its text is written").click()
    accessible(page)
    page.get_by_label("A check: questions").check()
    page.get_by_label("What is it called?").fill("One question")
    page.get_by_label("How many minutes").fill("5")
    page.get_by_label("Its text").fill("[[questions]]")
    page.get_by_role("button", name="Check, and publish a new version").click()
    expect(page.get_by_text("It was not published. What you wrote is below.")).to_be_visible()
    accessible(page)
    page.get_by_label("Its text").fill(page.locator(".wp-example").text_content() or "")
    page.get_by_role("button", name="Check, and publish a new version").click()
    expect(page.get_by_text("version 2 is published")).to_be_visible()
    page.goto(f"{site}/training/manage{COURSE.removeprefix('/training')}/edit?file=readings/asking.md")
    accessible(page)
    page.context.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_a_certificate_and_a_learning_system(browser: Browser, live_server: object, width: int) -> None:
    make_demo_force()
    site = str(live_server.url)  # type: ignore[attr-defined]
    learner = User.objects.get(username="demo-learner")
    course = learner.force.courses.get()
    enrolment: Enrolment = taking.begin(course=course, by=learner)
    for item in enrolment.version.content.first_part:
        taking.done_step(enrolment=enrolment, item=item.id)
    page = as_one(browser, site, "Nia", width=width)
    page.goto(f"{site}{COURSE}")
    expect(page.get_by_role("link", name="Your certificate (PDF)")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/verify/{enrolment.certificate.pk}")
    expect(page.get_by_role("heading", name="This certificate stands")).to_be_visible()
    accessible(page)
    administrator = as_one(browser, site, "Alex", width=width)
    administrator.goto(f"{site}/training/manage/lms")
    administrator.get_by_role("button", name="Set it up").click()
    expect(administrator.get_by_role("alert")).to_be_visible()
    accessible(administrator)
    page.context.close()
    administrator.context.close()
