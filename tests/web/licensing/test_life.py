"""One person from application to licence to suspension to appeal to restoration to renewal, through the site's forms."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.licensing.conftest import DAY, TODAY, Desk, long_ago
from tests.web.programmes.test_whole_life import day
from wholepicture.core.credentials import bit_of, verified
from wholepicture.core.licensing import State, Step
from wholepicture.web.accounts.models import User
from wholepicture.web.licensing.models import Credential, Hearing, Licence, Lookup
from wholepicture.web.licensing.services import credentials, registering

SignIn = Callable[[User], Client]


def post(client: Client, name: str, *args: object, **fields: object) -> str:
    """Post a form, and fail with what the page says if it is refused."""
    response = client.post(reverse(f"licensing:{name}", args=args), fields)
    if response.status_code != 302:
        said = re.findall(r"error-summary__title.*?</ul>", response.content.decode(), re.S)
        raise AssertionError((name, response.status_code, said))
    return response.headers["Location"]


def see(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"licensing:{name}", args=args))
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def test_from_application_to_renewal(desk: Desk, signed_in: SignIn) -> None:
    holder, lead = signed_in(desk.holder), signed_in(desk.lead)
    licence = applied(desk, holder, signed_in(desk.manager))
    assessed(desk, licence, lead, signed_in)
    decided(desk, licence, "grant", lead, signed_in, desk.panel)
    assert licence.standing().state is State.ACTIVE
    credential_is_good(licence, holder)
    acted_on(desk, licence, lead, holder, signed_in)
    renewed(desk, licence, lead, holder, signed_in)


def applied(desk: Desk, holder: Client, manager: Client) -> Licence:
    desk.trained(desk.holder)
    post(holder, "apply", desk.scheme.slug)
    licence = Licence.objects.get()
    page = see(holder, "licence", licence.pk)
    assert "0 of 4 given." in page
    assert "To be declared by: line manager." in page
    for n in range(4):
        post(
            holder,
            "add-evidence",
            licence.pk,
            title=f"Case {n}",
            text="What I did, and why.",
            standards=[s.id for s in desk.scheme.content.standards],
            case="on",
            once=uuid.uuid4(),
            **day("happened_on", TODAY - DAY),
        )
    refused = holder.post(reverse("licensing:step", args=[licence.pk, "submit"]))
    assert "Not met yet: R3. To be declared by: line manager." in refused.content.decode()
    assert "For you to declare as line manager" in see(manager, "home")
    post(manager, "declare", licence.pk, "R3", said="", **day("on", TODAY))
    post(holder, "step", licence.pk, "submit")
    return licence


def assessed(desk: Desk, licence: Licence, lead: Client, signed_in: SignIn) -> None:
    assert "an application to look through" in lead.get("/").content.decode()
    once = lead.post(
        reverse("licensing:case-step", args=[licence.pk, "accept"]), {"assessor": desk.assessor.pk}
    )
    assert "Name a second assessor too" in once.content.decode()
    post(lead, "case-step", licence.pk, "accept", assessor=desk.assessor.pk, second=desk.second.pk)
    first, second = signed_in(desk.assessor), signed_in(desk.second)
    for s in desk.scheme.content.standards:
        post(first, "standard", licence.pk, s.id, said="met", feedback="The first one's reason.")
    post(first, "finish", licence.pk, why="Good throughout.")
    # The second assessor sees nothing of it before they have decided everything.
    for s in desk.scheme.content.standards:
        page = see(second, "case", licence.pk)
        assert "The first one&#x27;s reason." not in page
        assert "Good throughout." not in page
        post(second, "standard", licence.pk, s.id, said="met", feedback="Mine.")
    assert "The first one&#x27;s reason." in see(second, "case", licence.pk)
    post(lead, "case-step", licence.pk, "forward")
    assert "They agree" in see(lead, "desk") or "Only 4 judged" in see(lead, "desk")


def decided(
    desk: Desk,
    licence: Licence,
    said: str,
    lead: Client,
    signed_in: SignIn,
    members: tuple[User, ...],
    **more: object,
) -> None:
    post(lead, "call-panel", licence.pk, members=[m.pk for m in members])
    found = Hearing.objects.get(licence=licence, closed_at=None)
    for n, member in enumerate(members):
        client = signed_in(member)
        page = see(client, "hearing", found.pk)
        assert "A vote&#x27;s reason" not in page
        post(client, "hearing", found.pk, said=said, why="A vote's reason", interests="None")
        assert ("A vote&#x27;s reason" in see(client, "hearing", found.pk)) is (n == len(members) - 1)
    post(lead, "conclude", found.pk, why="The panel heard both sides.", **more)


def credential_is_good(licence: Licence, holder: Client) -> None:
    found = Credential.objects.get()
    document = json.loads(holder.get(reverse("licensing:credential-file", args=[found.pk])).content)
    did = Client().get(reverse("licensing:did", args=[licence.scheme.force_id])).json()
    keys = {m["id"]: m["publicKeyMultibase"] for m in did["verificationMethod"]}
    verified(document, keys)
    public = Client().get(reverse("licensing:credential", args=[found.pk])).content.decode()
    assert "This licence is in force" in public
    for personal in ("Nia", "Clarke", licence.holder.username):
        assert personal not in public
        assert personal not in json.dumps(document)
    assert holder.get(reverse("licensing:credential-code", args=[found.pk])).content.startswith(b"<svg")
    assert "It has not been changed since it was signed." in checked(document)
    document["validUntil"] = "2099-01-01T00:00:00Z"
    assert "It has been changed since it was signed." in checked(document)


def checked(document: object) -> str:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return (
        Client()
        .post(reverse("licensing:verify"), {"file": SimpleUploadedFile("c.json", raw)})
        .content.decode()
    )


def acted_on(desk: Desk, licence: Licence, lead: Client, holder: Client, signed_in: SignIn) -> None:
    document = Credential.objects.get().document
    post(lead, "case-step", licence.pk, "interim", why="A complaint.", **day("until", TODAY + 30 * DAY))
    assert "The licence is not in force today." in asked(desk, signed_in)
    assert "It has been revoked." in checked(document)
    status = Client().get(reverse("licensing:status", args=[licence.scheme.force_id])).json()
    assert bit_of(status["credentialSubject"]["encodedList"], Credential.objects.get().bit)
    post(lead, "case-step", licence.pk, "propose", why="To suspend it for a month.")
    assert "You have been given notice of a proposal" in see(holder, "licence", licence.pk)
    post(holder, "step", licence.pk, "represent", why="It was not as it was told.")
    decided(desk, licence, "suspend", lead, signed_in, desk.panel, **day("until", TODAY + 60 * DAY))
    assert licence.standing().state is State.SUSPENDED
    last = licence.events.order_by("-number")[0]
    letter = holder.get(reverse("licensing:letter", args=[licence.pk, last.number]))
    assert letter.content.startswith(b"%PDF")
    post(holder, "step", licence.pk, "appeal", why="They did not hear my witness.")
    again = lead.post(
        reverse("licensing:call-panel", args=[licence.pk]), {"members": [m.pk for m in desk.panel]}
    )
    assert "had a part in it before" in again.content.decode()
    decided(desk, licence, "overturn", lead, signed_in, desk.others)
    assert licence.standing().state is State.ACTIVE
    assert asked(desk, signed_in).count("Yes") >= 1
    # Nothing that came before is gone, and there is a credential again.
    assert Credential.objects.filter(revoked_at=None).count() == 1
    assert Credential.objects.count() == 2


def asked(desk: Desk, signed_in: SignIn) -> str:
    client = signed_in(desk.manager)
    return client.post(
        reverse("licensing:check"),
        {"person": desk.holder.pk, "scheme": desk.scheme.slug, "why": "A new case"},
    ).content.decode()


def renewed(desk: Desk, licence: Licence, lead: Client, holder: Client, signed_in: SignIn) -> None:
    assert "A new case" in see(holder, "licence", licence.pk)
    early = lead.post(reverse("licensing:case-step", args=[licence.pk, "renew"]), {"why": "x"})
    assert "It can be renewed from" in early.content.decode()
    end = licence.standing().until
    assert end is not None
    long_ago(licence, (end - TODAY).days - 20)
    before = licence.standing()
    assert registering.give_notice(timezone.now()) == 1
    assert registering.give_notice(timezone.now()) == 0
    post(lead, "case-step", licence.pk, "renew", why="All is shown again.")
    after = licence.standing()
    assert after.terms[0] == before.terms[0]
    assert after.terms[1][0] == before.terms[0][1] + DAY
    assert after.until is not None
    assert after.until > before.terms[0][1]


def test_a_term_that_ended_is_not_in_force(desk: Desk, signed_in: SignIn) -> None:
    licence = desk.granted()
    end = licence.standing().until
    assert isinstance(end, date)
    long_ago(licence, (end - TODAY).days + 1)
    assert licence.standing().state is State.GRACE
    assert "nothing new may be given" in asked(desk, signed_in)
    long_ago(licence, 14)
    assert licence.standing().state is State.LAPSED
    assert "not in force today" in asked(desk, signed_in)


def test_a_credential_comes_back_when_a_suspension_meanwhile_has_run_out(desk: Desk) -> None:
    licence = desk.granted()
    desk.take(licence, Step.INTERIM, desk.lead, until=TODAY + 5 * DAY)
    registering.give_notice(timezone.now())
    assert not licence.credentials.filter(revoked_at=None).exists()
    long_ago(licence, 6)
    assert licence.standing().state is State.ACTIVE
    registering.give_notice(timezone.now())
    registering.give_notice(timezone.now())
    assert licence.credentials.filter(revoked_at=None).count() == 1
    assert licence.credentials.count() == 2


def test_old_keys_still_show_what_they_signed(desk: Desk) -> None:
    licence = desk.granted()
    document = licence.credentials.get().document
    credentials.new_key(force=desk.scheme.force, by=desk.lead)
    keys = credentials.keys_of(desk.scheme.force)
    assert len(keys) == 2
    verified(document, keys)
    assert "not been changed" in checked(document)
    status = credentials.signed_status_list(desk.scheme.force)
    assert status["proof"][0]["verificationMethod"].endswith("#key-2")
    verified(status, keys)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"[" * 100_000, b"null", b'{"issuer": {"id": "did:web:other"}}', b"x" * 100_002]
)
def test_what_is_no_credential_of_ours(desk: Desk, raw: bytes) -> None:
    page = checked(raw)
    assert "Do not rely on it" in page or "The submitted file is empty" in page


def test_the_register_is_not_leafed_through(desk: Desk, signed_in: SignIn) -> None:
    licence = desk.granted()
    client = signed_in(desk.manager)
    assert "Nia" not in client.get(reverse("licensing:register")).content.decode()
    found = client.get(reverse("licensing:register"), {"name": "clarke"}).content.decode()
    assert "Nia Clarke" in found
    bare = client.post(reverse("licensing:look-up", args=[licence.pk]), {"why": ""})
    assert bare.status_code == 302
    assert not Lookup.objects.exists()
    page = client.post(reverse("licensing:look-up", args=[licence.pk]), {"why": "A joint case"})
    assert "In force" in page.content.decode()
    assert Lookup.objects.get().why == "A joint case"
