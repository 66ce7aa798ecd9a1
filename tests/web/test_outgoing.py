"""What is sent out: real mail over SMTP, real posts over HTTP, signed; tried again, given up, and sent once more."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook as Receiver

from tests.web.conftest import Heard
from wholepicture.web.accounts import services
from wholepicture.web.accounts.models import Chore, Force, Outgoing, Role, User, Webhook
from wholepicture.web.encounters.models import Encounter
from wholepicture.web.encounters.services import (
    confirm,
    describe,
    make_known,
    review_assessment,
    sign_assessment,
)
from wholepicture.web.people.services import open_person, restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Any) -> Iterator[list[Any]]:
    came: list[Any] = []

    class Keeps:
        async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
            came.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 kept"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keeps(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_HOST = settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS = port, False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield came
    controller.stop()


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> User:
    return make_user(Role.ADMINISTRATOR)


def told(system: Heard, administrator: User) -> str:
    return services.add_webhook(name="Records", address=system.address, by=administrator)[1]


def test_a_system_is_told_signed_and_nothing_personal(
    system: Heard, administrator: User, encounter: Encounter, officer: User
) -> None:
    secret = told(system, administrator)
    confirm(encounter=encounter, by=officer)
    assert services.deliver_due() == 1
    headers, body = system.came[0]
    read = Receiver(secret).verify(body.decode(), headers)
    assert read["type"] == "encounter.confirmed"
    assert read["data"] == {"encounter": str(encounter.pk)}
    assert Outgoing.objects.get().state == Outgoing.State.SENT
    assert services.deliver_due() == 0


def test_a_secret_is_not_readable_in_the_database(system: Heard, administrator: User) -> None:
    assert told(system, administrator) not in Webhook.objects.get().secret


def test_nothing_is_sent_of_what_did_not_happen(
    system: Heard, administrator: User, encounter: Encounter, officer: User
) -> None:
    told(system, administrator)
    with transaction.atomic():
        confirm(encounter=encounter, by=officer)
        transaction.set_rollback(True)
    services.deliver_due()
    assert system.came == []


def later() -> None:
    """As if the wait were over."""
    Outgoing.objects.filter(state=Outgoing.State.WAITING).update(due=timezone.now())


def test_what_fails_is_tried_again_under_the_same_number_and_in_the_end_given_up(
    system: Heard,
    administrator: User,
    encounter: Encounter,
    officer: User,
    signed_in: Callable[[User], Client],
) -> None:
    told(system, administrator)
    system.answers = [500, 302, 404, 500, 500, 500, 500]
    confirm(encounter=encounter, by=officer)
    for _ in range(9):
        services.deliver_due()
        later()
    assert len(system.came) == 7
    assert len({headers["webhook-id"] for headers, _ in system.came}) == 1
    item = Outgoing.objects.get()
    assert (item.state, item.problem) == (Outgoing.State.GIVEN_UP, "It answered 500.")
    page = signed_in(administrator).get("/systems").content.decode()
    assert "It answered 500." in page
    signed_in(administrator).post("/systems/change", {"what": "again", "number": str(item.pk)})
    services.deliver_due()
    item.refresh_from_db()
    assert item.state == Outgoing.State.SENT


def test_a_system_that_is_not_there_is_waited_for(
    settings: Any, administrator: User, encounter: Encounter, officer: User
) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1:9"]
    services.add_webhook(name="Gone", address="http://127.0.0.1:9/", by=administrator)
    confirm(encounter=encounter, by=officer)
    services.deliver_due()
    item = Outgoing.objects.get()
    assert item.state == Outgoing.State.WAITING
    assert item.due > timezone.now() + timedelta(seconds=30)
    assert item.problem.startswith("It could not be reached")


def test_a_worker_that_died_holding_one_is_taken_over(
    system: Heard, administrator: User, encounter: Encounter, officer: User
) -> None:
    from wholepicture.web.accounts.services import outgoing

    told(system, administrator)
    confirm(encounter=encounter, by=officer)
    held = outgoing._claim()  # and then it dies
    assert held
    assert services.deliver_due() == 0
    later()
    assert services.deliver_due() == 1
    assert system.came[0][0]["webhook-id"] == str(held.pk)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "https://elsewhere.example/hook",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:{port}@elsewhere.example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_hosts_that_were_allowed_are_called(
    system: Heard, administrator: User, address: str, signed_in: Callable[[User], Client]
) -> None:
    port = system.address.split(":")[2].split("/")[0]
    answer = signed_in(administrator).post(
        "/systems/change", {"what": "add", "name": "x", "address": address.format(port=port)}
    )
    assert answer.status_code == 400
    assert not Webhook.objects.exists()


def test_a_stopped_system_and_another_forces_are_not_told(
    system: Heard, administrator: User, make_user: Callable[..., User], encounter: Encounter, officer: User
) -> None:
    told(system, administrator)
    services.stop_webhook(webhook=Webhook.objects.get(), by=administrator)
    told(system, make_user(Role.ADMINISTRATOR, Force.objects.create(name="Second")))
    confirm(encounter=encounter, by=officer)
    services.deliver_due()
    assert system.came == []


def test_the_owner_of_a_restricted_record_is_mailed_at_once_and_the_mail_names_nobody(
    mail: list[Any], encounter: Encounter, officer: User, make_user: Callable[..., User]
) -> None:
    confirm(encounter=encounter, by=officer)
    person = encounter.people.get(main=True)
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=person, by=officer).identity
    owner = make_user(Role.SAFEGUARDING)
    owner.email = "owner@example.police.uk"
    owner.save()
    restrict(person=known, readers=[], why="a relative works here", by=owner)
    open_person(person=known, why="she is in danger now", by=officer)
    assert services.deliver_due() == 1
    to, message = mail[0]
    assert to == ["owner@example.police.uk"]
    assert "restricted record" in message["Subject"]
    text = message.get_payload(decode=True).decode()
    for word in ("Ada", "Synthetic", "danger", str(known.pk)):
        assert word not in text
    assert message["Message-ID"] == f"<{Outgoing.objects.get().pk}@wholepicture>"


def test_who_signed_is_mailed_when_it_comes_back(
    mail: list[Any], encounter: Encounter, officer: User, make_user: Callable[..., User]
) -> None:
    officer.email = "officer@example.police.uk"
    officer.save()
    confirm(encounter=encounter, by=officer)
    encounter.refresh_from_db()
    signed = sign_assessment(
        person=encounter.people.first(),
        once=uuid.uuid4(),
        grade="medium",
        heads={"threat": "He."},
        by=officer,
    )
    review_assessment(
        assessment=signed, outcome="returned", comment="Look again.", by=make_user(Role.SUPERVISOR)
    )
    services.deliver_due()
    assert [m["Subject"] for _, m in mail] == ["An assessment came back to you"]


def test_a_mail_server_that_is_down_loses_nothing(mail: list[Any], settings: Any, officer: User) -> None:
    officer.email = "officer@example.police.uk"
    up, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    services.tell_people([officer], about="x", subject="s", text="t")
    services.deliver_due()
    assert Outgoing.objects.get().state == Outgoing.State.WAITING
    settings.EMAIL_PORT = up
    later()
    services.deliver_due()
    assert len(mail) == 1


def test_habits_are_kept_by_one_of_many(settings: Any, tmp_path: Any, administrator: User) -> None:
    settings.VAR = tmp_path
    own = ["statistics", "checkpoint", "sessions", "held", "sent"]
    above = ["training-reminders", "training-launches", "cpd-reminders", "licence-notices"]
    above += ["insight-forget", "insight-figures"]
    partners = ["directories", "referral-clocks", "referral-reconciler", "control-watch"]
    partners += ["slipped-through", "slipped-settled", "watch-digest"]
    kept = services.do_what_is_due()
    assert kept[: len(own)] == own
    assert sorted(kept[len(own) :]) == sorted([*above, *partners])
    assert services.do_what_is_due() == []
    Chore.objects.filter(name="checkpoint").update(begun_at=timezone.now() - timedelta(hours=2))
    assert services.do_what_is_due() == ["checkpoint"]
    lines = (tmp_path / "audit" / "checkpoints.jsonl").read_text().splitlines()
    assert all(json.loads(line)["signature"] for line in lines)


def test_what_was_sent_long_ago_is_let_go_and_what_waits_is_not(officer: User, settings: Any) -> None:
    settings.MAIL_HOST, officer.email = "127.0.0.1", "officer@example.police.uk"
    for _ in range(3):
        services.tell_people([officer], about="x", subject="s", text="t")
    first, second, _ = Outgoing.objects.all()
    long_ago = timezone.now() - timedelta(days=31)
    Outgoing.objects.filter(pk=first.pk).update(state="sent", sent_at=long_ago)
    Outgoing.objects.filter(pk=second.pk).update(state="given-up", made_at=long_ago)
    assert services.forget_sent(now=timezone.now()) == 1
    assert Outgoing.objects.count() == 2
