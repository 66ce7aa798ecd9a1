"""A partner's own system: it hangs, answers 500, answers twice or out of order, and no request is lost or doubled."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook as Receiver

from tests.web.conftest import HANGS, Heard
from tests.web.partners.conftest import draft, fill, sent
from wholepicture.core.partners.lifecycle import Step
from wholepicture.core.partners.sharing import digest_of
from wholepicture.web.accounts.models import Outgoing, Role, User
from wholepicture.web.accounts.services import add_webhook, deliver_due, issue_token, outgoing
from wholepicture.web.encounters.models import EncounterPerson
from wholepicture.web.partners.models import Membership, Organisation, Received, Referral
from wholepicture.web.partners.services import clocks, sending


@pytest.fixture
def secret(system: Heard, haven: Organisation, make_user: Callable[..., User]) -> str:
    """Haven's own system takes what is sent to it."""
    webhook, secret = add_webhook(
        name="Haven", address=system.address, by=make_user(Role.ADMINISTRATOR), partner=True
    )
    haven.system = webhook
    haven.save()
    return secret


@pytest.fixture
def on_its_way(secret: str, her: EncounterPerson, officer: User) -> Referral:
    return sent(fill(draft(her, officer), officer), officer)


def later() -> None:
    Outgoing.objects.filter(state=Outgoing.State.WAITING).update(due=timezone.now())


def test_it_takes_exactly_what_was_sent_signed(system: Heard, secret: str, on_its_way: Referral) -> None:
    assert on_its_way.state == "sent"
    deliver_due()
    headers, body = system.came[0]
    told = Receiver(secret).verify(body.decode(), headers)
    assert told["type"] == "referral.sent"
    assert told["data"]["digest"] == digest_of(told["data"]["document"]) == on_its_way.digest
    on_its_way.refresh_from_db()
    assert on_its_way.state == "delivered"


def test_only_requests_to_it_are_given_to_it(
    system: Heard, secret: str, her: EncounterPerson, officer: User
) -> None:
    sent(fill(draft(her, officer, "marac"), officer, "MARAC coordinator", urgency="now"), officer)
    deliver_due()
    assert system.came == []


def test_it_is_tried_for_two_days_under_one_number(system: Heard, on_its_way: Referral) -> None:
    system.answers = [500] * 47
    for _ in range(47):
        deliver_due()
        later()
    on_its_way.refresh_from_db()
    assert on_its_way.state == "sent"
    assert Outgoing.objects.get().tries == 47
    deliver_due()
    on_its_way.refresh_from_db()
    assert on_its_way.state == "delivered"
    assert {h["webhook-id"] for h, _ in system.came} == {str(on_its_way.pk)}
    assert on_its_way.events.filter(step=Step.DELIVER).count() == 1
    assert sum(outgoing.PATIENT[:48], timedelta()) <= timedelta(hours=49)


def test_one_that_hangs_is_let_go_of_and_tried_again(
    system: Heard, on_its_way: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "PATIENCE_SECONDS", 0.3)
    system.answers, system.hangs = [HANGS], 1.0
    deliver_due()
    assert Outgoing.objects.get().state == Outgoing.State.WAITING
    later()
    deliver_due()
    on_its_way.refresh_from_db()
    assert on_its_way.state == "delivered"
    # It had it the first time too, though we could not know: the same number says that it is the same.
    assert len({h["webhook-id"] for h, _ in system.came}) == 1


def test_a_message_that_is_lost_is_made_again(system: Heard, on_its_way: Referral) -> None:
    Outgoing.objects.all().delete()
    soon = timezone.now() + timedelta(minutes=10)
    assert clocks.reconcile(soon) == 1
    assert clocks.reconcile(soon) == 0
    later()
    deliver_due()
    assert len(system.came) == 1


def test_one_that_was_given_and_not_noted_is_noted(on_its_way: Referral) -> None:
    Outgoing.objects.update(state=Outgoing.State.SENT, sent_at=timezone.now())
    assert clocks.reconcile(timezone.now() + timedelta(minutes=10)) == 1
    on_its_way.refresh_from_db()
    assert on_its_way.state == "delivered"


