"""Welsh: what somebody without an account of the force can open is in it, whole; the working pages are never half in it."""

from __future__ import annotations

import gettext
import re
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from tests.web.partners.conftest import *  # noqa: F403
from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import MOVES
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.pages.views import PUBLIC
from wholepicture.web.partners.services import links
from wholepicture.web.theme import languages

TEXTS = Path(languages.__file__).parent / "locale/cy/LC_MESSAGES/django.po"
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("account_login", (), 200),
        ("account_inactive", (), 200),
        ("partners:your-part", (), 200),
        ("partners:answered", (), 200),
        ("partners:enter", ("nothing",), 404),
        ("licensing:verify", (), 200),
        ("training:verify", (uuid.UUID(int=1),), 404),
        ("programmes:verify", (uuid.UUID(int=1),), 404),
        *[("pages:welsh", (slug,), 200) for slug in PUBLIC],
    ],
)
def test_what_anybody_can_open_is_in_welsh(
    client: Client, name: str, arguments: tuple[object, ...], status: int
) -> None:
    in_welsh(client, reverse(name, args=arguments), status)


@pytest.fixture
def request_(her: EncounterPerson, officer: User) -> Iterator[object]:
    return sent(fill(draft(her, officer), officer), officer)


def test_a_partner_goes_in_reads_and_answers_in_welsh(request_: object, officer: User) -> None:
    _, token, code = links.make_link(referral=request_, by=officer)  # type: ignore[arg-type]
    client = Client()
    door = reverse("partners:enter", args=[token])
    assert "Cais i" in in_welsh(client, door)
    wrong = client.post(door, {"code": "AAAA AAAA", "name": "", "post": "", "email": "x"})
    assert wrong.status_code == 400
    assert english_in(wrong.content.decode()) == []
    who = {"name": "Jo Bright", "post": "Bydwraig", "email": "jo@nhs.example"}
    again = client.post(door, {"code": "AAAA AAAA", **who}).content.decode()
    assert "Nid yw&#x27;r cod yn gywir. 4 chynnig arall." in again
    client.post(door, {"code": code, **who})
    page = in_welsh(client, reverse("partners:guest"))
    assert "Yr hyn a ofynnir i chi, a pham" in page
    said = client.post(reverse("partners:guest-step", args=["accept"]), follow=True).content.decode()
    assert "Mae&#x27;r swyddog yn cael gwybod." in said
    assert english_in(said) == []
    refused = client.post(reverse("partners:guest-control"), {"control-holder": ""})
    assert refused.status_code == 400
    assert english_in(refused.content.decode()) == []


def test_a_partner_s_worker_reads_what_waits_in_welsh(
    request_: object, advocate: User, client: Client
) -> None:
    client.force_login(advocate)
    page = in_welsh(client, reverse("partners:inbox"))
    assert "Anfonwyd yr hynaf ar " in page
    assert english_in(client.get(reverse("partners:request", args=[request_.pk])).content.decode()) == []  # type: ignore[attr-defined]


def test_what_was_wanted_once_is_wanted_on_the_next_page_and_can_be_taken_back(
    client: Client, db: None
) -> None:
    address = reverse("partners:your-part")
    assert '<html lang="en-GB"' in client.get(address).content.decode()
    kept = client.get(address, {"language": "cy"}).cookies["language"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("cy", True, "Lax")
    page = client.get(address).content.decode()
    assert '<html lang="cy"' in page
    assert f'href="{address}?language=en" lang="en"' in page
    assert '<html lang="en-GB"' in client.get(address, {"language": "en"}).content.decode()
    assert '<html lang="en-GB"' in client.get(address, {"language": "xx"}).content.decode()


def test_a_page_that_is_not_there_says_so_in_welsh(client: Client, officer: User) -> None:
    client.force_login(officer)
    page = client.get("/nowhere", {"language": "cy"})
    assert "Heb ddod o hyd i&#x27;r dudalen" in page.content.decode()


def test_the_working_pages_are_in_english_whatever_is_wanted(client: Client, officer: User) -> None:
    client.force_login(officer)
    client.cookies["language"] = "cy"
    page = client.get(reverse("encounters:home")).content.decode()
    assert '<html lang="en-GB"' in page
    assert "Heddiw" not in page


def test_what_pages_are_drawn_with_is_built_of_what_people_write() -> None:
    with TEXTS.open("rb") as file:
        written = {m.id: m.string for m in read_po(file) if m.id and isinstance(m.id, str)}
    with TEXTS.with_suffix(".mo").open("rb") as file:
        built = gettext.GNUTranslations(file)
    assert {text: built.gettext(text) for text in written} == written
    assert all(written.values())


def test_every_step_of_a_request_is_in_welsh() -> None:
    with TEXTS.open("rb") as file:
        written = {m.id for m in read_po(file)}
    assert {move.says for move in MOVES} <= written
