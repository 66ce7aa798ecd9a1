"""The audit holds against the application and the database's own user, and a verifier with nothing but Python agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from wholepicture.core import audit_chain
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.audit import checkpoints, guard, selectors
from wholepicture.web.audit.models import Chain, Entry
from wholepicture.web.audit.services import record


@pytest.fixture(autouse=True)
def guarded(db: None) -> None:
    guard.install(connection)


def test_each_force_has_its_own_unbroken_chain(officer: User, make_user: Callable[..., User]) -> None:
    other = make_user(Role.OFFICER, Force.objects.create(name="Other"))
    for n in range(5):
        record(by=officer, what="seen", about=f"person:{n}")
        record(by=other, what="seen", about=f"person:{n}", why="réason ✓")
        record(by=None, what="swept", about="")
    assert {c.name for c in Chain.objects.all()} >= {
        f"force-{officer.force_id}",
        f"force-{other.force_id}",
        "system",
    }
    assert list(audit_chain.faults(selectors.links())) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET why = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses(officer: User, statement: str) -> None:
    record(by=officer, what="seen", about="person:1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().why == ""


def test_what_is_done_behind_the_guard_is_found(officer: User, tmp_path: Path) -> None:
    for n in range(4):
        record(by=officer, what="seen", about=f"person:{n}")
    checkpoints.write(tmp_path)
    known = audit_chain.read_checkpoints(tmp_path / "checkpoints.jsonl")
    key = checkpoints.public_key(checkpoints.signing_key(tmp_path))
    assert list(audit_chain.faults(selectors.links(), known, key=key)) == []
    guard.remove(connection)
    Entry.objects.filter(number=4).delete()
    assert "cut off" in next(audit_chain.faults(selectors.links(), known, key=key))
    Entry.objects.filter(number=2).update(about="person:9")
    assert any("was changed" in fault for fault in audit_chain.faults(selectors.links()))


def test_a_verifier_with_nothing_but_python_agrees(officer: User, tmp_path: Path) -> None:
    for n in range(3):
        record(by=officer, what="seen", about=f"person:{n}")
    checkpoints.write(tmp_path)
    key = checkpoints.public_key(checkpoints.signing_key(tmp_path)).hex()
    lines = [json.dumps(asdict(link)) for link in selectors.links()]
    (tmp_path / "all.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "less.jsonl").write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    alone = tmp_path / "audit_chain.py"
    alone.write_text(Path(audit_chain.__file__).read_text("utf-8"), "utf-8")

    def verify(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(alone), str(tmp_path / name)]
        more = ["--checkpoints", str(tmp_path / "checkpoints.jsonl"), "--key", key]
        return subprocess.run(command + more, capture_output=True, text=True, check=False)

    assert verify("all.jsonl").returncode == 0
    cut = verify("less.jsonl")
    assert cut.returncode == 1
    assert "cut off" in cut.stdout


def test_an_entry_is_not_written_when_its_change_is_not(officer: User) -> None:
    @transaction.atomic
    def fails() -> None:
        record(by=officer, what="changed", about="person:1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert not Entry.objects.exists()
    record(by=officer, what="changed", about="person:1")
    assert Entry.objects.get().number == 1
