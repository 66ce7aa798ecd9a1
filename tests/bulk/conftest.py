"""A small made-up extract, run once for the tests that only look at what came of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wholepicture.bulk.generating import generate
from wholepicture.bulk.running import run

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="session")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extract")
    generate(folder, reports=1_500, seed=3)
    return folder / "extract.csv"


@pytest.fixture(scope="session")
def ran(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ran") / "run"
    run([str(extract)], out, cores=1, today=TODAY, synthetic=True)
    return out


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a run and what is in it, but for the lock and the sources' own times."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in ("run.lock", "run.json")
    }
