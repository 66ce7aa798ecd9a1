"""Faults: a save cut off at any step, a full disk, a database that is gone, many at once, a clock that is set back."""

from __future__ import annotations

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from tests.web.conftest import ACCOUNT
from wholepicture.core.audit_chain import faults
from wholepicture.web.accounts.models import User
from wholepicture.web.audit.models import Entry
from wholepicture.web.audit.selectors import links
from wholepicture.web.encounters.models import (
    Assessment,
    Draft,
    Encounter,
    FoundInText,
    RecordedObservation,
)
from wholepicture.web.encounters.selectors import history_of, picture_of
from wholepicture.web.encounters.services import (
    confirm,
    decide_finding,
    describe,
    keep_draft,
    make_known,
    sign_assessment,
    start_encounter,
)

everything_written = pytest.mark.django_db(transaction=True)
ONCE = [uuid.UUID(int=n) for n in range(1, 200)]


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in a process of its own that is killed with SIGKILL as it sends its ``step``-th statement to the
    database; whether it was. The last statement of a transaction is its commit."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        count = 0

        def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        code = 1
        try:
            with connection.execute_wrapper(die):
                act()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def whole() -> bool:
    """Whether the audit is whole."""
    return list(faults(links(), [], key=None)) == []


@everything_written
def test_an_account_cut_off_at_any_step_is_there_whole_or_not_at_all(officer: User) -> None:
    whole_one = start_encounter(narrative=ACCOUNT, source="whole", once=uuid.uuid4(), by=officer)
    shape = (whole_one.people.count(), whole_one.findings.count())
    cut = 0
    for step, once in enumerate(ONCE, 1):

        def act(once: uuid.UUID = once) -> object:
            return start_encounter(narrative=ACCOUNT, source="cut", once=once, by=officer)

        was_cut = killed_at(step, act)
        held = Encounter.objects.filter(once=once).first()
        assert (held is None) == was_cut
        assert held is None or (held.people.count(), held.findings.count()) == shape
        again = act()
        assert (again.people.count(), again.findings.count()) == shape  # type: ignore[attr-defined]
        assert Entry.objects.filter(about=f"encounter:{again.pk}").count() == 1  # type: ignore[attr-defined]
        if not was_cut:
            break
        cut += 1
    assert cut > 5
    assert whole()


@everything_written
def test_a_confirmation_and_a_signature_cut_off_at_any_step_are_whole_or_not_at_all(officer: User) -> None:
    encounter = start_encounter(narrative=ACCOUNT, source="cut", once=uuid.uuid4(), by=officer)
    step = 1
    while killed_at(step, lambda: confirm(encounter=encounter, by=officer)):
        encounter.refresh_from_db()
        assert encounter.confirmed_at is None
        assert not RecordedObservation.objects.exists()
        assert not encounter.findings.exclude(decision=FoundInText.Decision.NOT_YET).exists()
        step += 1
    assert step > 5
    encounter.refresh_from_db()
    assert encounter.confirmed_at
    assert Entry.objects.filter(what="encounter.confirmed").count() == 1
    person, once, step = encounter.people.get(main=True), uuid.uuid4(), 1

    def sign() -> object:
        return sign_assessment(person=person, once=once, grade="medium", heads={"threat": "He."}, by=officer)

    while killed_at(step, sign):
        assert not Assessment.objects.exists()
        step += 1
    assert step > 5
    sign()
    assert Assessment.objects.count() == 1
    assert whole()


