"""The SCORM 1.2 package by itself in Chromium, with scorm-again as the learning system: plays, reports, resumes, stays small."""

from __future__ import annotations

import functools
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.journeys.conftest import AXE
from wholepicture.core.learning import Course, shipped_course
from wholepicture.core.measurement import Work, mark_work
from wholepicture.web.training.scorm import SUSPEND_LIMIT, scorm_package

pytestmark = pytest.mark.journey
LMS = (Path(__file__).parent / "scorm12.min.js").read_text("utf-8")
# A learning system as small as can be: it keeps what it is told, and says if anything was told wrongly.
HOST = """<!doctype html><html lang="en"><title>host</title><script src="/scorm12.min.js"></script><script>
window.errors = []; window.longest = 0;
window.API = new Scorm12API({autocommit: false, logLevel: 5});
for (const name of ["LMSSetValue", "LMSGetValue", "LMSCommit", "LMSInitialize", "LMSFinish"]) {
  const own = window.API[name].bind(window.API);
  window.API[name] = (...given) => { const answer = own(...given); const code = window.API.LMSGetLastError();
    if (String(code) !== "0") window.errors.push([name, ...given, code]);
    if (given[0] === "cmi.suspend_data" && name === "LMSSetValue") window.longest = Math.max(window.longest, given[1].length);
    return answer; };
}
const kept = JSON.parse(document.currentScript.dataset?.kept || "null") || window.KEPT;
</script><body><iframe id="sco" title="sco" width="1000" height="800"></iframe></body></html>"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The unpacked package and its host, over loopback."""
    course = shipped_course("look-beyond-the-obvious")
    with zipfile.ZipFile(io.BytesIO(scorm_package(course, 1))) as archive:
        archive.extractall(tmp_path / "sco")
    (tmp_path / "scorm12.min.js").write_text(LMS, "utf-8")
    (tmp_path / "host.html").write_text(HOST, "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(page: Page, site: str, kept: dict[str, str] | None = None) -> FrameLocator:
    """Open the package as a learning system does, with what it kept from last time."""
    page.goto(f"{site}/host.html")
    page.evaluate(
        """kept => { for (const [name, value] of Object.entries(kept)) { const parts = name.split(".").slice(1); let at = API.cmi;
        for (const p of parts.slice(0, -1)) at = at[p]; at[parts.at(-1)] = value; } document.getElementById("sco").src = "/sco/index.html"; }""",
        kept or {},
    )
    return page.frame_locator("#sco")


def told(page: Page, *names: str) -> list[str]:
    """What the learning system holds."""
    return [page.evaluate("name => API.LMSGetValue(name)", name) for name in names]


def test_the_package_plays_reports_and_resumes(browser: Browser, served: str) -> None:
    page = browser.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda e: broken.append(str(e)))
    sco = opened(page, served)
    sco.get_by_role("button", name="Begin").click()
    # The first scenario: mark by key and by tap, ask, judge.
    expect(sco.get_by_role("heading", name="Noise again at flat 6")).to_be_visible()
    sco.locator("[data-word='l2:0']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(sco.get_by_text("“Fifth”")).to_be_visible()
    sco.locator("[data-word='l2:0']").click()
    sco.locator("[data-word='l2:17']").click()
    sco.locator("[data-kind=feature]").click()
    expect(sco.get_by_text("“Fifth call since April”")).to_be_visible()
    sco.locator("[data-ask=q1]").click()
    expect(sco.get_by_text("Out on the landing he whispers.", exact=False)).to_be_visible()
    sco.locator("[data-hand-in]").click()
    expect(sco.get_by_text("Grade the risk first.")).to_be_visible()
    sco.get_by_label("high").check()
    sco.locator("[data-hand-in]").click()
    course = shipped_course("look-beyond-the-obvious")
    expect(sco.get_by_text("You saw 1 of 8 that were there to be read.", exact=False)).to_be_visible()
    assert told(page, "cmi.core.lesson_status") == ["incomplete"]
    sco.get_by_role("button", name="Go on").click()
    expect(sco.get_by_role("heading", name="Not answering the phone")).to_be_visible()
    kept = dict(
        zip(
            ("cmi.suspend_data", "cmi.core.lesson_location"),
            told(page, "cmi.suspend_data", "cmi.core.lesson_location"),
            strict=True,
        )
    )
    assert page.evaluate("() => errors") == []
    # Another day, another device: it goes on where it was, with what was done.
    again = browser.new_page()
    sco = opened(again, served, kept)
    expect(sco.get_by_role("heading", name="Not answering the phone")).to_be_visible()
    expect(sco.get_by_text("1 of 29 steps done", exact=False)).to_be_visible()
    assert len(course.items) == 29
    assert again.evaluate("() => errors") == []
    assert broken == []


def test_whoever_does_all_of_it_is_told_as_done_with_a_mark(browser: Browser, served: str) -> None:
    course = shipped_course("look-beyond-the-obvious")
    page = browser.new_page()
    last = len(course.items) - 1
    kept = "1;" + "".join(
        ("0--0" if n == last else "1801") if i.kind == "scenario" else "1" for n, i in enumerate(course.items)
    )
    sco = opened(page, served, {"cmi.suspend_data": kept, "cmi.core.lesson_location": str(last)})
    sco.get_by_role("button", name="Begin").click()
    sco.get_by_label("standard").check()
    sco.locator("[data-hand-in]").click()
    expect(sco.get_by_text("What could not be missed")).to_be_visible()
    status, score = told(page, "cmi.core.lesson_status", "cmi.core.score.raw")
    assert status == "completed"  # done, and one scenario is not passed
    assert 70 <= int(score) < 80
    assert page.evaluate("() => longest") <= SUSPEND_LIMIT
    page.evaluate("() => document.getElementById('sco').contentWindow.dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("() => errors") == []


def test_the_package_marks_as_the_site_does(browser: Browser, served: str) -> None:
    """The same marks, the same counts: the player in the package and core.measurement are of one mind about every scenario."""
    page = browser.new_page()
    course: Course = shipped_course("look-beyond-the-obvious")
    for item, scenario in course.scenarios.items():
        place = next(n for n, i in enumerate(course.items) if i.id == item)
        sco = opened(page, served, {"cmi.core.lesson_location": str(place)})
        sco.get_by_role("button", name="Begin").click()
        sco.get_by_label("high").check()
        sco.locator("[data-hand-in]").click()
        of = mark_work(scenario, Work()).counts.signals
        said = (
            "Nothing was wrong here." if scenario.clean else f"You saw 0 of {of} that were there to be read."
        )
        expect(sco.get_by_text(said, exact=False)).to_be_visible()
    assert page.evaluate("() => errors") == []


def test_the_package_is_accessible(browser: Browser, served: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 850})
    page.goto(f"{served}/sco/index.html")
    for begun in (False, True):
        if begun:
            page.get_by_role("button", name="Begin").click()
        page.evaluate(AXE)
        found = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        )
        assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_manifest_is_scorm_12_and_names_every_file() -> None:
    with zipfile.ZipFile(io.BytesIO(scorm_package(shipped_course("look-beyond-the-obvious"), 3))) as archive:
        names = set(archive.namelist())
        root = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        content = archive.read("course.js").decode()
    space = {
        "c": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "a": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    }
    assert root.findtext("c:metadata/c:schemaversion", namespaces=space) == "1.2"
    listed = {f.attrib["href"] for f in root.findall(".//c:file", space)}
    assert listed == names - {"imsmanifest.xml"}
    resource = root.find(".//c:resource", space)
    assert resource is not None
    assert resource.attrib[f"{{{space['a']}}}scormtype"] == "sco"
    assert json.loads(content.removeprefix("window.COURSE = ").rstrip().rstrip(";").replace("<\\/", "</"))[
        "steps"
    ]
    assert "</script" not in content
