"""Our components against the input-to-HTML fixtures that govuk-frontend ships (fixtures/, MIT licence, version 6.6.0)."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wholepicture.web.theme.templatetags import components

FIXTURES = Path(__file__).parent / "fixtures"


class Shape(HTMLParser):
    """A page's elements, attributes in any order, and words with white space folded."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, tuple(sorted(attrs))))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(" ".join(data.split()))


def shape(html: str) -> list[object]:
    reader = Shape()
    reader.feed(html)
    return reader.parts


def fixture(component: str, name: str) -> dict:
    items = json.loads((FIXTURES / f"{component}.json").read_text("utf-8"))["fixtures"]
    return next(i for i in items if i["name"] == name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("default", ""), ("secondary", "secondary"), ("warning", "warning"), ("inverse", "inverse")],
)
def test_button(name: str, kind: str) -> None:
    wanted = fixture("button", name)
    assert shape(
        components.button(wanted["options"]["text"], kind=kind, name=wanted["options"].get("name", ""))
    ) == shape(wanted["html"])


def test_button_as_a_link() -> None:
    wanted = fixture("button", "link")
    assert shape(components.button(wanted["options"]["text"], href=wanted["options"]["href"])) == shape(
        wanted["html"]
    )


@pytest.mark.parametrize(
    ("name", "colour"),
    [("default", ""), ("grey", "grey"), ("green", "green"), ("yellow", "yellow"), ("red", "red")],
)
def test_tag(name: str, colour: str) -> None:
    wanted = fixture("tag", name)
    assert shape(components.tag(wanted["options"]["text"], colour)) == shape(wanted["html"])


def test_inset() -> None:
    wanted = fixture("inset-text", "default")
    assert shape(components.inset(wanted["options"]["text"])) == shape(wanted["html"])


def test_warning() -> None:
    wanted = fixture("warning-text", "default")
    assert shape(components.warning(wanted["options"]["text"])) == shape(wanted["html"])


def test_error_summary() -> None:
    wanted = fixture("error-summary", "default")
    errors = [(e["text"], e.get("href", "#").lstrip("#")) for e in wanted["options"]["errorList"]]
    assert shape(components.error_summary(errors)) == shape(wanted["html"])


def test_text_is_never_markup() -> None:
    assert "<b>" not in components.button("<b>") + components.tag("<b>") + components.inset(
        "<b>"
    ) + components.warning("<b>")