def test_given_up_somebody_is_told_to_ring_and_it_is_tried_on(
    system: Heard, on_its_way: Referral, make_user: Callable[..., User]
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    system.answers = [500] * 200
    for _ in range(60):
        deliver_due()
        later()
    assert Outgoing.objects.get().state == Outgoing.State.GIVEN_UP
    clocks.reconcile(timezone.now() + timedelta(minutes=10))
    on_its_way.refresh_from_db()
    assert on_its_way.escalated_to == supervisor
    assert on_its_way.events.filter(step=Step.ESCALATE, why__contains="Ring them").exists()
    system.answers = []
    later()
    deliver_due()
    on_its_way.refresh_from_db()
    assert on_its_way.state == "delivered"


def test_recalled_before_it_went_it_never_goes(system: Heard, on_its_way: Referral, officer: User) -> None:
    sending.recall(referral=on_its_way, why="The wrong person", by=officer)
    later()
    deliver_due()
    assert system.came == []


class Api:
    """A partner's system that answers."""

    def __init__(self, user: User, referral: Referral) -> None:
        self.secret = issue_token(user=user, name="system")
        self.at = f"/api/v1/referrals/{referral.pk}/answers"

    def tell(self, message: str, **body: Any) -> tuple[int, dict[str, Any]]:
        response = Client().post(
            self.at,
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", "Idempotency-Key": message},
        )
        return response.status_code, response.json()


def test_answered_twice_it_is_answered_once(asked: Referral, advocate: User) -> None:
    api = Api(advocate, asked)
    first = api.tell("message-1", step="accept")
    second = api.tell("message-1", step="accept")
    assert first == second
    assert first[0] == 200
    assert first[1]["state"] == "accepted"
    assert asked.events.filter(step=Step.ACCEPT).count() == 1
    assert Received.objects.count() == 1
    other = api.tell("message-1", step="decline", why="Full")
    assert other[0] == 409
    assert "used for something else" in other[1]["detail"]


def test_out_of_order_the_later_stands(asked: Referral, advocate: User) -> None:
    api = Api(advocate, asked)
    assert api.tell("message-2", step="accept")[1]["state"] == "accepted"
    status, told = api.tell("message-1", step="acknowledge")
    assert (status, told["state"], told["late"]) == (200, "accepted", True)
    event = asked.events.get(step=Step.ACKNOWLEDGE)
    assert event.late


def test_what_cannot_be_is_said_and_changes_nothing(asked: Referral, advocate: User) -> None:
    api = Api(advocate, asked)
    assert api.tell("message-1", step="decline")[0] == 409  # no reason
    assert api.tell("message-2")[0] == 422
    assert api.tell("message-3", step="accept", control="marac-and-advocate")[0] == 422
    assert api.tell("message-4", step="send")[0] == 422
    assert api.tell("message-5", need=2**40, outcome="met")[0] == 409
    assert api.tell("message-7", control="", why="user")[0] == 409
    asked.refresh_from_db()
    assert asked.state == "delivered"
    told = api.tell("message-6", control="marac-and-advocate", holder="Leila", ends_on="2026-01-01")
    assert told[0] == 409
    assert "passed" in told[1]["detail"]


def test_another_partner_is_told_of_nothing_and_answers_nothing(
    asked: Referral, make_user: Callable[..., User], advocate: User, officer: User
) -> None:
    stranger = make_user(Role.PARTNER)
    for user, status in ((stranger, 403), (officer, 403)):
        assert Api(user, asked).tell("message-1", step="accept")[0] == status
    council = Organisation.objects.get(name__startswith="Aldermere Borough")
    Membership.objects.create(user=stranger, organisation=council)
    assert Api(stranger, asked).tell("message-1", step="accept")[0] == 404
    listed = Client().get(
        "/api/v1/referrals", headers={"Authorization": f"Bearer {issue_token(user=stranger, name='x')}"}
    )
    assert listed.json() == {"referrals": []}


def test_a_control_told_by_a_system_is_in_the_picture(asked: Referral, advocate: User) -> None:
    api = Api(advocate, asked)
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert api.tell("message-1", control="marac-and-advocate", holder="Leila", ends_on=day)[0] == 200
    told = asked.person.observations.get(concept="marac-and-advocate", state="holding")
    assert told.told_by == "Leila Haddad, Advocate, Haven Aldermere (made up)"
