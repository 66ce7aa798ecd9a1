"""A cohort in a real browser: providers, a place, evidence, a decision, a second opinion, a sample, a review from outside and a result;
wide and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import accessible
from tests.journeys.test_training import as_one
from wholepicture.web.accounts.services import make_demo_force
from wholepicture.web.programmes.models import Cohort, Decision, Exercise, Place, ReviewAction
from wholepicture.web.programmes.services.demo import make_demo_cohorts
from wholepicture.web.training.services.demo import make_demo_learners

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def day(page: Page, legend: str, when: tuple[str, str, str]) -> None:
    """Fill the three boxes of a date."""
    group = page.get_by_role("group", name=legend)
    for part, value in zip(("Day", "Month", "Year"), when, strict=True):
        group.get_by_label(part).fill(value)


@pytest.fixture
def site(live_server: object) -> str:
    force = make_demo_force()
    make_demo_learners(force)
    make_demo_cohorts(force)
    return str(live_server.url)  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [1200, 390])
def test_a_learner_shows_and_an_assessor_decides(browser: Browser, site: str, width: int) -> None:
    place = Place.objects.get(learner__username="demo-learner")
    page = as_one(browser, site, "Nia", width=width)
    page.get_by_role("link", name="Programmes", exact=True).click()
    accessible(page)
    page.get_by_role("button", name="Make a calendar address").click()
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Help to see whether programmes are fair").click()
    accessible(page)
    page.goto(f"{site}/programmes/places/{place.pk}")
    page.get_by_role("button", name="Add evidence").click()
    accessible(page)
    page.get_by_label("Something I did at work").check()
    page.get_by_label("What would you call it?").fill("A joint visit")
    page.get_by_label("What happened, what did you do, and why?").fill("I saw each child alone.")
    day(page, "When was it?", ("1", "10", "2026"))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Choose at least one criterion that it shows.")).to_be_visible()
    accessible(page)
    page.get_by_role("checkbox", name="C6.1.2").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The evidence is kept.")).to_be_visible()
    page.get_by_role("checkbox", name="C6.1.2").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in: C6.1.2.")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="not passed yet").click()
    page.get_by_role("button", name="Begin").click()
    accessible(page)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Not answered yet: question 1, 2")).to_be_visible()
    accessible(page)
    page.context.close()

    name = "Owen" if "Owen" in str(place.assessor) else "Ffion"
    page = as_one(browser, site, name, width=width)
    page.goto(f"{site}/programmes/assessing")
    accessible(page)
    page.get_by_role("link", name="C6.1.2 of Nia Clarke").click()
    accessible(page)
    for box in page.get_by_role("group", name="On which evidence?").get_by_role("checkbox").all():
        box.check()
    for test in ("Valid", "Authentic", "Current", "Sufficient"):
        page.get_by_label(f"{test}:").check()
    page.get_by_label("Met", exact=True).check()
    page.get_by_role("button", name="Keep my decision").click()
    expect(page.get_by_role("link", name="Say why, so that the learner can use it.")).to_be_visible()
    accessible(page)
    page.get_by_label("Why, and what next?").fill("You planned for this child.")
    page.get_by_role("button", name="Keep my decision").click()
    expect(page.get_by_text("C6.1.2 is decided.")).to_be_visible()
    page.context.close()

    page = as_one(browser, site, "Nia", width=width)
    page.goto(f"{site}/programmes/places/{place.pk}/criteria/C6.1.2")
    page.get_by_text("Ask for a second opinion").click()
    accessible(page)
    page.get_by_label("Why?").fill("I should like to know.")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("A second opinion is asked for.")).to_be_visible()
    page.context.close()
    page = as_one(browser, site, "Mei", width=width)
    page.get_by_role("link", name="Name who judges C6.1.2").click()
    accessible(page)
    page.get_by_label("Who gives it?").select_option(label="Kit Marlow")
    page.get_by_role("button", name="Name them").click()
    expect(page.get_by_text("They are told.")).to_be_visible()
    page.context.close()
    page = as_one(browser, site, "Kit", width=width)
    page.get_by_role("link", name="Second opinion: C6.1.2").click()
    expect(page.get_by_role("heading", name="Your judgement")).to_be_visible()
    accessible(page)
    page.context.close()
    assert Decision.objects.filter(place=place, criterion="C6.1.2", said="met").exists()


@pytest.mark.parametrize("width", [1200, 390])
def test_quality_is_assured_from_inside_and_outside(browser: Browser, site: str, width: int) -> None:
    cohort = Cohort.objects.get(taken__learner__username="demo-learner")
    page = as_one(browser, site, "Mei", width=width)
    page.goto(f"{site}/programmes/quality")
    accessible(page)
    page.get_by_role("link", name=f"Draw a sample of {cohort}").click()
    accessible(page)
    page.get_by_label("While it runs").check()
    page.get_by_label("Seed").fill("2026")
    page.get_by_role("button", name="Draw it").click()
    expect(page.get_by_text("Seed 2026", exact=False)).to_be_visible()
    accessible(page)
    page.locator("tbody a").first.click()
    accessible(page)
    page.get_by_label("Not agreed").check()
    page.get_by_label("Why? The assessor reads it.").fill("It shows half of it.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Kept. The assessor is told.")).to_be_visible()
    page.goto(f"{site}/programmes/exercises/{Exercise.objects.get().pk}")
    expect(page.get_by_role("heading", name="How far they agree")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/programmes/scaidp/line")
    page.get_by_role("button", name="Begin to set the line").click()
    expect(page.get_by_role("button", name="Keep my judgement")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/programmes/scaidp/exercises/new")
    accessible(page)
    page.context.close()

    page = as_one(browser, site, "Kit", width=width)
    page.get_by_role("link", name="Settle:").click()
    accessible(page)
    expect(page.get_by_text("It shows half of it.")).to_be_visible()
    page.context.close()

    page = as_one(browser, site, "Rob", width=width)
    page.goto(f"{site}/programmes/cohorts/{cohort.pk}")
    page.get_by_role("button", name="Ask for a review from outside").click()
    accessible(page)
    page.get_by_label("Who reviews it?").select_option(label="Grace Adeyemi")
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("They are told")).to_be_visible()
    page.context.close()

    page = as_one(browser, site, "Grace", width=width)
    page.get_by_role("link", name="Review:").click()
    accessible(page)
    page.get_by_label("What is to be done?").fill("Show that social workers taught.")
    day(page, "By when?", ("1", "12", "2027"))
    page.get_by_label("Hold every result").check()
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Results are held")).to_be_visible()
    accessible(page)
    page.locator("tbody a").first.click()
    accessible(page)
    page.context.close()
    assert ReviewAction.objects.get().blocks


@pytest.mark.parametrize("width", [1200, 390])
def test_a_trainer_runs_a_cohort_and_sees_whether_it_works(browser: Browser, site: str, width: int) -> None:
    cohort = Cohort.objects.get(taken__learner__username="demo-learner")
    page = as_one(browser, site, "Tomos", width=width)
    page.get_by_role("link", name="Sam Okafor asks for a place").click()
    accessible(page)
    page.get_by_role("button", name="Give a place to Sam Okafor").click()
    expect(page.get_by_text("Sam Okafor is told.")).to_be_visible()
    page.get_by_role("link", name="Sam Okafor", exact=True).click()
    accessible(page)
    page.get_by_label("Who assesses their portfolio?").select_option(label="Ffion Rees")
    page.locator("form").filter(has=page.get_by_label("Who assesses their portfolio?")).get_by_role(
        "button", name="Keep it"
    ).click()
    expect(page.get_by_text("Kept.", exact=True)).to_be_visible()
    page.get_by_text("Release the result").first.click()
    page.get_by_label("Passed", exact=True).check()
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_text("This cannot be a pass yet.")).to_be_visible()
    accessible(page)
    page.goto(f"{site}/programmes/sessions/{cohort.sessions.order_by('starts_at')[0].pk}")
    accessible(page)
    page.goto(f"{site}/programmes/cohorts/{cohort.pk}/sessions")
    accessible(page)
    page.goto(f"{site}/programmes/scaidp/figures")
    expect(page.get_by_role("heading", name="Which outcomes are weakly taught")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Review this year").click()
    accessible(page)
    page.get_by_label("What did you find?").fill("Deaths of children are weakly taught.")
    page.get_by_label("What will be done about it").fill("A scenario is made for it by March.")
    page.get_by_role("button", name="Keep the review").click()
    expect(page.get_by_role("link", name="Download it (PDF)")).to_be_visible()
    accessible(page)
    for address in (
        "programmes/cohorts",
        "programmes/qualifications",
        "programmes/scaidp/providers",
        f"programmes/providers/{cohort.provider_id}",
        "programmes/scaidp/cohorts/new",
    ):
        page.goto(f"{site}/{address}")
        accessible(page)
    page.context.close()
