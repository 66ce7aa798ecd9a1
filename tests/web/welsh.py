"""Whether a page is in Welsh, whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.test import Client

# Words that stand in nearly every English sentence and are no Welsh ones.
ENGLISH = re.compile(
    r"\b(?:the|and|is|was|you|your|what|who|not|been|with|give|say|said|of|for|this)\b", re.I
)
ALONE = {"meta", "link", "input", "br", "img", "hr", "path", "circle"}


class _Seen(HTMLParser):
    """The text of a page that is not marked as English, with the labels that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[bool] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = tag in ("script", "style") or given.get("lang") == "en"
        if not any(self.stack) and not hidden and given.get("aria-label"):
            self.texts.append(str(given["aria-label"]))
        if tag not in ALONE:
            self.stack.append(hidden)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ALONE and self.stack:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.stack) and data.strip():
            self.texts.append(data.strip())


def english_in(page: str) -> list[str]:
    seen = _Seen()
    seen.feed(page)
    return [text for text in seen.texts if ENGLISH.search(text)]


def in_welsh(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, {"language": "cy"})
    page = response.content.decode()
    assert response.status_code == status
    assert response.headers["Content-Language"] == "cy"
    assert '<html lang="cy"' in page
    assert not (left := english_in(page)), "\n".join(left)
    return page
