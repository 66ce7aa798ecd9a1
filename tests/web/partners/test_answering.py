"""Recalled, waited for, reminded of, answered: what comes of a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.partners.sharing import digest_of
from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.encounters.services import describe, make_known, prepare_copy
from wholepicture.web.encounters.services.disclosure import Choices
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Need, Referral
from wholepicture.web.partners.selectors import drafting
from wholepicture.web.partners.services import answering, clocks, lacking, sending
from wholepicture.web.partners.services.answering import worker
from wholepicture.web.partners.services.forgetting import forget


def test_a_recall_takes_away_what_was_sent_and_nothing_more_can_be_answered(
    asked: Referral, officer: User, advocate: User, signed_in: Callable[[User], Client]
) -> None:
    sending.recall(referral=asked, why="It was about somebody else.", by=officer)
    partner = signed_in(advocate)
    page = partner.get(reverse("partners:request", args=[asked.pk])).content.decode()
    assert "The officer has recalled this request" in page
    assert "strangled" not in page.casefold()
    with pytest.raises(CannotDoError):
        answering.take(referral=asked, step=Step.ACCEPT, why="", who=worker(advocate))


def test_an_accepted_one_is_not_recalled(asked: Referral, officer: User, advocate: User) -> None:
    answering.take(referral=asked, step=Step.ACCEPT, why="", who=worker(advocate))
    with pytest.raises(CannotDoError):
        sending.recall(referral=asked, why="A mistake", by=officer)


def test_nobody_else_is_named(her: EncounterPerson, officer: User) -> None:
    other = her.encounter.people.exclude(pk=her.pk).first()
    assert other
    other.given, other.family = "Barry", "Smithson"
    other.save()
    made = draft(her, officer)
    sending.fill(
        referral=made,
        version=made.version,
        part={"answers": {"x": "Barry came"}, "wishes": "Smithson gone"},
        by=officer,
    )
    made.refresh_from_db()
    assert set(drafting.others_named(made)) == {"Barry", "Smithson"}


def test_an_agreement_that_was_not_given_needs_a_basis_that_holds_without_it(
    her: EncounterPerson, officer: User
) -> None:
    made = fill(draft(her, officer), officer, basis="consent", agreement="refused")
    said = {m.said for m in lacking.missing(made)}
    assert said == {"Without their agreement this basis does not hold. Choose another, or do not send it."}
    made = sending.fill(
        referral=made,
        version=made.version,
        part={"basis": "safeguarding", "agreement": "unsafe", "override_why": "He was in the room."},
        by=officer,
    )
    assert lacking.missing(made) == []


def test_a_marac_referral_waits_for_a_second_officer_who_sees_exactly_what_goes(
    her: EncounterPerson, officer: User, make_user: Callable[..., User]
) -> None:
    made = fill(draft(her, officer, "marac"), officer, "MARAC coordinator", urgency="today")
    digest = digest_of(drafting.assemble(made))
    with pytest.raises(CannotDoError, match="second officer"):
        sending.send(referral=made, digest=digest, by=officer)
    sending.ask_check(referral=made, by=officer)
    with pytest.raises(PermissionDenied):
        sending.check(referral=made, digest=digest, by=officer)
    supervisor = make_user(Role.SUPERVISOR)
    sending.check(referral=made, digest=digest, by=supervisor)
    changed = sending.fill(referral=made, version=made.version, part={"wishes": "No conference"}, by=officer)
    with pytest.raises(CannotDoError):
        sending.send(referral=changed, digest=digest_of(drafting.assemble(changed)), by=officer)
    sending.check(referral=changed, digest=digest_of(drafting.assemble(changed)), by=supervisor)
    assert sent(changed, officer).sent_at


def test_reminded_then_brought_to_a_named_person(
    asked: Referral, officer: User, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    assert asked.due
    late = asked.due + timedelta(minutes=1)
    assert clocks.remind_and_escalate(late - timedelta(minutes=5)) == 0
    assert clocks.remind_and_escalate(late) == 1
    assert clocks.remind_and_escalate(late) == 0
    asked.refresh_from_db()
    assert asked.reminded_at
    assert asked.escalated_at is None
    assert clocks.remind_and_escalate(late + timedelta(days=2)) == 1
    asked.refresh_from_db()
    assert asked.escalated_to == supervisor
    home = signed_in(supervisor).get(reverse("encounters:home")).content.decode()
    assert "Brought to you" in home
    assert reverse("partners:referral", args=[asked.pk]) in home


def test_a_need_says_what_came_of_it_and_may_be_said_again(asked: Referral, advocate: User) -> None:
    answering.take(referral=asked, step=Step.ACCEPT, why="", who=worker(advocate))
    need = asked.needs.first()
    assert need
    with pytest.raises(CannotDoError, match="why not all of it"):
        answering.outcome(referral=asked, need=need, said="partly", words="", who=worker(advocate))
    answering.outcome(referral=asked, need=need, said="partly", words="No room tonight", who=worker(advocate))
    answering.outcome(referral=asked, need=need, said="met", words="", who=worker(advocate))
    need.refresh_from_db()
    assert need.outcome == Need.Outcome.MET
    assert asked.events.filter(step=Step.OUTCOME).count() == 2


def test_mail_about_a_request_says_nothing_of_anybody(
    her: EncounterPerson, officer: User, advocate: User, settings: Any
) -> None:
    settings.MAIL_HOST = "127.0.0.1"
    officer.email = "officer@example.police.uk"
    officer.save()
    made = sent(fill(draft(her, officer), officer, safe_contact="Text only"), officer)
    answering.take(referral=made, step=Step.ASK, why="Is Barry in custody?", who=worker(advocate))
    mails = [o.body for o in Outgoing.objects.filter(kind=Outgoing.Kind.MAIL)]
    assert len(mails) == 2
    for body in mails:
        text = f"{body['subject']} {body['text']}"
        assert made.number in text
        for secret in ("Barry", "pregnant", "Text only", "strangul", str(her.encounter_id)):
            assert secret.casefold() not in text.casefold()


def test_disposal_takes_what_was_asked_with_it(asked: Referral, her: EncounterPerson) -> None:
    forget(her)
    assert not Referral.objects.filter(pk=asked.pk).exists()


def test_what_was_shared_is_in_the_copy_given_to_somebody_with_others_blocked_out(
    her: EncounterPerson, officer: User, advocate: User, make_user: Callable[..., User]
) -> None:
    other = her.encounter.people.exclude(pk=her.pk).first()
    assert other
    other.given, other.family = "Barry", "Smithson"
    other.save()
    describe(person=her, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=her, by=officer).identity
    assert known
    made = sent(fill(draft(EncounterPerson.objects.get(pk=her.pk), officer), officer), officer)
    answering.take(referral=made, step=Step.DECLINE, why="Barry Smithson works for us.", who=worker(advocate))
    copy = prepare_copy(person=known, choices=Choices(), why="", give=False, by=make_user(Role.RECORDS))
    ((_, what, words),) = copy.given[0].beyond
    assert what.startswith("Shared with ")
    assert "Asked: " in words
    assert "works for us" in words
    assert "Smithson" not in words
