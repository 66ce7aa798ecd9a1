"""A migrated, empty SQLite database, made once for a state of the code: migrating takes several seconds, copying none.

That migrating itself works is seen by whoever makes it, by tests/cli/test_serve.py, and on PostgreSQL, where each run migrates.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _key() -> str:
    found = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted((ROOT / "src/wholepicture").rglob("*.py")):
        found.update(path.read_bytes())
    return f"{found.hexdigest()[:24]}-{os.getuid()}"


def template() -> Path:
    """The database, made by the first who asks; the others wait for it."""
    made = Path(tempfile.gettempdir()) / f"wholepicture-migrated-{_key()}.sqlite3"
    # A lock of the system's: whoever is killed while making it lets go of it.
    with made.with_suffix(".lock").open("w") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX)
        if not made.exists():
            _make(made)
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
