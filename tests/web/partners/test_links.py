"""A link for an agency without accounts: used twice, late, by somebody else, with wrong codes, or after the request was recalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import Step
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.services import describe
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Link, Referral
from wholepicture.web.partners.services import answering, links, sending

WHO = {"name": "Jo Bright", "post": "Duty midwife", "email": "jo@nhs.example"}


@pytest.fixture
def unanswered(her: EncounterPerson, officer: User) -> Referral:
    """A request to an agency in which nobody has an account."""
    describe(person=her, given="Ada", family="Synthetic", by=officer)
    return sent(fill(draft(her, officer), officer), officer)


def went_in(referral: Referral, officer: User) -> Client:
    _, token, code = links.make_link(referral=referral, by=officer)
    client = Client()
    answer = client.post(reverse("partners:enter", args=[token]), {"code": code, **WHO})
    assert answer.status_code == 302
    return client


def test_in_by_link_and_code_to_read_answer_and_be_named(unanswered: Referral, officer: User) -> None:
    assert (unanswered.document or {})["person"]["name"] == "Ada Synthetic"
    made, token, code = links.make_link(referral=unanswered, by=officer)
    assert token not in (made.token, made.code)
    assert code not in (made.token, made.code)
    client = Client()
    door = client.get(reverse("partners:enter", args=[token]))
    assert (
        door["Referrer-Policy"] == "same-origin"
    )  # "no-referrer" would make a browser hide where its form came from
    assert "Ada" not in door.content.decode()
    given = {"code": f" {code[:4].lower()}-{code[4:].lower()} ", **WHO}
    assert client.post(reverse("partners:enter", args=[token]), given).status_code == 302
    page = client.get(reverse("partners:guest")).content.decode()
    assert "What you are asked, and why" in page
    assert client.post(reverse("partners:guest-step", args=["accept"])).status_code == 302
    unanswered.refresh_from_db()
    assert unanswered.state == "accepted"
    event = unanswered.events.get(step=Step.ACCEPT)
    assert "Jo Bright, Duty midwife (jo@nhs.example)" in event.who
    assert event.by is None
    # The rest of the site is shut to them.
    assert "/sign-in" in client.get(reverse("encounters:home")).headers["Location"]


def test_it_serves_once_for_the_browser_that_used_it(unanswered: Referral, officer: User) -> None:
    _, token, code = links.make_link(referral=unanswered, by=officer)
    first, second = Client(), Client()
    at = reverse("partners:enter", args=[token])
    assert first.post(at, {"code": code, **WHO}).status_code == 302
    again = second.post(at, {"code": code, **WHO, "name": "Somebody Else"})
    assert again.status_code == 410
    assert "serves once" in again.content.decode()
    assert second.get(reverse("partners:guest")).status_code == 404
    assert first.get(at).status_code == 302  # their own browser is let through
    assert Link.objects.get().name == "Jo Bright"
    assert Entry.objects.filter(what="referral.link-refused").count() == 1


def test_late_it_lets_nobody_in_and_whoever_is_in_is_put_out(unanswered: Referral, officer: User) -> None:
    client = went_in(unanswered, officer)
    assert client.get(reverse("partners:guest")).status_code == 200
    Link.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(reverse("partners:guest")).status_code == 403
    assert client.post(reverse("partners:guest-step", args=["accept"])).status_code == 403
    unanswered.refresh_from_db()
    assert unanswered.state == "opened"


def test_five_wrong_codes_end_it(unanswered: Referral, officer: User) -> None:
    _, token, code = links.make_link(referral=unanswered, by=officer)
    at, client = reverse("partners:enter", args=[token]), Client()
    for left in (4, 3, 2, 1):
        answer = client.post(at, {"code": "AAAA-AAAA", **WHO})
        assert answer.status_code == 400
        assert f"{left} more" in answer.content.decode()
    assert client.post(at, {"code": "AAAA-AAAA", **WHO}).status_code == 400
    assert client.post(at, {"code": code, **WHO}).status_code == 410
    assert Entry.objects.filter(what="referral.link-locked").count() == 1


def test_a_newer_link_a_recall_and_an_answer_each_end_it(unanswered: Referral, officer: User) -> None:
    client = went_in(unanswered, officer)
    _, token, _ = links.make_link(referral=unanswered, by=officer)
    assert client.get(reverse("partners:guest")).status_code == 403
    sending.recall(referral=unanswered, why="The wrong person", by=officer)
    answer = Client().get(reverse("partners:enter", args=[token]))
    assert answer.status_code == 410
    assert "recalled" in answer.content.decode()
    with pytest.raises(CannotDoError, match="Send it first"):
        links.make_link(referral=unanswered, by=officer)


def test_declined_by_a_guest_the_page_ends_with_it(unanswered: Referral, officer: User) -> None:
    client = went_in(unanswered, officer)
    answer = client.post(reverse("partners:guest-step", args=["decline"]), {"decline-why": "Not our area"})
    assert answer.headers["Location"] == reverse("partners:answered")
    assert client.get(reverse("partners:guest")).status_code == 403
    assert "The officer is told" in client.get(reverse("partners:answered")).content.decode()


def test_a_guest_reaches_one_request_only(unanswered: Referral, her: EncounterPerson, officer: User) -> None:
    other = sent(fill(draft(her, officer, "marac"), officer, "MARAC coordinator", urgency="now"), officer)
    client = went_in(unanswered, officer)
    need = other.needs.first()
    assert need
    wrong = client.post(reverse("partners:guest-need", args=[need.pk]), {f"need-{need.pk}-said": "met"})
    assert wrong.status_code == 404
    link = Link.objects.get()
    with pytest.raises(PermissionDenied):
        answering.take(referral=other, step=Step.ACCEPT, why="", who=answering.guest(link))


def test_a_link_that_never_was(db: None, client: Client) -> None:
    for token in ("x", "y" * 43, "z" * 400):
        assert client.get(f"/r/{token}").status_code == 404


def test_a_form_that_a_browser_refuses_to_vouch_for_says_what_to_do(
    unanswered: Referral, officer: User
) -> None:
    _, token, code = links.make_link(referral=unanswered, by=officer)
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("partners:enter", args=[token]), {"code": code, **WHO})
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()
