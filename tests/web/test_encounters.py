"""From an account to a picture, through the site."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.web.conftest import ACCOUNT
from wholepicture.core.picture import Observation, draw
from wholepicture.core.practice import State, load_default
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.audit.models import Entry
from wholepicture.web.encounters import services
from wholepicture.web.encounters.drawing import sentence
from wholepicture.web.encounters.models import Encounter, FoundInText, RecordedObservation
from wholepicture.web.encounters.selectors import picture_of, recent, segments


def victim(encounter: Encounter):
    return encounter.people.get(main=True)


def test_a_retried_save_makes_one_account(officer: User) -> None:
    once = uuid.uuid4()
    first = services.start_encounter(narrative=ACCOUNT, source="a", once=once, by=officer)
    second = services.start_encounter(narrative=ACCOUNT, source="a", once=once, by=officer)
    assert first == second
    assert Encounter.objects.count() == 1


def test_nothing_is_recorded_until_confirmed(encounter: Encounter, officer: User) -> None:
    assert not RecordedObservation.objects.exists()
    services.confirm(encounter=encounter, by=officer)
    assert picture_of(victim(encounter)).state("strangulation") is State.PRESENT


def test_confirming_twice_records_once(encounter: Encounter, officer: User) -> None:
    services.confirm(encounter=encounter, by=officer)
    count = RecordedObservation.objects.count()
    services.confirm(encounter=encounter, by=officer)
    assert RecordedObservation.objects.count() == count


def test_what_was_rejected_is_not_recorded(encounter: Encounter, officer: User) -> None:
    finding = encounter.findings.get(concept="pregnant")
    services.decide_finding(finding=finding, decision="rejected", by=officer)
    services.confirm(encounter=encounter, by=officer)
    assert picture_of(victim(encounter)).state("pregnant") is State.NOT_KNOWN


def test_a_correction_after_confirming_keeps_what_was_known_before(
    encounter: Encounter, officer: User
) -> None:
    services.confirm(encounter=encounter, by=officer)
    before = RecordedObservation.objects.order_by("recorded_at").last().recorded_at
    services.decide_finding(
        finding=encounter.findings.get(concept="pregnant"), decision="rejected", by=officer
    )
    assert picture_of(victim(encounter)).state("pregnant") is State.NOT_KNOWN
    assert picture_of(victim(encounter), known_at=before).state("pregnant") is State.PRESENT


def test_moving_a_finding_moves_it_in_the_pictures(encounter: Encounter, officer: User) -> None:
    services.confirm(encounter=encounter, by=officer)
    partner = encounter.people.get(role="partner")
    services.decide_finding(
        finding=encounter.findings.get(concept="pregnant"), decision="accepted", person=partner, by=officer
    )
    assert picture_of(partner).state("pregnant") is State.PRESENT
    assert picture_of(victim(encounter)).state("pregnant") is State.NOT_KNOWN


def test_what_was_missed_can_be_added_from_its_words(encounter: Encounter, officer: User) -> None:
    found = services.add_finding(
        encounter=encounter, person=victim(encounter), concept="isolated", words="turned up at HA", by=officer
    )
    assert encounter.narrative[found.start : found.end] == "turned up at HA"
    with pytest.raises(services.CannotDoError, match="not in the account"):
        services.add_finding(
            encounter=encounter, person=victim(encounter), concept="isolated", words="never said", by=officer
        )


def test_an_answer_changes_the_picture(encounter: Encounter, officer: User) -> None:
    services.confirm(encounter=encounter, by=officer)
    services.answer(person=victim(encounter), concept="civil-protection-order", state="holding", by=officer)
    assert {
        r.state.value for r in picture_of(victim(encounter)).pathways if r.pathway.id == "strangulation"
    } == {"guarded"}
    with pytest.raises(services.CannotDoError):
        services.answer(person=victim(encounter), concept="pregnant", state="holding", by=officer)


def test_only_its_officer_changes_it(encounter: Encounter, make_user: Callable[..., User]) -> None:
    with pytest.raises(PermissionDenied):
        services.confirm(encounter=encounter, by=make_user(Role.SUPERVISOR))


def test_every_change_and_look_is_audited(
    encounter: Encounter, officer: User, signed_in: Callable[[User], Client]
) -> None:
    signed_in(officer).get(f"/encounters/{encounter.pk}/findings")
    services.confirm(encounter=encounter, by=officer)
    assert set(Entry.objects.values_list("what", flat=True)) == {
        "account.signed-in",
        "encounter.started",
        "encounter.seen",
        "encounter.confirmed",
    }
    with pytest.raises(ValueError, match="never changed"):
        Entry.objects.first().save()


def test_an_observation_is_never_edited(encounter: Encounter, officer: User) -> None:
    services.confirm(encounter=encounter, by=officer)
    with pytest.raises(ValueError, match="never changed"):
        RecordedObservation.objects.first().save()


def test_the_marked_account_is_the_account(encounter: Encounter) -> None:
    cut = segments(encounter, list(encounter.findings.all()))
    assert "".join(s.text for s in cut) == encounter.narrative
    assert any(len(s.findings) > 1 for s in cut)


def test_the_whole_way_through_the_pages(officer: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(officer)
    page = client.post("/encounters/new", {"once": str(uuid.uuid4()), "narrative": ACCOUNT}, follow=True)
    assert b"What this account says" in page.content
    encounter = Encounter.objects.get()
    page = client.post(f"/encounters/{encounter.pk}/confirm", follow=True)
    assert b"Strangled or suffocated" in page.content
    assert b"What we do not know yet" in page.content
    person = victim(encounter)
    page = client.post(
        f"/encounters/{encounter.pk}/people/{person.code}/answer",
        {"concept": "bail-or-remand", "state": "holding", "ends_on": "27/11/2036"},
        follow=True,
    )
    assert b"Guarded" in page.content
    assert b"27 November" in page.content


def test_a_document_is_read(officer: User, signed_in: Callable[[User], Client]) -> None:
    upload = SimpleUploadedFile("log.txt", ACCOUNT.encode())
    page = signed_in(officer).post(
        "/encounters/new", {"once": str(uuid.uuid4()), "document": upload}, follow=True
    )
    assert b"14 weeks pregnant" in page.content


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"narrative": "  "}, b"is empty"),
        ({"narrative": "typed and kept " + "x" * 200_001}, b"at most 200,000"),
        ({"narrative": "kept words", "document": b""}, b"Choose a file that has the account in it"),
        ({"narrative": "kept words", "document": b"\x00\x01\x02binary"}, b"not text"),
        ({"narrative": "kept words", "document": b"%PDF-1.4 nonsense"}, b"cannot be read"),
    ],
)
def test_bad_input_says_how_to_mend_it_and_keeps_what_was_typed(
    fields: dict, said: bytes, officer: User, signed_in: Callable[[User], Client]
) -> None:
    data = {"once": str(uuid.uuid4()), **fields}
    if "document" in data:
        data["document"] = SimpleUploadedFile("file.txt", data["document"])
    page = signed_in(officer).post("/encounters/new", data)
    assert page.status_code == 400
    assert said in page.content
    assert page.content.count(b'class="govuk-error-message"') == 1
    assert data["narrative"].strip()[:10].encode() in page.content
    assert not Encounter.objects.exists()


def test_markup_in_an_account_is_only_text(officer: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(officer).post(
        "/encounters/new",
        {"once": str(uuid.uuid4()), "narrative": "IP <script>alert(1)</script> is pregnant"},
        follow=True,
    )
    assert b"<script>alert" not in page.content
    assert b"&lt;script&gt;" in page.content


def test_an_account_with_nobody_in_it_has_a_way_on(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    client.post("/encounters/new", {"once": str(uuid.uuid4()), "narrative": "Quiet night."})
    page = client.post(f"/encounters/{Encounter.objects.get().pk}/confirm", follow=True)
    assert b"No person was recognised" in page.content


def test_one_decision_covers_the_words_that_say_the_same(encounter: Encounter, officer: User) -> None:
    finding = encounter.findings.filter(concept="child").first()
    services.decide_finding(finding=finding, decision="rejected", by=officer)
    same = encounter.findings.filter(concept="child", person=finding.person, state=finding.state)
    assert set(same.values_list("decision", flat=True)) == {FoundInText.Decision.REJECTED}


def test_the_home_page_lists_the_latest_first(officer: User) -> None:
    started = [
        services.start_encounter(narrative=ACCOUNT, source=str(n), once=uuid.uuid4(), by=officer)
        for n in range(12)
    ]
    assert recent(officer) == started[::-1]


def test_a_control_said_to_end_on_a_day_is_recorded_with_it_and_watched(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    encounter = services.start_encounter(
        narrative=f"IP is 14 weeks pregnant. Her ex partner has strangled her. He is on bail until {tomorrow:%d/%m/%Y}.",
        source="test",
        once=uuid.uuid4(),
        by=officer,
    )
    services.confirm(encounter=encounter, by=officer)
    held = RecordedObservation.objects.filter(concept="bail-or-remand", person__main=True).get()
    assert held.ends_on == tomorrow
    page = signed_in(officer).get(f"/encounters/{encounter.pk}/people/{held.person.code}").content.decode()
    assert "rest on a control that is about to end" in page or "1 control ends tomorrow" in page


def test_somebody_the_recognition_did_not_see_is_added_and_has_a_picture(
    encounter: Encounter, officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    base = f"/encounters/{encounter.pk}"
    client.post(f"{base}/people", {"label": " baby  asleep upstairs ", "role": "child"})
    baby = encounter.people.get(label="baby asleep upstairs")
    client.post(f"{base}/findings/add", {"person": baby.code, "concept": "child", "words": "upstairs asleep"})
    client.post(f"{base}/confirm")
    assert baby.observations.filter(concept="child", state="present").exists()
    assert client.get(f"{base}/people/{baby.code}").status_code == 200


def test_what_somebody_is_called_and_how_they_stand_in_it_can_be_put_right(
    encounter: Encounter, officer: User, signed_in: Callable[[User], Client]
) -> None:
    person = encounter.people.first()
    address = f"/encounters/{encounter.pk}/people/{person.code}/change"
    signed_in(officer).post(address, {"label": "Ada", "role": "witness"})
    person.refresh_from_db()
    assert (person.label, person.role) == ("Ada", "witness")
    page = signed_in(officer).post(address, {"label": " ", "role": "witness"}, follow=True)
    assert "Say what to call them" in page.content.decode()
    signed_in(officer).post(address, {"label": "Ada", "role": "queen"})
    person.refresh_from_db()
    assert person.role == "witness"


def test_names_in_a_sentence_begin_small_unless_they_are_initials() -> None:
    catalogue = load_default()
    now = timezone.now()
    seen = [
        Observation(concept, "p", concept, State.PRESENT, now, now)
        for concept in ("sexual-coercion", "partner-or-ex", "neurodivergent")
    ]
    said = sentence(catalogue, draw(catalogue, seen, at=now))
    assert "a partner or former partner" in said
    assert " A partner" not in said
