"""What every test may use."""

from __future__ import annotations

import os
import shutil
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
