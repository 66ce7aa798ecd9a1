"""``wholepicture doctor``, ``migrate``, ``backup`` and ``restore``: what an operator needs besides serving."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wholepicture.cli.serve import UnusableSettings, begin_django, set_up_django

MANIFEST = "manifest.json"
KEPT = (
    "accounts_user",
    "encounters_encounter",
    "encounters_recordedobservation",
    "people_person",
    "audit_entry",
)


class CannotKeepError(Exception):
    """A backup or a restore cannot go on; the message says what is wrong and how to mend it."""


def add_parser(commands: Any) -> None:
    """Add the commands."""
    doctor = commands.add_parser(
        "doctor", help="look whether everything is right, and say how to mend what is not"
    )
    doctor.add_argument("--json", action="store_true", help="as data")
    doctor.set_defaults(run=see_to_it)
    shape = commands.add_parser("migrate", help="bring the database's shape up to date, without serving")
    shape.set_defaults(run=migrate)
    backup = commands.add_parser("backup", help="one file of the database and the audit's checkpoints")
    backup.add_argument("file", type=Path, help="such as /backups/wholepicture-2026-11-26.tar")
    backup.set_defaults(run=back_up)
    restore = commands.add_parser(
        "restore", help="put a backup into an empty database, and check that it is whole"
    )
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=put_back)


def see_to_it(options: argparse.Namespace) -> int:
    """Look at everything; 1 if something is wrong."""
    try:
        begin_django()
    except UnusableSettings as error:
        found = [
            {"what": "Settings", "how": "wrong", "said": str(error), "mend": "docs/operator.md lists each."}
        ]
        print(json.dumps(found) if options.json else f"  WRONG  Settings: {error}")
        return 1
    from wholepicture.web.accounts.doctor import How, look

    found = look()
    if options.json:
        print(json.dumps([{"what": f.what, "how": f.how, "said": f.said, "mend": f.mend} for f in found]))
    else:
        for f in found:
            mark = {How.WELL: "  well ", How.LOOK: "  look ", How.WRONG: "  WRONG"}[f.how]
            print(f"{mark}  {f.what}: {f.said}" + (f"\n           {f.mend}" if f.mend else ""))
    return int(any(f.how is How.WRONG for f in found))


def migrate(options: argparse.Namespace) -> int:
    """Bring the database's shape up to date."""
    set_up_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=1)
    return 0


@contextmanager
def _told() -> Iterator[list[str]]:
    """Say in a line what is in the way, as it is for whoever runs the site; what was said is in the list it gives."""
    from django.db import DatabaseError

    failed: list[str] = []
    try:
        yield failed
    except CannotKeepError as error:
        failed.append(str(error))
    except DatabaseError as error:
        failed.append(
            f"The database does not answer: {str(error).splitlines()[0]}. wholepicture doctor says more."
        )
    except OSError as error:
        failed.append(f"{error.filename or 'The file'}: {error.strerror or error}.")
    if failed:
        print(f"wholepicture: {failed[0]}", file=sys.stderr)


def back_up(options: argparse.Namespace) -> int:
    """Write a backup; 2 if it cannot be."""
    set_up_django()
    with _told() as failed, tempfile.TemporaryDirectory(prefix="wp-backup-") as folder:
        _write(Path(folder), options.file)
    if failed:
        return 2
    print(f"Written to {options.file}. The audit's private key is not in it: keep a copy of that elsewhere.")
    return 0


