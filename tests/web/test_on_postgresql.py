"""The web tests again, on PostgreSQL: a cluster of its own, started for the run and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import need

ROOT = Path(__file__).resolve().parents[2]


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


def as_server(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: become its own user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


@pytest.fixture
def database_url() -> Iterator[str]:
    folder = programs()
    need(folder, "PostgreSQL (Debian: apt-get install postgresql)")
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="wp-pg-"))
    if os.getuid() == 0:
        os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)
    data = home / "data"
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
    subprocess.run(
        as_server([str(folder / "initdb"), "-D", str(data), "-A", "trust", "-U", "wp", "-E", "UTF8"]),
        check=True,
        capture_output=True,
        cwd="/",
    )
    subprocess.run(
        as_server(
            [str(folder / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(home / "log"), "-w", "start"]
        ),
        check=True,
        capture_output=True,
        cwd="/",
    )
    try:
        yield f"postgresql://wp@{str(home).replace('/', '%2F')}/postgres"
    finally:
        subprocess.run(
            as_server([str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]),
            check=False,
            capture_output=True,
            cwd="/",
        )
        shutil.rmtree(home, ignore_errors=True)


def test_everything_of_the_web_holds_on_postgresql(database_url: str) -> None:
    environment = {**os.environ, "WHOLEPICTURE_DATABASE_URL": database_url, "PYTEST_ADDOPTS": ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/web",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
        "--ignore",
        "tests/web/test_on_postgresql.py",
        # It starts processes of its own, each with the database that it asks for.
        "--ignore",
        "tests/web/test_deployment.py",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
