"""What every test may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.migrated import template
from wholepicture.core.practice import CatalogueError, load_default

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of a catalogue that does not load there is one thing to say; thousands of tests would each take its time to find out."""
    try:
        load_default()
    except CatalogueError as error:
        pytest.exit(f"The catalogue does not load. {error}", returncode=1)


def need(found: object, what: str) -> None:
    """Skip a test whose tool is missing, saying how to get it; where everything is mandatory, fail instead."""
    if not found:
        if REQUIRE_ALL:
            pytest.fail(f"needs {what}")
        pytest.skip(f"needs {what}")


LONGEST_FIRST = (
    "test_on_postgresql.py",
    "/bulk/test_running.py",
    "/bulk/test_spark.py",
    "test_kills.py",
    "test_serve.py",
    "/journeys/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left waiting for it at the end."""

    def turn(item: pytest.Item) -> int:
        found = [n for n, part in enumerate(LONGEST_FIRST) if part in str(item.path)]
        return found[0] if found else len(LONGEST_FIRST)

    items.sort(key=turn)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    need(path, "Chromium (Debian: apt-get install chromium)")
    return str(path)


@pytest.fixture
def database_url() -> Iterator[str]:
    """The address of a PostgreSQL of the test's own."""
    folder = postgres.programs()
    need(folder, "PostgreSQL (Debian: apt-get install postgresql)")
    assert folder is not None
    with postgres.cluster(folder) as address:
        yield address


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite, begin with a copy of a migrated database; on PostgreSQL, migrate."""
    from django.conf import settings

    asked = settings.DATABASES["default"]
    if "sqlite3" not in str(asked["ENGINE"]):
        return False
    place = Path(str(asked["TEST"]["NAME"]))
    for ending in ("-wal", "-shm"):
        Path(f"{place}{ending}").unlink(missing_ok=True)
    shutil.copy(template(), place)
    return True


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