@contextmanager
def full_disk() -> Iterator[None]:
    """No more can be written. SQLite is really kept from growing; PostgreSQL is made to say what it then says."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # or pages that were used before would serve again
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            yield
            cursor.execute("PRAGMA max_page_count = 1073741823")
        return

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "encounters_foundintext"'):
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@everything_written
def test_a_full_disk_is_said_keeps_nothing_by_halves_and_passes(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    client.raise_request_exception = False
    given = {"narrative": ACCOUNT + " She said more." * 4000, "once": str(uuid.uuid4())}
    with full_disk():
        refused = client.post("/encounters/new", given)
    assert refused.status_code == 503
    assert "cannot keep anything just now" in refused.content.decode()
    assert "Traceback" not in refused.content.decode()
    assert not Encounter.objects.exists()
    assert client.post("/encounters/new", given).status_code == 302
    assert Encounter.objects.get().people.exists()
    assert whole()


@pytest.mark.django_db
def test_a_database_that_is_gone_is_said_without_asking_it(
    officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(officer)
    client.raise_request_exception = False

    def gone(*_: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        answer = client.get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "cannot keep anything just now" in answer.content.decode()
    with connection.execute_wrapper(gone):
        system = client.get(f"/api/v1/encounters/{uuid.uuid4()}", headers={"Authorization": "Bearer x"})
    assert (system.status_code, system["Content-Type"]) == (503, "application/problem+json")


def at_once(many: int, act: Callable[[int], object]) -> list[object]:
    """Do something from several threads that begin together; what each got, an error included."""
    start = threading.Barrier(many)

    def one(number: int) -> object:
        try:
            start.wait()
            return act(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


@everything_written
def test_a_double_click_makes_one_account(officer: User, signed_in: Callable[[User], Client]) -> None:
    given = {"narrative": ACCOUNT, "once": str(uuid.uuid4())}
    clients = [signed_in(officer) for _ in range(4)]
    places = {a["Location"] for a in at_once(4, lambda n: clients[n].post("/encounters/new", given))}  # type: ignore[index]
    assert len(places) == 1
    assert Encounter.objects.count() == 1
    assert Entry.objects.filter(what="encounter.started").count() == 1


@everything_written
def test_confirmed_twice_at_once_is_recorded_once(encounter: Encounter, officer: User) -> None:
    single = start_encounter(narrative=ACCOUNT, source="single", once=uuid.uuid4(), by=officer)
    confirm(encounter=single, by=officer)
    want = RecordedObservation.objects.count()
    at_once(4, lambda _: confirm(encounter=Encounter.objects.get(pk=encounter.pk), by=officer))
    assert RecordedObservation.objects.filter(person__encounter=encounter).count() == want
    assert Entry.objects.filter(what="encounter.confirmed", about=f"encounter:{encounter.pk}").count() == 1


@everything_written
def test_a_finding_rejected_while_it_is_confirmed_does_not_stay_recorded(
    encounter: Encounter, officer: User
) -> None:
    finding = encounter.findings.filter(person__isnull=False, kind="factor").first()
    acts = [
        lambda: confirm(encounter=Encounter.objects.get(pk=encounter.pk), by=officer),
        lambda: decide_finding(
            finding=FoundInText.objects.get(pk=finding.pk), decision="rejected", by=officer
        ),
    ]
    assert not [e for e in at_once(2, lambda n: acts[n]()) if isinstance(e, Exception)]
    standing = RecordedObservation.objects.filter(
        person=finding.person, concept=finding.concept, corrected_by=None
    )
    assert not standing.exclude(rule="withdrawn").exists()


@everything_written
def test_eight_windows_on_one_draft_never_overwrite_one_another_unsaid(officer: User) -> None:
    once, rounds = uuid.uuid4(), 25
    keep_draft(once=once, text="", place="", version=0, by=officer)

    def write(number: int) -> list[str]:
        kept, version, text = [], 0, ""
        for turn in range(rounds):
            while True:
                mine = f"{text}[{number}.{turn}]"
                answer = keep_draft(once=once, text=mine, place="", version=version, by=officer)
                version, text = answer.draft.version, answer.draft.text
                if not answer.conflict:
                    kept.append(f"[{number}.{turn}]")
                    break
        return kept

    wrote = at_once(8, write)
    assert not [w for w in wrote if isinstance(w, Exception)]
    draft = Draft.objects.get(once=once)
    assert draft.version == 8 * rounds + 1
    # Each wrote on top of what it had read: had one been overwritten unsaid, its mark would be gone.
    for mark in (m for w in wrote for m in w):  # type: ignore[attr-defined]
        assert mark in draft.text


@pytest.mark.django_db
def test_a_clock_that_is_set_back_breaks_no_chain_and_hides_nothing(
    encounter: Encounter, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    confirm(encounter=encounter, by=officer)
    person = encounter.people.get(main=True)
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    known = make_known(person=person, by=officer).identity
    seen = picture_of(person).held.keys()
    monkeypatch.undo()
    describe(person=person, given="Ada", family="Synthetic", by=officer)
    assert whole()
    assert picture_of(person).held.keys() == seen
    assert len(history_of(known, user=officer).appearances) == 1
