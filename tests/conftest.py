"""What every test may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def need(found: object, what: str) -> None:
    """Skip a test whose tool is missing, saying how to get it; where everything is mandatory, fail instead."""
    if not found:
        if REQUIRE_ALL:
            pytest.fail(f"needs {what}")
        pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    need(path, "Chromium (Debian: apt-get install chromium)")
    return str(path)


@pytest.fixture(autouse=True)
def audit_stands_aside(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test whose whole database is emptied after it: the audit's own guard must let that happen."""
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(request.fixturenames)
    emptied = bool(asked or (marker and marker.kwargs.get("transaction")))
    if emptied:
        request.getfixturevalue("transactional_db")
    yield
    if emptied:
        from django.db import connection

        from wholepicture.web.audit import guard

        guard.remove(connection)
