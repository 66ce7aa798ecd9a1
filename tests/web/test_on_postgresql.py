"""The web tests again, on PostgreSQL: a cluster of its own, started for the run and thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
