"""A real Chromium for every journey, and what each page must pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


# Only what is wrong is worked out in full and brought over: a third of the time.
RUN_AXE = """axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}).then(found => found.violations.map(v => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].failureSummary.slice(0, 200)}`))"""


def accessible(page: Page) -> None:
    """Nothing that axe-core calls a violation of WCAG 2.2 A or AA, and nothing wider than the window."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        f"{page.url} is wider than the window"
    )