def _write(folder: Path, target: Path) -> None:
    from django.conf import settings
    from django.db import connection

    from wholepicture.web.accounts.doctor import unapplied

    if target.exists():
        raise CannotKeepError(f"{target} is there already. Give another name.")
    if not os.access(target.parent, os.W_OK):
        raise CannotKeepError(
            f"{target.parent} is not there, or may not be written to. Make it, or give another folder."
        )
    if unapplied():
        raise CannotKeepError("The database's shape is not up to date. Run wholepicture migrate first.")
    counts = _counts()
    dump = folder / ("database.sqlite3" if connection.vendor == "sqlite" else "database.dump")
    _dump_sqlite(dump) if connection.vendor == "sqlite" else _dump_postgresql(dump)
    parts = [dump]
    checkpoints = settings.VAR / "audit" / "checkpoints.jsonl"
    if checkpoints.exists():
        parts.append(Path(shutil.copy(checkpoints, folder)))
    manifest = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": connection.vendor,
        "rows": counts,
        "files": {p.name: _digest(p) for p in parts},
    }
    rough = target.with_name(target.name + ".tmp")
    # Readable by its owner alone from the first byte.
    with (
        os.fdopen(os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        tarfile.open(fileobj=file, mode="w") as tar,
    ):
        text = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        for part in parts:
            tar.add(part, part.name)
    os.replace(rough, target)


def _counts() -> dict[str, int]:
    """How many rows the tables that matter most have: no fewer may come back."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump_sqlite(target: Path) -> None:
    """SQLite's own online backup: the site may go on meanwhile."""
    from django.db import connection

    source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    finally:
        source.close()
        copy.close()
    if said != "ok":
        raise CannotKeepError(f"SQLite says that the copy is not whole: {said}")


def _postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the site's database. The password goes by the environment, not the command line."""
    from django.db import connection

    asked = connection.settings_dict
    if not shutil.which(program):
        raise CannotKeepError(
            f"{program} is not on this machine. Install PostgreSQL's client programs (Debian: postgresql-client)."
        )
    options = asked.get("OPTIONS") or {}
    environment = {
        **os.environ,
        "PGHOST": str(asked["HOST"]),
        "PGPORT": str(asked["PORT"] or ""),
        "PGUSER": str(asked["USER"]),
        "PGPASSWORD": str(asked["PASSWORD"]),
        "PGDATABASE": str(asked["NAME"]),
        **{f"PG{k.upper()}": str(v) for k, v in options.items() if k in ("sslmode", "sslrootcert")},
    }
    done = subprocess.run(
        [program, *arguments],
        env={k: v for k, v in environment.items() if v},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotKeepError(
            f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}"
        )


def _dump_postgresql(target: Path) -> None:
    _postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def put_back(options: argparse.Namespace) -> int:
    """Restore a backup; 1 if what came back is not whole, 2 if it cannot be done."""
    set_up_django()
    with _told(), tempfile.TemporaryDirectory(prefix="wp-restore-") as folder:
        manifest = _opened(options.file, Path(folder))
        _read_in(manifest, Path(folder))
        return _checked(manifest)
    return 2


def _opened(file: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as tar:
            if MANIFEST not in tar.getnames():
                raise CannotKeepError(f"{file} is no backup of wholepicture: there is no {MANIFEST} in it.")
            tar.extractall(folder, filter="data")
    except tarfile.TarError:
        raise CannotKeepError(f"{file} is no backup of wholepicture, or was cut short.") from None
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    for name, digest in manifest["files"].items():
        if not (folder / name).exists() or _digest(folder / name) != digest:
            raise CannotKeepError(
                f"{name} in {file} is not what was backed up. Take another copy of the backup."
            )
    return manifest


def _read_in(manifest: dict[str, Any], folder: Path) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    if manifest["database"] != connection.vendor:
        raise CannotKeepError(
            f"The backup is of {manifest['database']} and this site uses {connection.vendor}. Set WHOLEPICTURE_DATABASE_URL accordingly."
        )
    if _in_use():
        raise CannotKeepError(
            "There are users in this database already. Restore into an empty one: another WHOLEPICTURE_VAR, or a new PostgreSQL database."
        )
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "database.sqlite3", target)
        target.chmod(0o600)
    else:
        connection.close()
        _postgresql(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--clean",
            "--if-exists",
            "--single-transaction",
            "--dbname",
            str(connection.settings_dict["NAME"]),
            str(folder / "database.dump"),
        )
    if (folder / "checkpoints.jsonl").exists():
        (settings.VAR / "audit").mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "checkpoints.jsonl", settings.VAR / "audit")
    # A backup of an older version is brought up to this one.
    call_command("migrate", verbosity=0)


def _in_use() -> bool:
    from django.db import connection

    if "accounts_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        return bool(cursor.fetchone()[0])


def _audit_faults() -> list[str]:
    """What is not whole in the audit that came back; held against its checkpoints where the audit's key is here."""
    from django.conf import settings

    from wholepicture.core.audit_chain import faults, read_checkpoints
    from wholepicture.web.audit import checkpoints, selectors

    folder = settings.VAR / "audit"
    if not (folder / "audit-key.pem").exists() or not (folder / "checkpoints.jsonl").exists():
        return list(faults(selectors.links(), [], key=None))
    key = checkpoints.public_key(checkpoints.signing_key(folder))
    return list(faults(selectors.links(), read_checkpoints(folder / "checkpoints.jsonl"), key=key))


def _checked(manifest: dict[str, Any]) -> int:
    less = [
        f"{t}: {n} of {manifest['rows'][t]}" for t, n in _counts().items() if n < manifest["rows"].get(t, 0)
    ]
    faults = _audit_faults()
    for said in (*less, *faults):
        print(f"  WRONG  {said}")
    if less or faults:
        return 1
    rows = ", ".join(f"{n:,} {t.partition('_')[2]}" for t, n in manifest["rows"].items())
    print(f"Restored what was backed up at {manifest['made_at']}: {rows}. The audit is whole.")
    return 0
