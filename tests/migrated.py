"""A migrated, empty SQLite database, made once for a state of the code: migrating takes ten seconds, copying none.

That migrating itself works is seen by whoever makes it, by tests/cli/test_serve.py, and on PostgreSQL, where each run migrates.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 180


def _key() -> str:
    found = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted((ROOT / "src/wholepicture").rglob("*.py")):
        found.update(path.read_bytes())
    return f"{found.hexdigest()[:24]}-{os.getuid()}"


def template() -> Path:
    """The database, made by the first who asks; the others wait for it."""
    made = Path(tempfile.gettempdir()) / f"wholepicture-migrated-{_key()}.sqlite3"
    claim = made.with_suffix(".claim")
    until = time.monotonic() + LONGEST_SECONDS
    while not made.exists() and time.monotonic() < until:
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            time.sleep(0.2)
            continue
        try:
            _make(made)
        finally:
            claim.unlink()
    assert made.exists(), f"{made} was not made in time. Remove {claim} and try again."
    return made


def _make(made: Path) -> None:
    with tempfile.TemporaryDirectory() as var:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
        environment |= {"WHOLEPICTURE_VAR": var, "WHOLEPICTURE_DEMO": "1"}
        command = [sys.executable, "-m", "wholepicture.web.manage", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=environment, check=True, cwd=ROOT)
        whole = Path(var) / "wholepicture.sqlite3"
        assert not Path(f"{whole}-wal").exists()
        part = made.with_suffix(f".{os.getpid()}")
        shutil.copy(whole, part)
        part.replace(made)


def migrated_into(var: Path) -> None:
    """Put the migrated database where a process with this folder finds it."""
    shutil.copy(template(), var / "wholepicture.sqlite3")
