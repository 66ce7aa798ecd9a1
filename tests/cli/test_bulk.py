"""``wholepicture bulk`` in the shell: a run, its faults in words, and what comes into the site as proposed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.bulk.conftest import extract, ran
from wholepicture.cli.main import main
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.encounters.models import Encounter, RecordedObservation

__all__ = ["extract", "ran"]


def test_generated_run_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bulk", "generate", str(tmp_path / "x"), "--reports", "60", "--parquet"]) == 0
    assert "60 reports" in capsys.readouterr().out
    out = tmp_path / "run"
    assert (
        main(["bulk", "run", str(tmp_path / "x" / "extract.parquet"), "--out", str(out), "--cores", "1"]) == 0
    )
    said = capsys.readouterr()
    assert said.out.strip() == str(out / "report.html")
    assert "report=Incident No" in said.err.replace("\n", " ")
    assert (out / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "gone.csv", "--out", "x"], "gone.csv is not there"),
        (["generate", "x", "--reports", "0"], "from 1 on"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["bulk", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


@pytest.mark.django_db(transaction=True)
def test_the_first_people_come_in_as_proposed_and_once(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    force = Force.objects.create(name="First")
    officer = User.objects.create_user(username="sam", role=Role.OFFICER, force=force)
    command = ["bulk", "load", str(ran), "--force", "First", "--by", "sam", "--most", "3", "--synthetic"]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("3 people: ")
    held = Encounter.objects.all()
    assert held.count() >= 6
    assert all(e.confirmed_at is None and e.synthetic and e.started_by == officer for e in held)
    assert not RecordedObservation.objects.exists()  # nothing counts until somebody confirms it
    named = [p for e in held for p in e.people.all() if p.family]
    assert len(named) >= 6
    # The run's links come too, as what it takes to be so: nobody is joined.
    again = Counter(p.taken_for for e in held for p in e.people.all() if p.taken_for)
    assert sum(count > 1 for count in again.values()) >= 3
    assert all(p.identity is None for e in held for p in e.people.all())
    assert main(command) == 0
    assert "0 accounts came in" in capsys.readouterr().out
    assert Encounter.objects.count() == held.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [None, b"no table"])
def test_a_damaged_run_is_named_and_how_to_mend_it(
    ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    User.objects.create_user(username="sam", role=Role.OFFICER, force=Force.objects.create(name="First"))
    folder = tmp_path / "run"
    shutil.copytree(ran, folder)
    part = folder / "linked" / "people.parquet"
    part.write_bytes(content) if content else part.unlink()
    assert main(["bulk", "load", str(folder), "--force", "First", "--by", "sam"]) == 2
    error = capsys.readouterr().err
    assert "is missing or damaged" in error
    assert "into a new folder" in error
    assert not Encounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_cannot_be_proposed_to(ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    force = Force.objects.create(name="First")
    User.objects.create_user(username="alex", role=Role.ADMINISTRATOR, force=force)
    for folder, by, said in (
        (tmp_path, "alex", "holds no run that is done"),
        (ran, "nobody", "there is no user"),
        (ran, "alex", "may not record accounts"),
    ):
        assert main(["bulk", "load", str(folder), "--force", "First", "--by", by]) == 2
        assert said in capsys.readouterr().err


def test_a_site_that_is_not_set_up_is_told_in_words(ran: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
    command = [sys.executable, "-m", "wholepicture.cli.main", "bulk", "load", str(ran)]
    done = subprocess.run(
        [*command, "--force", "First", "--by", "sam"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Set WHOLEPICTURE_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
