"""``wholepicture directory import``: a file or an address, to its end, with what was refused and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wholepicture.cli.main import main
from wholepicture.web.accounts.models import Force
from wholepicture.web.partners.demo import DIRECTORY
from wholepicture.web.partners.models import Service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def force() -> Force:
    return Force.objects.create(name="First")


def read(source: object, force: str = "First") -> int:
    return main(["directory", "import", str(source), "--force", force])


def test_a_file_is_read_to_its_end(force: Force, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(DIRECTORY) == 0
    assert "35 taken, 0 unchanged, 0 refused, 0 gone." in capsys.readouterr().out
    assert read(DIRECTORY) == 0
    assert "0 taken, 35 unchanged" in capsys.readouterr().out
    assert Service.objects.filter(force=force).count() == 35


def test_what_is_refused_is_named(force: Force, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "council.json"
    good = {"id": "a", "name": "A", "status": "active", "organization": {"id": "o", "name": "O"}}
    path.write_text(json.dumps([good, {"id": "b"}]))
    assert read(path) == 1
    said = capsys.readouterr()
    assert "1 taken" in said.out
    assert "page 1, row 2 (b):" in said.err


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.json", "could not be read"),
        ("https://elsewhere.example/api", "WHOLEPICTURE_DIRECTORY_HOSTS"),
    ],
)
def test_what_cannot_be_read_says_why(
    force: Force, source: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(source) == 2
    assert said in capsys.readouterr().err


def test_a_force_that_is_not_there(force: Force, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(DIRECTORY, "Second") == 2
    assert "Forces: First." in capsys.readouterr().err
