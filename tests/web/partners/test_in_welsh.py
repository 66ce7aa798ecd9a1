"""A partner's pages in Welsh, for a guest who came by a link and for a worker with an account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.partners.conftest import draft, fill, sent
from tests.web.welsh import english_in, in_welsh
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners.models import Referral
from wholepicture.web.partners.services import links


@pytest.fixture
def asked(her: EncounterPerson, officer: User) -> Referral:
    return sent(fill(draft(her, officer), officer), officer)


def test_a_partner_goes_in_reads_and_answers_in_welsh(asked: Referral, officer: User) -> None:
    _, token, code = links.make_link(referral=asked, by=officer)
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
    asked: Referral, advocate: User, client: Client
) -> None:
    client.force_login(advocate)
    page = in_welsh(client, reverse("partners:inbox"))
    assert "Anfonwyd yr hynaf ar " in page
    assert english_in(client.get(reverse("partners:request", args=[asked.pk])).content.decode()) == []
