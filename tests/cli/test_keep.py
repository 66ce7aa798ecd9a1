"""What an operator needs besides serving: looking, backing up, putting back; on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest

from tests.migrated import migrated_into

LONG = "a long random text that is for this test alone and is over fifty characters"


def wholepicture(var: Path, *arguments: str, url: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
    environment |= {
        "WHOLEPICTURE_VAR": str(var),
        "WHOLEPICTURE_SECRET_KEY": LONG,
        "WHOLEPICTURE_HOSTS": "wp.example.police.uk",
        **({"WHOLEPICTURE_DATABASE_URL": url} if url else {}),
        **more,
    }
    command = [sys.executable, "-m", "wholepicture.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A site with an administrator and an audit that is signed."""
    folder = tmp_path / "var"
    folder.mkdir()
    migrated_into(folder)
    user = ("user", "alex", "--first", "Alex", "--last", "Marsh", "--force", "Your Constabulary")
    assert wholepicture(folder, *user).returncode == 0
    assert wholepicture(folder, "audit", "checkpoint").returncode == 0
    return folder


def test_a_backup_comes_back_whole(var: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.tar", tmp_path / "other"
    assert wholepicture(var, "backup", str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    done = wholepicture(other, "restore", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 user" in done.stdout
    assert "The audit is whole." in done.stdout
    assert not (other / "audit" / "audit-key.pem").exists()
    # Neither over a database in use, nor over a backup that is there.
    again = wholepicture(other, "restore", str(file))
    assert again.returncode == 2
    assert "Restore into an empty one" in again.stderr
    twice = wholepicture(var, "backup", str(file))
    assert twice.returncode == 2
    assert "is there already" in twice.stderr


def test_a_backup_that_was_changed_is_not_put_back(var: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "a.tar", tmp_path / "b.tar"
    wholepicture(var, "backup", str(file))
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    with (tmp_path / "out" / "database.sqlite3").open("ab") as database:
        database.write(b"x")
    with tarfile.open(other, "w") as tar:
        for part in (tmp_path / "out").iterdir():
            tar.add(part, part.name)
    done = wholepicture(tmp_path / "new", "restore", str(other))
    assert done.returncode == 2
    assert "is not what was backed up" in done.stderr
    (tmp_path / "c.tar").write_bytes(b"nothing")
    assert wholepicture(tmp_path / "new", "restore", str(tmp_path / "c.tar")).returncode == 2


def test_a_backup_of_postgresql_comes_back_whole(database_url: str, tmp_path: Path) -> None:
    user = ("user", "alex", "--first", "Alex", "--last", "Marsh", "--force", "Your Constabulary")
    assert wholepicture(tmp_path / "var", *user, url=database_url).returncode == 0
    file = tmp_path / "a.tar"
    done = wholepicture(tmp_path / "var", "backup", str(file), url=database_url)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("CREATE DATABASE other")
    other = database_url.replace("/postgres", "/other")
    back = wholepicture(tmp_path / "new", "restore", str(file), url=other)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "1 user" in back.stdout
    with psycopg.connect(other) as db:
        assert db.execute("SELECT username FROM accounts_user").fetchall() == [("alex",)]
    sqlite = wholepicture(tmp_path / "lite", "restore", str(file))
    assert sqlite.returncode == 2
    assert "The backup is of postgresql and this site uses sqlite" in sqlite.stderr


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(var: Path, tmp_path: Path) -> None:
    found = wholepicture(var, "doctor", "--json", WHOLEPICTURE_SECRET_KEY="short")
    said = {f["what"]: f for f in json.loads(found.stdout)}
    assert found.returncode == 1
    assert said["Secret key"]["how"] == "wrong"
    assert said["Secret key"]["mend"]
    assert said["Database"]["said"] == "SQLite"
    assert said["Administrators"]["said"] == "1"
    assert said["Audit checkpoints"]["how"] == "well"
    well = wholepicture(var, "doctor")
    assert well.returncode == 0
    assert "  look   Mail: none" in well.stdout
    empty = wholepicture(tmp_path / "empty", "doctor")
    assert empty.returncode == 1
    assert "changes are still to be made" in empty.stdout
    gone = wholepicture(var, "doctor", url="postgresql://nobody@127.0.0.1:1/none")
    assert gone.returncode == 1
    assert "does not answer" in gone.stdout
    assert "Traceback" not in gone.stderr


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(var: Path, tmp_path: Path) -> None:
    older = [
        sys.executable,
        "-m",
        "wholepicture.web.manage",
        "migrate",
        "insight",
        "zero",
        "--verbosity",
        "0",
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
    environment |= {"WHOLEPICTURE_VAR": str(var), "WHOLEPICTURE_SECRET_KEY": LONG}
    subprocess.run(older, env=environment, check=True)
    refused = wholepicture(var, "backup", str(tmp_path / "a.tar"))
    assert refused.returncode == 2
    assert "Run wholepicture migrate first" in refused.stderr
    database = var / "wholepicture.sqlite3"
    manifest = {
        "made_at": "2026-01-01T00:00:00+00:00",
        "database": "sqlite",
        "rows": {"accounts_user": 1},
        "files": {"database.sqlite3": hashlib.sha256(database.read_bytes()).hexdigest()},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(tmp_path / "old.tar", "w") as tar:
        tar.add(tmp_path / "manifest.json", "manifest.json")
        tar.add(database, "database.sqlite3")
    done = wholepicture(tmp_path / "new", "restore", str(tmp_path / "old.tar"))
    assert done.returncode == 0, done.stdout + done.stderr
    shape = wholepicture(tmp_path / "new", "doctor")
    assert "Database's shape: up to date" in shape.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backup", "/nowhere/a.tar"), "/nowhere is not there, or may not be written to"),
        (("restore", "/nowhere/a.tar"), "/nowhere/a.tar: No such file or directory."),
        (("restore", __file__), "is no backup of wholepicture, or was cut short"),
        (("restore", "/tmp"), "/tmp: Is a directory."),
    ],
)
def test_what_is_in_the_way_is_said_in_a_line(var: Path, arguments: tuple[str, ...], said: str) -> None:
    done = wholepicture(var, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_settings_that_nothing_can_begin_with_are_said_and_not_thrown(var: Path, tmp_path: Path) -> None:
    none = wholepicture(var, "doctor", WHOLEPICTURE_SECRET_KEY="")
    assert none.returncode == 1
    assert "  WRONG  Settings: Set WHOLEPICTURE_SECRET_KEY" in none.stdout
    nowhere = wholepicture(Path("/proc/none"), "doctor", "--json")
    assert json.loads(nowhere.stdout)[0]["how"] == "wrong"
    away = wholepicture(var, "backup", str(tmp_path / "a.tar"), url="postgresql://nobody@127.0.0.1:1/none")
    assert away.returncode == 2
    assert "The database does not answer" in away.stderr
    assert "Traceback" not in none.stderr + nowhere.stderr + away.stderr
