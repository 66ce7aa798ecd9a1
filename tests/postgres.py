"""A PostgreSQL cluster of a test's own, started for it and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


def as_server(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: become its own user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Its address. ``folder``: where the server's programs are."""
    home = Path(tempfile.mkdtemp(prefix="wp-pg-"))
    if os.getuid() == 0:
        os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)
    data = home / "data"
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c full_page_writes=off -c jit=off"
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
