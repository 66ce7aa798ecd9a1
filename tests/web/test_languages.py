"""Welsh: what somebody without an account of the force can open is in it, whole; the working pages are never half in it."""

from __future__ import annotations

import gettext
import uuid
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from tests.web.test_access import EXPECTED
from tests.web.welsh import in_welsh
from wholepicture.core.partners.lifecycle import MOVES
from wholepicture.web.accounts.models import User
from wholepicture.web.pages.views import PUBLIC
from wholepicture.web.theme import languages

TEXTS = Path(languages.__file__).parent / "locale/cy/LC_MESSAGES/django.po"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("account_login", (), 200),
        ("account_inactive", (), 200),
        ("socialaccount_login_cancelled", (), 200),
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


def test_whatever_page_is_open_to_nobody_in_particular_is_in_both_languages() -> None:
    # Read by programs, by whoever sets the site up, or one address a language already.
    others = {"live", "ready", "api-1:openapi-json", "api-1:openapi-view", "pages:welsh"}
    public = {f"pages:{slug}" for slug in PUBLIC}
    pages = {name for name, (method, who) in EXPECTED.items() if method == "get" and who[0] == 200}
    assert pages - others - public <= languages.IN_BOTH


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
