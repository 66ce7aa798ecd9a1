"""A force's first days: setting it up with a code, bringing its staff in, what is still to be done, first steps by role."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from wholepicture.web.accounts.models import Force, Role, Team, User
from wholepicture.web.accounts.services import set_up_code
from wholepicture.web.pages.tour import TOURS
from wholepicture.web.partners.models import Membership, Organisation

GIVEN = {
    "force": "Your Constabulary",
    "nation": "Wales",
    "first": "Alex",
    "last": "Marsh",
    "username": "alex.marsh",
}


@pytest.fixture
def real(settings: Any, tmp_path: Path) -> Any:
    settings.DEMO, settings.VAR = False, tmp_path
    return settings


@pytest.mark.django_db
def test_a_force_is_set_up_once_by_whoever_has_the_code(real: Any, tmp_path: Path) -> None:
    code = set_up_code()
    assert (tmp_path / "set-up-code").stat().st_mode & 0o077 == 0
    assert set_up_code() == code
    client = Client()
    assert client.get(reverse("accounts:set-up", args=["another"])).status_code == 404
    address = reverse("accounts:set-up", args=[code])
    assert "Nobody can sign in here yet" in client.get(address).content.decode()
    assert client.post(address, {**GIVEN, "username": "a b"}).status_code == 400
    page = client.post(address, GIVEN).content.decode()
    user = User.objects.get()
    assert (user.role, user.force.name, user.force.nation) == (
        Role.ADMINISTRATOR,
        "Your Constabulary",
        "Wales",
    )
    assert user.must_choose_password
    password = page.partition('class="wp-secret">')[2].partition("<")[0]
    assert user.check_password(password)
    assert client.get(address).status_code == 404
    assert client.post(address, GIVEN).status_code == 404
    assert set_up_code() == ""
    assert not (tmp_path / "set-up-code").exists()


@pytest.mark.django_db
def test_the_demonstration_has_nothing_to_set_up(real: Any) -> None:
    real.DEMO = True
    assert set_up_code() == ""


LIST = """Username,First name,Last name,Role,Team,Email
sam.okafor,Sam,Okafor,Officer,Response A,sam@example.police.uk
priya.nair,Priya,Nair,supervisor,Response A,
bad name,X,Y,,,
no.last,Jo,,,,
odd.role,Kim,Lee,Wizard,,
odd.mail,Kim,Lee,,,nowhere
sam.okafor,Sam,Again,,,
"""


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> User:
    return make_user(Role.ADMINISTRATOR)


def test_a_staff_list_is_looked_at_and_then_added(
    force: Force, administrator: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(administrator)
    address = reverse("accounts:import-staff")
    before = User.objects.count()
    file = SimpleUploadedFile("staff.csv", LIST.encode("cp1252"), "text/csv")
    page = client.post(address, {"file": file}).content.decode()
    assert User.objects.count() == before
    assert "2 people can be added; 5 rows cannot" in page
    for said in (
        "The username is missing, or has something other",
        "The first or the last name is missing.",
        "“Wizard” is no role",
        "“nowhere” is no e-mail address.",
        "There is a user called sam.okafor already",
    ):
        assert said in page
    added = client.post(address, {"text": LIST, "add": "1"}).content.decode()
    sam, priya = User.objects.get(username="sam.okafor"), User.objects.get(username="priya.nair")
    assert (sam.role, priya.role) == (Role.OFFICER, Role.SUPERVISOR)
    assert sam.team == priya.team == Team.objects.get(name="Response A")
    assert sam.must_choose_password
    password = re.findall(r"<code[^>]*>([^<]+)</code>", added)
    assert [sam.check_password(password[0]), priya.check_password(password[1])] == [True, True]
    again = client.post(address, {"text": LIST, "add": "1"}).content.decode()
    assert "0 people added" in again
    assert User.objects.count() == before + 2


def test_where_people_sign_in_elsewhere_they_get_no_password(
    administrator: User, signed_in: Callable[[User], Client], settings: Any
) -> None:
    settings.PROVIDER_URL, settings.PROVIDER = "https://id.example.police.uk", "your force account"
    page = signed_in(administrator).post(reverse("accounts:import-staff"), {"text": LIST, "add": "1"})
    assert "They sign in with your force account." in page.content.decode()
    sam = User.objects.get(username="sam.okafor")
    assert not sam.has_usable_password()
    assert not sam.must_choose_password


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_list_pasted_from_a_spreadsheet_is_read(
    administrator: User, signed_in: Callable[[User], Client], between: str
) -> None:
    text = "\n".join(
        between.join(row) for row in (("username", "first name", "last name"), ("a.b", "Zoë", "Lee"))
    )
    page = signed_in(administrator).post(reverse("accounts:import-staff"), {"text": text}).content.decode()
    assert "1 person can be added" in page
    assert "Zoë Lee" in page


def test_a_spreadsheet_s_own_file_is_not_taken_for_a_list(
    administrator: User, signed_in: Callable[[User], Client]
) -> None:
    file = SimpleUploadedFile("staff.xlsx", b"PK\x03\x04\x14\x00\x06\x00abc")
    response = signed_in(administrator).post(reverse("accounts:import-staff"), {"file": file})
    assert response.status_code == 400
    assert "Save it as CSV" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The list is empty"),
        ("name,role\nx,y\n", "Missing: username, first, last"),
        ("username,first,last\n" + "".join(f"u{n},A,B\n" for n in range(201)), "more than 200 rows"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(
    administrator: User, signed_in: Callable[[User], Client], text: str, said: str
) -> None:
    response = signed_in(administrator).post(reverse("accounts:import-staff"), {"text": text})
    assert response.status_code == 400
    assert said in response.content.decode()


def test_what_is_still_to_be_done_is_shown_as_it_is(
    administrator: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(administrator)
    page = client.get(reverse("pages:getting-started")).content.decode()
    assert page.count(">Done<") == 0
    make_user(Role.ADMINISTRATOR)
    make_user(Role.SUPERVISOR)
    make_user(Role.SAFEGUARDING)
    page = client.get(reverse("pages:getting-started")).content.decode()
    assert page.count(">Done<") == 3


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_first_steps_that_lead_where_it_may_go(
    role: str, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    user = make_user(role)
    if role == Role.PARTNER:
        organisation = Organisation.objects.create(force=user.force, name="A charity")
        Membership.objects.create(user=user, organisation=organisation, post="Advocate")
    client = signed_in(user)
    page = client.get(reverse("pages:tour"))
    assert page.status_code == 200
    assert TOURS[role]
    for stop in TOURS[role]:
        if stop.address:
            assert client.get(reverse(stop.address)).status_code == 200, stop


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", ["approach", "work", "asked-of-partners", "contact", "accessibility", "privacy", "cookies"]
)
def test_public_pages_are_there_in_both_languages(slug: str, settings: Any) -> None:
    settings.CONTACT = "Professional Standards, 01632 960000"
    client = Client()
    english = client.get(reverse(f"pages:{slug}"))
    welsh = client.get(reverse("pages:welsh", args=[slug]))
    assert '<html lang="en-GB"' in english.content.decode()
    assert '<html lang="cy"' in welsh.content.decode()
    assert welsh.headers["Content-Language"] == "cy"
    # Each leads to the other, and remembers which was chosen.
    assert f'href="/cy/{slug}?language=cy" lang="cy" hreflang="cy">Cymraeg' in english.content.decode()
    assert f'href="/{slug}?language=en" lang="en" hreflang="en">English' in welsh.content.decode()
    if slug in ("contact", "privacy", "accessibility"):
        assert settings.CONTACT in english.content.decode()
        assert settings.CONTACT in welsh.content.decode()
    assert client.get("/cy/nothing").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("", "Open: risk of harm now"),
        (
            "learning-disability=1&home-taken-over=1&threats-or-intimidation=1&adult-social-care=holding",
            "Guarded.",
        ),
        (
            "learning-disability=1&home-taken-over=1&threats-or-intimidation=1&adult-social-care=not-known",
            "Open as far as we know.",
        ),
        ("learning-disability=1&adult-social-care=failed", "Closed."),
        ("home-taken-over=1&threats-or-intimidation=1&adult-social-care=failed", "Closed."),
        ("adult-social-care=%3Cscript%3E&look=1", "Closed."),
    ],
)
def test_the_example_is_drawn_by_the_same_rules_as_a_real_picture(chosen: str, said: str) -> None:
    page = Client().get(f"/approach?{chosen}").content.decode()
    assert f"<strong>{said}" in page
    assert "<script>" not in page.partition("<main")[2]
